"""What the words of the papers mean, each declared once: printed at the end of the fortnightly pack and in ``docs/glossary.md``."""

from typing import NamedTuple


class Term(NamedTuple):
    """A word or phrase and what it means here, in a sentence or two."""

    word: str
    meaning: str


GLOSSARY = (
    Term("Session", "Half a school day: the morning or the afternoon, each with its own register."),
    Term(
        "Possible session",
        "A session that a pupil on roll was to attend: coded present, as an approved activity or as absent.",
    ),
    Term("Attendance", "Sessions present or at an approved activity, out of possible sessions."),
    Term(
        "Authorised, unauthorised",
        "Absence that the school has agreed to, for a reason in law, and absence that it has not.",
    ),
    Term(
        "L and U",
        "L is late before the register closed and counts as present; U is late after it and is unauthorised absence.",
    ),
    Term(
        "N",
        "No reason known yet. A reason is due by the fifth school day; without one N becomes O, unauthorised.",
    ),
    Term(
        "Persistent absence",
        "10% or more of a pupil's own possible sessions missed. Exactly 90.0% attendance is included.",
    ),
    Term("Severe absence", "50% or more missed. Each such pupil is persistently absent too."),
    Term("At risk", "5% or more missed, and less than 10%."),
    Term(
        "Line",
        "One of these three limits. A pupil crosses it when the sessions missed pass it or fall below it.",
    ),
    Term("Enrolment", "A pupil's time on the school's roll. Whoever leaves and comes back has two."),
    Term("Period before", "As many school weeks just before this period, on the same weekdays."),
    Term("Beyond chance", "A change so large that luck alone would rarely bring one as large about."),
    Term("Points", "Percentage points: from 90% to 92% is 2 points."),
    Term("Gap", "A group's attendance less that of everyone outside it, in points."),
    Term(
        "Notice threshold",
        "Unauthorised sessions in so many school weeks at which a school must consider a penalty notice.",
    ),
    Term("Range", "Where the true figure lies, 19 times in 20."),
    Term(
        "Priority list",
        "The pupils to talk about, in an order made by adding up points. The data notes print the rule.",
    ),
)


def in_markdown() -> str:
    """Return the glossary as ``docs/glossary.md`` has it.

    Examples
    --------
    >>> in_markdown().splitlines()[0]
    '# What the words of the papers mean'
    """
    lines = [f"- **{term.word}**: {term.meaning}" for term in GLOSSARY]
    return "\n".join(["# What the words of the papers mean", "", *lines, ""])
