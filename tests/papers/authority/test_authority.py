"""The paper for the meeting with the authority: pupils, flags and what is asked, worked out by hand; and the page without names."""

import json
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.disclosure.read_back import Record, checked
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.intake.support_tables import PART_TIME, PLANS
from attendance_lib.papers.authority import anonymous, front_page, pupils
from attendance_lib.reports import handed

SEPTEMBER = [
    day.strftime("%Y-%m-%d") for day in pd.bdate_range("2026-09-07", "2026-10-09")
]  # 25 days, 50 of 100 sessions
TWO_WEEKS = [
    day.strftime("%Y-%m-%d") for day in pd.bdate_range("2026-11-09", "2026-11-20")
]  # 10 school days, to the last


@pytest.fixture(scope="module")
def pack(make_pack, make_log):
    """0001 misses half (I) and has a plan; 0002 half (O) and none; 0003 ten days up to the last (O), two agencies; 0004 none."""
    return make_pack(
        {"0001": {"I": SEPTEMBER}, "0002": {"O": SEPTEMBER}, "0003": {"O": TWO_WEEKS}},
        plans=make_log(
            {"plan_id": "SP1", "pupil_id": "0001", "opened_on": "2026-09-21", "lead": "SENCo", "review_on": "2026-10-19",
             "reviewed_on": "2026-10-19", "outcome": "not met", "closed_on": "2026-10-19"},
            {"plan_id": "SP2", "pupil_id": "0001", "opened_on": "2026-10-20", "lead": " ", "review_on": "2026-11-17",
             "early_help_offered_on": "2026-10-20", "early_help_answer": "no answer yet", "barrier": "sleep"},
            {"plan_id": "SP3", "pupil_id": "0003", "opened_on": "2026-11-10", "lead": "ELSA", "review_on": "2026-12-08",
             "agencies": "Family hub and  CAMHS"},
            columns=PLANS.column_names,
        ),
        interventions=make_log(
            {"pupil_id": "0003", "intervention": "Lift", "start_date": "2026-11-02", "agency": "camhs", "barrier": "transport"},
            {"pupil_id": "0002", "intervention": "Club", "start_date": "2026-09-14", "end_date": "2026-10-02",
             "agency": "Youth service", "barrier": "friendships"},
            columns=INTERVENTIONS.column_names,
        ),
        part_time=make_log(
            {"pupil_id": "0004", "date_from": "2026-11-02", "date_to": "2026-11-27", "hours": 12.5, "ambition": "full time",
             "review_date": "2026-11-13", "agreed_by": "mother", "agreed_on": "2026-10-30", "authority_told_on": "2026-11-02"},
            {"pupil_id": "0002", "date_from": "2026-10-12", "hours": 15},
            {"pupil_id": "0003", "date_from": "2026-09-07", "date_to": "2026-10-02", "hours": 15},
            columns=(*PART_TIME.column_names, "date"),
        ).drop(columns="date").pipe(dated),
    )  # fmt: skip


def dated(part_time):
    days = {
        name: pd.to_datetime(part_time[name]).astype("datetime64[s]") for name in ("date_from", "date_to")
    }
    return part_time.assign(**days)


def flags(pack, pupil):
    row = pupils.cases_of(pack).set_index("pupil_id").loc[pupil]
    return {ask.flag for ask in pupils.ASKS if row[ask.flag]}


def test_severely_absent_pupils_stand_one_by_one_with_plan_lead_and_what_was_tried(pack):
    table = pupils.severe_pupils(pack)
    frame = table.frame.set_index("pupil_id")
    assert frame.index.tolist() == ["0001", "0002"]  # 50 of 100 each
    assert frame.loc["0001", ["plan", "lead", "barrier", "early_help"]].tolist() == [
        "SP2 since 20 Oct, review 17 Nov; before it SP1 of 21 Sep: not met, reviewed 19 Oct, closed 19 Oct", "None named", "sleep",
        "offered 20 Oct, no answer yet",
    ]  # fmt: skip
    assert frame.loc["0002", ["plan", "lead", "barrier", "agencies", "tried"]].tolist() == [
        "No plan", "None named", "friendships", "", "Club 14 Sep to 2 Oct",
    ]  # fmt: skip
    assert table.note == (
        "2 pupils missed half or more of their possible sessions this school year; 1 of them has no support plan that runs."
    )


def test_what_is_asked_follows_from_what_is_on_file(pack):
    assert flags(pack, "0001") == {
        "lacks_lead",
        "is_review_overdue",
        "lacks_agency",
        "is_waiting",
        "is_long_ill",
    }
    assert flags(pack, "0002") == {"lacks_plan", "is_incomplete"}
    assert flags(pack, "0003") == {"has_several", "is_lost"}
    assert flags(pack, "0004") == {"is_past_review"}
    asked = pupils.cases_of(pack).set_index("pupil_id")["asked"]
    assert asked["0003"] == (
        "School: visit, and make the return to the authority. Local authority: bring the agencies together, with one lead "
        "practitioner; check with other services where the pupil is (children missing education)"
    )
    counts = pupils.what_is_asked(pack).frame
    assert counts["pupils"].tolist() == [1] * 11
    assert counts["of"].tolist() == ["School"] * 6 + ["Lead practitioner"] + ["Local authority"] * 4


def test_one_agency_written_in_two_ways_is_one(pack):
    table = pupils.several_agencies(pack).frame
    assert table[["pupil_id", "agencies"]].to_numpy().tolist() == [["0003", "Family hub; camhs"]]


def test_only_absence_that_reaches_the_last_register_is_of_a_pupil_whom_nobody_has_seen(pack, make_pack):
    assert pupils.missing_education(pack).frame[["pupil_id", "what"]].to_numpy().tolist() == [
        ["0001", "Ill for 15 school days or more"], ["0003", "Unauthorised for 10 school days in a row"],
    ]  # fmt: skip
    back = make_pack(
        {"0003": {"O": [*TWO_WEEKS[:-1], "2026-11-06"]}}
    )  # ten days in a row, but here on the last
    assert pupils.missing_education(back).frame.empty


def test_part_time_timetables_are_those_in_force_with_what_they_lack(pack):
    frame = pupils.part_time_timetables(pack).frame
    assert frame["pupil_id"].tolist() == ["0002", "0004"]
    assert frame["lacks"].tolist() == [
        "an end; what it is meant to reach; a review date; the parent's agreement; the day of the agreement; the day the local "
        "authority was told",
        "",
    ]


def test_the_first_page_counts_what_is_to_be_settled(pack, make_pack):
    assert front_page.what_to_settle(pack).items[:4] == (
        "2 pupils are severely absent; 1 without a support plan that runs.",
        "1 other pupil is persistently absent with two agencies or more.",
        "1 pupil is absent without authority for ten school days or more, up to the last register.",
        "2 part-time timetables are in force; 1 lacks what guidance asks for.",
    )
    assert front_page.what_to_settle(make_pack()).items[:4] == (
        "No pupil is severely absent; none without a support plan that runs.",
        "No other pupil is persistently absent with two agencies or more.",
        "No pupil is absent without authority for ten school days or more, up to the last register.",
        "The school exports no log of part-time timetables.",
    )
    agenda = front_page.agenda(pack).frame
    assert agenda["minutes"].sum() == 60
    assert agenda["pupils"].dropna().tolist() == [2, 1, 4]


def test_trends_are_the_schools_own_beside_last_year(pack):
    # 100 + 20 of 400 sessions missed, 70 of them O; 3 of 4 pupils persistently, 2 severely absent. There is no last year.
    frame = front_page.trends(pack).frame
    assert frame["year_to_date_rate"].tolist() == [280 / 400, 70 / 400, 3 / 4, 2 / 4]
    assert frame["last_year_rate"].isna().all()


# The page without names


def record_of(*counts):
    """A record of a published report: (coordinates, value) each."""
    kept = [
        {"coordinates": dict(where), "value": value, "told": None, "unit": "pupils", "out_of": None, "none_hidden": False,
         "pupils": None}
        for where, value in counts
    ]  # fmt: skip
    return checked({"layout": 2, "level": 5, "partitions": [], "counts": kept})


OCTOBER, JULY = {"as_at": "2026-10-23"}, {"as_at": "2026-07-17"}
PUBLISHED = [
    record_of((JULY, 200), (JULY | {"measure": "persistently_absent"}, 41), (JULY | {"measure": "severely_absent"}, "c")),
    record_of(
        (OCTOBER, 210), (OCTOBER | {"measure": "persistently_absent"}, 33), (OCTOBER | {"measure": "severely_absent"}, 0),
        (OCTOBER | {"year_group": "9"}, 38), (OCTOBER | {"measure": "persistently_absent", "year_group": "9"}, 17),
        (JULY, 200), (JULY | {"measure": "persistently_absent"}, 42),
        ({"as_at": "2026-12-18"}, 219),
    ),
]  # fmt: skip


def test_the_page_without_names_repeats_what_was_published_and_withholds_what_was_withheld():
    days = anonymous.published_days(PUBLISHED, date(2026, 11, 20))
    # Of two reports on one day the newer; no group of pupils; nothing after the paper's own last day.
    assert days["date"].dt.date.tolist() == [date(2026, 7, 17), date(2026, 10, 23)]
    assert days[["enrolments", "persistently_absent", "severely_absent"]].to_numpy().tolist() == [
        [200, 42, "c"],
        [210, 33, 0],
    ]
    assert days[["persistently_absent_rate", "severely_absent_rate"]].to_numpy().tolist() == [
        [0.21, "c"],
        [0.157, 0.0],
    ]


def test_no_number_of_the_page_without_names_is_new(pack, tmp_path):
    days = anonymous.published_days(PUBLISHED, date(2026, 11, 20))
    document = {"folder": "anonymous", "name": "meeting", "reader": "anybody", "seen": None,
                "payloads": [part.payload() for part in anonymous.parts(pack, days)]}  # fmt: skip
    handed.write_documents([document], tmp_path)
    (table,) = [each for each in document["payloads"] if each["type"] == "table"]
    told = {count.value for record in PUBLISHED for count in record.counts}
    counts = [row[place] for row in table["rows"] for place in (1, 2, 4)]
    assert set(counts) <= told
    said = json.dumps(document["payloads"])
    assert not [name for name in ("Abara", "Byrne", "0001", "SP2", "sleep") if name in said]
    # What the meeting's own paper counts today is nowhere: 2 severely absent of 4.
    assert 4 not in counts


def test_a_personal_table_is_on_no_page_without_names(pack, tmp_path):
    payloads = [front_page.authority_masthead(pack).payload(), pupils.severe_pupils(pack).payload()]
    document = {"folder": "a", "name": "b", "reader": "anybody", "seen": None, "payloads": payloads}
    with pytest.raises(
        DisclosureError, match="table 'severe_pupils', column 'pupil_name' holds personal data"
    ):
        handed.write_documents([document], tmp_path)


def test_without_a_report_published_by_the_day_there_is_no_page(make_pack, monkeypatch):
    early = make_pack(period=(date(2026, 9, 7), date(2026, 9, 18)))
    monkeypatch.setattr(anonymous, "records_of", lambda _: PUBLISHED[1:])
    assert anonymous.published_days(PUBLISHED[1:], early.date_to)["date"].dt.date.tolist() == [
        date(2026, 7, 17)
    ]
    monkeypatch.setattr(anonymous, "records_of", lambda _: [record_of((OCTOBER, 210))])
    note = anonymous.page_without_names(early)
    assert note.record == {"documents": []}
    assert note.items[0].startswith("No page without names was made")


def test_records_are_those_of_the_school_files_folder(tmp_path):
    pack = SimpleNamespace(
        school=SimpleNamespace(
            settings=SimpleNamespace(file=tmp_path / "school.yml", school=SimpleNamespace(urn="990003"))
        )
    )
    assert anonymous.records_of(pack) == []
    file = tmp_path / "a.json"
    file.write_text(PUBLISHED[0].model_dump_json(), "utf-8")
    anonymous.history_of(pack.school.settings.file, "990003", "governors").add(file)
    assert [type(record) for record in anonymous.records_of(pack)] == [Record]
