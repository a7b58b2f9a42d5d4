"""One mark for each pupil and session, however many files and rows speak of it, and in whatever order.

A later source of the school file wins over an earlier one. Within a source the row amended or recorded
last wins; where nothing decides it, attendance goes before absence, as the systems that derive session marks
from lessons do. Rows that agree on the code are one mark, and what each knows of it is kept.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.errors import in_number
from attendance_lib.intake.encoded import Encoded, joined
from attendance_lib.intake.ledger import DOUBTFUL, no_doubt
from attendance_lib.rules.codes import CODES

DETAILS = ("minutes_late", "recorded_at", "amended_from", "amended_on")
STAMPS = ("recorded_at", "amended_on")
PREFERENCE = {
    letter: place
    for place, letter in enumerate(
        dict.fromkeys(code.letter for code in sorted(CODES, key=lambda code: code.category))
    )
}


# A file as messages name it, and a row of it.
Place = tuple[str, int]


@dataclass(frozen=True, eq=False)
class Batch:
    """The usable marks of one file: text, dates, AM or PM, codes, and typed details by name; or its blank cells.

    Or the cells that hold what is no register code, with what they hold in place of codes. ``file`` and ``rows`` (from 1)
    give the place of each.
    """

    rank: int
    pupil: Encoded
    day: Encoded
    session: Encoded
    letter: Encoded
    details: dict[str, np.ndarray]
    is_blank: bool = False
    is_unknown: bool = False
    file: str = ""
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.pupil)

    @property
    def named_at(self) -> dict[str, Place]:
        """The file and the row in which each pupil is first named.

        Examples
        --------
        >>> pupil, other = (Encoded.of(np.array(each, dtype=object)) for each in (["12", "13", "12"], ["-"] * 3))
        >>> Batch(0, pupil, other, other, other, {}, file="marks.csv", rows=np.array([2, 3, 4])).named_at
        {'12': ('marks.csv', 2), '13': ('marks.csv', 3)}
        """
        first = zip(self.pupil.values, self.pupil.first_rows(), strict=True)
        return {name: (self.file, int(self.rows[mark])) for name, mark in first if mark >= 0}

    def place_of(self, names: Collection[str], day: date, session: str) -> Place | None:
        """Return the file and the first row with a mark of a pupil, under any of the names, on a day and session.

        Examples
        --------
        >>> of = lambda value: Encoded.of(np.array([value], dtype=object))
        >>> batch = Batch(0, of("12"), of(date(2026, 11, 9)), of("AM"), of("/"), {}, file="marks.csv", rows=np.array([2]))
        >>> batch.place_of(["0012", "12"], date(2026, 11, 9), "AM"), batch.place_of(["12"], date(2026, 11, 9), "PM")
        (('marks.csv', 2), None)
        """
        here = self.pupil.holds(np.isin(self.pupil.values, list(names)))
        here &= self.day.holds(self.day.values == day) & self.session.holds(self.session.values == session)
        return (self.file, int(self.rows[np.argmax(here)])) if here.any() else None


@dataclass(frozen=True, eq=False)
class Reconciled:
    """MARKS with one row a pupil, date and session, and what it took; counts are pupil-sessions.

    ``blank_cells`` holds pupil, date and session of the cells that the files leave blank, as often as they do; ``batches``
    what the files hold, by which a pupil's or a mark's file and row are found.

    ``repeated`` rows agreed with another of their source, ``overlapping`` ones with another source; ``overruled``
    sessions had another code in an earlier source; ``settled`` had several codes in one source, settled by date;
    ``guessed`` the same, settled by nothing. ``doubtful`` has one row per session that is not plain: ``pupil_id``
    as the file names the pupil, ``date``, ``session``, ``rule`` (the finding's) and ``found`` (in words).
    """

    marks: pd.DataFrame
    repeated: int = 0
    overlapping: int = 0
    overruled: int = 0
    settled: int = 0
    guessed: int = 0
    blank_cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    doubtful: pd.DataFrame = field(default_factory=no_doubt)
    batches: tuple[Batch, ...] = ()

    @property
    def named_at(self) -> dict[str, Place]:
        """The file and row that first name each pupil: those of the first file, which is set last."""
        return {name: place for batch in reversed(self.batches) for name, place in batch.named_at.items()}

    def place_of(self, names: Collection[str], day: date, session: str) -> Place | None:
        """Return the place of a mark, the last source's first; None if no file has it (see ``Batch.place_of``).

        Examples
        --------
        A pupil is named after the first file, a mark after the last source's.

        >>> of = lambda value: Encoded.of(np.array([value], dtype=object))
        >>> mark, row = (of("12"), of(date(2026, 11, 9)), of("AM"), of("/"), {}), np.array([2])
        >>> batches = tuple(Batch(rank, *mark, file=file, rows=row) for rank, file in enumerate(("a.csv", "b.csv")))
        >>> read = Reconciled(pd.DataFrame(), batches=batches)
        >>> read.named_at["12"], read.place_of(["12"], date(2026, 11, 9), "AM")
        (('a.csv', 2), ('b.csv', 2))
        """
        ordered = sorted(self.batches, key=lambda batch: -batch.rank)
        return next((place for batch in ordered if (place := batch.place_of(names, day, session))), None)


def reconcile(batches: list[Batch]) -> Reconciled:
    """Return the marks of all files as one table.

    Parameters
    ----------
    batches : list of Batch
        The files' marks; ``rank`` orders the sources.

    Returns
    -------
    Reconciled
        MARKS ordered by pupil, date and session, with ``pupil_id`` still a category of text, and counts of
        rows that repeated or contradicted others.

    Notes
    -----
    The order of rows and of files within a source changes nothing. Source for the last resort: Arbor's
    statutory roll-call marks, "present, approved activity, authorised, unauthorised, uncounted".
    """
    rows = _stacked(batches)
    order = np.argsort(rows["key"].to_numpy(), kind="stable")
    rows = rows.iloc[order].reset_index(drop=True)
    key = rows["key"].to_numpy()
    follows = np.zeros(len(key), dtype=bool)
    follows[1:] = key[1:] == key[:-1]
    if not follows.any():
        return Reconciled(_finished(rows))
    several = follows.copy()
    several[:-1] |= follows[1:]
    return _settled(rows[~several], rows[several])


def stacked_places(batches: list[Batch]) -> pd.DataFrame:
    """Return pupil, date and session of every row of some batches, once each, ordered by them."""
    places = _stacked(batches).drop_duplicates("key").sort_values("key", kind="stable")
    return places[["pupil_id", "date", "session"]].reset_index(drop=True)


def unknown_places(batches: list[Batch]) -> pd.DataFrame:
    """Return every cell of some batches that holds what is no register code (one row per session and file, as ``doubtful``)."""
    cells = _stacked(batches)
    found = "no register code: " + cells["code"].astype(object).astype(str)
    return doubted(cells.assign(found=found), "unknown_code")


def doubted(cells: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Return cells as rows of ``doubtful``, ordered by pupil, date and session."""
    plain = cells.assign(rule=rule).astype({"pupil_id": object, "session": object})
    return plain[list(DOUBTFUL)].sort_values(["pupil_id", "date", "session"], ignore_index=True)


def _stacked(batches: list[Batch]) -> pd.DataFrame:
    """Put the batches below one another; ``key`` orders by pupil, date and session."""
    pupil, day, letter = (
        joined([getattr(batch, name) for batch in batches]).in_order() for name in ("pupil", "day", "letter")
    )
    session = joined([batch.session for batch in batches])
    is_pm = session.holds(session.values == "PM")
    rows = pd.DataFrame(
        {
            "key": (pupil.places.astype(np.int64) * max(len(day.values), 1) + day.places) * 2 + is_pm,
            "pupil_id": _as_categories(pupil),
            "date": np.asarray(day.values, dtype="datetime64[s]")[day.places],
            "session": pd.Categorical.from_codes(is_pm.astype(np.int8), categories=["AM", "PM"]),
            "code": _as_categories(letter),
            "rank": np.repeat([batch.rank for batch in batches], list(map(len, batches))),
        }
    )
    there = [name for name in DETAILS if any(name in batch.details for batch in batches)]
    return rows.assign(**{name: _detail(name, batches) for name in there})


def _as_categories(column: Encoded) -> pd.Categorical:
    return pd.Categorical.from_codes(column.places, categories=pd.Index(column.values, dtype="str"))


def _detail(name: str, batches: list[Batch]) -> np.ndarray:
    return np.concatenate(
        [batch.details[name] if name in batch.details else absent(name, len(batch)) for batch in batches]
    )


def absent(name: str, rows: int) -> np.ndarray:
    """Return a detail that no row has (shape (rows,)): a moment in whole seconds, minutes as a float, a code as an object.

    Examples
    --------
    >>> absent("minutes_late", 2).tolist(), absent("recorded_at", 1)
    ([nan, nan], array(['NaT'], dtype='datetime64[s]'))
    """
    if name in STAMPS:
        return np.full(rows, np.datetime64("NaT"), dtype="datetime64[s]")
    return np.full(rows, np.nan, dtype=object if name == "amended_from" else float)


def _settled(single: pd.DataFrame, several: pd.DataFrame) -> Reconciled:
    ranked = _by_precedence(several)
    first = ranked.groupby("key", sort=False)
    winner = first["code"].transform("first").astype(several["code"].dtype)
    agrees = ranked["code"].to_numpy() == winner.to_numpy()
    in_source = ranked["rank"] == first["rank"].transform("first")
    at_once = in_source & (ranked["stamp"] == first["stamp"].transform("first"))
    kept = _with_all_details(ranked.drop_duplicates("key"), ranked[agrees])
    whole = pd.concat([single, kept.astype(single.dtypes.drop(["code"]).to_dict())])
    marks = whole.sort_values("key", kind="stable")
    doubtful = _doubtful(ranked[~agrees].assign(in_source=in_source, at_once=at_once), kept)
    count = doubtful["rule"].value_counts()
    sources = int((~ranked[agrees].duplicated(["key", "rank"])).sum())
    return Reconciled(
        _finished(marks.reset_index(drop=True)),
        repeated=int(agrees.sum()) - sources,
        overlapping=sources - len(kept),
        overruled=int(count.get("overruled_marks", 0)),
        settled=int(count.get("conflicting_marks", 0)),
        guessed=int(count.get("undecided_marks", 0)),
        doubtful=doubtful,
    )


def _with_all_details(kept: pd.DataFrame, agreeing: pd.DataFrame) -> pd.DataFrame:
    """Return the rows kept (one a ``key``) with the first that any row which agrees with them knows of each detail."""
    details = [name for name in DETAILS if name in kept]
    known = agreeing.groupby("key", sort=False)[details].first() if details else None
    return kept.drop(columns=details).join(known, on="key") if details else kept


def _doubtful(others: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each key with other codes than the one kept, by the rule that settled it."""
    how = others.groupby("key")[["in_source", "at_once"]].any()
    rule = np.where(
        how["at_once"], "undecided_marks", np.where(how["in_source"], "conflicting_marks", "overruled_marks")
    )
    taken = kept.set_index("key").loc[how.index]
    other = others.drop_duplicates("key").set_index("key").loc[how.index, "code"].astype(object)
    found = taken["code"].astype(object) + " was taken; another row has " + other
    return doubted(taken.assign(found=found), rule)


def _by_precedence(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort rows so that the one that holds comes first for its key; every column takes part, so that ties are equal rows."""
    stamps = [rows[name] for name in STAMPS if name in rows]
    stamp = pd.concat(stamps, axis=1).max(axis=1) if stamps else pd.Series(pd.NaT, index=rows.index)
    preference = rows["code"].astype(object).map(PREFERENCE).astype(int)
    ranked = rows.assign(stamp=stamp.fillna(pd.Timestamp(0)), preference=preference)
    rest = [name for name in DETAILS if name in rows]
    rising = [True, False, False, True, *(False for _ in rest)]
    return ranked.sort_values(["key", "rank", "stamp", "preference", *rest], ascending=rising, kind="stable")


def _finished(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the columns of MARKS their types and leave out what only served the reconciling."""
    minutes = rows["minutes_late"] if "minutes_late" in rows else pd.Series(np.nan, index=rows.index)
    changes = {"minutes_late": minutes.astype("Int16")}
    if "amended_from" in rows:
        changes["amended_from"] = rows["amended_from"].astype("category")
    columns = [
        "pupil_id",
        "date",
        "session",
        "code",
        "minutes_late",
        *(name for name in DETAILS[1:] if name in rows),
    ]
    return rows.assign(**changes)[columns]


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
        """By this the older come first: whose marks end earlier, else who has more sessions without a reason yet.

        Examples
        --------
        >>> of = lambda value: Encoded.of(np.array([value], dtype=object))
        >>> batch = Batch(0, of("12"), of(date(2026, 11, 6)), of("AM"), of("N"), {})
        >>> Held(batch, pd.DataFrame({"code": ["N", "N", "/"]})).age
        (Timestamp('2026-11-06 00:00:00'), -2)
        """
        return last_day(self.batch), -int((self.marks["code"] == NO_REASON_YET).sum())

    @property
    def is_export(self) -> bool:
        """Whether most of the file is not in doubt: a file of corrections differs in all that it holds.

        Examples
        --------
        >>> pupil, other = (Encoded.of(np.array(each, dtype=object)) for each in (list("abcd"), ["-"] * 4))
        >>> batch = Batch(0, pupil, other, other, other, {})
        >>> [Held(batch, pd.DataFrame({"code": ["/"] * doubts})).is_export for doubts in (2, 3)]
        [True, False]
        """
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
    """Return which files are exports of one period, and which of them to remove.

    Examples
    --------
    >>> of = lambda value: Encoded.of(np.array([value], dtype=object))
    >>> ends = {"old.csv": date(2026, 11, 6), "new.csv": date(2026, 11, 20)}
    >>> batches = [Batch(0, of("12"), of(day), of("AM"), of("/"), {}, file=file) for file, day in ends.items()]
    >>> old, new = (Held(batch, pd.DataFrame({"code": ["/"]})) for batch in batches)
    >>> words_of([old], new)
    'old.csv and new.csv are exports of one period, and old.csv is the older one: remove it.'
    """
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
    """Return what a file has for the sessions in doubt, one row each: KEY and ``code``."""
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
