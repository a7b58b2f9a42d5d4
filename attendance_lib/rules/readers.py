"""Who sees what of a pupil: one table, asked by the sheets of members of staff and by the step that refuses what it does not allow.

Source: UK GDPR Article 5(1)(c), data minimisation. Which role needs what is this project's choice; a school changes it here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fact(StrEnum):
    """A kind of fact about a pupil, in words."""

    WHO = "name and form"
    BAND = "band of attendance"
    PATTERN = "pattern of absence"
    COUNTS = "sessions missed"
    REASONS = "reasons for absence"
    PLAN = "plan and support"
    CONTACTS = "contacts with home"
    NOTICES = "notices"
    NEEDS = "special educational needs"
    SOCIAL_CARE = "social care and safeguarding"
    OWN = "what is the reader's own to do"


class Scope(StrEnum):
    """About which pupils a role is told, besides those of whom something is the reader's own to do.

    Years and forms that the school file gives narrow every scope.
    """

    GIVEN = "the years or forms given, nobody without"
    GIVEN_OR_ALL = "the years or forms given, else everyone"
    SEVERE = "severely absent pupils"
    NEEDS = "pupils with special educational needs"
    NOBODY = "only pupils of whom something is theirs to do"


@dataclass(frozen=True)
class Reader:
    """A kind of role: the words with which its names begin, about whom it is told, and which kinds of fact.

    ``counts_n`` says that what became of N marks is told on its sheet: it is the role's work to clear them.
    """

    name: str
    words: tuple[str, ...]
    scope: Scope
    facts: frozenset[Fact]
    counts_n: bool = False


def facts(*kinds: Fact) -> frozenset[Fact]:
    """Return kinds of fact with that by which a pupil is known.

    Examples
    --------
    >>> sorted(facts(Fact.BAND))
    [<Fact.BAND: 'band of attendance'>, <Fact.WHO: 'name and form'>]
    """
    return frozenset({Fact.WHO, *kinds})


# The first whose words a role's name begins with. Of a role that none fits its holder is told what is theirs to do, and no more.
READERS = (
    Reader(
        "Tutor", ("tutor", "form tutor", "class teacher"), Scope.GIVEN, facts(Fact.BAND, Fact.PATTERN),
    ),
    Reader(
        "Head of year", ("head of year", "head of key stage", "head of phase", "year leader", "phase leader"), Scope.GIVEN,
        facts(Fact.BAND, Fact.PATTERN, Fact.COUNTS, Fact.PLAN, Fact.CONTACTS, Fact.NOTICES), counts_n=True,
    ),
    Reader(
        "Pastoral team", ("pastoral",), Scope.GIVEN_OR_ALL,
        facts(Fact.BAND, Fact.PATTERN, Fact.COUNTS, Fact.PLAN, Fact.CONTACTS),
    ),
    Reader(
        "Attendance officer", ("attendance officer", "attendance administrator", "attendance manager", "education welfare"),
        Scope.GIVEN_OR_ALL,
        facts(Fact.BAND, Fact.PATTERN, Fact.COUNTS, Fact.REASONS, Fact.PLAN, Fact.CONTACTS, Fact.NOTICES), counts_n=True,
    ),
    Reader(
        "Attendance lead", ("attendance lead", "senior attendance champion", "attendance champion"), Scope.GIVEN_OR_ALL,
        facts(Fact.BAND, Fact.PATTERN, Fact.COUNTS, Fact.REASONS, Fact.PLAN, Fact.CONTACTS, Fact.NOTICES, Fact.NEEDS),
        counts_n=True,
    ),
    Reader(
        "SENCo", ("senco", "sendco", "special educational needs", "inclusion lead"), Scope.NEEDS,
        facts(Fact.BAND, Fact.PATTERN, Fact.COUNTS, Fact.PLAN, Fact.CONTACTS, Fact.NEEDS),
    ),
    Reader(
        "Safeguarding lead", ("designated safeguarding", "deputy designated safeguarding", "safeguarding lead", "dsl"),
        Scope.GIVEN_OR_ALL, frozenset(Fact), counts_n=True,
    ),
    Reader(
        "Family liaison", ("family liaison", "family support", "parent support"), Scope.NOBODY,
        facts(Fact.BAND, Fact.COUNTS, Fact.PLAN, Fact.CONTACTS),
    ),
    Reader("ELSA", ("elsa", "emotional literacy", "learning mentor", "mentor"), Scope.NOBODY, facts(Fact.BAND, Fact.PLAN)),
    Reader(
        "Senior Leadership Team",
        ("senior leadership", "senior leader", "slt", "head teacher", "headteacher", "principal", "deputy head", "assistant head"),
        Scope.SEVERE, facts(Fact.BAND, Fact.PLAN),
    ),
)  # fmt: skip
UNKNOWN = Reader("Any other role", (), Scope.NOBODY, facts())


def reader_of(role: str) -> Reader:
    """Return the kind of a role by its name in the school file.

    Examples
    --------
    >>> [reader_of(role).name for role in ("Head of Year 7", "SENCO", "Senior Leadership Team", "Caretaker", "Headteacher")]
    ['Head of year', 'SENCo', 'Senior Leadership Team', 'Any other role', 'Senior Leadership Team']
    """
    words = " ".join(role.casefold().split())
    # Whole words: a tutorial lead is no tutor.
    fitting = (each for each in READERS if any(f"{words} ".startswith(f"{begin} ") for begin in each.words))
    return next(fitting, UNKNOWN)


# What each column of a sheet that one person is handed tells of a pupil. A column that is not here is on none.
FACT_OF = {
    "pupil_id": Fact.WHO, "pupil_name": Fact.WHO, "form": Fact.WHO, "year_group": Fact.WHO,
    "band": Fact.BAND, "pattern": Fact.PATTERN,
    "absence_sessions": Fact.COUNTS, "possible_sessions": Fact.COUNTS, "attendance_rate": Fact.COUNTS,
    "code_groups": Fact.REASONS,
    "plan": Fact.PLAN, "lead": Fact.PLAN, "next_review_date": Fact.PLAN, "interventions": Fact.PLAN, "untouched_days": Fact.PLAN,
    "last_contact_date": Fact.CONTACTS, "contacts_this_year": Fact.CONTACTS,
    "notices": Fact.NOTICES,
    "needs": Fact.NEEDS, "social_care": Fact.SOCIAL_CARE,
    # Actions, reviews and contacts that are the reader's own to do
    "action_id": Fact.OWN, "standing": Fact.OWN, "action": Fact.OWN, "owner": Fact.OWN, "raised_on": Fact.OWN,
    "due_date": Fact.OWN, "days_overdue": Fact.OWN, "status": Fact.OWN, "completed_on": Fact.OWN, "note": Fact.OWN,
    "next_step": Fact.OWN, "reviewed": Fact.OWN, "review_date": Fact.OWN, "last_reached_date": Fact.OWN,
    "since_days": Fact.OWN, "plan_id": Fact.OWN, "review_id": Fact.OWN, "call_id": Fact.OWN, "review_on": Fact.OWN,
    "reviewed_on": Fact.OWN, "outcome": Fact.OWN, "reason_not_working": Fact.OWN, "date": Fact.OWN, "tried_on": Fact.OWN,
    "tries": Fact.OWN, "reached": Fact.OWN, "made_by": Fact.OWN,
}  # fmt: skip

# What a sheet may say of a pupil: the pupils (identifiers) about whom each kind of fact may be told.
Seen = Mapping[Fact, frozenset[str]]


def not_to_be_seen(table: Mapping[str, object], seen: Seen) -> Iterator[str]:
    """Yield what of a table its reader may not see, in words without a value.

    Parameters
    ----------
    table : mapping
        The payload of a table (``display.model.Table``).
    seen : Seen
        The pupils about whom the reader may be told each kind of fact.

    Notes
    -----
    A cell that is empty tells nothing. In a row about no pupil, only what is the reader's own to do may stand.

    Examples
    --------
    >>> table = {"columns": [{"name": "pupil_id"}, {"name": "band"}], "rows": [["1", "95% or above"], ["2", ""]]}
    >>> list(not_to_be_seen(table, {Fact.WHO: frozenset({"1", "2"}), Fact.BAND: frozenset()}))
    ["row 1 tells band of attendance in column 'band'"]
    """
    names = [column["name"] for column in table["columns"]]
    if problems := _unknown_columns(names):
        yield from problems
        return
    at = names.index("pupil_id")
    for number, row in enumerate(table["rows"], start=1):
        for name, value in zip(names, row, strict=True):
            is_told = value not in (None, "", [])
            if is_told and not _is_allowed(FACT_OF[name], row[at], seen):
                yield f"row {number} tells {FACT_OF[name]} in column {name!r}"


def _unknown_columns(names: list[str]) -> list[str]:
    """Return why the columns of a table leave open what its cells tell, and of whom; nothing if they do not."""
    unknown = [name for name in names if name not in FACT_OF]
    problems = [f"column {name!r} is in no row of the table of who sees what" for name in unknown]
    return problems if "pupil_id" in names else [*problems, "no column says which pupil a row is about"]


def _is_allowed(fact: Fact, about: str | None, seen: Seen) -> bool:
    return about in seen.get(fact, ()) or (about is None and fact is Fact.OWN)
