"""The lessons of the demo school since half term: a timetable, lesson registers, and pupils who leave in the middle of a day."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.demo.register import CODES, PLACE, DemoRegister
from attendance_lib.demo.roll import SMALLER_FROM

FIRST_DAY = "2026-11-03"
PERIODS = ("P1", "P2", "P3", "P4", "P5")
MORNING_PERIODS = 3
"""P1 to P3 lie in the morning. The afternoon's register is that of P4; the morning's is taken in form time."""
AFTERNOON_REGISTER = 3
LOWER = {
    "English": 4, "Mathematics": 4, "Science": 4, "French": 3, "History": 2, "Geography": 2, "PE": 2, "Art": 1,
    "Computing": 1, "Drama": 1, "Music": 1,
}  # fmt: skip
UPPER = {
    "English": 5,
    "Mathematics": 5,
    "Science": 6,
    "PE": 1,
    "RE": 1,
    "Option A": 3,
    "Option B": 2,
    "Option C": 2,
}
OPTIONS = ("History", "Geography", "French", "Art", "Computing", "Business", "Drama")
STAFF = (
    "N. Abernathy", "G. Castellane", "B. Drummond-Reyes", "F. Easterbrook", "I. Fairweather", "V. Gallowglass", "E. Hollins",
    "W. Iremonger", "K. Jessamine", "Q. Kirkbride", "O. Lanyon", "U. Merriweather", "Y. Northcote", "Z. Oakhanger",
)  # fmt: skip
BY_CHANCE, LEAVES, LATE, LATE_TO_THE_MOST = 0.002, 0.22, 0.018, 12
SENT_HOME_POORLY = 0.003
NOT_TAKEN, NOT_TAKEN_LAST, FORGETFUL = 0.015, 0.05, 0.25
"""Shares of lesson registers that were not taken: of most teachers, in the last period, and by two who often forget."""
PRESENT = ("/", "\\", "L", "U")


@dataclass(frozen=True)
class Lessons:
    """The export of lessons and who was planted in it.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per pupil and lesson, in order of pupil, date and period, with the columns of the ``lessons`` table.
    truants : list of str
        Pupils who leave lessons often.
    third_and_fifth : str
        The one of them who is missing from P3 and P5 and from no other period.
    """

    table: pd.DataFrame
    truants: list[str]
    third_and_fifth: str


def make_lessons(register: DemoRegister, rng: np.random.Generator) -> Lessons:
    """Invent the timetable and the lesson registers since half term.

    Parameters
    ----------
    register : DemoRegister
        The finished register: in a lesson a pupil who is away that half-day has the session's code.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Lessons
        Registers of five periods a day; a register that was not taken has empty codes.
    """
    days = np.arange(register.timetable.day(FIRST_DAY), len(register.timetable.days))
    rows = _rows(register, days)
    table = _with_classes(register, rows, rng)
    truants, third_and_fifth = _truants(register, rng)
    table["code"], table["minutes_late"] = _codes(register, table, (truants, third_and_fifth), rng)
    table = _without_registers(table, rng)
    ids = register.roll.table["pupil_id"].to_numpy()
    columns = ["pupil_id", "date", "period", "subject", "class", "teacher", "code", "minutes_late"]
    return Lessons(
        table[columns].sort_values(["pupil_id", "date", "period"], ignore_index=True),
        sorted(ids[truants]),
        str(ids[third_and_fifth]),
    )


def _rows(register: DemoRegister, days: np.ndarray) -> pd.DataFrame:
    """One row per enrolment on roll, day and period that took place."""
    halves = np.repeat([0, 1], [MORNING_PERIODS, len(PERIODS) - MORNING_PERIODS])
    sessions = 2 * days[:, None] + halves[None, :]
    open_lessons = register.is_open()[:, sessions] & (register.cells[:, sessions] != PLACE["#"])
    enrolment, day, period = np.nonzero(open_lessons)
    return pd.DataFrame({
        "pupil_id": register.roll.table["pupil_id"].to_numpy()[enrolment], "row": enrolment, "day": days[day],
        "date": register.timetable.days[days[day]].astype(str), "number": period, "period": np.array(PERIODS)[period],
        "session": sessions[day, period], "year": register.roll.year_groups[enrolment, days[day]],
        "letter": register.roll.table["form"].str[-1].to_numpy()[enrolment],
    })  # fmt: skip


def _with_classes(register: DemoRegister, rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give each lesson its subject, class and teacher: forms are taught together, options by choice."""
    lower = np.repeat(list(LOWER), list(LOWER.values()))
    upper = np.repeat(list(UPPER), list(UPPER.values()))
    lower_weeks = {(y, f): rng.permutation(lower) for y in (7, 8, 9) for f in "ABCDEFG"}
    upper_weeks = {year: rng.permutation(upper) for year in (10, 11)}
    choices = np.array([rng.permutation(OPTIONS)[:3] for _ in range(len(register.roll.table))])
    place = register.timetable.weekdays[rows["day"].to_numpy()] * len(PERIODS) + rows["number"].to_numpy()
    subjects = np.array([
        upper_weeks[y][at] if y >= SMALLER_FROM else lower_weeks[y, f][at]
        for y, f, at in zip(rows["year"], rows["letter"], place, strict=True)
    ])  # fmt: skip
    groups = np.char.add(rows["year"].to_numpy().astype(str), rows["letter"].to_numpy().astype(str))
    for block, name in enumerate(("Option A", "Option B", "Option C")):
        chosen = subjects == name
        subjects = np.where(chosen, choices[rows["row"].to_numpy(), block], subjects)
        groups = np.where(
            chosen, np.char.add(rows["year"].to_numpy().astype(str), "ABC"[block].lower()), groups
        )
    classes = pd.Series(groups) + "/" + pd.Series(subjects).str[:2]
    teachers = {name: STAFF[number % len(STAFF)] for number, name in enumerate(sorted(set(classes)))}
    return rows.assign(**{"subject": subjects, "class": classes, "teacher": classes.map(teachers)})


def _truants(register: DemoRegister, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Choose pupils who leave lessons often, the last of whom misses P3 and P5 alone."""
    older = np.flatnonzero(
        register.roll.is_on_roll[:, -1] & (register.roll.year_groups[:, -1] >= 9) & ~register.kept
    )
    there = register.holds(PRESENT)[older][:, 2 * register.timetable.day(FIRST_DAY) :].mean(axis=1)
    truants = rng.choice(older[there > 0.9], 9, replace=False)
    return truants, int(truants[-1])


def _codes(
    register: DemoRegister, table: pd.DataFrame, who: tuple[np.ndarray, int], rng: np.random.Generator
) -> tuple[np.ndarray, pd.Series]:
    """Write the lessons' codes and minutes late from the session's, with who left in between."""
    truants, third_and_fifth = who
    cells = register.cells[table["row"], table["session"]]
    session = np.array(CODES)[cells]
    number, row = table["number"].to_numpy(), table["row"].to_numpy()
    there = np.isin(session, (*PRESENT, ""))
    code = np.where(there, np.where(number < MORNING_PERIODS, "/", "\\"), session).astype(object)
    chance = rng.random((3, len(table)))
    is_register = number == AFTERNOON_REGISTER
    leaves = np.where(np.isin(row, truants), LEAVES, BY_CHANCE)
    leaves = np.where(row == third_and_fifth, np.where(np.isin(number, (2, 4)), 0.75, 0.0), leaves)
    code[there & ~is_register & (chance[0] < leaves)] = "N"
    # A pupil who came after the register closed was not in the first lesson's.
    late = there & ~is_register & (chance[1] < LATE) & (code != "N")
    late |= there & (session == "U") & (number == 0)
    code[late] = "L"
    poorly = there & ~is_register & (chance[2] < SENT_HOME_POORLY) & (code != "N") & ~late
    code[poorly] = "M"
    code[is_register & (session != "")] = session[is_register & (session != "")]
    minutes = np.where(late, 1 + rng.integers(0, LATE_TO_THE_MOST, len(table)), -1)
    taken_over = register.minutes_late[table["row"], table["session"]]
    minutes = np.where(is_register & np.isin(session, ("L", "U")), taken_over, minutes)
    return code, pd.Series(pd.array(minutes, dtype="Int16"), table.index).mask(minutes < 0)


def _without_registers(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Leave out the registers that teachers did not take; the afternoon's own is always taken."""
    lessons = table.groupby(["date", "period", "class"], sort=True).ngroup().to_numpy()
    first = table.drop_duplicates(["date", "period", "class"]).sort_values(["date", "period", "class"])
    share = np.where(first["number"] == len(PERIODS) - 1, NOT_TAKEN_LAST, NOT_TAKEN)
    share = np.where(first["teacher"].isin(STAFF[:2]), FORGETFUL, share)
    share = np.where(first["number"] == AFTERNOON_REGISTER, 0.0, share)
    empty = (rng.random(len(first)) < share)[lessons]
    return table.assign(code=table["code"].mask(empty, ""), minutes_late=table["minutes_late"].mask(empty))
