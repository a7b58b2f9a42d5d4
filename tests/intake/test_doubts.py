"""The marks that could not be taken as they stand, one row each."""

import pytest

HEAD = "pupil_id,date,session,code,amended_on\n"
TWO = [('    - {path: "marks*.csv"}', '    - {path: "marks.csv"}\n    - {path: "later.csv"}')]
GOOD = [f"00{pupil},2026-09-{day},AM,/," for pupil in (1, 2, 3) for day in range(14, 19)]
GOOD += [
    f"00{pupil},2026-10-{day},{half},/,"
    for pupil in (1, 2, 3)
    for day in range(12, 17)
    for half in ("AM", "PM")
]
GOOD += [
    f"00{pupil},2026-11-{day},{half},/,"
    for pupil in (1, 2, 3)
    for day in range(16, 21)
    for half in ("AM", "PM")
]


def doubts(school):
    table = school.doubtful_marks
    days = table["date"].dt.strftime("%m-%d")
    return list(zip(table["pupil_id"], days, table["session"], table["rule"], table["found"], strict=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["001,2026-09-21,PM,A,"], [("001", "09-21", "PM", "unknown_code", "no register code: 'A'")]),
        (["1,2026-09-21,PM,A,"], [("001", "09-21", "PM", "unknown_code", "no register code: 'A'")]),
        (
            ["001,2026-09-21,PM,a long remark,"],
            [("001", "09-21", "PM", "unknown_code", "no register code: a text of 13 characters")],
        ),
        (
            ["002,2026-09-21,AM,O,", "002,2026-09-21,AM,I,"],
            [("002", "09-21", "AM", "undecided_marks", "I was taken; another row has O")],
        ),
        (
            ["002,2026-09-21,AM,O,", "002,2026-09-21,AM,I,2026-09-22"],
            [("002", "09-21", "AM", "conflicting_marks", "I was taken; another row has O")],
        ),
        (
            ["2,2026-09-21,AM,O,", "002,2026-09-21,AM,I,"],
            [("002", "09-21", "AM", "undecided_marks", "I was taken; another row has O")],
        ),
        (["002,2026-09-21,AM,I,", "002,2026-09-21,AM,I,"], []),
        (
            ["009,2026-09-22,PM,/,", "009,2026-09-21,AM,I,"],
            [("009", "09-21", "", "marks_without_pupil", "2 marks, to 22 Sep 26")],
        ),
        ([], []),
    ],
)
def test_each_mark_in_doubt_is_named(read_changed, rows, expected):
    # Seventy-five good marks beside, so that the loss stays small enough; of two strangers' marks it would not.
    more = [
        f"00{pupil},2026-12-{day:02d},{half},/,"
        for pupil in (1, 2, 3)
        for day in range(7, 12)
        for half in ("AM", "PM")
    ]
    school = read_changed({"marks.csv": HEAD + "\n".join([*GOOD, *more, *rows])})
    assert doubts(school) == expected


def test_what_a_later_source_overrules_is_named(read_changed):
    changes = {"marks.csv": HEAD + "001,2026-09-14,AM,N,\n", "later.csv": HEAD + "001,2026-09-14,AM,I,\n"}
    assert doubts(read_changed(changes, TWO)) == [
        ("001", "09-14", "AM", "overruled_marks", "I was taken; another row has N")
    ]


def test_rows_are_repeated_within_a_source_and_overlap_between_sources(read_changed):
    changes = {
        "marks.csv": HEAD + "001,2026-09-14,AM,I,\n" * 3,
        "later.csv": HEAD + "001,2026-09-14,AM,I,\n" * 2,
    }
    repairs = {each.rule: each.count for each in read_changed(changes, TWO).log.repairs}
    # Five rows for one mark: two rows too many in the first, one in the second, and one source too many.
    assert repairs == {"repeated_rows": 3, "overlapping_rows": 1}
