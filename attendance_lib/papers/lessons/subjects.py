"""Subjects and periods, each pupil against his own other lessons of the day; and the lesson registers that were not taken."""

from math import fsum

import numpy as np
import pandas as pd

from attendance_lib.analysis.distributions import normal_quantile
from attendance_lib.analysis.measures import rate
from attendance_lib.analysis.patterns import WEEKDAYS
from attendance_lib.display import Column, Kind, Parts, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_percent
from attendance_lib.errors import in_number
from attendance_lib.intake.lessons import LEFT_OUT
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.data_notes import rule_sources
from attendance_lib.papers.lessons.pupils import NO_LESSONS
from attendance_lib.papers.lessons.workings import PRESENT, Lessons, lessons_of, whole_day_codes
from attendance_lib.papers.shared import listed
from attendance_lib.rules.sources import REGISTER_CODES, TAKING_REGISTERS

FEWEST_PUPILS, FEWEST_LESSONS = 10, 30
LEVEL = 0.975
WHAT = {"subject": "Subject", "period": "Period", "weekday": "Weekday"}


@derived
def contrasts_of(pack: Pack) -> pd.DataFrame:
    """Compare subjects, periods and weekdays within pupils.

    Returns
    -------
    pandas.DataFrame
        One row per subject and period of enough pupils and lessons, and per weekday: ``what``, ``name``, ``pupils``, ``lessons``,
        ``missed_lessons``, ``missed_rate``, ``difference_rate`` (a fraction: missed here less the same pupils' other lessons of
        the same days, drawn towards nothing by as much as chance makes such differences), ``low_rate``, ``high_rate`` and
        ``verdict``. Weekdays are counted and not compared: a pupil has no other lesson of that day on another weekday.

    Notes
    -----
    A pupil's lessons are no independent draws, so that the unit is the pupil: the variance is that of the pupils' sums. The
    spread between subjects beyond chance is DerSimonian and Laird's, and each difference is drawn towards none by it.
    """
    found = lessons_of(pack)
    if found is None:
        return pd.DataFrame(columns=CONTRAST_NAMES)
    within = [contrasts(found.checkable, column) for column in ("subject", "period")]
    return pd.concat([*within, _by_weekday(found.checkable)], ignore_index=True)


def contrasts(checkable: pd.DataFrame, column: str) -> pd.DataFrame:
    """Compare the values of one column of lessons (rows) within pupils and days (see ``contrasts_of``)."""
    per_pupil = _against_own_others(checkable.dropna(subset=column), column)
    counts = per_pupil.groupby(column).agg(
        pupils=("lessons", "size"),
        lessons=("lessons", "sum"),
        missed_lessons=("missed", "sum"),
        total=("total", "sum"),
    )
    counts = counts[(counts["pupils"] >= FEWEST_PUPILS) & (counts["lessons"] >= FEWEST_LESSONS)]
    difference = counts["total"] / counts["lessons"]
    shrunk, spread = drawn_in(difference.to_numpy(), _variance(per_pupil, counts, difference).to_numpy())
    width = normal_quantile(LEVEL) * spread
    low, high = shrunk - width, shrunk + width
    found = counts.reset_index(drop=True).assign(
        what=WHAT[column],
        name=counts.index.astype(str),
        missed_lessons=counts["missed_lessons"].to_numpy().astype(int),
        missed_rate=rate(counts["missed_lessons"], counts["lessons"]).to_numpy(),
        difference_rate=shrunk,
        low_rate=low,
        high_rate=high,
        verdict=[_verdict(*each) for each in zip(low, high, strict=True)],
    )
    by = ["difference_rate", "name"]
    return found[CONTRAST_NAMES].sort_values(by, ascending=[False, True], kind="stable", ignore_index=True)


def _by_weekday(checkable: pd.DataFrame) -> pd.DataFrame:
    """Count what was missed on each weekday, by the rows of ``contrasts_of``."""
    days = checkable["date"].dt.day_of_week
    counts = checkable.groupby(days).agg(
        pupils=("row", "nunique"), lessons=("row", "size"), missed_lessons=("is_missed", "sum")
    )
    counts = counts.assign(
        what=WHAT["weekday"],
        name=[WEEKDAYS[day] for day in counts.index],
        missed_lessons=counts["missed_lessons"].astype(int),
        missed_rate=rate(counts["missed_lessons"], counts["lessons"]),
        verdict="not compared",
    )
    return counts.reindex(columns=CONTRAST_NAMES)


def _against_own_others(known: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sum, by a column's value and pupil, each lesson's gap to the same pupil's other lessons of the day.

    ``total`` (of gaps, in lessons), ``lessons`` and ``missed``; a lesson of a day without another value has no gap.
    """
    is_missed = known["is_missed"].astype(float)
    by_day = is_missed.groupby([known["row"], known["date"]])
    here = is_missed.groupby([known["row"], known["date"], known[column]])
    others = by_day.transform("size") - here.transform("size")
    others_missed = by_day.transform("sum") - here.transform("sum")
    rows = known[others > 0].assign(gap=(is_missed - others_missed / others.where(others > 0))[others > 0])
    return rows.groupby([column, "row"]).agg(
        total=("gap", "sum"), lessons=("gap", "size"), missed=("is_missed", "sum")
    )


def _variance(per_pupil: pd.DataFrame, counts: pd.DataFrame, difference: pd.Series) -> pd.Series:
    """Return the variance of each difference, the pupils' sums being the independent draws (rows of ``counts``)."""
    names = per_pupil.index.get_level_values(0)
    kept = per_pupil[names.isin(counts.index)]
    mean = difference.reindex(kept.index.get_level_values(0)).to_numpy()
    residual = pd.Series((kept["total"] - kept["lessons"] * mean) ** 2, index=kept.index)
    # Where all pupils are alike nothing tells how far chance goes: at least half a lesson.
    least = (LEAST_LESSONS / counts["lessons"]) ** 2
    variance = np.maximum(residual.groupby(level=0).sum() / counts["lessons"] ** 2, least)
    return variance.reindex(counts.index)


CONTRAST_NAMES = [
    "what", "name", "pupils", "lessons", "missed_lessons", "missed_rate", "difference_rate", "low_rate", "high_rate", "verdict",
]  # fmt: skip
ROUND_DIGITS = 12
LEAST_LESSONS = 0.5


def drawn_in(difference: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw differences towards none by as much as chance alone would make them, and return them with their standard errors.

    Parameters
    ----------
    difference, variance : numpy.ndarray
        Estimates (differences of fractions) and their variances (above 0), one per group.

    Returns
    -------
    tuple of numpy.ndarray
        Shrunk estimates and their standard errors, to twelve digits; all nothing where chance explains the spread.

    Examples
    --------
    >>> drawn_in(np.array([0.1, -0.1]), np.array([0.01, 0.01]))[0].tolist()
    [0.0, 0.0]
    """
    if not len(difference):
        return difference, variance
    weight = 1 / variance
    # The differences are from a pupil's own other lessons, so that they lie around nothing by design.
    excess = fsum(weight * difference**2) - len(difference)
    between = max(excess, 0.0) / fsum(weight)
    pull = between / (between + variance)
    shrunk = np.where(between > 0, pull * difference, 0.0)
    error = np.sqrt(pull * variance)
    return np.round(shrunk, ROUND_DIGITS) + 0.0, np.round(error, ROUND_DIGITS)


def _verdict(low: float, high: float) -> str:
    if low > 0:
        return "missed more"
    return "missed less" if high < 0 else "chance"


def subjects_and_periods(pack: Pack) -> Table:
    """Return subjects and periods, each against the same pupils' other lessons of the same days."""
    return Table(
        name="lessons_by_subject",
        title="Which subjects, periods and weekdays are missed more?",
        frame=contrasts_of(pack),
        columns=CONTRAST_COLUMNS,
        row_header="name",
        note=f"Each pupil is set against his or her own other lessons of the same day; shown from {FEWEST_PUPILS} pupils and "
        f"{FEWEST_LESSONS} lessons on. Differences are in percentage points with their 95% range, drawn towards nothing by as much "
        "as chance makes them, pupils being the unit; where it says chance, it may all be chance. Sets, options and the last "
        "period differ too. Teachers are never compared.",
        empty_text=NO_LESSONS
        if lessons_of(pack) is None
        else "No subject has enough pupils and lessons in the period.",
    )


CONTRAST_COLUMNS = (
    Column("what", "By", meaning="Subject, period or weekday", width=10),
    Column("name", "Which", meaning="The subject, the period or the weekday", width=16),
    figure("pupils", meaning="Pupils with such a lesson and another on the same day"),
    Column("lessons", "Lessons", Kind.COUNT, meaning="Lessons whose register was taken, the pupil being in school"),
    figure("missed_lessons", meaning="Of these, missed without a reason"),
    Column("missed_rate", "Rate", Kind.RATE, meaning="Missed out of lessons"),
    Column(
        "difference_rate", "Against own others", Kind.POINTS, meaning="Missed here less the same pupils' other lessons that day"
    ),
    Column("low_rate", "from", Kind.POINTS, meaning="Lower end of the 95% range, pupils being the unit"),
    Column("high_rate", "to", Kind.POINTS, meaning="Upper end of the 95% range"),
    Column("verdict", "Says", meaning="Whether the range leaves out nothing", width=14),
)  # fmt: skip


def registers_not_taken(pack: Pack) -> Table:
    """Return how many lesson registers were not taken, by subject, period and weekday."""
    found = lessons_of(pack)
    frame = pd.DataFrame(columns=[column.name for column in TAKEN_COLUMNS])
    if found is not None:
        frame = pd.concat(
            [_taken_by(found, column) for column in ("period", "weekday", "subject")], ignore_index=True
        )
    return Table(
        name="lesson_registers_not_taken",
        title="Lesson registers that were not taken",
        frame=frame,
        columns=TAKEN_COLUMNS,
        row_header="name",
        note="A register that was not taken outweighs any truancy: of nobody in it is known where he or she was. Whose they are is "
        "in the workbook alone, for the attendance officer.",
        empty_text=NO_LESSONS if found is None else "Every lesson register was taken.",
    )


TAKEN_COLUMNS = (
    Column("what", "By", meaning="Period, weekday or subject", width=10),
    Column("name", "Which", meaning="The period, weekday or subject", width=16),
    Column("due_registers", "Due", Kind.COUNT, meaning="Lessons of a class"),
    Column("missing_registers", "Not taken", Kind.COUNT, meaning="Lessons of which no pupil has a mark"),
    Column("untaken_rate", "Share", Kind.RATE, meaning="Not taken out of due"),
)


def _taken_by(found: Lessons, column: str) -> pd.DataFrame:
    lessons = found.registers
    lessons = lessons.assign(weekday=[WEEKDAYS[day] for day in lessons["date"].dt.day_of_week])
    of_each = lessons.groupby(column)["is_taken"]
    counts = of_each.agg(due_registers="size", taken="sum").reset_index()
    counts = counts.assign(
        what=WHAT[column],
        name=counts[column].astype(str),
        missing_registers=(counts["due_registers"] - counts["taken"]).astype(int),
    )
    counts = counts.assign(untaken_rate=rate(counts["missing_registers"], counts["due_registers"]))
    if column == "weekday":
        days = [day for day in WEEKDAYS if day in set(counts["name"])]
        return counts.set_index("name").reindex(days).reset_index()
    by = ["untaken_rate", "name"]
    return counts.sort_values(by, ascending=[False, True], kind="stable", ignore_index=True)


def whose_registers(pack: Pack) -> Parts:
    """Return whose lesson registers were not taken, for the workbook: the page says only how many people they are.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> registers = pd.DataFrame({"teacher": ["Ms Ash", "Ms Ash", "Mr Yew"], "is_taken": [False, False, True], "class": "8a"})
    >>> found = SimpleNamespace(registers=registers.assign(date=pd.Timestamp(2026, 11, 5), period="P1"))
    >>> whose_registers(SimpleNamespace(results={lessons_of: found})).shown[0].items
    ('2 lesson registers of 1 person: each is in the workbook, sheet Lesson registers to take.',)
    """
    found = lessons_of(pack)
    frame = pd.DataFrame(columns=[column.name for column in WHOSE_COLUMNS])
    if found is not None:
        by = ["teacher", "date", "period", "class"]
        missing = found.registers.query("not is_taken")
        frame = missing.sort_values(by, na_position="last", ignore_index=True)
    name, title = "whose_lesson_registers", "Lesson registers to take"
    people = format_count(frame["teacher"].nunique(), "person", "people")
    said = (
        f"{format_count(len(frame), 'lesson register')} of {people}: each is in the workbook, sheet {title}."
    )
    items = (said if len(frame) else "No lesson register is left to take.",)
    words = Sentences("whose_registers_words", items, style="note")
    return Parts(
        "whose_registers", (words,), (Table(name, title, frame, WHOSE_COLUMNS, row_header="teacher"),)
    )


WHOSE_COLUMNS = (
    figure("teacher", heading="Whose", meaning="Who was to take the register", width=20),
    Column("date", "Day", Kind.DATE, meaning="Day of the lesson"),
    Column("period", "Period", meaning="Period of the timetable", width=8),
    Column("class", "Class", meaning="Teaching group", width=12),
    Column("subject", "Subject", meaning="Subject taught", width=16),
    figure("pupils", meaning="Pupils of whom nothing is known"),
)


def how_independent(pack: Pack) -> Sentences:
    """Say which lesson registers are the session's own, so that they can contradict nothing, and what is not known."""
    found = lessons_of(pack)
    return Sentences(
        name="how_independent",
        style="note",
        items=(NO_LESSONS,) if found is None else (*_independence(found), *_left_out(pack)),
    )


def _left_out(pack: Pack) -> list[str]:
    """Say of how many rows of the exported lessons nothing is known, and what that costs; nothing where there are none."""
    counts = dict.fromkeys(LEFT_OUT.values(), 0)
    for each in pack.school.log.findings:
        if each.rule in LEFT_OUT:
            counts[LEFT_OUT[each.rule]] += each.count
    told = [f"{format_count(count)} with {words}" for words, count in counts.items() if count]
    if not told:
        return []
    return [
        f"Rows of lessons left out: {listed(told)}. Who missed one of these lessons is on no list here. Where they stand: "
        "`attendance check`."
    ]


def _independence(found: Lessons) -> list[str]:
    copied = found.periods[found.periods["is_copied"]]
    unplaced = found.periods[found.periods["half"].isna()]["period"].tolist()
    items = [
        f"{row['period']} is the {'morning' if row['half'] == 'AM' else 'afternoon'}'s own register: "
        f"{format_count(row['agreeing'])} of {format_count(row['events'], 'late or unexplained mark')} agree. It is left out of "
        "every question here."
        for row in copied.to_dict("records")
    ]
    if copied.empty:
        items.append(
            "No lesson register is a copy of the session's, as far as late and unexplained marks tell."
        )
    if unplaced:
        items.append(
            f"In which half of the day {listed(unplaced)} lies is not known, so that nothing is asked of it. Name it in the "
            "school file, under lessons, morning or afternoon."
        )
    whole = whole_day_codes(found)
    if whole:
        items.append(
            f"On {format_count(whole, 'pupil day')} one code of absence fills every lesson: one fact, not several."
        )
    return items


def what_was_found(pack: Pack) -> Sentences:
    """Return the sentences of the first page: how much was missed while in school, and how much is not known.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> registers = pd.DataFrame({"is_taken": [True] * 9 + [False]})
    >>> lessons = pd.DataFrame({"is_planned": [False] * 200, "code": "/"})
    >>> found = SimpleNamespace(registers=registers, checkable=lessons, missed=lessons.head(3))
    >>> [said.partition(":")[0] for said in what_was_found(SimpleNamespace(results={lessons_of: found})).items]
    ['Pupils in school missed 3 of 200 lessons (1.5%) without a reason.', '1 of 10 lesson registers (10.0%) was not taken']
    """
    found = lessons_of(pack)
    if found is None:
        return Sentences("lessons_words", (NO_LESSONS,), style="lead", title="What to know")
    lessons = found.registers
    missing = int((~lessons["is_taken"]).sum())
    missed, checkable = len(found.missed), len(found.checkable)
    explained = int((found.checkable["is_planned"] & ~found.checkable["code"].isin(PRESENT)).sum())
    items = (
        f"Pupils in school missed {format_count(missed)} of {format_count(checkable, 'lesson')} "
        f"({format_percent(missed / checkable if checkable else None)}) without a reason.",
        f"{format_count(missing)} of {format_count(len(lessons), 'lesson register')} "
        f"({format_percent(missing / len(lessons))}) {in_number(missing, 'was', 'were')} not taken: nobody in them is counted "
        "either way.",
        f"{format_count(explained, 'lesson')} fell into an absence planned beforehand and {in_number(explained, 'is', 'are')} not "
        "counted."
        if explained
        else "",
    )
    return Sentences("lessons_words", tuple(filter(None, items)), style="lead", title="What to know")


def lesson_rules(pack: Pack) -> Table:
    """Return where the rules on registers stand (see ``data_notes.rule_sources``): there is none on those of lessons."""
    return rule_sources(pack, (REGISTER_CODES, TAKING_REGISTERS))
