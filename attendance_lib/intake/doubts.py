"""The marks that could not be taken as they stand, one row each, so that a person can put each right.

What is no register code, sessions with several codes, and marks of pupils whom the roll does not have.
"""

import pandas as pd

from attendance_lib.intake.checked_school import no_doubt
from attendance_lib.intake.identify import identify
from attendance_lib.intake.reconcile import Reconciled, doubted

KEY = ["pupil_id", "date", "session"]


def doubtful_marks(read: Reconciled, pupils: pd.DataFrame) -> pd.DataFrame:
    """Return what is doubtful, under the roll's identifiers.

    Parameters
    ----------
    read : Reconciled
        The marks of all files and what was doubtful in them, the pupils as the files name them.
    pupils : pandas.DataFrame
        PUPILS.

    Returns
    -------
    pandas.DataFrame
        One row per doubtful session, or per pupil whom the roll does not have: ``pupil_id`` (the file's own where
        the roll has none), ``date`` (the first), ``session`` (empty for a pupil), ``rule`` (the finding's) and
        ``found`` (in words).
    """
    named = read.doubtful["pupil_id"].astype(str)
    used = [*read.marks["pupil_id"].cat.categories, *named.unique()]
    names = identify(dict.fromkeys(used), pupils).pupil_id
    renamed = read.doubtful.assign(pupil_id=[names.get(name, name) for name in named])
    return pd.concat(
        [renamed, twice_named(read.marks, names), strangers(read.marks, names)], ignore_index=True
    )


def twice_named(marks: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return the sessions (one row each) with several codes under two names of one pupil (see ``school._without_double``)."""
    counts = pd.Series(list(names.values()), dtype=object).value_counts()
    several = {name for name, pupil in names.items() if counts[pupil] > 1}
    both = marks[marks["pupil_id"].isin(several)]
    if both.empty:
        return no_doubt()
    both = both.assign(pupil_id=both["pupil_id"].astype(object).map(names)).sort_values([*KEY, "code"])
    first = both.drop_duplicates(KEY).set_index(KEY)["code"].astype(object)
    other = both[~both.duplicated([*KEY, "code"]) & both.duplicated(KEY)].drop_duplicates(KEY).set_index(KEY)
    found = first.reindex(other.index) + " was taken; another row has " + other["code"].astype(object)
    return doubted(found.rename("found").reset_index(), "undecided_marks")


def strangers(marks: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return one row per pupil of the marks whom the roll does not have."""
    unknown = [name for name in marks["pupil_id"].cat.categories if name not in names]
    theirs = marks[marks["pupil_id"].isin(unknown)].astype({"pupil_id": object})
    if theirs.empty:
        return no_doubt()
    found = theirs.groupby("pupil_id")["date"].agg(["min", "max", "size"]).reset_index()
    words = [
        f"{count} mark{'s' if count != 1 else ''}, to {last.date().isoformat()}"
        for count, last in zip(found["size"], found["max"], strict=True)
    ]
    return doubted(found.assign(date=found["min"], session="", found=words), "marks_without_pupil")
