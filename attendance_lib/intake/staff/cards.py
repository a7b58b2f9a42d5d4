"""The impact cards that staff fill in: their columns, and how a cell of one is typed; and the headings that actions have."""

import pandas as pd

from attendance_lib.intake.headings import plain
from attendance_lib.intake.schema import ACTIONS
from attendance_lib.intake.staff.cells import Problem, typed_date

CARD_COLUMNS = (
    "card_id",
    "intervention",
    "for_whom",
    "aim",
    "measure",
    "comparison",
    "start_date",
    "review_date",
    "written_on",
    "written_by",
)
COMPARISONS = ("by lot", "waiting list", "a rule kept to", "similar pupils", "none")
CARD_DATES = ("start_date", "review_date", "written_on")
HEADINGS = {plain(name): name for name in CARD_COLUMNS}


def typed_card_cell(name: str, text: str) -> object:
    """Return what is known of a cell of a card as its type: a day, else text; missing where it is blank or no day.

    Examples
    --------
    >>> typed_card_cell("start_date", "2027-01-11"), typed_card_cell("aim", "4 points"), typed_card_cell("aim", "")
    (Timestamp('2027-01-11 00:00:00'), '4 points', None)
    """
    if name not in CARD_DATES:
        return text or None
    day = typed_date(text)
    return pd.NaT if isinstance(day, Problem) else pd.Timestamp(day)


def card_table(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Return cards, each with the text known of any of CARD_COLUMNS, as a table.

    Returns
    -------
    pandas.DataFrame
        One row per card: CARD_COLUMNS, days as datetime64[s], the rest text; blank cells are missing, but for the
        intervention, which is empty text.

    Examples
    --------
    >>> card_table([{"start_date": "2026-09-14"}, {"start_date": "soon"}])["start_date"].dt.date.tolist()
    [datetime.date(2026, 9, 14), NaT]
    """
    typed = [{name: typed_card_cell(name, row.get(name, "")) for name in CARD_COLUMNS} for row in rows]
    table = pd.DataFrame(typed, columns=list(CARD_COLUMNS), dtype=object)
    kinds = {name: "datetime64[s]" if name in CARD_DATES else "str" for name in CARD_COLUMNS}
    return table.astype(kinds).assign(intervention=table["intervention"].fillna("").astype("str"))


def no_cards() -> pd.DataFrame:
    """Return the empty table of cards: CARD_COLUMNS without a row, days as datetime64[s].

    Examples
    --------
    >>> len(no_cards()), no_cards()["start_date"].dtype.name
    (0, 'datetime64[s]')
    """
    return card_table([])


# The headings by which the columns of actions are known, wherever they were written

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
