"""The notice window as a reader sees it."""

from datetime import date

import pytest

from attendance_lib.intake.schema import CONTACTS, INTERVENTIONS, NOTICES
from attendance_lib.intake.settings import LocalNotice, NoticeSettings
from attendance_lib.rules.notices import MUST_CONSIDER
from attendance_lib.sections.notices import (
    local_notice_windows,
    notice_counts,
    notice_sessions,
    notice_windows,
)

FIVE_DAYS = ["2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10", "2026-09-11"]
ABSENCES = {
    "0001": {"O": FIVE_DAYS[:3], "N": FIVE_DAYS[3:]},  # 10 sessions, 4 of them N
    "0002": {"G": FIVE_DAYS, "O": ["2026-11-16"]},  # 12 sessions
    "0003": {"U": FIVE_DAYS[:4]},  # 8 sessions
    "0004": {"O": FIVE_DAYS[:3], "L": FIVE_DAYS[3:]},  # 6 sessions
}


@pytest.fixture
def pack(make_pack, make_log):
    support = make_log(
        {"pupil_id": "0002", "intervention": "Mentor", "tier": "2", "start_date": "2026-10-05"},
        columns=INTERVENTIONS.column_names,
    )
    contacts = make_log({"pupil_id": "0001", "date": "2026-11-12"}, columns=CONTACTS.column_names)
    return make_pack(ABSENCES, interventions=support, contacts=contacts)


def national(table):
    return table.frame[table.frame["rule"] == "National framework"]


def test_what_the_last_meeting_had_follows_those_who_are_near_the_most_sessions_at_the_top(pack):
    rows = national(notice_windows(pack))
    assert rows["pupil_name"].tolist() == ["Cole, Cy", "Byrne, Bo", "Abara, Ada"]
    assert rows["standing"].tolist() == ["Near", "Met", "Met only if N count"]


def test_a_threshold_met_in_the_period_comes_first(make_pack):
    in_period = {"0004": {"O": ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]}}
    rows = national(notice_windows(make_pack(ABSENCES | in_period)))
    assert rows["pupil_id"].tolist() == ["0004", "0003", "0002", "0001"]


def test_n_is_told_apart(pack):
    assert national(notice_windows(pack))["counted_text"].tolist() == [
        "8",
        "12",
        "10, of which 4 are still N",
    ]


def test_the_codes_counted_are_told(pack):
    assert national(notice_windows(pack))["codes_text"].tolist() == ["U 8", "G 10, O 2", "N 4, O 6"]


def test_support_already_tried_stands_beside_the_count(pack):
    assert national(notice_windows(pack))["support_text"].tolist() == [
        "None recorded",
        "Mentor since 5 Oct",
        "1 contact, last 12 Nov",
    ]


def test_each_rule_has_its_own_rows(pack):
    assert notice_windows(pack).frame["rule"].tolist() == ["National framework"] * 3
    assert local_notice_windows(pack).frame["rule"].tolist() == ["10 sessions in a term"] * 3


def test_the_sentences_count_who_meets_it_who_only_with_n_and_who_without_support(pack):
    assert notice_counts(pack).items == (
        "National framework (10 sessions in 10 school weeks): 2 pupils meet the threshold, "
        "1 only if sessions without a reason yet (N) "
        "are counted, 1 without recorded support; 1 near it (7 to 9 sessions).",
        "10 sessions in a term: 2 pupils meet the threshold, "
        "1 only if sessions without a reason yet (N) are counted, 1 without recorded "
        "support; 1 near it (7 to 9 sessions).",
        MUST_CONSIDER,
    )


def test_a_reader_is_told_that_meeting_it_means_must_consider_and_support_first():
    assert "must consider" in MUST_CONSIDER
    assert "does not mean it must issue" in MUST_CONSIDER
    assert "Support comes first" in MUST_CONSIDER


def test_support_is_not_called_missing_where_no_log_could_tell(make_pack):
    items = notice_counts(make_pack(ABSENCES)).items
    assert "without recorded support" not in items[0]
    assert items[-2].startswith("Support is not known. No log of interventions or penalty notices")


def test_a_notice_takes_what_it_acted_on_out_of_the_count(make_pack, make_log):
    acted = {"pupil_id": "0002", "parent": "parent 1", "kind": "penalty notice", "status": "issued"}
    log = make_log(
        acted | {"issued_on": "2026-10-05", "acted_on_through_date": "2026-09-11"},
        columns=NOTICES.column_names,
    )
    assert (
        "Byrne, Bo" not in national(notice_windows(make_pack(ABSENCES, notices=log)))["pupil_name"].tolist()
    )


def test_no_rule_is_said(make_pack):
    pack = make_pack(ABSENCES, rules=NoticeSettings())
    assert notice_counts(pack).items[0] == notice_windows(pack).empty_text
    assert "applies no notice rule" in notice_windows(pack).empty_text


def test_a_window_that_reaches_back_before_the_marks_is_told(make_pack):
    local = LocalNotice(**{"name": "14 over two terms", "sessions": 14, "terms": 2, "from": date(2025, 9, 1)})
    items = notice_counts(make_pack(rules=NoticeSettings(local=(local,)))).items
    assert (
        "14 over two terms: the marks begin on 7 September 2026, so the window holds 1 of 2 terms." in items
    )


def test_a_cohort_lists_its_own_pupils_only(make_pack):
    table = notice_windows(make_pack(ABSENCES, where={"year_group": (10,)}))
    assert set(table.frame["pupil_name"]) == {"Cole, Cy"}


def test_every_session_counted_is_in_the_evidence(pack):
    table = notice_sessions(pack)
    rows = table.frame[table.frame["pupil_id"] == "0001"]
    assert set(rows["rule"]) == {"National framework; 10 sessions in a term"}
    assert rows["code"].tolist() == ["O"] * 6 + ["N"] * 4
    assert len(table.frame) == 12 + 10 + 8


@pytest.mark.parametrize("section", [notice_windows, notice_sessions])
def test_nobody_near_a_threshold_is_said_and_not_left_out(make_pack, section):
    table = section(make_pack())
    assert table.payload()["rows"] == []
    assert "obody is at or near a threshold" in table.empty_text


@pytest.mark.parametrize("section", [notice_windows, notice_sessions])
def test_names_and_identifiers_are_personal_and_every_column_has_a_meaning(pack, section):
    columns = {column.name: column for column in section(pack).columns}
    assert columns["pupil_name"].personal
    assert columns["pupil_id"].personal
    assert all(column.meaning for column in columns.values())
