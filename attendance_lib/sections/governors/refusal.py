"""Why a report cannot be made safe, in the words of whoever asked for it, and what to do."""

from collections.abc import Iterable, Mapping
from datetime import date

from attendance_lib.analysis.disclosure.model import TO, Key, PublicTable
from attendance_lib.analysis.disclosure.unsafe import UnsafeError
from attendance_lib.analysis.gaps import GROUPS, year_name
from attendance_lib.display.format import format_date
from attendance_lib.rules.inspection import RULE_OF
from attendance_lib.sections.governors.workings import coordinate_of

MEASURES = {
    "persistently_absent": "persistently absent pupils",
    "persistently_not_severely_absent": "persistently but not severely absent pupils",
    "severely_absent": "severely absent pupils",
    "absence_sessions": "sessions missed",
    "authorised_absence_sessions": "sessions of authorised absence",
    "unauthorised_absence_sessions": "sessions of unauthorised absence",
    "sessions_with_codes": "sessions",
    "pupils_with_codes": "pupils",
    "notices_issued": "notices",
    "things": "things to put right",
}
GROUP_PHRASES = {(group.column, coordinate_of(group.value)): group.phrase for group in GROUPS}


def refusal(error: UnsafeError, tables: Iterable[PublicTable], *, is_made_again: bool) -> str:
    """Return the message of a report that is not made: the table, what would be told, and what can be done."""
    titles = {table.name: table.title for table in tables}
    named = next((titles[name] for name in error.tables if name in titles), "")
    where = f"In the table '{named}'" if named else "Together with the reports before"
    return (
        f"This report to governors cannot be made safe, so it is not made. {where} a withheld number could be worked out "
        f"whatever else is withheld: {count_in_words(error.key)}. {AGAIN if is_made_again else REMEDY}"
    )


AGAIN = (
    "The report that governors hold for this half term stands: since it was made the registers were corrected by so few "
    "that the difference would tell who they are. The corrected figures come with the next half term's report."
)
REMEDY = (
    "Make the report of the whole school and not of this cohort; or join small groups in the pupils file, such as two ethnic "
    "groups or SEN support and EHC plan, and make it again; or set a suppression_level of 5 in the school file if it is 10."
)


def count_in_words(key: Key) -> str:
    """Return in words what a count counts.

    Examples
    --------
    >>> count_in_words((("as_at", "2026-10-23"), ("measure", "severely_absent"), ("sen_status", "E")))
    'severely absent pupils, among pupils with an education, health and care plan, to 23 October 2026'
    >>> count_in_words((("after", "2026-07-31"), ("codes", "E"), ("measure", "sessions_with_codes"), ("to", "2026-10-25")))
    'sessions with code E, to 25 October 2026'
    """
    named = dict(key)
    parts = [
        MEASURES.get(named.get("measure", ""), "pupils") + what_of(named),
        *(f"among {phrase}" for name, value in key if (phrase := group_phrase(name, value))),
    ]
    day = named.get("as_at") or named.get(TO)
    return ", ".join([*parts, *([f"to {format_date(date.fromisoformat(day))}"] if day else [])])


def what_of(named: Mapping[str, str]) -> str:
    """Return which codes, notices, check or move a count is of; nothing where it is of none."""
    if "check" in named:
        return f" by the check '{RULE_OF[named['check']].check}'" if named["check"] in RULE_OF else ""
    words = {
        "codes": " with code ",
        "kind": " of the kind ",
        "intervention": " with the intervention ",
        "move": " who ",
    }
    return next(
        (f"{word}{named[name].replace('+', ' or ')}" for name, word in words.items() if name in named), ""
    )


def group_phrase(name: str, value: str) -> str:
    """Return what the pupils of a coordinate are called; nothing where it is none of a group.

    Examples
    --------
    >>> group_phrase("year_group", "7"), group_phrase("sen_status", "E+K"), group_phrase("as_at", "2026-10-23")
    ('Year 7', 'pupils with an education, health and care plan or pupils with SEN support', '')
    """
    if name == "year_group":
        return " or ".join(year_name(int(each)) for each in value.split("+"))
    found = (GROUP_PHRASES.get((name, each), "") for each in value.split("+"))
    return " or ".join(filter(None, found))
