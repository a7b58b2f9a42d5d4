"""Actions: what was agreed, what became of it, and who has nothing agreed. Staff fill in this sheet of the workbook."""

from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.action_log import (
    CANCELLED_SINCE,
    DONE_SINCE,
    DUE,
    LEFT,
    OVERDUE,
    SHEET,
    STANDINGS,
    UNDER_WAY,
    count_strays,
)
from attendance_lib.analysis.first_weeks import is_early
from attendance_lib.analysis.headline import returned_of
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.cases import (
    LINES,
    LINES_LAST_YEAR,
    last_end,
    listed_actions,
    merged_actions,
    over_a_line,
    with_nothing_agreed,
)
from attendance_lib.papers.first_weeks import columns_of, first_weeks_words, severe_last_year_first
from attendance_lib.papers.shared import listed as in_words
from attendance_lib.papers.shared import (
    not_exported,
    returned_words,
)
from attendance_lib.papers.staff_columns import COMPLETED_ON, NOTE, STATUS
from attendance_lib.papers.staff_words import differing, fields_of, to_enter, told_of_files

REPORT = "fortnightly"
BLANK_ROWS = 25
SHOWN_ROWS = 40
STANDING_WORDS = {
    DONE_SINCE: "done",
    CANCELLED_SINCE: "cancelled",
    OVERDUE: "overdue",
    UNDER_WAY: "in progress and not overdue",
    DUE: "still to do and not yet due",
    LEFT: "about pupils who have left, to be closed or handed on",
}
ABSENCE_LOGS = ("actions", "interventions", "notices")


def action_counts(pack: Pack) -> Sentences:
    """Say what became of the actions agreed, earlier and in the period, and what was kept though it fits nothing."""
    listed, day = listed_actions(pack), last_end(pack)
    is_new = listed["raised_on"] > pd.Timestamp(day)
    earlier = f"agreed by {format_date(day)} and not closed before"
    items = [
        standing_in_words(listed[~is_new], earlier) or f"No action {earlier}.",
        standing_in_words(listed[is_new], "agreed in this period"),
        *late_in_words(listed),
        *strays_in_words(pack),
    ]
    return Sentences(name="action_counts", items=tuple(filter(None, items)))


def standing_in_words(listed: pd.DataFrame, which: str) -> str:
    """Return a sentence on where actions (rows with their ``standing`` on the last day) stand; empty where there is none.

    Examples
    --------
    >>> standing_in_words(pd.DataFrame({"standing": [DONE_SINCE] * 14 + [OVERDUE] * 5}), "agreed by 6 November 2026")
    'Of 19 actions agreed by 6 November 2026, 14 are done and 5 overdue.'
    """
    counts = listed["standing"].value_counts().to_dict()
    told = [(counts[standing], words) for standing, words in STANDING_WORDS.items() if standing in counts]
    if not told:
        return ""
    (first, words), *others = told
    parts = [
        f"{format_count(first)} {is_or_are(first)} {words}",
        *(f"{format_count(count)} {words}" for count, words in others),
    ]
    return f"Of {format_count(len(listed), 'action')} {which}, {in_words(parts)}."


def late_in_words(listed: pd.DataFrame) -> list[str]:
    """Say how many actions (rows, with ``is_late``) staff dated on a day after the period, which is often a slip of the pen.

    Examples
    --------
    >>> late_in_words(pd.DataFrame({"is_late": [True, False]})), late_in_words(pd.DataFrame({"is_late": [False]}))
    (['1 action says that it was agreed after this period: check the day.'], [])
    """
    late = int(listed["is_late"].sum())
    dated = "says that it was" if late == 1 else "say that they were"
    return (
        [f"{format_count(late, 'action')} {dated} agreed after this period: check the day."] if late else []
    )


def strays_in_words(pack: Pack) -> list[str]:
    """Say how many entries were kept that the log or the roll does not know, and that a log is missing.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> merged = pd.DataFrame({"action_id": ["A1", "A2"], "is_in_log": [True, False], "pupil_id": ["1", "9"]})
    >>> school = SimpleNamespace(pupils=pd.DataFrame({"pupil_id": ["1"]}), actions="actions.csv")
    >>> strays_in_words(SimpleNamespace(school=school, results={merged_actions: merged}))
    ['1 action of earlier packs is not in the log; kept here.', '1 action names a pupil who is not on the roll.']
    """
    strays = count_strays(merged_actions(pack), pack.school.pupils["pupil_id"])
    unknown, people = strays["unknown_actions"], strays["unknown_pupils"]
    kept = (
        f"{format_count(unknown, 'action')} of earlier packs {is_or_are(unknown)} not in the log; kept here."
    )
    named = f"{format_count(people, 'action')} {in_number(people, 'names', 'name')} a pupil who is not on the roll."
    said = [
        kept if unknown else "",
        named if people else "",
        not_exported("actions") if pack.school.actions is None else "",
    ]
    return list(filter(None, said))


def is_or_are(count: int) -> str:
    """Return the verb for a count.

    Examples
    --------
    >>> is_or_are(1), is_or_are(0)
    ('is', 'are')
    """
    return "is" if count == 1 else "are"


def actions(pack: Pack) -> Table:
    """Return the working sheet of actions: overdue first, then in progress, to do and closed since last time."""
    return Table(
        name="actions",
        title="Actions",
        frame=listed_actions(pack),
        columns=ACTION_COLUMNS,
        shown_rows=SHOWN_ROWS,
        row_header="action_id",
        grouped_by="standing",
        note="Fill in this sheet of the workbook at the meeting; the next pack reads it, and every copy of it. New actions go "
        "into the blank rows at its foot. Only actions that were open in the last pack or are new since are listed.",
        empty_text="No action is open, and none was closed in this period.",
        blank_rows=BLANK_ROWS,
    )


def differing_actions(pack: Pack) -> Table:
    """Return the cells of actions in which several people wrote different things, to be settled."""
    return differing(pack, SHEET, merged_actions(pack)["action_id"], fields_of(ACTION_COLUMNS))


def actions_to_enter(pack: Pack) -> Table:
    """Return what staff wrote of actions that the school's log does not say."""
    return to_enter(pack, SHEET, merged_actions(pack)["action_id"], fields_of(ACTION_COLUMNS))


def told_of_files_since(pack: Pack) -> Table:
    """Return what was noted about the files that came back since the last pack."""
    return told_of_files(pack, REPORT, merged_actions(pack)["action_id"])


def pupils_without_plan(pack: Pack) -> Table:
    """Return the pupils on roll who are over a line and for whom nothing is agreed, most absent first."""
    return Table(
        name="pupils_without_plan",
        title="Pupils over a line with no action or plan",
        frame=severe_last_year_first(with_nothing_agreed(pack), pack),
        columns=columns_of(pack, PLAN_COLUMNS, before="attendance_rate"),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        grouped_by="lines",
        note=_without_plan_note(pack),
        empty_text="Every pupil over a line has an open action, a plan, an intervention, a contract or a notice to improve."
        if len(over_a_line(pack))
        else "Nobody is over a line.",
    )


def _without_plan_note(pack: Pack) -> str:
    over, bare = len(over_a_line(pack)), len(with_nothing_agreed(pack))
    absent = [name for name in ABSENCE_LOGS if getattr(pack.school, name) is None]
    lines = LINES_LAST_YEAR if is_early(pack) else LINES
    return (
        f"{format_count(bare)} of {format_count(over, 'pupil')} over a line ({lines}, or a notice threshold or referral trigger "
        "met now) have no open action, no support plan or intervention running and no open contract or notice to improve."
        f"{first_weeks_words(pack)}{f' {not_exported(*absent)}' if absent else ''}{returned_words(returned_of(pack))}"
    )


ACTION_COLUMNS = (
    figure("action_id", meaning="The number; leave it blank for a new action: the next pack gives one", width=14),
    figure(
        "pupil_id", meaning="The pupil in the school's records; fill in for a new action about one pupil", editable=True,
    ),
    *shown("pupil_name", "form"),
    Column(
        "standing", "Stands", width=16,
        meaning=f"Where it stands on the last day of the period: {', '.join(STANDINGS)}. Overdue from the day after it was due",
        highlights=(Highlight("equals", OVERDUE, Tone.ALERT), Highlight("equals", DONE_SINCE, Tone.GOOD)),
    ),
    figure("action", editable=True, width=40),
    figure("owner", editable=True, width=22),
    Column("raised_on", "Raised", Kind.DATE, "When it was agreed", shown=False),
    figure("due_date", editable=True),
    Column("days_overdue", "Days overdue", Kind.COUNT, "Calendar days since it was due, if it is overdue", shown=False),
    STATUS, replace(COMPLETED_ON, shown=False), NOTE,
    figure("next_step", shown=False, editable=True, width=30),
)  # fmt: skip
PLAN_COLUMNS = (
    *shown("pupil_name"),
    figure("pupil_id", shown=False),
    *shown("form", "year_group"),
    Column("lines", "Over which line", meaning="Persistent or severe absence, a notice rule met now", width=30),
    Column("rules_met", "Thresholds met", meaning="The notice rules whose threshold is met now", shown=False, width=30),
    *shown("attendance_rate", "absence_sessions", "possible_sessions"),
    Column(
        "unauthorised_absence_sessions", "Unauthorised", Kind.COUNT, "Sessions of unauthorised absence, year to date",
    ),
    figure("key_adult", shown=False),
    *shown("last_contact_date"),
)  # fmt: skip
