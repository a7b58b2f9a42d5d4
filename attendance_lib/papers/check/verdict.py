"""Whether exports are good, usable with caveats or refused, and why, most weighty first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import InputError, counted
from attendance_lib.intake.ledger import Finding, IntakeLog, Severity
from attendance_lib.intake.privacy import for_message

if TYPE_CHECKING:
    import pandas as pd

    from attendance_lib.intake.checked_school import CheckedSchool


SHOWN_REASONS = 3
CLAUSE_END = re.compile(r"(?<=[^.]);\s|\.\s(?=[A-Z])")


class Verdict(StrEnum):
    """What may be done with a school's exports."""

    GOOD = "good"
    USABLE = "usable with these caveats"
    REFUSED = "refused"

    @property
    def exit_code(self) -> int:
        """The exit code of ``attendance check``: 11 when refused, else 0.

        Examples
        --------
        >>> Verdict.REFUSED.exit_code, Verdict.USABLE.exit_code, Verdict.GOOD.exit_code
        (11, 0, 0)
        """
        return InputError.exit_code if self is Verdict.REFUSED else 0


@dataclass(frozen=True)
class Judgement:
    """The verdict, the one sentence that says it, and the findings in order of weight."""

    verdict: Verdict
    sentence: str
    findings: tuple[Finding, ...]


def judge(checked: "CheckedSchool", further: Iterable[Finding]) -> Judgement:
    """Return the verdict on a reading.

    Parameters
    ----------
    checked : CheckedSchool
        What became of the reading; its problems alone decide whether it is refused, as they do for a report.
    further : iterable of Finding
        Findings of roll and calendar, beside those of the log.

    Returns
    -------
    Judgement
        Refused with any problem, usable with caveats with any finding of severity must, else good.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> read = SimpleNamespace(problems=(), school="Ash", log=IntakeLog((), (), (), 200, 0, 0))
    >>> judge(read, [Finding("no_form", Severity.MUST, "2 pupils have no form. Add it.")]).sentence
    'Usable with these caveats: 2 pupils have no form.'
    >>> judge(read, [Finding("no_form", Severity.SHOULD, "2 pupils have no form. Add it.")]).sentence
    'Good: every report can be made; 1 finding is worth putting right (below).'
    """
    findings = by_weight([*checked.log.findings, *further], checked.log)
    caveats = [finding for finding in findings if finding.severity is Severity.MUST]
    if checked.problems or checked.school is None:
        sentence = f"Refused, so no report can be made: {first_clauses(checked.problems)}."
        return Judgement(Verdict.REFUSED, sentence, findings)
    if caveats:
        sentence = f"Usable with these caveats: {first_clauses([finding.message for finding in caveats])}."
        return Judgement(Verdict.USABLE, sentence, findings)
    return Judgement(Verdict.GOOD, good_sentence(findings), findings)


def good_sentence(findings: Sequence[Finding], register_musts: int = 0) -> str:
    """Return the sentence for exports without a caveat; ``register_musts`` entries must be put right in the registers.

    Examples
    --------
    >>> good_sentence((), 2)
    'Good: every report can be made; 2 entries must be put right in the registers (below).'
    """
    if register_musts:
        worth = (
            f", {counted(len(findings), 'finding is', 'findings are')} worth putting right"
            if findings
            else ""
        )
        musts = counted(register_musts, "entry", "entries")
        return f"Good: every report can be made; {musts} must be put right in the registers{worth} (below)."
    if not findings:
        return "Good: every report can be made, and nothing was found that would change a figure."
    things = counted(len(findings), "finding is", "findings are")
    return f"Good: every report can be made; {things} worth putting right (below)."


def by_weight(findings: Iterable[Finding], log: IntakeLog) -> tuple[Finding, ...]:
    """Return findings: must before should, then by the share of the rows that each touches, largest first.

    Examples
    --------
    >>> found = [("many", Severity.SHOULD, 90), ("few", Severity.MUST, 1), ("some", Severity.MUST, 5)]
    >>> findings = [Finding("rule", severity, message, count=count) for message, severity, count in found]
    >>> [each.message for each in by_weight(findings, IntakeLog((), (), (), 200, 0, 0))]
    ['some', 'few', 'many']
    """
    order = list(Severity)
    return tuple(
        sorted(findings, key=lambda each: (order.index(each.severity), -share(each, log), each.message))
    )


def share(finding: Finding, log: IntakeLog) -> float:
    """Return the rows that a finding touches as a fraction (0 to 1) of the rows of its file, else of all marks read.

    Examples
    --------
    >>> log = IntakeLog((), (), (), rows_read=200, rows_dropped=0, missing_marks=0)
    >>> [share(Finding("rule", Severity.MUST, "odd marks", count=count), log) for count in (5, 300)]  # one mark may be met twice
    [0.025, 1.0]
    """
    rows = rows_of(finding, log) or log.rows_read
    return min(finding.count / rows, 1.0) if rows else 1.0


def rows_of(finding: Finding, log: IntakeLog) -> int:
    """Return the rows of the table that a finding names; 0 if it names none, or marks.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> read = [("pupils", "in/pupils.csv", 600), ("marks", "in/marks.csv", 90_000)]
    >>> log = SimpleNamespace(files=[SimpleNamespace(kind=kind, path=path, rows=rows) for kind, path, rows in read])
    >>> [rows_of(Finding("rule", Severity.MUST, "odd", name), log) for name in ("pupils.csv", "marks.csv", "")]
    [600, 0, 0]
    """
    kinds = {file.kind for file in log.files if is_about(finding, Path(file.path).name)} - {"marks"}
    return sum(file.rows for file in log.files if file.kind in kinds)


def is_about(finding: Finding, name: str) -> bool:
    """Whether a finding names a file, by itself or with a sheet.

    Examples
    --------
    >>> from attendance_lib.errors import Severity
    >>> marks = Finding("empty_rows", Severity.SHOULD, "Two rows are empty.", "marks.xlsx, sheet Week 3")
    >>> is_about(marks, "marks.xlsx"), is_about(marks, "pupils.csv")
    (True, False)
    """
    return finding.file == name or finding.file.startswith(f"{name}, sheet ")


def first_clauses(messages: Sequence[str]) -> str:
    """Return the first clause of the first messages in one line, and how many more there are.

    Examples
    --------
    >>> first_clauses(["3 marks are odd; they stay. Look.", "b.", "c.", "d."])
    '3 marks are odd; b; c; and 1 more'
    """
    clauses = [CLAUSE_END.split(message, maxsplit=1)[0].rstrip(".") for message in messages[:SHOWN_REASONS]]
    more = len(messages) - SHOWN_REASONS
    return "; ".join([*clauses, *([f"and {more} more"] if more > 0 else [])])


# Forms as the check of the exports may show them: its page is printed on the console and names nobody

# Ours: three enrolments do not share a name by mistake, and a form of one or two is rare.
FEWEST_OF_A_FORM = 3
COULD_BE_A_NAME = "(could be a name)"


def with_plain_forms(checked: "CheckedSchool") -> "CheckedSchool":
    """Return a reading in which no form that could be a pupil's name is named; unchanged where nothing was read.

    Parameters
    ----------
    checked : CheckedSchool
        The reading, with or without a school.

    Returns
    -------
    CheckedSchool
        The same, the forms of its pupils as `plain_forms` gives them.
    """
    if checked.school is None:
        return checked
    pupils = checked.school.pupils
    named = pupils.assign(form=plain_forms(pupils["form"]))
    return replace(checked, school=replace(checked.school, pupils=named))


def plain_forms(forms: "pd.Series") -> "pd.Series":
    """Return forms (one per enrolment), those with a word and fewer than three enrolments under one name for all.

    Examples
    --------
    >>> import pandas as pd
    >>> plain_forms(pd.Series(["7A", "Maple", "Maple", "Maple", "Zoë Briain"])).tolist()
    ['7A', 'Maple', 'Maple', 'Maple', '(could be a name)']
    """
    counts = forms.value_counts()
    few = counts.index[(counts > 0) & (counts < FEWEST_OF_A_FORM)]
    doubtful = [form for form in few if form and not for_message(form).startswith("'")]
    if not doubtful:
        return forms
    return forms.astype(object).mask(forms.isin(doubtful).to_numpy(), COULD_BE_A_NAME).astype(object)
