"""The sheets of a caseload that its member fills in: actions, reviews of plans and of other support, and homes to reach.

They are those of the other papers' casebook: an action, a plan or a try written here is the same row there, whoever wrote it.
"""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.action_log import OVERDUE
from attendance_lib.analysis.caseloads import CONTACT_DAYS
from attendance_lib.analysis.contact_log import CALLS
from attendance_lib.analysis.plans import plans_of
from attendance_lib.analysis.staff import PLAN
from attendance_lib.casebook import plans, reviews
from attendance_lib.casebook.staff_rows import sheet_number, typed_or_none
from attendance_lib.display import Column, Highlight, Kind, Parts, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.intake.schema import ACTIONS
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.agreed import merged_actions
from attendance_lib.papers.caseloads.caseload import OVERDUE_REVIEW, Caseload
from attendance_lib.papers.caseloads.pupils import own_table
from attendance_lib.papers.staff_columns import (
    COMPLETED_ON,
    NOTE,
    OUTCOME,
    REACHED_OR_NOT,
    STATUS,
    TRIES,
    WHO,
    to_fill_in,
)
from attendance_lib.papers.staff_words import (
    combined,
    differing,
    fields_of,
    to_enter,
    to_enter_words,
    told_of_files,
    what_came_back,
)
from attendance_lib.reports.papers import CASELOADS

SHOWN_ROWS, BLANK_ROWS = 15, 8


def sheets_to_fill_in(caseload: Caseload) -> Iterator[Table]:
    """Yield what is the member's to do, as the member may see it."""
    for table in (own_actions(caseload), own_plans(caseload), own_reviews(caseload), own_contacts(caseload)):
        yield own_table(table, caseload.seen)


def own_actions(caseload: Caseload) -> Table:
    """Return the member's actions: overdue first."""
    return Table(
        name=ACTIONS.name,
        title="Actions",
        frame=caseload.actions,
        columns=ACTION_COLUMNS,
        row_header="action_id",
        shown_rows=SHOWN_ROWS,
        note="The same as on the sheet of the fortnightly pack. New actions go into the blank rows at the foot of the workbook's.",
        empty_text="No action is yours.",
        blank_rows=BLANK_ROWS,
    )


ACTION_COLUMNS = (
    figure("action_id"),
    figure("pupil_id", meaning="The pupil in the school's records; fill in for a new action about one pupil", editable=True),
    *shown("pupil_name", "form"),
    Column(
        "standing", "Stands", meaning="Where it stands on the last day", width=14,
        highlights=(Highlight("equals", OVERDUE, Tone.ALERT),),
    ),
    figure("action", editable=True),
    figure("owner", editable=True, shown=False, width=22),
    figure("due_date", editable=True),
    STATUS, COMPLETED_ON, NOTE,
    figure("next_step", editable=True, shown=False, width=30),
)  # fmt: skip


def own_plans(caseload: Caseload) -> Table:
    """Return the support plans that are the member's to review."""
    known = plans_of(caseload.pack).set_index("plan_id", drop=False)
    rows = caseload.reviews[caseload.reviews["reviewed"] == PLAN].reset_index(drop=True)
    said = known.reindex(rows["number"])
    told = {name: said[name].to_numpy() for name in (*PLAN_SAYS, "review_on")}
    return Table(
        name=plans.SHEET,
        title="Plans to review",
        frame=rows.assign(plan_id=rows["number"], **told),
        columns=PLAN_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note="The same as on the sheet of the paper on plans; there a new target is a new plan.",
    )


PLAN_SAYS = ("reviewed_on", "outcome", "next_step", "note")
REVIEW_STANDS = Column(
    "standing", "Stands", meaning="Overdue with nothing written down, or due within two school weeks", width=12,
    highlights=(Highlight("equals", OVERDUE_REVIEW, Tone.ALERT),),
)  # fmt: skip
PLAN_COLUMNS = (
    figure("plan_id", meaning="The plan's number", width=14),
    *shown("pupil_name", "form"),
    REVIEW_STANDS,
    to_fill_in("review_on"),
    *(to_fill_in(name) for name in PLAN_SAYS),
    figure("pupil_id"),
)


def own_reviews(caseload: Caseload) -> Table:
    """Return the reviews of other support that are the member's to hold."""
    rows = caseload.reviews[caseload.reviews["reviewed"] != PLAN].reset_index(drop=True)
    log = caseload.pack.school.interventions
    said = {} if log is None else log.assign(number=reviews.review_numbers(log)).set_index("number")
    told = {
        name: said[name].reindex(rows["number"]).to_numpy() if name in said else None
        for name in reviews.WRITTEN
    }
    return Table(
        name=reviews.SHEET,
        title="Other support to review",
        frame=rows.assign(review_id=rows["number"], **told),
        columns=REVIEW_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note="Where it did not work, write why and what is next.",
    )


REVIEW_COLUMNS = (
    Column(reviews.KEY, "Review", meaning="The row's number; leave it", shown=False, width=14),
    *shown("pupil_name", "form"),
    Column("reviewed", "What", meaning="The intervention", personal=True, width=26),
    figure("review_date", meaning="When the review is due"),
    REVIEW_STANDS,
    figure(
        "outcome", meaning="What came of it: met, partly met or not met", shown=True, editable=True, width=16
    ),
    Column(
        "reason_not_working",
        "If not, why",
        meaning="Why it did not work",
        personal=True,
        editable=True,
        width=24,
    ),
    figure("next_step", editable=True, width=24),
    figure("pupil_id"),
)


def own_contacts(caseload: Caseload) -> Table:
    """Return the homes that are the member's to reach."""
    pack, day = caseload.pack, caseload.pack.date_to
    urn, known = pack.school.settings.school.urn, pack.casebook.rows.get(CALLS, {}) if pack.casebook else {}
    numbers = [sheet_number(urn, day, pupil) for pupil in caseload.contacts["pupil_id"]]
    said = {
        name: [known[number].value(name) or None if number in known else None for number in numbers]
        for name in ("tried_on", "tries", "reached", "made_by", "outcome")
    }
    told = said | {
        "tried_on": pd.to_datetime([typed_or_none(each) if each else None for each in said["tried_on"]]),
        "made_by": [each or caseload.member.name for each in said["made_by"]],
    }
    return Table(
        name=CALLS,
        title="Homes to reach",
        frame=caseload.contacts.assign(call_id=numbers, date=pd.Timestamp(day), **told),
        columns=CONTACT_COLUMNS,
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note="Pupils over a line whose case you lead, and whose home nobody of the school has reached for "
        f"{CONTACT_DAYS} school days or more. A message left is a try; a dash means never. The number of days is ours. What you "
        "write counts as a contact with home.",
    )


CONTACT_COLUMNS = (
    figure("call_id"),
    *shown("pupil_name", "form"),
    Column("last_reached_date", "Last reached", Kind.DATE, meaning="When somebody at home was last reached", personal=True),
    Column(
        "since_days", "School days since", Kind.COUNT, meaning="School days since then, of this school year", personal=True,
    ),
    Column(
        "tried_on", "Day", Kind.DATE, meaning="The day on which you tried; blank: the last day of this sheet", personal=True,
        editable=True,
    ),
    TRIES, REACHED_OR_NOT, WHO, OUTCOME,
    figure("date", meaning="The last day of this sheet", shown=False),
    figure("pupil_id"),
)  # fmt: skip


def came_back(pack: Pack) -> Parts:
    """Return what of all that was written on sheets of staff somebody has to look at: to settle, to enter, told of files."""
    rows = pack.casebook.rows if pack.casebook else {}
    fields = {
        (ACTIONS.name, tuple(merged_actions(pack)["action_id"])): fields_of(ACTION_COLUMNS),
        (plans.SHEET, tuple(plans_of(pack)["plan_id"])): fields_of(PLAN_COLUMNS),
        (reviews.SHEET, tuple(rows.get(reviews.SHEET, ()))): fields_of(REVIEW_COLUMNS),
        (CALLS, tuple(rows.get(CALLS, ()))): fields_of(CONTACT_COLUMNS),
    }
    tables = (
        combined([differing(pack, *sheet, named) for sheet, named in fields.items()]),
        combined([to_enter(pack, *sheet, named) for sheet, named in fields.items()], to_enter_words),
        told_of_files(pack, CASELOADS.name, [key for _, keys in fields for key in keys]),
    )
    return what_came_back(
        tables,
        "What staff wrote on their sheets: all of it was read, nothing differs, and the logs say it too.",
    )
