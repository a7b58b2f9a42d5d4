"""One defect for each check of the inspection that looks at a form's habits, at amendments and at how pupils are registered.

None changes how a session counts, so that every figure of the school stays as it is.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from attendance_lib.demo.amendments import Cells
from attendance_lib.demo.book import PLACE, Book
from attendance_lib.demo.defects import LAST_YEAR, Place, Planting
from attendance_lib.demo.occasions import BUS_FAILURE
from attendance_lib.demo.roll import LEFT_YEAR_11

SPRING = ("2026-01-12", "2026-03-20")
NOT_TAKEN_OFF = "2026-07-17"
UNEXPLAINED, OF_ONE_PUPIL = 16, 3
TOGETHER, TOGETHER_ON = 14, "2026-04-24"
OFTEN, OFTEN_AFTER = 30, (7, 18)
ROUNDED_TO = 5


@dataclass(frozen=True)
class Habits:
    """What was planted.

    Attributes
    ----------
    changes : pandas.DataFrame
        Further amendments, as those of the register.
    unexplained : list of dict
        The marks of one form that were left at N.
    found : dict of str to list
        For each check of the inspection, where it must find something.
    """

    changes: pd.DataFrame
    unexplained: list[Place]
    found: dict[str, list[Place]]


def plant_habits(planting: Planting, rng: np.random.Generator) -> Habits:
    """Plant a defect for each check that looks at more than single marks.

    Parameters
    ----------
    planting : Planting
        The register with the other defects in it, written into.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Habits
        What was planted, and where each check must find it.
    """
    book = planting.book
    forms = rng.permutation([f"{year}{letter}" for year in (8, 9, 10) for letter in "ABCDEF"]).tolist()
    unexplained = _leave_unexplained(planting, forms[0], rng)
    _round_minutes(book, forms[1])
    together = _amend(planting, _ill(planting, forms[2], TOGETHER, rng), TOGETHER_ON, rng)
    often = _amend(planting, _ill(planting, forms[3], OFTEN, rng), "", rng)
    found = {
        "whole_site_closed": [_close(planting, rng)],
        "n_often": [{"form": forms[0]}],
        "minutes_rounded": [{"form": forms[1]}],
        "amended_together": [{"form": forms[2]}],
        "amended_often": [{"form": forms[3]}],
    }
    return Habits(pd.concat([together, often], ignore_index=True), unexplained.listed(book), found)


def misregister(
    planting: Planting, rng: np.random.Generator
) -> tuple[dict[str, object], dict[str, list[Place]]]:
    """Record pupils otherwise than they are: one dual registered, one registered here alone, one not taken off the roll.

    Parameters
    ----------
    planting : Planting
        The finished register.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple
        ``enrolment_status`` and ``leaving_date`` of each enrolment as the pupils file has them, and where the checks
        must find something.
    """
    roll, elsewhere = planting.book.roll, planting.book.holds(("D",)).any(axis=1)
    never = rng.choice(np.flatnonzero(roll.whole_time() & ~elsewhere & ~planting.used))
    status = np.full(len(elsewhere), "C", dtype=object)
    status[never] = "M"
    leavers = roll.has("leaving_date", pd.Timestamp(LEFT_YEAR_11))
    gone = rng.choice(np.flatnonzero(leavers & ~planting.used))
    leaving = roll.table["leaving_date"].mask(np.arange(len(leavers)) == gone, pd.Timestamp(NOT_TAKEN_OFF))
    ids = roll.table["pupil_id"].astype(str)
    away = [{"pupil_id": pupil_id} for pupil_id in ids[elsewhere]]
    stopped = {
        "pupil_id": ids[gone],
        "date": str(LEFT_YEAR_11 + timedelta(days=1)),
        "end_date": NOT_TAKEN_OFF,
    }
    return {"enrolment_status": status, "leaving_date": leaving}, {
        "marks_stop": [stopped],
        "dual_tally": away,
        "dual_status": away,
        "dual_without_d": [{"pupil_id": ids[never]}],
    }


def _free(planting: Planting, form: str, codes: tuple[str, ...]) -> np.ndarray:
    """The cells of a form in spring that hold one of the codes and that nobody amended."""
    book = planting.book
    of_form = book.roll.has("form", form) & ~planting.used
    return of_form[:, None] & book.holds(codes) & book.sessions_between(*SPRING) & ~planting.changed


def _of_several(cells: np.ndarray, count: int, rng: np.random.Generator) -> Cells:
    """So many of the cells, few of any one enrolment."""
    rows, sessions = np.nonzero(cells)
    order = rng.permutation(len(rows))
    rows, sessions = rows[order], sessions[order]
    few = pd.Series(rows).groupby(rows).cumcount().to_numpy() < OF_ONE_PUPIL
    return Cells(rows[few][:count], sessions[few][:count])


def _leave_unexplained(planting: Planting, form: str, rng: np.random.Generator) -> Cells:
    """Leave unauthorised absence of a form at N."""
    cells = _of_several(_free(planting, form, ("O",)), UNEXPLAINED, rng)
    planting.book.cells[cells.rows, cells.sessions] = PLACE["N"]
    return cells


def _ill(planting: Planting, form: str, count: int, rng: np.random.Generator) -> Cells:
    """Marks of illness of a form's pupils."""
    return _of_several(_free(planting, form, ("I",)), count, rng)


def _amend(planting: Planting, cells: Cells, on: str, rng: np.random.Generator) -> pd.DataFrame:
    """Have marks been medical appointments until somebody amended them, on one day or some time after each."""
    timetable = planting.book.timetable
    days = timetable.day(on) if on else cells.sessions // 2 + rng.integers(*OFTEN_AFTER, len(cells.rows))
    return pd.DataFrame(
        {"row": cells.rows, "session_number": cells.sessions, "amended_from": "M", "amended_day": days}
    )


def _round_minutes(book: Book, form: str) -> None:
    """Round a form's minutes late of last year to multiples of five: those of L down, though not to none, those of U up."""
    late = book.roll.has("form", form)[:, None] & book.sessions_between(*LAST_YEAR) & (book.minutes_late >= 0)
    minutes, after_close = book.minutes_late[late], book.holds(("U",))[late]
    down = np.maximum(minutes - minutes % ROUNDED_TO, ROUNDED_TO)
    book.minutes_late[late] = np.where(after_close, minutes + -minutes % ROUNDED_TO, down)


def _close(planting: Planting, rng: np.random.Generator) -> Place:
    """Call it the whole site's closure that a pupil's bus did not come."""
    session = 2 * planting.book.timetable.day(BUS_FAILURE[0])
    stranded = planting.book.cells[:, session] == PLACE["Y1"]
    row = int(rng.choice(np.flatnonzero(stranded & ~planting.used)))
    planting.book.cells[row, session] = PLACE["Y4"]
    planting.used[row] = True
    return planting.place(row, session)
