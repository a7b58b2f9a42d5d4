"""The notice window as a reader sees it."""

from datetime import date

import pytest

from attendance_lib.intake.schema import CONTACTS, INTERVENTIONS, NOTICES
from attendance_lib.intake.settings.school_file import LocalNotice, NoticeSettings
from attendance_lib.papers.fortnightly.notices import (
    local_notice_windows,
    notice_counts,
    notice_sessions,
    notice_windows,
)
from attendance_lib.rules.notices import LOCAL_TRIGGER, MUST_CONSIDER
from tests.papers.conftest import NATIONAL

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


def test_those_at_the_threshold_without_support_come_first_then_with_it_then_those_near(pack):
    rows = national(notice_windows(pack))
    assert rows["pupil_name"].tolist() == ["Abara, Ada", "Byrne, Bo", "Cole, Cy"]
    assert rows["standing"].tolist() == ["Met only if N count", "Met", "Near"]


def test_those_longest_over_come_first(make_pack):
    """0001 and 0002 since 11 September, of whom 0002 has more sessions; 0004 since 17 November; 0003 is near."""
    in_period = {"0004": {"O": ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]}}
    rows = national(notice_windows(make_pack(ABSENCES | in_period)))
    assert rows["pupil_id"].tolist() == ["0002", "0001", "0004", "0003"]


def test_n_is_told_apart(pack):
    assert national(notice_windows(pack))["counted_text"].tolist() == [
        "10, of which 4 are still N",
        "12",
        "8",
    ]


def test_the_codes_counted_are_told(pack):
    assert national(notice_windows(pack))["codes_text"].tolist() == ["N 4, O 6", "G 10, O 2", "U 8"]


def test_support_already_tried_stands_beside_the_count(pack):
    assert national(notice_windows(pack))["support_text"].tolist() == [
        "1 contact, last 12 Nov",
        "Mentor since 5 Oct",
        "None recorded",
    ]


def test_each_rule_has_its_own_rows(pack):
    assert notice_windows(pack).frame["rule"].tolist() == ["National framework"] * 3
    assert local_notice_windows(pack).frame["rule"].tolist() == ["10 sessions in a term"] * 3


def test_the_sentences_count_who_meets_it_who_only_with_n_and_who_without_support(pack):
    assert notice_counts(pack).items == (
        "National framework (10 sessions in 10 school weeks): 2 pupils meet the threshold, "
        "1 only if sessions without a reason yet (N) "
        "are counted, 1 without recorded support; 1 near it (7 to 9 sessions).",
        "10 sessions in a term (local referral trigger): 2 pupils meet the trigger, "
        "1 only if sessions without a reason yet (N) are counted, 1 without recorded "
        "support; 1 near it (7 to 9 sessions).",
        MUST_CONSIDER,
        LOCAL_TRIGGER,
    )


def test_a_reader_is_told_that_meeting_it_means_must_consider_and_support_first():
    assert "must consider" in MUST_CONSIDER
    assert "does not mean it must issue" in MUST_CONSIDER
    assert "Support comes first" in MUST_CONSIDER


def test_support_is_not_called_missing_where_no_log_could_tell(make_pack):
    items = notice_counts(make_pack(ABSENCES)).items
    assert "without recorded support" not in items[0]
    assert items[-3].startswith("Support is not known. No log of interventions or penalty notices")


NOTICE = {
    "pupil_id": "0002",
    "parent": "A. Byrne",
    "kind": "penalty notice",
    "status": "issued",
    "issued_on": "2026-10-05",
}
USED_UP = {"acted_on_through_date": "2026-09-11"}


def with_notices(make_pack, make_log, *rows, absences=None):
    return make_pack(absences or ABSENCES, notices=make_log(*rows, columns=NOTICES.column_names))


def rows_of(table, pupil="0002"):
    rows = national(table)
    return rows[rows["pupil_id"] == pupil].set_index("parents_text")


def test_a_penalty_notice_uses_up_what_it_was_issued_for_and_only_for_that_parent(make_pack, make_log):
    """Of 12 sessions two are later than 11 September: for A. Byrne two are too few to list, for any other parent 12 count."""
    rows = rows_of(notice_windows(with_notices(make_pack, make_log, NOTICE | USED_UP)))
    assert rows["counted_sessions"].to_dict() == {"Any other parent": 12}
    assert rows.loc["Any other parent", "offence_text"] == "first"


@pytest.mark.parametrize("kind", ["notice to improve", "attendance contract"])
def test_a_notice_to_improve_or_a_contract_uses_nothing_up(make_pack, make_log, kind):
    rows = rows_of(notice_windows(with_notices(make_pack, make_log, NOTICE | USED_UP | {"kind": kind})))
    assert rows["counted_sessions"].to_dict() == {"Each parent": 12}
    assert rows["standing"].tolist() == ["Met"]


def test_a_withdrawn_notice_uses_nothing_up(make_pack, make_log):
    rows = rows_of(
        notice_windows(with_notices(make_pack, make_log, NOTICE | USED_UP | {"status": "withdrawn"}))
    )
    assert rows["counted_sessions"].to_dict() == {"Each parent": 12}


def test_a_pupil_under_a_notice_to_improve_is_listed_whatever_the_count(make_pack, make_log):
    """0001 misses nothing: no threshold is near, and the meeting still has to know of the notice."""
    warned = NOTICE | {"kind": "Notice to improve", "pupil_id": "0001", "status": "active"}
    pack = with_notices(make_pack, make_log, warned, absences={"0004": ABSENCES["0004"]})
    rows = rows_of(notice_windows(pack), "0001")
    assert rows["standing"].tolist() == ["Notice to improve"]
    assert "1 under a notice to improve" in notice_counts(pack).items[0]
    ended = make_log(warned | {"status": "met"}, columns=NOTICES.column_names)
    assert notice_windows(make_pack({}, notices=ended)).frame.empty


def test_first_second_and_third_offences_are_told_apart_over_all_years_of_the_log(make_pack, make_log):
    """Each of two parents got a notice in 2024/25, before the window; B. Byrne a second one."""
    earlier = [
        NOTICE | {"issued_on": "2025-01-13", "status": "paid"},
        NOTICE | {"issued_on": "2025-01-13", "status": "paid", "parent": "B. Byrne"},
        NOTICE | {"issued_on": "2025-06-09", "status": "unpaid", "parent": "B. Byrne"},
    ]
    pack = with_notices(make_pack, make_log, *earlier)
    (row,) = rows_of(notice_windows(pack)).reset_index().to_dict("records")
    assert row["parents_text"] == "Any other parent; A. Byrne; B. Byrne"
    assert row["offence_text"] == (
        "Any other parent: first; A. Byrne: second in three years; "
        "B. Byrne: third in three years: no penalty notice, another measure"
    )
    assert "1 with a parent who has had two notices in three years" in notice_counts(pack).items[0]
    assert (
        notice_counts(pack)
        .items[0]
        .startswith("National framework (10 sessions in 10 school weeks): 2 pupils meet")
    )


def test_the_same_stands_beside_a_local_trigger(make_pack, make_log):
    pack = with_notices(make_pack, make_log, NOTICE | {"issued_on": "2025-01-13"})
    assert (
        "A. Byrne: second in three years"
        in local_notice_windows(pack).frame.set_index("pupil_id").loc["0002", "offence_text"]
    )


def test_without_a_log_no_offence_is_called_the_first(make_pack):
    assert set(notice_windows(make_pack(ABSENCES)).frame["offence_text"]) == {"not known"}
    note = notice_windows(make_pack(ABSENCES)).note
    assert "Which notice a further one would be is not known: No log of penalty notices" in note


def test_support_is_not_called_none_where_no_log_of_it_is_exported(make_pack, make_log):
    """With neither log nobody knows; with one of them there is none recorded in it."""
    assert set(notice_windows(make_pack(ABSENCES)).frame["support_text"]) == {"Not known"}
    empty = make_log(columns=INTERVENTIONS.column_names)
    with_log = notice_windows(make_pack(ABSENCES, interventions=empty))
    assert set(with_log.frame["support_text"]) == {"None recorded"}


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (["2026-09-11"], ""),
        ([None], "1 penalty notice of these pupils does not say up to which absence it was issued"),
        ([None, None], "2 penalty notices of these pupils do not say up to which absence they were issued"),
        # The notice of a parent who got another that does say: still told of, for it used up nothing.
        ([None, "2026-09-11"], "1 penalty notice of these pupils does not say"),
    ],
)
def test_a_notice_that_does_not_say_what_it_was_for_is_told(make_pack, make_log, dates, said):
    notices = [NOTICE | {"acted_on_through_date": date} for date in dates]
    note = notice_windows(with_notices(make_pack, make_log, *notices)).note
    assert said in note
    assert ("no session is taken as used up by" in note) == bool(said)


@pytest.mark.parametrize("other", [{"status": "withdrawn"}, {"kind": "notice to improve"}])
def test_what_uses_nothing_up_need_not_say_what_it_was_for(make_pack, make_log, other):
    pack = with_notices(make_pack, make_log, NOTICE | {"acted_on_through_date": None} | other)
    assert "acted_on_through_date" not in notice_windows(pack).note


def test_a_session_counted_for_two_parents_is_one_session_of_evidence(make_pack, make_log):
    pack = with_notices(make_pack, make_log, NOTICE | {"acted_on_through_date": "2026-09-07"})
    rows = notice_sessions(pack).frame
    assert len(rows[rows["pupil_id"] == "0002"]) == 12


def test_a_local_rule_is_a_referral_trigger_and_no_duty(pack):
    """The duty to consider comes with the national threshold alone (framework for penalty notices)."""
    assert MUST_CONSIDER.startswith("Meeting the national threshold")
    assert "referral trigger" in local_notice_windows(pack).title
    assert LOCAL_TRIGGER in notice_counts(pack).items


def test_what_the_page_leaves_out_is_counted(make_pack, monkeypatch):
    monkeypatch.setattr("attendance_lib.papers.fortnightly.notices.SHOWN_ROWS", 1)
    assert (
        "Of the national table 2 rows (1 at the threshold) are in the workbook alone."
        in notice_counts(make_pack(ABSENCES)).items
    )


def test_no_rule_is_said(make_pack):
    pack = make_pack(ABSENCES, rules=NoticeSettings())
    assert "applies no notice rule" in notice_counts(pack).items[0]
    assert "does not apply the national framework" in notice_windows(pack).empty_text
    assert "names no local rule" in local_notice_windows(pack).empty_text
    assert not local_notice_windows(pack).note


def test_a_school_without_a_local_rule_is_not_told_that_it_applies_none(make_pack):
    """It applies the national framework: only the local table says what would have to be written."""
    pack = make_pack(ABSENCES, rules=NoticeSettings(national_framework=NATIONAL))
    assert local_notice_windows(pack).empty_text.startswith("The school file names no local rule.")
    assert "applies no notice rule" not in " ".join(notice_counts(pack).items)


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
