"""The headings by which the columns of actions are known, wherever they were written."""

from attendance_lib.intake.headings import plain
from attendance_lib.intake.schema import ACTIONS

ACTION_COLUMNS = (*ACTIONS.column_names, "next_step")
MORE_HEADINGS = {
    "action_id": ("Action number", "Action ref"),
    "pupil_id": ("Pupil number",),
    "raised_on": ("Raised on", "Date raised"),
    "action": ("Action agreed",),
    "owner": ("Who", "Lead"),
    "due_date": ("Due date", "Due by", "By when"),
    "completed_on": ("Completed on", "Date completed", "Done on"),
    "next_step": ("Next step", "Next steps"),
}


def _known_headings() -> dict[str, str]:
    told = {column.name: column.also_called for column in ACTIONS.columns}
    return {
        plain(heading): name
        for name in ACTION_COLUMNS
        for heading in (name, *told.get(name, ()), *MORE_HEADINGS.get(name, ()))
    }


KNOWN_HEADINGS = _known_headings()
