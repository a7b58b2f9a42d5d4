"""The log of interventions as staff keep it."""

import numpy as np
import pandas as pd

from attendance_lib.demo.book import Book
from attendance_lib.demo.participation import LOOK_BACK_DAYS, Participation
from attendance_lib.demo.schemes import SCHEMES
from attendance_lib.demo.timetable import Timetable

MET, PARTLY = 0.05, 0.0
REVIEW_AFTER_DAYS = (14, 28, 42)
NOT_WORKING = (
    "sessions missed because of absence", "family did not engage", "started too late in the term",
    "does not meet the underlying need", "staff absence interrupted it",
)  # fmt: skip
TARGETS = (
    "no more than 3 sessions missed in 6 weeks",
    "attend every Monday and Friday",
    "in by the first bell daily",
)
COLUMNS = [
    "pupil_id", "intervention", "tier", "start_date", "end_date", "lead", "agency", "barrier", "target", "cost",
    "review_date", "outcome", "reason_not_working", "next_step",
]  # fmt: skip
NEXT_STEPS = {"met": "close", "partly met": "continue", "not met": "escalate"}


def intervention_log(
    book: Book, taking_part: Participation, away: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Write the log that staff keep of interventions.

    Parameters
    ----------
    book : Book
        The register.
    taking_part : Participation
        Who took part.
    away : numpy.ndarray
        Whether each enrolment was away on each day, as it turned out.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        One row per pupil and intervention, in order of start date, with the columns of the ``interventions``
        table; ``pupil_id`` is empty for whole-school schemes.
    """
    rows = taking_part.rows
    ids = np.append(book.roll.table["pupil_id"].to_numpy(), "")[rows["enrolment"].to_numpy()]
    reviews = rows["start_date"] + pd.to_timedelta(rng.choice(REVIEW_AFTER_DAYS, len(rows)), "D")
    targets = np.where(ids == "", "", rng.choice(TARGETS, len(rows)))
    outcomes = _outcomes(book.timetable, taking_part, away)
    reasons = np.where(outcomes == "not met", rng.choice(NOT_WORKING, len(rows)), "")
    log = pd.DataFrame({"pupil_id": ids, **_scheme_columns(rows["scheme"])}).assign(
        start_date=rows["start_date"], end_date=rows["end_date"], target=targets,
        review_date=_on_school_days(book.timetable, reviews), outcome=outcomes, reason_not_working=reasons,
        next_step=[NEXT_STEPS.get(outcome, "") for outcome in outcomes],
    )  # fmt: skip
    return log[COLUMNS].sort_values(["start_date", "intervention", "pupil_id"], ignore_index=True)


def _scheme_columns(places: pd.Series) -> dict[str, list]:
    """What the log says of the scheme itself."""
    schemes = [SCHEMES[place] for place in places]
    columns = {
        "intervention": "name",
        "tier": "tier",
        "lead": "lead",
        "agency": "agency",
        "barrier": "barrier",
        "cost": "cost",
    }
    return {column: [getattr(scheme, name) for scheme in schemes] for column, name in columns.items()}


def _outcomes(timetable: Timetable, taking_part: Participation, away: np.ndarray) -> np.ndarray:
    """What staff wrote down when an intervention ended: absence during it against absence before it."""
    running = taking_part.days_running(timetable)
    ended = (taking_part.rows["end_date"] < pd.Timestamp(timetable.mondays[-1])).to_numpy()
    outcomes = np.full(len(running), "", dtype=object)
    for row, enrolment in enumerate(taking_part.rows["enrolment"]):
        if ended[row] and running[row].any():
            start = int(running[row].argmax())
            before = away[enrolment, max(start - LOOK_BACK_DAYS, 0) : start].mean()
            outcomes[row] = _judged(before - away[enrolment, running[row]].mean())
    return outcomes


def _judged(gain: float) -> str:
    """The word staff use for a gain, a share of days."""
    return "met" if gain > MET else "partly met" if gain > PARTLY else "not met"


def _on_school_days(timetable: Timetable, dates: pd.Series) -> pd.Series:
    """Move dates that fall in a holiday to the next open day; dates after the register stay."""
    wanted = dates.to_numpy(dtype="datetime64[D]")
    places = np.searchsorted(timetable.days, wanted)
    moved = timetable.days[np.minimum(places, timetable.last)]
    return pd.Series(np.where(places > timetable.last, wanted, moved), dates.index)
