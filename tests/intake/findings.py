"""What the log of a school says, by rule."""


def rules(school):
    return {finding.rule: finding.count for finding in school.log.findings}
