"""Figures of the demo school that a check can count again."""

import numpy as np

from attendance_lib.demo.book import ATTENDING, AUTHORISED, UNAUTHORISED, Book
from attendance_lib.demo.roll import SCHOOL_YEARS
from attendance_lib.rules.calendar import SESSIONS


def calendar_figures(book: Book) -> dict[str, dict[str, int]]:
    """Count open days, school weeks and the sessions of each year group, by school year.

    Parameters
    ----------
    book : Book
        The finished register.

    Returns
    -------
    dict
        One entry per school year; sessions under ``year_<year group>``.
    """
    timetable, figures = book.timetable, {}
    for year in SCHOOL_YEARS:
        days = timetable.school_years == year
        open_sessions = {
            f"year_{g}": int((~shut[np.repeat(days, 2)]).sum()) for g, shut in timetable.closed.items()
        }
        weeks = len(np.unique(timetable.mondays[days]))
        figures[year] = {"open_days": int(days.sum()), "school_weeks": weeks, **open_sessions}
    return figures


def latent_figures(book: Book, lasting: np.ndarray) -> dict[str, float]:
    """Sum up the latent propensities (shape (enrolments,)): a share of school days, before season and interventions.

    Parameters
    ----------
    book : Book
        The finished register.
    lasting : numpy.ndarray
        Latent propensity of each enrolment.

    Returns
    -------
    dict
        Mean, mean with and without free school meals, and some quantiles.
    """
    shares = {f"quantile_{q}": float(np.quantile(lasting, q / 100)) for q in (10, 25, 50, 75, 90, 95)}
    fsm = book.roll.has("fsm")
    groups = {"fsm_mean": lasting[fsm].mean(), "not_fsm_mean": lasting[~fsm].mean(), "mean": lasting.mean()}
    return {name: round(float(value), 4) for name, value in {**groups, **shares}.items()}


def totals(book: Book) -> dict[str, dict[str, int]]:
    """Count possible, absence, late and N sessions of each school year.

    Parameters
    ----------
    book : Book
        The finished register.

    Returns
    -------
    dict
        One entry per school year, counts in sessions.
    """
    years = np.repeat(book.timetable.school_years, 2)
    kinds = {
        "possible_sessions": (*ATTENDING, *AUTHORISED, *UNAUTHORISED), "authorised_absence_sessions": AUTHORISED,
        "unauthorised_absence_sessions": UNAUTHORISED, "late_before_close_sessions": ("L",),
        "late_after_close_sessions": ("U",), "n_sessions": ("N",),
    }  # fmt: skip
    return {
        year: {name: int(book.holds(codes)[:, years == year].sum()) for name, codes in kinds.items()}
        for year in SCHOOL_YEARS
    }


def defects_before(happened: dict[str, object]) -> dict[str, list[dict[str, str]]]:
    """Say where the inspection must find what happened to the marks after they were made.

    Parameters
    ----------
    happened : dict
        The truth of what happened to the marks.

    Returns
    -------
    dict of str to list
        For each check, where it must find something; of late edits, at least at one of the places.
    """
    form, day = happened["missing_register"]
    this_year = f"{SCHOOL_YEARS[-1][:4]}-09"
    return {
        "register_missing": [{"form": form, "date": day, "session": session} for session in SESSIONS],
        "mark_missing": [mark for mark in happened["missing_marks"] if mark["date"] != day],
        "n_overdue": [mark for mark in happened["forgotten_n"] if mark["date"] >= this_year],
        "obsolete_code": [mark for marks in happened["obsolete_codes"].values() for mark in marks],
        "late_after_close": happened["late_edits_of_u"],
        "edit_near_threshold": happened["late_edits"],
    }
