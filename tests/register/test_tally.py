"""Counts by hand on the tiny school, and against a recount in plain loops over registers that hypothesis invents."""

from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance_lib.register.grid import (
    CELL_OF_LETTER,
    CLOSED,
    LETTER_OF_CELL,
    MISSING,
    NOT_ON_ROLL,
    Register,
)
from attendance_lib.register.groups import NOT_RECORDED
from attendance_lib.register.tally import COUNT_COLUMNS, count_codes, tally

# The rules written a second time, as DfE's tables say them, so that the recount shares nothing with the library.
FROM_2024 = {
    **dict.fromkeys(["/", "\\", "L"], "present"),
    **dict.fromkeys("K V P W B".split(), "approved_activity"),
    **dict.fromkeys("C1 M J1 S C2 C T R I E".split(), "authorised_absence"),
    **dict.fromkeys("G N O U".split(), "unauthorised_absence"),
    **dict.fromkeys("D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #".split(), "not_possible"),
}
BEFORE_2024 = {
    **dict.fromkeys(["/", "\\", "L"], "present"),
    **dict.fromkeys("J V P W B".split(), "approved_activity"),
    **dict.fromkeys("H M S C T R I E".split(), "authorised_absence"),
    **dict.fromkeys("G N O U".split(), "unauthorised_absence"),
    **dict.fromkeys("D X Y Z #".split(), "not_possible"),
}
POSSIBLE = {"present", "approved_activity", "authorised_absence", "unauthorised_absence"}
NAMED_CODES = {
    "L": "late_before_close_sessions",
    "U": "late_after_close_sessions",
    "N": "no_reason_yet_sessions",
}


def kind_of(letter, day):
    return (FROM_2024 if day >= date(2024, 8, 19) else BEFORE_2024).get(letter, "unclassified")


def columns_of(cell, day):
    """The COUNT_COLUMNS one cell counts in, from rules written here."""
    if cell in (NOT_ON_ROLL, CLOSED):
        return []
    if cell == MISSING:
        return ["missing_sessions"]
    letter = LETTER_OF_CELL[cell]
    kind = kind_of(letter, day)
    names = [f"{kind}_sessions"]
    if kind in POSSIBLE:
        names += [
            "possible_sessions",
            "absence_sessions" if kind.endswith("absence") else "attended_sessions",
        ]
    return names + [column for code, column in NAMED_CODES.items() if code == letter]


def cells_of(register):
    """Every cell as plain values: the pupil's row, the session's row and the cell."""
    pupils = register.pupils.to_dict("records")
    sessions = register.sessions.to_dict("records")
    for pupil, line in zip(pupils, register.codes.tolist(), strict=True):
        for session, cell in zip(sessions, line, strict=True):
            yield pupil, session, cell


def group_of(row, names):
    return tuple(NOT_RECORDED if pd.isna(row[name]) else row[name] for name in names)


def recount(register, by_pupil, by_session):
    """Counts by group: {(pupil group, session group): Counter of columns}, in plain loops."""
    counts = {}
    for pupil, session, cell in cells_of(register):
        group = group_of(pupil, by_pupil) + group_of(session, by_session)
        counts.setdefault(group, Counter()).update(columns_of(cell, session["date"].date()))
    return counts


def as_counts(table, by):
    """A tally as the recount writes it, groups without any session included."""
    rows = table.to_dict("records")
    return {
        tuple(row[name] for name in by): Counter({name: row[name] for name in COUNT_COLUMNS if row[name]})
        for row in rows
    }


# The tiny school, by hand


@pytest.fixture(scope="module")
def register(tiny_school):
    return tiny_school.register


def test_each_pupils_counts_are_those_worked_out_by_hand(register, read_table):
    by_hand = read_table("totals").set_index("pupil_id").drop(index="all").astype(int).add_suffix("_sessions")
    counted = tally(register, by_pupil=["pupil_id"]).set_index("pupil_id")
    pd.testing.assert_frame_equal(counted, by_hand[list(COUNT_COLUMNS)], check_index_type=False)


def test_the_whole_schools_counts_are_those_worked_out_by_hand(register, read_table):
    by_hand = read_table("totals").set_index("pupil_id").loc["all"].astype(int).add_suffix("_sessions")
    assert tally(register).iloc[0].to_dict() == by_hand[list(COUNT_COLUMNS)].to_dict()


def test_each_row_worked_out_by_hand_adds_up_to_twenty_sessions(read_table):
    apart = ["possible", "not_possible", "missing", "unclassified", "not_on_roll", "closed"]
    by_hand = read_table("totals").set_index("pupil_id").astype(int)
    assert by_hand[apart].sum(axis=1).tolist() == [20] * 6 + [120]


def test_weeks_are_counted_apart(register):
    weeks = tally(register, by_session=["week_label"])
    assert weeks["week_label"].tolist() == ["A", "B"]
    assert weeks["possible_sessions"].tolist() == [10 + 9 + 6 + 5 + 8 + 0, 10 + 9 + 9 + 2 + 10 + 0]
    assert weeks["absence_sessions"].tolist() == [0 + 4 + 0 + 0 + 0 + 0, 2 + 5 + 2 + 0 + 1 + 0]


def test_a_group_nobody_recorded_is_a_group_of_its_own(register):
    meals = tally(register, by_pupil=["fsm"]).set_index("fsm")["absence_sessions"]
    assert {str(value): count for value, count in meals.items()} == {
        "False": 2 + 1,
        "True": 2 + 9,
        NOT_RECORDED: 0,
    }


def test_every_code_in_force_is_in_the_tiny_school(tiny_marks):
    assert set(tiny_marks["code"]) == set(FROM_2024) | {"J"}


def test_each_code_is_counted_with_how_it_counts(register):
    codes = count_codes(register)
    by_hand = Counter(LETTER_OF_CELL[cell] for _, _, cell in cells_of(register) if cell in LETTER_OF_CELL)
    assert dict(zip(codes["code"], codes["sessions"], strict=True)) == by_hand
    assert by_hand["D"] == 20
    assert by_hand["J"] == by_hand["Y7"] == by_hand["N"] == 1


# Laws, and the recount, over invented registers

DAYS = [date(2024, 7, 18), date(2024, 7, 19), date(2024, 9, 2), date(2024, 9, 3)]
FORMS = ["9B", "10A", None]
YEAR_GROUPS = [7, 11, None]
CELLS = [MISSING, NOT_ON_ROLL, CLOSED, *CELL_OF_LETTER.values()]
PUPIL_GROUPINGS = [(), ("form",), ("year_group",), ("form", "year_group"), ("pupil_id",)]
SESSION_GROUPINGS = [(), ("session",), ("school_year", "session"), ("date",)]


@st.composite
def registers(draw):
    """Up to four pupils over the change of codes on 19 August 2024; any cell may hold anything."""
    height = draw(st.integers(1, 4))
    width = 2 * len(DAYS)
    cells = draw(st.lists(st.sampled_from(CELLS), min_size=height * width, max_size=height * width))
    forms = draw(st.lists(st.sampled_from(FORMS), min_size=height, max_size=height))
    years = draw(st.lists(st.sampled_from(YEAR_GROUPS), min_size=height, max_size=height))
    pupils = pd.DataFrame(
        {
            "pupil_id": [f"{number:03d}" for number in range(height)],
            "form": pd.Categorical(forms, categories=["10A", "9B", "8Z"]),
            "year_group": pd.array(years, dtype="Int16"),
        }
    )
    sessions = pd.DataFrame(
        {
            "date": pd.to_datetime(np.repeat(DAYS, 2)),
            "session": ["AM", "PM"] * len(DAYS),
            "school_year": np.repeat(["202324", "202324", "202425", "202425"], 2),
        }
    )
    return Register(np.array(cells, dtype=np.uint8).reshape(height, width), pupils, sessions)


@settings(max_examples=40)
@given(registers(), st.sampled_from(PUPIL_GROUPINGS), st.sampled_from(SESSION_GROUPINGS))
def test_the_tally_agrees_with_a_recount_in_plain_loops(register, by_pupil, by_session):
    counted = as_counts(tally(register, by_pupil, by_session), [*by_pupil, *by_session])
    assert counted == recount(register, by_pupil, by_session)


@settings(max_examples=40)
@given(registers(), st.sampled_from(PUPIL_GROUPINGS), st.sampled_from(SESSION_GROUPINGS))
def test_the_codes_counted_agree_with_a_recount_in_plain_loops(register, by_pupil, by_session):
    expected = Counter()
    for pupil, session, cell in cells_of(register):
        if cell in LETTER_OF_CELL:
            letter = LETTER_OF_CELL[cell]
            group = group_of(pupil, by_pupil) + group_of(session, by_session)
            expected[(*group, letter, kind_of(letter, session["date"].date()))] += 1
    counted = count_codes(register, by_pupil, by_session).to_dict("records")
    by = [*by_pupil, *by_session, "code"]
    assert (
        Counter(
            {(*(row[name] for name in by), kind_name(row["category"])): row["sessions"] for row in counted}
        )
        == expected
    )


def kind_name(category):
    names = {
        3: "unclassified",
        4: "present",
        5: "approved_activity",
        6: "authorised_absence",
        7: "unauthorised_absence",
        8: "not_possible",
    }
    return names[category]


@settings(max_examples=40)
@given(registers(), st.sampled_from(PUPIL_GROUPINGS), st.sampled_from(SESSION_GROUPINGS))
def test_groups_add_up_to_the_whole(register, by_pupil, by_session):
    groups = tally(register, by_pupil, by_session)[list(COUNT_COLUMNS)].sum()
    assert groups.to_dict() == tally(register).iloc[0].to_dict()


@settings(max_examples=40)
@given(registers())
def test_attended_and_absent_make_the_possible_sessions(register):
    row = tally(register).iloc[0]
    assert row["attended_sessions"] + row["absence_sessions"] == row["possible_sessions"]
    assert row["present_sessions"] + row["approved_activity_sessions"] == row["attended_sessions"]
    assert (
        row["authorised_absence_sessions"] + row["unauthorised_absence_sessions"] == row["absence_sessions"]
    )


@settings(max_examples=40)
@given(registers())
def test_every_cell_is_counted_once(register):
    row = tally(register).iloc[0]
    counted = row[
        ["possible_sessions", "not_possible_sessions", "missing_sessions", "unclassified_sessions"]
    ].sum()
    outside = np.isin(register.codes, [NOT_ON_ROLL, CLOSED]).sum()
    assert counted + outside == register.codes.size


# Larger registers, where sums outgrow a narrow word, against counts of numpy's own


LONG_DAYS = pd.bdate_range("2024-06-03", periods=97)


@st.composite
def long_registers(draw):
    """An odd number of sessions over the change of codes in any order, of some dozens of pupils in no order."""
    height, width = draw(st.integers(1, 40)), draw(st.sampled_from([1, 63, 64, 127, 193]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    cells = random.choice(
        np.array(draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=8))), (height, width)
    )
    pupils = pd.DataFrame(
        {
            "pupil_id": random.permutation(height),
            "form": pd.Categorical(random.choice(["9B", "10A"], height), categories=["10A", "9B", "8Z"]),
        }
    )
    sessions = pd.DataFrame({"date": LONG_DAYS.repeat(2), "session": ["AM", "PM"] * len(LONG_DAYS)})
    kept = random.permutation(len(sessions))[:width]
    if draw(st.booleans()):
        kept.sort()
    return Register(cells.astype(np.uint8), pupils, sessions.iloc[kept].reset_index(drop=True))


@settings(max_examples=20, deadline=None)
@given(
    long_registers(),
    st.sampled_from([(), ("form",), ("pupil_id",)]),
    st.sampled_from([(), ("session",), ("date",)]),
)
def test_the_tally_of_a_longer_register_agrees_with_long_rows(register, by_pupil, by_session):
    cells, row, column = register.codes.ravel(), *np.indices(register.codes.shape).reshape(2, -1)
    rows = pd.concat(
        [
            register.pupils[list(by_pupil)].iloc[row].astype(str).reset_index(drop=True),
            register.sessions[list(by_session)].iloc[column].astype(str).reset_index(drop=True),
        ],
        axis=1,
    )
    days = [day.date() for day in register.sessions["date"]]
    names = {(cell, day): columns_of(cell, day) for cell in np.unique(cells) for day in set(days)}
    for name in COUNT_COLUMNS:
        rows[name] = [name in names[cell, days[at]] for cell, at in zip(cells, column, strict=True)]
    by = [*by_pupil, *by_session]
    expected = (
        rows.groupby(by)[list(COUNT_COLUMNS)].sum() if by else rows[list(COUNT_COLUMNS)].sum().to_frame().T
    )
    counted = tally(register, by_pupil, by_session)
    counted[by] = counted[by].astype(str)
    counted = counted.set_index(by).sort_index() if by else counted
    assert counted.to_numpy().tolist() == expected.to_numpy().tolist()
    assert counted.index.tolist() == expected.index.tolist()


@pytest.mark.parametrize("sessions", [63, 64, 65, 126, 127, 4095, 4096, 4159])
def test_a_count_is_whole_however_many_sessions_are_alike(sessions):
    counts = tally(one_row(["U"] * sessions, "2026-09-07"), by_pupil=["pupil_id"]).iloc[0]
    assert counts["unauthorised_absence_sessions"] == counts["late_after_close_sessions"] == sessions
    assert counts[["present_sessions", "no_reason_yet_sessions", "missing_sessions"]].tolist() == [0, 0, 0]


def test_a_group_of_more_marks_than_24_bits_hold_is_counted_whole():
    pupils, sessions = 66_100, 256
    line = np.full(sessions, CELL_OF_LETTER["U"], dtype=np.uint8)
    line[0], line[1] = CELL_OF_LETTER["/"], MISSING
    days = pd.DataFrame({"date": pd.to_datetime(["2026-09-07"] * sessions)})
    everyone = pd.DataFrame({"year_group": np.full(pupils, 7)})
    register = Register(np.broadcast_to(line, (pupils, sessions)), everyone, days)
    counts = tally(register, ["year_group"]).iloc[0]
    assert (
        counts["unauthorised_absence_sessions"] == counts["late_after_close_sessions"] == 66_100 * 254 > 2**24
    )
    assert counts["possible_sessions"] == 66_100 * 255
    assert counts["present_sessions"] == counts["missing_sessions"] == 66_100
    assert counts["authorised_absence_sessions"] == counts["no_reason_yet_sessions"] == 0


def test_a_register_made_from_another_is_grouped_by_its_own_pupils():
    register = school_of("form", ["7A", "7B", "7B"], "str")
    assert tally(register, by_pupil=["form"])["present_sessions"].tolist() == [1, 2]
    moved = replace(register, pupils=register.pupils.assign(form=["7C", "7C", "7A"]))
    assert tally(moved, by_pupil=["form"]).iloc[:, [0, 4]].to_numpy().tolist() == [["7A", 1], ["7C", 2]]
    assert tally(register, by_pupil=["form"])["present_sessions"].tolist() == [1, 2]


# Order, edges and the change of law


def one_row(letters, day, **pupil):
    cells = np.array([[CELL_OF_LETTER[letter] for letter in letters]], dtype=np.uint8)
    sessions = pd.DataFrame({"date": pd.to_datetime([day] * len(letters)), "session": "AM"})
    return Register(cells, pd.DataFrame({"pupil_id": ["001"], **pupil}), sessions)


@pytest.mark.parametrize(
    ("letter", "day", "column"),
    [
        ("J", "2024-08-18", "approved_activity_sessions"),
        ("J", "2024-08-19", "unclassified_sessions"),
        ("J1", "2024-08-18", "unclassified_sessions"),
        ("J1", "2024-08-19", "authorised_absence_sessions"),
        ("H", "2024-08-18", "authorised_absence_sessions"),
        ("H", "2024-08-19", "unclassified_sessions"),
        ("Y", "2024-08-18", "not_possible_sessions"),
        ("Y", "2024-08-19", "unclassified_sessions"),
        ("Y1", "2024-08-19", "not_possible_sessions"),
        ("C2", "2024-08-18", "unclassified_sessions"),
        ("C2", "2024-08-19", "authorised_absence_sessions"),
        ("Q", "2024-08-18", "unclassified_sessions"),
        ("Q", "2024-08-19", "not_possible_sessions"),
    ],
)
def test_a_mark_counts_by_the_code_set_of_its_own_date(letter, day, column):
    counts = tally(one_row([letter], day)).iloc[0]
    assert {name for name in counts.index if counts[name]} - {
        "possible_sessions",
        "attended_sessions",
        "absence_sessions",
    } == {column}


def test_a_pupil_without_a_possible_session_is_counted_with_zero():
    counts = tally(one_row(["D", "D", "#"], "2026-09-07"), by_pupil=["pupil_id"])
    assert counts["possible_sessions"].tolist() == [0]
    assert counts["not_possible_sessions"].tolist() == [3]


@pytest.mark.parametrize("by_session", [(), ("date",)])
def test_a_register_without_sessions_counts_nothing(by_session):
    counts = tally(one_row([], "2026-09-07"), by_session=by_session)
    assert counts[list(COUNT_COLUMNS)].to_numpy().sum() == 0
    assert count_codes(one_row([], "2026-09-07"), by_session=by_session).empty


def school_of(column, values, dtype):
    pupils = pd.DataFrame({column: pd.Series(values, dtype=dtype)})
    sessions = pd.DataFrame({"date": pd.to_datetime(["2026-09-07"]), "session": ["AM"]})
    return Register(np.full((len(values), 1), CELL_OF_LETTER["/"], dtype=np.uint8), pupils, sessions)


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([10, 7, 11, 8], "Int16", [7, 8, 10, 11]),
        ([10, None, 7, 11], "Int16", [7, 10, 11, NOT_RECORDED]),
        (["7B", "7A", None], "str", ["7A", "7B", NOT_RECORDED]),
        ([True, None, False], "boolean", [False, True, NOT_RECORDED]),
        (["K", "N", "E", "N"], pd.CategoricalDtype(["N", "K", "E"], ordered=True), ["N", "K", "E"]),
        (
            ["K", None, "E", "N"],
            pd.CategoricalDtype(["N", "K", "E"], ordered=True),
            ["N", "K", "E", NOT_RECORDED],
        ),
        (["Zed", None, "Ann"], "str", ["Ann", "Zed", NOT_RECORDED]),
    ],
)
def test_groups_come_in_their_own_order_and_not_recorded_last(values, dtype, expected):
    assert tally(school_of("group", values, dtype), by_pupil=["group"])["group"].tolist() == expected
