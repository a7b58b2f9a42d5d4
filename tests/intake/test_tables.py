"""The naughty strings in what staff fill in: logs, codes of a system's own, what the board must know, pupils who came back.

Each is kept as it was written, or refused in words of ours; the list is in tests/display/test_naughty_names.py for names.
"""

import csv
import io
import json
import re
from pathlib import Path
from unicodedata import category

import pandas as pd
import pytest
import yaml

from attendance_lib.errors import SettingsError
from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.lessons import read_lessons
from attendance_lib.intake.logs import LOGS, read_log
from attendance_lib.intake.pupils import read_pupils
from attendance_lib.intake.register_codes import OwnCodes
from attendance_lib.intake.schema import TABLES, Kind
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.school_file import LessonSettings
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.values import without_unseen
from attendance_lib.register.build import build_register
from attendance_lib.register.grid import count_returned
from tests.intake.conftest import SCHOOL

BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "bad-input" / "blns.json"
pytestmark = pytest.mark.skipif(
    not BLNS.is_file(), reason="the list of naughty strings lies outside the project and is not here"
)
HALVES = (("2026-09-07", "2026-10-23"), ("2026-11-02", "2026-12-18"))
UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
WRITTEN = (Kind.TEXT, Kind.LABEL)


@pytest.fixture(scope="module")
def naughty():
    """The strings that a CSV file can carry: no NUL, and no carriage return alone inside quotation marks."""
    strings = json.loads(BLNS.read_text(encoding="utf-8"))
    return [text for text in dict.fromkeys(strings) if text.strip() and not {"\0", "\r"} & set(text)]


def as_kept(text):
    """What is kept of a text: outer blanks are not part of it, nor are characters that cannot be seen."""
    return str(without_unseen(text)).replace("\u00a0", " ").strip()


def csv_of(heads, rows):
    stream = io.StringIO()
    csv.writer(stream).writerows([heads, *rows])
    return stream.getvalue().encode("utf-8")


def columns_of(name):
    """The columns of a log that hold what somebody wrote."""
    table = TABLES[name]
    return [
        column.name for column in table.columns
        if column.kind in WRITTEN and not column.values and column.name not in (*table.key, "pupil_id")
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "column"), [(name, each) for name in LOGS for each in columns_of(name)])
def test_every_naughty_string_survives_in_every_column_of_every_log(tmp_path, naughty, name, column):
    table = TABLES[name]
    heads = [each.name for each in table.columns if each.is_required or each.name in (*table.key, column)]
    plain = {each.name: "2026-09-14" if each.kind is Kind.DATE else "x" for each in table.columns}
    plain |= {"pupil_id": "001", "code": "/", "tier": "2", "place": "2"}
    is_required = next(each.is_required for each in table.columns if each.name == column)
    naughty = [text for text in naughty if as_kept(text) or not is_required]
    rows = [
        [text if head == column else f"{number}" if head.endswith("_id") and head != "pupil_id"
         else plain[head] for head in heads]
        for number, text in enumerate(naughty)
    ]  # fmt: skip
    path = tmp_path / "log.csv"
    path.write_bytes(csv_of(heads, rows))
    ledger = Ledger()
    found = read_log(name, (Source(name, 0, "", (Export(path),)),), pd.Series(["001"]), ledger).rows
    assert ledger.refusals == []
    assert sorted(map(as_kept, found[column].fillna("").astype(str))) == sorted(map(as_kept, naughty))


@pytest.mark.parametrize("column", ["period", "subject", "class", "teacher"])
def test_every_naughty_string_survives_in_every_column_of_the_lessons(tmp_path, naughty, column):
    heads, plain = (
        ["pupil_id", "date", "period", "subject", "class", "teacher", "code"],
        ["001", None, "P1", *"xxx", "/"],
    )
    kept = {as_kept(text): text for text in naughty if as_kept(text) or column != "period"}
    days = [f"{day:%Y-%m-%d}" for day in pd.bdate_range("2026-09-07", periods=len(kept))]
    rows = [
        [
            text if head == column else day if head == "date" else value
            for head, value in zip(heads, plain, strict=True)
        ]
        for day, text in zip(days, kept.values(), strict=True)
    ]
    ledger, found = lessons_in(tmp_path, heads, rows)
    assert ledger.refusals == []
    assert sorted(found[column].fillna("").astype(str)) == sorted(kept)


def test_naughty_strings_are_no_codes_of_lessons_and_are_refused_in_one_line_that_shows_none(
    tmp_path, naughty
):
    days = pd.bdate_range("2026-09-07", periods=len(naughty))
    rows = [["001", f"{day:%Y-%m-%d}", "P1", text] for day, text in zip(days, naughty, strict=True)]
    (refusal,) = lessons_in(tmp_path, ["pupil_id", "date", "period", "code"], rows)[0].refusals
    assert re.match(
        r"lessons.csv, row 2, column 'code': \d+ rows hold what is no register code \(a text of \d+ char",
        refusal,
    )
    assert not [text for text in naughty if len(text) > 8 and text in refusal]


def lessons_in(folder, heads, rows):
    """The ledger of a file of lessons and what was read of it."""
    path, ledger = folder / "lessons.csv", Ledger()
    path.write_bytes(csv_of(heads, rows))
    roll = pd.DataFrame({"pupil_id": ["001"], "upn": [None]})
    return ledger, read_lessons((Source("lessons", 0, "", (Export(path),)),), roll, LessonSettings(), ledger)


OF_THE_ROLL = ("transport", "postcode_area", "family_id")
FLAGS = (
    "youth_justice",
    "previously_looked_after",
    "missing_history",
    "travels_alone",
    "medical_risk",
    "no_publicity",
)


def roll_in(folder, column, texts):
    """The ledger of a roll of which one column holds some texts, and that column, by pupil."""
    path, ledger = folder / "pupils.csv", Ledger()
    path.write_bytes(
        csv_of(["pupil_id", "year_group", column], [[f"{at:04d}", 7, text] for at, text in enumerate(texts)])
    )
    read = read_pupils((Source("pupils", 0, "", (Export(path),)),), ledger)
    return ledger, read and read.rows.set_index("pupil_id")[column]


@pytest.mark.parametrize("column", OF_THE_ROLL)
def test_every_naughty_string_survives_in_what_the_roll_says_of_the_way_to_school_and_the_family(
    tmp_path, naughty, column
):
    ledger, found = roll_in(tmp_path, column, naughty)
    assert ledger.refusals == []
    assert found.fillna("").astype(str).tolist() == list(map(as_kept, naughty))


@pytest.mark.parametrize("column", FLAGS)
def test_a_naughty_string_is_no_flag_but_unknown_and_told(tmp_path, naughty, column):
    """Of the list's words only these say yes or no."""
    says = {
        "true": True,
        "True": True,
        "TRUE": True,
        "1": True,
        "false": False,
        "False": False,
        "FALSE": False,
        "0": False,
    }
    ledger, found = roll_in(tmp_path, column, naughty)
    assert ledger.refusals == []
    assert found.astype(object).where(found.notna(), None).tolist() == [says.get(text) for text in naughty]
    assert [(each.rule, each.file, each.row) for each in ledger.findings] == [
        (f"unreadable_{column}", "pupils.csv", 2)
    ]


def test_a_naughty_string_is_no_number_of_telephones_but_unknown_and_told(tmp_path, naughty):
    ledger, found = roll_in(tmp_path, "contact_numbers", naughty)
    assert ledger.refusals == []
    for text, number in zip(naughty, found, strict=True):
        assert pd.isna(number) or float(text.replace(",", "")) == number
    assert [(each.rule, each.file, each.row) for each in ledger.findings] == [
        ("unreadable_contact_numbers", "pupils.csv", 2)
    ]


@pytest.mark.parametrize("text", ["-1", "2.5", "two", "1e3", "21", "07700900123"])
def test_what_is_no_count_of_telephone_numbers_is_unknown_and_a_number_itself_is_never_shown(tmp_path, text):
    ledger, found = roll_in(tmp_path, "contact_numbers", ["0", "20", text])
    assert found.astype(object).where(found.notna(), None).tolist() == [0, 20, None]
    assert [str(each) for each in ledger.findings] == [
        "pupils.csv, row 4, column 'contact_numbers': a value is not a whole number from 0 to 20 (1 row). It is taken as missing; "
        "correct the export."
    ]


@pytest.mark.parametrize(
    ("text", "minutes"), [("-5", None), ("301", None), ("4.5", None), ("0", 0), ("300", 300)]
)
def test_minutes_late_to_a_lesson_are_bounded_as_those_of_marks_are(tmp_path, text, minutes):
    headings = ["pupil_id", "date", "period", "code", "minutes_late"]
    ledger, found = lessons_in(tmp_path, headings, [["001", "2026-09-14", "1", "L", text]])
    read = found["minutes_late"].astype(object).where(found["minutes_late"].notna(), None)
    assert read.tolist() == [minutes]
    told = [(each.rule, each.file, each.row) for each in ledger.findings]
    assert told == ([("unreadable_minutes_late", "lessons.csv", 2)] if minutes is None else [])


@pytest.mark.parametrize(("pupils", "is_family"), [(12, True), (13, False)])
def test_what_more_pupils_share_than_any_family_has_is_no_family(tmp_path, pupils, is_family):
    ledger, found = roll_in(tmp_path, "family_id", ["F1", "F1", "", *["none"] * pupils])
    assert found.notna().tolist() == [True, True, False, *[is_family] * pupils]
    told = [(each.rule, each.file, each.row, each.count) for each in ledger.findings]
    assert told == ([] if is_family else [("family_too_large", "pupils.csv", 5, pupils)])


@pytest.mark.parametrize("part", [0, 1])
def test_every_naughty_string_may_be_a_code_of_a_system_s_own(read_changed, naughty, part):
    """Each mark holds one, and the school file says that each is illness; blanks and codes of the law stay what they are."""
    shown = [text for text in naughty if not any(category(sign) in UNSHOWN for sign in text)]
    assert len(shown) > len(naughty) * 0.95  # the school file refuses the others as what papers cannot show
    kept = {as_kept(text).upper(): text for text in shown[part::2] if as_kept(text)}
    codes = dict.fromkeys(kept, "I")
    days = [str(day.date()) for half in HALVES for day in pd.bdate_range(*half)]
    places = [(who, day, half) for day in days for who in ("002", "003") for half in ("AM", "PM")]
    rows = [[*place, text] for place, text in zip(places, kept.values(), strict=False)]
    assert len(rows) == len(kept)
    assert OwnCodes(codes).standard(next(iter(kept))) == "I"
    style = {"default_flow_style": True, "default_style": '"', "width": 10**6}
    source = yaml.safe_dump({"path": "marks.csv", "codes": codes}, **style).strip()
    school = read_changed(
        {"marks.csv": csv_of(["pupil_id", "date", "session", "code"], rows)},
        [('{path: "marks*.csv"}', source)],
    )
    every = pd.concat([school.marks, school.planned_marks])
    assert len(every) + school.log.rows_dropped == len(rows)
    assert set(every["code"].astype(str)) == {"I"}


def governance_in(path):
    """What a school file says for the board; None where it is refused, in words that name it."""
    try:
        return load_settings(path).governance
    except SettingsError as error:
        return None if str(error).startswith(f"{path}, line ") else pytest.fail(str(error))


@pytest.mark.parametrize("field", ["attendance_champion", "about", "destination"])
def test_every_naughty_string_survives_in_what_the_board_must_know(tmp_path, naughty, field):
    told = {
        "attendance_champion": lambda text: {"attendance_champion": text},
        "about": lambda text: {"training": [{"date": "2026-09-02", "about": text}]},
        "destination": lambda text: {"pupils_who_left": [{"destination": text, "pupils": 3}]},
    }[field]
    path, refused = tmp_path / "school.yml", 0
    for text in naughty:
        part = yaml.safe_dump({"governance": told(text)}, allow_unicode=False).replace(
            "'2026-09-02'", "2026-09-02"
        )
        path.write_text(SCHOOL + part, encoding="utf-8")
        governance = governance_in(path)
        if governance is None:
            refused += 1
            continue
        champion, (training, *_), (left, *_) = (
            governance.attendance_champion, governance.training or (None,), governance.pupils_who_left or (None,),
        )  # fmt: skip
        found = champion or (training and training.about) or (left and left.destination)
        assert found.strip() == text.strip()
    assert refused <= len(naughty) // 20


def test_a_returner_of_any_name_is_one_person(read_changed, naughty):
    """Two rows of the roll, named and identified by a naughty string, are two enrolments of one pupil."""
    heads = ["pupil_id", "surname", "year_group", "admission_date", "leaving_date"]
    ids = {as_kept(text): text for text in naughty if as_kept(text)}
    spans = (("2026-09-07", "2026-09-11"), ("2026-09-15", ""))
    rows = [[text, text, 7, *span] for text in ids.values() for span in spans]
    marks = [[text, day, "AM", "/"] for text in ids.values() for day in ("2026-09-10", "2026-09-15")]
    school = read_changed(
        {
            "pupils.csv": csv_of(heads, rows),
            "marks.csv": csv_of(["pupil_id", "date", "session", "code"], marks),
        }
    )
    register = build_register(school.pupils, school.marks, school.calendar).register
    assert len(school.pupils) == 2 * len(ids)
    assert count_returned(register, school.pupils["pupil_id"]) == len(ids)


@pytest.mark.parametrize(
    ("name", "text", "rule"),
    [
        (
            "overrides",
            "pupil_id,date_from,date_to,reason\n001,2026-11-09,2026-11-02,medical\n",
            "ends_before_it_begins",
        ),
        (
            "interventions",
            "intervention,pupil_id,start_date,end_date\nx,001,2026-11-09,2026-11-02\n",
            "ends_before_it_begins",
        ),
        (
            "planned",
            "pupil_id,date_from,code,expected_back\n001,2026-11-09,C,2026-11-06\n",
            "back_before_it_ends",
        ),
        (
            "planned",
            "pupil_id,date_from,date_to,code,expected_back\n001,2026-11-09,2026-11-13,C,2026-11-12\n",
            "back_before_it_ends",
        ),
        ("planned", "pupil_id,date_from,code\n001,2026-11-09,Q9\n", "unknown_code_of_planned"),
        (
            "plans",
            "plan_id,pupil_id,opened_on,target_from,target_to\nP1,001,2026-11-02,2026-12-11,2026-11-02\n",
            "ends_before_it_begins",
        ),
        (
            "plans",
            "plan_id,pupil_id,opened_on,target\nP1,001,2026-11-02,four\n",
            "unreadable_target_sessions",
        ),
        ("plans", "plan_id,pupil_id,opened_on,target\nP1,001,2026-11-02,-1\n", "unreadable_target_sessions"),
        ("part_time", "pupil_id,from,hours\n001,2026-11-09,51\n", "unreadable_hours"),
        ("part_time", "pupil_id,from,hours\n001,2026-11-09,-0.5\n", "unreadable_hours"),
        ("plans", "plan_id,pupil_id,opened_on,outcome\nP1,001,2026-11-02,better\n", "unreadable_outcome"),
        ("plans", "plan_id,pupil_id,opened_on\nP1,009,2026-11-02\n", "unknown_pupil"),
        ("part_time", "pupil_id,from,to\n001,2026-11-09,2026-11-02\n", "ends_before_it_begins"),
        (
            "notices",
            "notice_id,pupil_id,parent,kind,issued_on\nN1,001,,penalty notice,2026-11-02\n",
            "notice_without_parent",
        ),
        ("considered", "pupil_id,considered_on\n009,2026-11-02\n", "unknown_pupil"),
        ("parents", "parent_id,pupil_id,addresses\nR1,001,two\n", "unreadable_addresses"),
        ("redraws", "draw,place,reason,date\nraffle of May,2,x,2026-11-17\n", "unknown_draw"),
        ("redraws", "draw,place,reason,date\nraffle 2026-11-09 2026-11-13,0,x,2026-11-17\n", "unknown_draw"),
    ],
)
def test_what_holds_on_no_day_and_redraws_of_no_draw_are_told(tmp_path, name, text, rule):
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    ledger = Ledger()
    assert read_log(name, (Source(name, 0, "", (Export(path),)),), pd.Series(["001"]), ledger) is not None
    assert [(each.rule, each.row) for each in ledger.findings] == [(rule, 2)]
    assert ledger.refusals == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("overrides", "pupil_id,date_from,date_to,reason\n001,2026-11-09,,because\n"),
        ("parents", "parent_id,pupil_id,name\n,001,A. Byrne\n"),
        ("considered", "pupil_id,considered_on\n001,soon\n"),
        ("redraws", "draw,place,reason,date\nraffle 2026-11-09 2026-11-13,two,x,2026-11-17\n"),
        ("redraws", "draw,place,reason,date\nraffle 2026-11-09 2026-11-13,2,,2026-11-17\n"),
        ("plans", "plan_id,pupil_id,opened_on\nP1,001,soon\n"),
        ("part_time", "pupil_id,from\n001,\n"),
    ],
)
def test_a_reason_of_no_list_a_place_that_is_no_number_and_a_redraw_without_a_reason_are_refused(
    tmp_path, name, text
):
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    ledger = Ledger()
    read_log(name, (Source(name, 0, "", (Export(path),)),), pd.Series(["001"]), ledger)
    assert [refusal.startswith("log.csv, row 2, column ") for refusal in ledger.refusals] == [True]
