"""Exports of one period that differ in age: then no register is wrong, and all but the newest file are to go."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from attendance_lib.errors import in_number
from attendance_lib.intake.reconcile import Batch

# Of the sessions in doubt the newest file must hold nearly all, nine in ten, and so must the others together; and there must
# be so many at least.
NEARLY_ALL, OUT_OF, FEWEST = 9, 10, 20
KEY = ["pupil_id", "date", "session"]
NO_REASON_YET = "N"


@dataclass(frozen=True)
class Held:
    """A file, and what it has for the sessions in doubt: KEY and ``code``."""

    batch: Batch
    marks: pd.DataFrame

    @property
    def age(self) -> tuple[pd.Timestamp, int]:
        """By this the older come first: whose marks end earlier, else who has more sessions without a reason yet."""
        return last_day(self.batch), -int((self.marks["code"] == NO_REASON_YET).sum())

    @property
    def is_export(self) -> bool:
        """Whether most of the file is not in doubt: a file of corrections differs in all that it holds."""
        return len(self.batch) >= 2 * len(self.marks)


def two_exports_words(doubtful: pd.DataFrame, batches: Sequence[Batch]) -> str:
    """Return which files hold the same sessions at different ages, and which to remove; empty text if none do.

    Parameters
    ----------
    doubtful : pandas.DataFrame
        ``Reconciled.doubtful`` of the rules that one source breaks: one row per session with several codes.
    batches : sequence of Batch
        The marks of each file.

    Returns
    -------
    str
        The older are those whose marks end earlier, else those that have more sessions without a reason yet.
    """
    if len(doubtful) < FEWEST:
        return ""
    keys = doubtful[KEY].drop_duplicates().astype({"date": "datetime64[s]"})
    held = [Held(batch, marks) for batch in batches if len(marks := in_doubt(batch, keys))]
    *older, newest = sorted(held, key=lambda each: each.age)
    if not older or not are_of_one_period(older, newest, len(keys)):
        return ""
    return words_of(older, newest)


def are_of_one_period(older: Sequence[Held], newest: Held, doubts: int) -> bool:
    """Whether the newest file holds nearly all sessions in doubt, and older exports together do."""
    together = pd.concat([each.marks for each in older]).drop_duplicates(KEY)
    files = {each.batch.file for each in (*older, newest)}
    return (
        len(files) == len(older) + 1
        and all(each.is_export for each in older)
        and all(OUT_OF * len(marks) >= NEARLY_ALL * doubts for marks in (newest.marks, together))
    )


def words_of(older: Sequence[Held], newest: Held) -> str:
    """Return which files are exports of one period, and which of them to remove."""
    old = [each.batch.file for each in older]
    files = f"{listed([*old, newest.batch.file])} are exports of one period"
    if older[-1].age == newest.age:
        which = in_number(len(old), "the one that was made first", "all but the one that was made last")
        return f"{files}: remove {which}."
    what = in_number(len(old), "the older one: remove it", "the older ones: remove them")
    return f"{files}, and {listed(old)} {in_number(len(old), 'is', 'are')} {what}."


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["a.csv"]), listed(["a.csv", "b.csv", "c.csv"])
    ('a.csv', 'a.csv, b.csv and c.csv')
    """
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last


def in_doubt(batch: Batch, keys: pd.DataFrame) -> pd.DataFrame:
    """Return what a file has for the sessions in doubt: KEY and ``code``."""
    marks = pd.DataFrame(
        {
            "pupil_id": batch.pupil.values[batch.pupil.places],
            "date": pd.to_datetime(pd.Series(batch.day.values[batch.day.places])).astype("datetime64[s]"),
            "session": batch.session.values[batch.session.places],
            "code": batch.letter.values[batch.letter.places],
        }
    )
    marks = marks.drop_duplicates(KEY).astype({"pupil_id": object, "session": object, "code": object})
    return marks.merge(keys.astype({"pupil_id": object, "session": object}), on=KEY)


def last_day(batch: Batch) -> pd.Timestamp:
    """Return the last day of a file's marks."""
    return pd.to_datetime(pd.Series(batch.day.values[batch.day.places])).max()
