"""What a casebook may know, written by hand: rows of cells that staff or the log said."""

from attendance_lib.casebook.state import CellState, EarlierPrint, RowState, Saying, State


def cell(key, column, words, *, sheet="actions", logged=None, source="workbook"):
    """A cell of which one or several things were said, the one shown first."""
    said = [words] if isinstance(words, str) else words
    sayings = [
        Saying(number, 1, 1, source, word, path=f"fortnightly/a/copy {number}.xlsx")
        for number, word in enumerate(said, 1)
    ]
    return CellState(sheet, key, column, tuple(sayings), logged)


def known(rows, *, prints=(), sheet="actions", logged=(), notices=(), beside=(), **about):
    """A casebook's state: rows are key to column to what staff said; ``logged`` keys are in the log too."""
    states = {
        key: RowState(
            sheet,
            key,
            "log" if key in logged else "pack",
            {name: cell(key, name, words, sheet=sheet) for name, words in cells.items()},
            key in logged if logged else None,
            **(
                {}
                if key in logged
                else {
                    "pack_id": "pk0000000000aa",
                    "report": "fortnightly",
                    "cohort": "all",
                    "date_to": "2026-11-06",
                }
                | about
            ),
        )
        for key, cells in rows.items()
    }
    return State(3, "head", 9, 2, {sheet: states}, tuple(notices), tuple(prints), tuple(beside))


def printed(statuses, *, date_to="2026-11-06", cohort="all", report="fortnightly", revision=1):
    """What an earlier pack printed of actions: key to status."""
    cells = {"actions": {key: {"status": status} for key, status in statuses.items()}}
    return EarlierPrint(revision, "pk0000000000aa", report, cohort, "2026-10-19", date_to, 0, cells)
