"""Changes of intervention: what each pupil had first, what then, and where each course left them."""

import numpy as np
import pandas as pd


def with_order(courses: pd.DataFrame) -> pd.DataFrame:
    """Put each pupil's courses in order and say what came after each.

    Parameters
    ----------
    courses : pandas.DataFrame
        ``Study.courses``; those without a start date have no place and come last.

    Returns
    -------
    pandas.DataFrame
        The same rows by pupil and start, with ``step`` (1 for the first), ``steps`` (how many the pupil had),
        ``later_intervention`` and ``later_start_date`` (the next course to begin on a later day; missing for
        the last) and ``is_overlapped`` (the next began while this course's window was still running).

    Examples
    --------
    >>> rows = pd.DataFrame({"pupil_id": ["1", "1"], "intervention": ["Mentor", "Home visit"], "weeks_since": [12, 5],
    ...     "week": [9, 4], "start_date": pd.to_datetime(["2026-11-09", "2026-10-05"])})
    >>> with_order(rows)[["step", "intervention", "later_intervention", "is_overlapped"]].values.tolist()
    [[1, 'Home visit', 'Mentor', False], [2, 'Mentor', nan, False]]
    """
    ordered = courses.sort_values(
        ["pupil_id", "start_date", "intervention"], kind="stable", ignore_index=True
    )
    pupil = ordered.groupby("pupil_id", sort=False)
    later = next_days(ordered)
    has_later = np.isfinite(later)
    place = np.where(has_later, later, 0).astype(int)
    gap = ordered["week"].to_numpy()[place] - ordered["week"].to_numpy()
    return ordered.assign(
        step=pupil.cumcount() + 1,
        steps=pupil["intervention"].transform("size"),
        later_intervention=ordered["intervention"].iloc[place].where(has_later).to_numpy(),
        later_start_date=ordered["start_date"].iloc[place].where(has_later).to_numpy(),
        is_overlapped=has_later & (gap < ordered["weeks_since"].to_numpy()),
    )


def next_days(ordered: pd.DataFrame) -> np.ndarray:
    """Return the position of the pupil's first course that began on a later day; NaN where none did (shape (rows,))."""
    days = ordered[["pupil_id", "start_date"]].assign(place=np.arange(len(ordered), dtype=float))
    firsts = days.dropna().drop_duplicates(["pupil_id", "start_date"])
    firsts = firsts.assign(later=firsts.groupby("pupil_id")["place"].shift(-1))
    return days.merge(firsts, on=["pupil_id", "start_date"], how="left")["later"].to_numpy(dtype=float)


def changes_of(courses: pd.DataFrame, pupil_ids: pd.Series) -> pd.DataFrame:
    """Return the courses (one row each, windows in sessions) of the pupils who had two or more, in order (``with_order``).

    Parameters
    ----------
    courses : pandas.DataFrame
        ``Study.courses``.
    pupil_ids : pandas.Series
        The pupils in question.
    """
    ordered = with_order(courses[courses["pupil_id"].isin(pupil_ids)])
    return ordered[ordered["steps"] > 1].reset_index(drop=True)
