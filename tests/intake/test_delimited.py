import json
import re
from pathlib import Path

import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.files.delimited import read_delimited
from attendance_lib.intake.files.export import decode, find_encoding

SHARED = Path(__file__).resolve().parents[3] / "shared"
SPECTRUM = SHARED / "data" / "bad-input" / "csv-spectrum"


# One file's JSON states another telephone number than its CSV does: the row of it, what the CSV has and what the JSON has.
DISAGREES = {"location_coordinates": (0, "Contact Phone Number", "2095257564", "1234567890")}


@pytest.mark.parametrize("path", sorted(SPECTRUM.glob("csvs/*.csv")), ids=lambda path: path.stem)
def test_csv_spectrum_is_read_as_its_json_says(path):
    expected = listed(json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text(encoding="utf-8")))
    heading, *rows = read_delimited(path.read_bytes().decode("utf-8"), path.name).tolist()
    if path.stem in DISAGREES:
        row, column, in_csv, in_json = DISAGREES[path.stem]
        assert expected[row][column] == in_json
        expected[row][column] = in_csv
    assert [dict(zip(heading, row, strict=True)) for row in rows if any(row)] == expected


def listed(expected):
    return expected if isinstance(expected, list) else [expected]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_content(delimiter):
    rows = [["a", "b", "c"], ["1", 'x,;|"y', ""]]
    text = "\r\n".join(
        delimiter.join(f'"{cell}"'.replace('x,;|"y', 'x,;|""y') for cell in row) for row in rows
    )
    assert read_delimited(text, "a.csv").tolist() == rows


def test_excel_line_that_states_the_delimiter_is_no_row():
    assert read_delimited("sep=;\na;b\n1;2\n", "a.csv").tolist() == [["a", "b"], ["1", "2"]]


def test_a_short_row_is_filled_and_a_blank_line_keeps_its_number():
    assert read_delimited("a,b\n1\n\n2,3\n", "a.csv").tolist() == [
        ["a", "b"],
        ["1", ""],
        ["", ""],
        ["2", "3"],
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n", "holds no rows"),
        (
            "a,b\n" + "1,2\n" * 60 + "1,2,3\n",
            "row 62 has one field too many (3 fields, the rows before it 2)",
        ),
        ('a,b\n1,"2\n' + "3,4\n" * 60_000, "Check that every quotation mark is closed"),
        ("1,2\n" * 3_000_001, "3,000,002 lines of 2 fields are more than any export has"),
        ("," * 6_000, "6,001 fields, more than the limit"),
    ],
)
def test_text_that_is_no_table_is_refused(text, message):
    with pytest.raises(InputError, match=re.escape(message)):
        read_delimited(text, "a.csv")


HEAD = "pupil_id,date,session,code,comment\n"
ROWS = [f"0{number},2026-09-{number},AM,/," for number in range(10, 30)]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        # In the comment of row 4, closed in that of row 9; of the next row; and in a date, closed in a date.
        ((2, ",\n", ',"late\n'), (7, ",\n", ',"late\n')),
        ((2, ",\n", ',"\n'), (3, ",\n", ',"\n')),
        ((2, ",2026", ',"2026'), (5, "AM", '"AM')),
    ],
)
def test_rows_that_a_stray_quotation_mark_swallows_are_refused_with_their_first_row(opens, closes, line_end):
    rows = [f"{row}\n" for row in ROWS]
    for number, old, new in (opens, closes):
        rows[number] = rows[number].replace(old, new)
    text = (HEAD + "".join(rows)).replace("\n", line_end)
    count = closes[0] - opens[0] + 1
    with pytest.raises(
        InputError, match=f"a.csv, row 4: a cell holds {count} lines that are rows themselves"
    ):
        read_delimited(text, "a.csv")


@pytest.mark.parametrize(
    "note",
    [
        "rang home\nno answer",
        "rang mum, dad, nan, no answer\nwill try again",
        # As many commas as a row has, but no row begins so; and one line in three that looks like one.
        "mum said:\nno, not today, not ever, sorry\nbye",
        "see\n016,2026-09-16,AM,/,\nthat is wrong\nand so on",
    ],
)
def test_a_note_with_line_breaks_stays_whole(note):
    text = HEAD + ROWS[0] + f'"{note}"\n' + "\n".join(ROWS[1:]) + "\n"
    cells = read_delimited(text, "a.csv")
    assert (len(cells), cells[1, 4]) == (21, note)


def test_an_unquoted_delimiter_is_one_field_too_many_in_any_row():
    for number in (1, 6, 15):
        rows = list(ROWS)
        rows[number] = rows[number].replace("/,", "/,late, by bus")
        message = f"a.csv: row {number + 2} has one field too many (6 fields, the rows before it 5)"
        with pytest.raises(InputError, match=re.escape(message)):
            read_delimited(HEAD + "\n".join(rows) + "\n", "a.csv")


@pytest.mark.parametrize(
    "text",
    [
        # A title line, headings wider than the rows, a column without a heading, and empty fields at the end.
        "Printed\n" + HEAD + "\n".join(ROWS),
        HEAD.replace("\n", ",x,y\n") + "\n".join(ROWS),
        HEAD + "\n".join(f"{row},seen" for row in ROWS),
        HEAD + "\n".join([*ROWS[:5], ROWS[5] + ",,", *ROWS[6:]]),
    ],
)
def test_rows_of_another_width_for_a_good_reason_are_read(text):
    assert len(read_delimited(text + "\n", "a.csv")) == text.count("\n") + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_names_survive_every_encoding(encoding):
    text = "pupil_id,surname\n" + "001,Siân O’Neill\n" * 5
    assert decode(text.encode(encoding), "a.csv").removeprefix("\ufeff") == text


def test_plain_ascii_is_utf_8():
    assert find_encoding(b"a,b") == "utf-8"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0rest", "old .xls workbook or one with a password"),
        (b"a\x81\x8d", "not text in UTF-8, UTF-16 or Windows-1252"),
        (b"ab\x00cdefgh", "NUL characters"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content, message):
    with pytest.raises(InputError, match=message):
        decode(content, "a.csv")


LINES = "pupil_id,date,session,code,minutes_late\n001,2026-09-14,AM,/,\n002,2026-09-14,AM,L,8\n"


@pytest.mark.parametrize("end", ["0", "003", "003,2026-", "003,2026-09-14", "003,2026-09-14,AM,"])
def test_a_last_line_that_is_cut_off_is_known_as_that(end):
    with pytest.raises(
        InputError, match=r"^marks\.csv, row 4: this last line is cut off, so the file breaks off here"
    ):
        read_delimited(LINES + end, "marks.csv")


@pytest.mark.parametrize(
    "text",
    [
        LINES + "003,2026-09-14,AM,/,",
        LINES + "003,2026-09-14\n",
        LINES + "Total: 2",
        LINES + "Printed on 14 September 2026",
        LINES.replace("AM,/,\n", "AM,/\n") + "003,2026-09-14,AM,/",
        LINES.rstrip("\n"),
    ],
)
def test_a_last_line_without_its_end_is_cut_off_only_if_it_is_shorter_than_all_others_and_begins_alike(text):
    assert len(read_delimited(text, "marks.csv")) >= 3
