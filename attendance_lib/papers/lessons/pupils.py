"""Who was in school and not in a lesson: on the last day, and more often than chance in the period."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import is_beyond_chance
from attendance_lib.display import Column, Document, Kind, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date, format_number
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.lessons.workings import PRESENT, Lessons, lessons_of
from attendance_lib.papers.shared import masthead, pupil_names
from attendance_lib.reports.papers import LESSONS

FEWEST_MISSED = 3
SHOWN_ROWS = 25
NO_LESSONS = "No lessons are exported for the period. To add them, name their file under exports, lessons in the school file."


def lessons_masthead(pack: Pack) -> Document:
    """Return what heads the paper (see ``shared.masthead``)."""
    return masthead(pack, LESSONS)


def missing_today(pack: Pack) -> Table:
    """Return who was in school on the last day and missing from a lesson, with where last seen."""
    found = lessons_of(pack)
    frame = pd.DataFrame(columns=[column.name for column in TODAY_COLUMNS])
    if found is not None:
        frame = _on_the_last_day(found, pack)
    return Table(
        name="missing_from_lessons",
        title=f"In school and missing from a lesson on {format_date(pack.date_to)}",
        frame=frame,
        columns=TODAY_COLUMNS,
        note="By year group, for its head to act on today. Last seen is the lesson before with a mark of presence. A lesson "
        "whose register was not taken says nothing of anybody.",
        empty_text=NO_LESSONS if found is None else "Nobody who was in school was missing from a lesson.",
        row_header="pupil_name",
    )


TODAY_COLUMNS = (
    figure("year_group", shown=True),
    figure("pupil_name"),
    figure("form"),
    Column("missed", "Missed", meaning="Periods and subjects missed without a reason", personal=True, width=34),
    Column("last_seen", "Last seen", meaning="The lesson before, with a mark of presence", personal=True, width=26),
    Column("back", "Back", meaning="The next lesson with a mark of presence, if any", personal=True, width=20),
    Column("period_missed_sessions", "In the period", Kind.COUNT, meaning="Lessons missed while in school, in the period"),
    figure("pupil_id"),
)  # fmt: skip


def _on_the_last_day(found: Lessons, pack: Pack) -> pd.DataFrame:
    today = found.rows[found.rows["date"] == pd.Timestamp(pack.date_to)]
    rows = [_told(one, day) for one, day in today.groupby("row", sort=True) if day["is_missed"].any()]
    told = pd.DataFrame(rows, columns=["row", "missed", "last_seen", "back"])
    pupils = found.register.pupils.iloc[told["row"].to_numpy(dtype=int)].reset_index(drop=True)
    counts = found.missed.groupby("row").size()
    return pupils.assign(
        pupil_name=pupil_names(pupils),
        missed=told["missed"],
        last_seen=told["last_seen"],
        back=told["back"],
        period_missed_sessions=told["row"].map(counts).to_numpy(),
    ).sort_values(["year_group", "pupil_name", "pupil_id"], kind="stable", ignore_index=True)


def _told(row: int, day: pd.DataFrame) -> tuple[int, str, str, str]:
    first = int(np.flatnonzero(day["is_missed"])[0])
    last = int(np.flatnonzero(day["is_missed"])[-1])
    seen = day["code"].isin(PRESENT).to_numpy()
    before, after = np.flatnonzero(seen[:first]), np.flatnonzero(seen[last + 1 :])
    return (
        row,
        "; ".join(_lesson_words(day.iloc[place]) for place in np.flatnonzero(day["is_missed"])),
        _lesson_words(day.iloc[before[-1]]) if len(before) else f"registered {day['half'].iloc[first]}",
        _lesson_words(day.iloc[last + 1 + after[0]]) if len(after) else "not seen again",
    )


def _lesson_words(lesson: object) -> str:
    subject = lesson.subject
    return f"{lesson.period} {subject}" if isinstance(subject, str) else str(lesson.period)


@derived
def truants_of(pack: Pack) -> pd.DataFrame:
    """Return every pupil who missed a lesson while in school.

    Returns
    -------
    pandas.DataFrame
        One row per pupil, those of whom chance does not explain it first, then by lessons missed: the roll's columns,
        ``missed_lessons``, ``asked_lessons`` (taken, and in school), ``expected_lessons`` (at the school's own rate),
        ``mostly`` (periods and subjects, in words), ``last_missed`` (the day) and ``is_named``.
    """
    found = lessons_of(pack)
    if found is None:
        return pd.DataFrame()
    checkable, missed = found.checkable, found.missed
    of = checkable.groupby("row").size()
    counts = missed.groupby("row").size().reindex(of.index, fill_value=0)
    share = len(missed) / max(len(checkable), 1)
    is_named = is_beyond_chance(counts.to_numpy(), of.to_numpy(), np.full(len(of), share), questions=len(of))
    is_named &= counts.to_numpy() >= FEWEST_MISSED
    here = counts.to_numpy() > 0
    rows = of.index.to_numpy()[here]
    frame = _pupils_with_lessons(rows, found).assign(
        missed_lessons=counts.to_numpy()[here],
        asked_lessons=of.to_numpy()[here],
        expected_lessons=of.to_numpy()[here] * share,
        is_named=is_named[here],
    )
    order = {"by": ["is_named", "missed_lessons", "pupil_id"], "ascending": [False, False, True]}
    return frame.sort_values(**order, kind="stable", ignore_index=True)


def _pupils_with_lessons(rows: np.ndarray, found: Lessons) -> pd.DataFrame:
    """Rows of the register who missed lessons, with their names, which lessons these were mostly, and when the last was."""
    pupils = found.register.pupils.iloc[rows].reset_index(drop=True)
    missed = dict(tuple(found.missed.groupby("row")))
    checkable = dict(tuple(found.checkable.groupby("row")))
    return pupils.assign(
        pupil_name=pupil_names(pupils),
        mostly=[mostly(missed[row], checkable[row]) for row in rows],
        last_missed=[missed[row]["date"].max() for row in rows],
    )


def mostly(missed: pd.DataFrame, checkable: pd.DataFrame) -> str:
    """Return the periods of the day in which most of a pupil's missed lessons (rows) were, with how many; else their subjects.

    Examples
    --------
    >>> checkable = pd.DataFrame({"period": ["P1", "P3", "P3", "P5"], "subject": ["Art", "Art", "French", "Music"]})
    >>> mostly(checkable.iloc[1:], checkable)
    'P3 2 of 2, P5 1 of 1'
    """
    told = {}
    for column in ("period", "subject"):
        counts = missed[column].value_counts().sort_index().sort_values(ascending=False, kind="stable")
        of = checkable[column].value_counts()
        told[column] = [f"{name} {count} of {of[name]}" for name, count in counts.head(MOST_TOLD).items()]
        if counts.head(MOST_TOLD).sum() == len(missed):
            return ", ".join(told[column])
    return ", ".join(told["period"])


MOST_TOLD = 2


def truants(pack: Pack) -> Table:
    """Return the pupils who missed more lessons while in school than chance explains."""
    found = truants_of(pack)
    named = found[found["is_named"]].reset_index(drop=True) if len(found) else found
    return _pupil_table(
        pack,
        "lessons_missed",
        "Pupils who leave lessons",
        named,
        f"Each pupil's lessons against the school's own rate, {rate_words(pack)}. If nobody differed, one such paper in ten would "
        "name one pupil. It is no ground for a sanction: ask first where the pupil was.",
    )


def all_missed(pack: Pack) -> Table:
    """Return everyone who missed a lesson while in school, for the workbook; the first on the page."""
    found = truants_of(pack)
    rest = found[~found["is_named"]].reset_index(drop=True) if len(found) else found
    table = _pupil_table(
        pack,
        "lessons_missed_by_others",
        "Others who missed a lesson",
        rest,
        "As often as chance explains: a register put right late, a message to the office.",
    )
    return Table(**(vars(table) | {"shown_rows": SHOWN_OTHERS}))


SHOWN_OTHERS = 5


def rate_words(pack: Pack) -> str:
    """Say how often a pupil in school is missing from a lesson at this school.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> found = SimpleNamespace(missed=[0] * 4, checkable=[0] * 300)
    >>> rate_words(SimpleNamespace(results={lessons_of: found})), rate_words(SimpleNamespace(results={lessons_of: None}))
    ('4 of 300 lessons (one in 75) were missed', 'at which no lesson was missed')
    """
    found = lessons_of(pack)
    missed, checkable = (0, 0) if found is None else (len(found.missed), len(found.checkable))
    if not missed:
        return "at which no lesson was missed"
    return (
        f"{format_count(missed)} of {format_count(checkable, 'lesson')} (one in {format_number(round(checkable / missed))}) "
        f"{in_number(missed, 'was', 'were')} missed"
    )


def _pupil_table(pack: Pack, name: str, title: str, frame: pd.DataFrame, note: str) -> Table:
    columns = PUPIL_COLUMNS
    if frame.empty:
        frame = pd.DataFrame(columns=[column.name for column in columns])
    return Table(
        name=name,
        title=title,
        frame=frame,
        columns=columns,
        row_header="pupil_name",
        shown_rows=SHOWN_ROWS,
        note=note,
        empty_text=NO_LESSONS if lessons_of(pack) is None else "Nobody.",
    )


PUPIL_COLUMNS = (
    figure("pupil_name"),
    figure("form"),
    figure("missed_lessons", width=8),
    Column("asked_lessons", "of", Kind.COUNT, meaning="Lessons whose register was taken, the pupil being in school", width=8),
    Column("expected_lessons", "Expected", Kind.NUMBER, meaning="At the school's own rate", width=9),
    Column("mostly", "Mostly", meaning="Periods, or subjects, of the lessons missed", personal=True, width=30),
    Column("last_missed", "Last", Kind.DATE, meaning="The last day on which a lesson was missed", personal=True),
    figure("pupil_id"),
    figure("year_group"),
)  # fmt: skip
