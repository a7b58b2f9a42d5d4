"""Columns that staff fill in on sheets of several papers: of actions, of support plans, and of tries to reach a home."""

from attendance_lib.analysis.contact_log import REACHED
from attendance_lib.display import Column, Kind
from attendance_lib.display.columns import figure
from attendance_lib.intake.declared import Kind as Logged
from attendance_lib.intake.staff.cells import ACTION_STATUSES
from attendance_lib.intake.support_tables import PLANS

# What becomes of an action

STATUS = Column(
    "status",
    "Status",
    meaning="Where it stands: choose from the list",
    editable=True,
    choices=ACTION_STATUSES,
    width=12,
)
COMPLETED_ON = Column("completed_on", "Completed", Kind.DATE, "When it was done or cancelled", editable=True)
NOTE = Column("note", "Note", meaning="What staff wrote", personal=True, editable=True, width=30)

# Support plans

HEADINGS = {
    "opened_on": "Agreed on", "lead": "Lead practitioner", "agencies": "Agencies", "barrier": "Barriers",
    "going_well": "Going well",
    "target_sessions": "Target: miss at most", "target_from": "Target from", "target_to": "Target to",
    "pupil_does": "Pupil does", "pupil_by": "Pupil by", "parent_does": "Parent does", "parent_by": "Parent by",
    "school_does": "School does", "school_by": "School by", "agency_does": "Agency does", "agency_by": "Agency by",
    "adjustment": "Adjustment", "adjustment_offered_on": "Adjustment offered", "adjustment_answer": "Adjustment answer",
    "adjustment_since": "Adjustment in place since", "early_help_offered_on": "Early help offered",
    "early_help_answer": "Early help answer", "review_on": "Review on", "reviewed_on": "Reviewed on", "outcome": "Outcome",
    "next_step": "Next step", "closed_on": "Closed on", "copy_given_on": "Copy given to family", "note": "Staff note",
}  # fmt: skip
KINDS = {Logged.DATE: Kind.DATE, Logged.WHOLE: Kind.COUNT}
WORDY, NARROW = 34, 16


def to_fill_in(name: str) -> Column:
    """Return a column of the log as staff fill it in; whatever is written about a pupil is personal."""
    column = PLANS.column(name)
    kind = KINDS.get(column.kind, Kind.TEXT)
    width = None if kind is not Kind.TEXT else WORDY if column.kind is Logged.TEXT else NARROW
    return Column(
        name,
        HEADINGS[name],
        kind,
        column.meaning,
        personal=True,
        editable=True,
        choices=column.values,
        width=width,
    )


# Tries to reach a home

TRIES, WHO = figure("tries", editable=True), figure("made_by", editable=True)
REACHED_OR_NOT = Column(
    "reached", "Reached", meaning="Whether anybody was: choose from the list", personal=True, editable=True, choices=REACHED,
    width=16,
)  # fmt: skip
OUTCOME = figure("outcome", meaning="What came of it: no diagnosis", shown=True, editable=True, width=34)
