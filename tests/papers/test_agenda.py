"""The meeting's agenda: who is on it, who is rolled over, and what each line leads to, worked out by hand."""

import pandas as pd
import pytest

from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.intake.schema import ACTIONS, CONTACTS, INTERVENTIONS
from attendance_lib.papers.fortnightly import agenda

SEPTEMBER = [
    day.strftime("%Y-%m-%d") for day in pd.bdate_range("2026-09-07", "2026-10-09")
]  # half of 50 days
STAFF = (
    {"role": "Attendance lead", "name": "Lea All"},
    {"role": "Head of Year 9", "name": "Hal Nine", "year_groups": [9]},
    {"role": "Head of Year 10", "name": "Hana Ten", "year_groups": [10]},
)


@pytest.fixture(scope="module")
def pack(make_pack, make_log):
    """0001 and 0002 miss half (I), 0003 three days, and two now (I), 0004 none; something is agreed for 0002 and 0004."""
    todo = {"status": "open", "action": "x"}
    return make_pack(
        {
            "0001": {"I": SEPTEMBER},
            "0002": {"I": SEPTEMBER},
            "0003": {"I": ["2026-09-07", "2026-09-08", "2026-09-09", "2026-11-09", "2026-11-10"]},
        },
        staff=STAFF,
        actions=make_log(
            {"action_id": "1", "pupil_id": "0002", "raised_on": "2026-11-03", "due_date": "2026-11-10"} | todo,
            {"action_id": "2", "pupil_id": "0003", "raised_on": "2026-11-10", "due_date": "2026-12-01"} | todo,
            columns=ACTIONS.column_names,
        ),
        interventions=make_log(
            {"pupil_id": "0004", "intervention": "Mentor", "tier": "2", "start_date": "2026-10-05", "lead": "ELSA",
             "review_date": "2026-11-13"},
            {"pupil_id": "0002", "intervention": "Club", "tier": "2", "start_date": "2026-09-14", "end_date": "2026-10-16",
             "outcome": "Not met", "reason_not_working": "started too late", "next_step": " "},
            columns=INTERVENTIONS.column_names,
        ),
        contacts=make_log({"contact_id": "1", "pupil_id": "0001", "date": "2026-11-18"}, columns=CONTACTS.column_names),
    )  # fmt: skip


def test_the_parts_are_forty_minutes_and_fifteen_places():
    assert sum(part.minutes for part in agenda.PARTS) == agenda.MINUTES
    assert sum(part.places for part in agenda.PARTS) == agenda.MOST_PUPILS


def test_each_pupil_stands_once_in_the_first_part_that_fits(pack):
    # 0001 is severely absent with nothing agreed, though quiet for two days only; 0003 became persistently absent (10 of 100).
    frame = agenda.agenda_pupils(pack).frame
    assert frame[["pupil_id", "part", "why"]].to_numpy().tolist() == [
        ["0001", "Severe, or nothing agreed", "Severe absence"],
        ["0002", "Severe, or nothing agreed", "Severe absence"],
        ["0003", "New", "now persistently absent; falling fast"],
        ["0004", "Review", "Mentor: review overdue since 13 Nov"],
    ]
    assert frame["plan"].tolist()[:2] == ["Nothing agreed", "An action or contract is open"]


def test_what_failed_stands_with_its_reason_and_the_next_step_and_what_runs_with_its_cards_finding(pack):
    told = agenda.agenda_pupils(pack).frame.set_index("pupil_id")["worked"]
    assert told["0002"] == "Club not met: started too late; next: not written down"
    assert told["0004"] == "Mentor: too few to tell"
    assert told["0001"] == ""


def test_beside_words_of_staff_a_card_that_can_tell_nothing_is_left_out(pack, monkeypatch):
    cards = {"0002": {"Mentor": Verdict.TOO_FEW, "Club": Verdict.HELPED}, "0004": {"Mentor": Verdict.TOO_FEW}}
    monkeypatch.setattr(agenda, "cards_of", lambda pack: cards)
    assert agenda.worked(pd.Series(["0002", "0004"]), pack) == [
        "Club not met: started too late; next: not written down. Club: likely helped",
        "Mentor: too few to tell",
    ]


def test_the_agenda_says_who_leads_and_where_actions_and_n_stand(pack):
    table = agenda.agenda(pack)
    assert table.frame["led_by"].tolist() == [
        "Lea All", "Lea All", "the head of each pupil's year", "whoever leads each", "the attendance officer", "the pastoral team",
    ]  # fmt: skip
    assert table.frame["talked"].dropna().tolist() == [2, 1, 1, 0]
    assert table.note == (
        "40 minutes, at most 15 pupils; 0 are rolled over. Actions: 0 done since last time, 2 open, 1 overdue. N past its fifth "
        "school day: 0."
    )


def of_parts(counts):
    """Candidates, so many a part, none of them in two."""
    for part, count in counts.items():
        yield part, pd.DataFrame({"pupil_id": [f"{part}{number:02d}" for number in range(count)], "why": "x"})


@pytest.mark.parametrize(
    ("counts", "on"),
    [
        ((30, 30, 30, 30), (5, 4, 4, 2)),
        ((30, 1, 0, 1), (13, 1, 0, 1)),  # what others leave free goes to the first that waits
        ((1, 30, 2, 30), (1, 10, 2, 2)),
        ((3, 3, 3, 1), (3, 3, 3, 1)),
        ((0, 0, 0, 40), (0, 0, 0, 15)),
    ],
)
def test_fifteen_are_talked_about_and_the_rest_are_rolled_over_in_order(make_pack, monkeypatch, counts, on):
    names = (agenda.SEVERE, agenda.RISING, agenda.REVIEWS, agenda.NOTICES)
    monkeypatch.setattr(agenda, "candidates", lambda _: of_parts(dict(zip(names, counts, strict=True))))
    found = agenda.pupils_of_the_meeting(make_pack())
    assert tuple(int(found[found["part"] == name]["is_on"].sum()) for name in names) == on
    assert len(found) == sum(counts)
    for name in names:  # in each part those first in order
        is_on = found[found["part"] == name]["is_on"].tolist()
        assert is_on == sorted(is_on, reverse=True)


def test_who_fits_two_parts_stands_in_the_first_alone(make_pack, monkeypatch):
    told = {agenda.SEVERE: ["a", "b"], agenda.RISING: ["b", "c"], agenda.NOTICES: ["c", "a"]}
    lists = [(part, pd.DataFrame({"pupil_id": ids, "why": "x"})) for part, ids in told.items()]
    monkeypatch.setattr(agenda, "candidates", lambda _: lists)
    found = agenda.pupils_of_the_meeting(make_pack())
    assert found[["pupil_id", "part"]].to_numpy().tolist() == [
        ["a", agenda.SEVERE],
        ["b", agenda.SEVERE],
        ["c", agenda.RISING],
    ]


def test_where_everyone_has_a_place_nobody_is_rolled_over(pack, make_pack):
    assert agenda.rolled_over(pack).frame.empty
    assert agenda.agenda_pupils(make_pack()).frame.empty
