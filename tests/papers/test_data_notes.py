"""Data notes: what was left out, which files are missing, who is counted."""

import re
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.intake.ledger import Repair
from attendance_lib.intake.schema import ACTIONS, CONTACTS, INTERVENTIONS, NOTICES
from attendance_lib.intake.settings.school_file import NoticeSettings
from attendance_lib.papers.data_notes import (
    definitions,
    files_read,
    glossary,
    left_out,
    missing_logs,
    planned_marks,
    rule_sources,
    two_bases,
    versions,
)
from attendance_lib.papers.fortnightly.front_page import period_facts
from tests.papers.conftest import MARKS_FILE

FIRST_WEEKS = (date(2026, 9, 7), date(2026, 9, 18))


def test_what_is_in_no_rate_is_counted(worked_pack):
    # Without a mark, not in force, not possible, few sessions.
    assert left_out(worked_pack).frame["count"].tolist()[:4] == [2, 0, 0, 0]


def test_codes_not_in_force_and_sessions_not_possible_are_counted(make_pack):
    pack = make_pack({"0001": {"J": ["2026-11-09"]}, "0002": {"D": ["2026-11-09", "2026-11-10"]}})
    assert left_out(pack).frame["count"].tolist()[:4] == [0, 2, 4, 0]


def test_few_possible_sessions_are_told(make_pack):
    pack = make_pack(
        {"0001": {"D": [f"2026-09-{day:02d}" for day in (*range(7, 12), *range(14, 19))]}},
        period=FIRST_WEEKS,
    )
    assert left_out(pack).frame["count"].tolist()[3] == 0  # no possible session at all is no short enrolment
    assert two_bases(pack).frame["enrolments"].tolist() == [3, 3]


@pytest.mark.parametrize(("fewest", "short"), [(98, 0), (99, 1), (101, 4)])
def test_what_a_short_enrolment_is_stands_in_the_school_file(make_pack, fewest, short):
    """Of 100 possible sessions 0004 has one day, two sessions, without a mark."""
    pack = make_pack({"0004": {"": ["2026-11-13"]}}, short_enrolment_sessions=fewest)
    row = left_out(pack).frame.iloc[3]
    assert (row["what"], row["count"]) == (
        f"Enrolments with fewer than {fewest} possible sessions: counted, but read with care",
        short,
    )


def test_each_missing_log_is_told_with_what_it_leaves_out(make_pack, make_log):
    items = missing_logs(make_pack(contacts=make_log(columns=("pupil_id", "date")))).items
    assert [item.split()[1] for item in items] == ["interventions", "actions", "notices"]
    assert all(
        re.fullmatch(r"No \w+ file is named in the school file\. Left out: .+\.", item) for item in items
    )


def test_all_logs_read_is_said(make_pack, make_log):
    tables = {"interventions": INTERVENTIONS, "actions": ACTIONS, "contacts": CONTACTS, "notices": NOTICES}
    logs = {name: make_log(columns=table.column_names) for name, table in tables.items()}
    assert missing_logs(make_pack(**logs)).items == ("Every optional log was read.",)


def test_both_bases_are_counted_and_the_one_in_use_is_named(worked_pack):
    table = two_bases(worked_pack)
    assert (
        table.frame[["enrolments", "possible_sessions", "absence_sessions", "persistently_absent_enrolments"]]
        .to_numpy()
        .tolist()
        == [[4, 398, 30, 2]] * 2
    )
    assert table.note.startswith("The headlines of this paper use: DfE-comparable")


def test_files_are_told_by_name_and_never_by_folder(worked_pack):
    frame = files_read(worked_pack).frame
    assert frame["file"].tolist() == ["marks.csv"]


@pytest.mark.parametrize(
    "words",
    [
        "10% or more",
        "Exactly 90.0% attendance is included",
        "unauthorised absence",
        "SI 2024/208",
        "Open Government Licence",
    ],
)
def test_definitions_say_what_is_easily_got_wrong(worked_pack, words):
    assert words in " ".join((*definitions(worked_pack).items, *glossary().items))


def test_versions_name_packages_and_period_but_no_moment(worked_pack):
    (text,) = versions(worked_pack).items
    assert text.startswith(
        "Period 9 November 2026 to 20 November 2026; 100 sessions known. Made with attendance-workbook "
    )
    assert not re.search(r"\d\d:\d\d", text)


AHEAD = pd.DataFrame(
    [("0002", "2026-11-23", session, "C") for session in ("AM", "PM")] + [("0001", "2026-11-24", "AM", "D")],
    columns=["pupil_id", "date", "session", "code"],
).assign(date=lambda rows: pd.to_datetime(rows["date"]))


def test_codes_entered_ahead_are_listed_by_pupil_and_said_beside_the_period(make_pack):
    pack = make_pack(planned_marks=AHEAD)
    rows = planned_marks(pack).frame
    assert rows[["pupil_name", "code", "marks"]].to_numpy().tolist() == [
        ["Byrne, Bo", "C", 2],
        ["Abara, Ada", "D", 1],
    ]
    assert "; 3 marks entered ahead (C, D) to 24 November 2026, in no rate." in period_facts(pack).items[0]


def test_nothing_entered_ahead_is_an_empty_table_and_no_word(worked_pack):
    assert planned_marks(worked_pack).frame.empty
    assert "entered ahead" not in period_facts(worked_pack).items[0]


def test_codes_of_the_system_s_own_are_printed_with_what_they_were_read_as(make_pack):
    said = "codes of the system's own read as the school file says: 'I01' as 'I' 7 times"
    repairs = (
        Repair("own_codes", "marks.csv", 7, said),
        Repair("encoding", "marks.csv", 1, "read as Windows-1252"),
    )
    log = SimpleNamespace(files=(MARKS_FILE,), repairs=repairs)
    assert files_read(make_pack(log=log)).note == f"C{said[1:]}."
    assert files_read(make_pack()).note == ""


def test_where_each_rule_stands_is_listed_with_edition_paragraph_and_day(make_pack):
    table = rule_sources(make_pack())
    row = table.frame.set_index("rule").loc["A reason for N by the fifth school day, else O"]
    assert (row["paragraph"], row["checked_on"]) == (
        "regulation 10(7) to (9); paragraphs 407 to 409 (page 96)",
        date(2026, 11, 29),
    )
    assert "could not be read in full" in table.note


def test_notices_are_left_out_where_the_school_applies_no_rule_of_them(make_pack):
    rules = rule_sources(make_pack(rules=NoticeSettings())).frame["rule"]
    assert not rules.str.contains("penalty notice").any()
