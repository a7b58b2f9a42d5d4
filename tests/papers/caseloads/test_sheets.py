"""A member's sheet and the lead's page: what is theirs to do, in counts and rows worked out by hand."""

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.intake.schema import ACTIONS, CONTACTS, INTERVENTIONS
from attendance_lib.papers.caseloads import front_page, sheet

STAFF = (
    {"role": "Head of Year 9", "name": "Hal Nine", "year_groups": [9]},
    {"role": "Attendance officer", "name": "Otis All"},
    {"role": "ELSA", "name": "Elsa Lit"},
)
FOUR_DAYS = [f"2026-09-{day:02d}" for day in range(7, 11)]


@pytest.fixture(scope="module")
def pack(make_pack, make_log):
    """0001 misses 6 of 50 days, 0002 six days of which four in one week, 0003 four days; 0004 none."""
    action = {"raised_on": "2026-11-03", "action": "Ring home", "status": "open"}
    done = action | {"status": "done"}
    return make_pack(
        {
            "0001": {"I": [*FOUR_DAYS, "2026-09-11", "2026-09-14"]},
            "0002": {"I": [*FOUR_DAYS, "2026-11-09", "2026-11-10"]},
            "0003": {"I": FOUR_DAYS},
        },
        staff=STAFF,
        people={"0001": {"key_adult": "Hal Nine"}, "0002": {"key_adult": "Gone Away"}},
        actions=make_log(
            {"action_id": "A1", "pupil_id": "0001", "owner": "Head of Year 9", "due_date": "2026-11-17"} | action,
            {"action_id": "A2", "pupil_id": "0003", "owner": "hal nine", "due_date": "2026-12-04"} | action,
            {"action_id": "A3", "pupil_id": "0003", "owner": "Hal Nine", "due_date": "2026-12-07"} | action,
            {"action_id": "A4", "pupil_id": "0004", "owner": "Hal Nine", "completed_on": "2026-11-12"} | done,
            {"action_id": "A5", "pupil_id": "0002", "owner": "Gone Away", "due_date": "2026-11-17"} | action,
            {"action_id": "A6", "pupil_id": None, "owner": "Otis All", "due_date": "2026-11-17"} | action,
            {"action_id": "A7", "pupil_id": "9999", "owner": "Otis All", "due_date": "2026-11-24"} | action,
            columns=ACTIONS.column_names,
        ),
        interventions=make_log(
            {"pupil_id": "0002", "intervention": "Club", "tier": "2", "start_date": "2026-10-05", "lead": "Hal Nine",
             "review_date": "2026-11-16"},
            {"pupil_id": "0004", "intervention": "Club", "tier": "2", "start_date": "2026-10-05", "lead": "Hal Nine",
             "review_date": "2026-12-03"},
            {"pupil_id": "0003", "intervention": "Club", "tier": "2", "start_date": "2026-10-05", "lead": None},
            columns=INTERVENTIONS.column_names,
        ),
        contacts=make_log(
            {"contact_id": "1", "pupil_id": "0001", "date": "2026-10-20", "outcome": "reason given"}, columns=CONTACTS.column_names
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def hal(pack):
    return next(each for each in front_page.caseloads_of(pack) if each.member.name == "Hal Nine")


@pytest.fixture(scope="module")
def otis(pack):
    return next(each for each in front_page.caseloads_of(pack) if each.member.name == "Otis All")


def test_the_first_lines_count_what_is_to_be_done_by_the_second_friday(hal):
    # Of 0002, whose club Hal leads, and of 0001, whose key adult Hal is, nobody was reached for ten school days.
    assert sheet.to_do_words(hal).items == (
        "3 actions are yours: 1 overdue, 1 due by 4 December 2026.",
        "2 reviews are yours to hold by 4 December 2026, 1 of them overdue.",
        "2 homes of your cases have not been reached for 10 school days or more.",
        sheet.FILL_IN,
    )


def test_actions_are_ones_own_whether_the_log_has_the_name_or_the_role(hal, otis):
    assert hal.actions["action_id"].tolist() == ["A1", "A2", "A3", "A4"]
    assert hal.actions["standing"].tolist() == ["Overdue", "To do", "To do", "Done since last time"]
    # One is about nobody, one about a pupil whom the roll does not have: neither is lost.
    assert sheet.own_actions(otis).frame["action_id"].tolist() == ["A6", "A7"]


def test_reviews_are_those_of_what_one_leads(hal):
    frame = sheet.own_reviews(hal).frame
    assert frame[["pupil_id", "reviewed", "standing"]].to_numpy().tolist() == [
        ["0002", "Club", "Overdue"],
        ["0004", "Club", "Due"],
    ]


def test_homes_to_reach_are_those_of_ones_cases(hal):
    # From 20 October three school days before half term and 15 after it; 0002's were never reached in 49.
    frame = sheet.own_contacts(hal).frame
    assert frame[["pupil_id", "since_days"]].to_numpy().tolist() == [["0002", 49], ["0001", 18]]


def test_pupils_are_those_of_the_role_and_of_ones_own_tasks_who_give_concern(hal):
    # 0001 and 0002 are in Year 9; 0003 (8 of 100 sessions missed) is in Year 10, but an action about 0003 is Hal's.
    frame = sheet.own_pupils(hal).frame.set_index("pupil_id")
    assert frame["absence_sessions"].tolist() == [12, 12, 8]
    assert frame.loc["0001", ["band", "lead", "plan"]].tolist() == [
        "Above 85% to 90%", "Hal Nine", "An action or contract is open",
    ]  # fmt: skip
    assert frame.loc["0002", "plan"] == "Club since 5 Oct, review 16 Nov"


def test_the_figures_are_coverage_quiet_reasons_reviews_and_load(hal):
    # Both of Year 9 are over the line and something is agreed. Since 3 November, when the actions were agreed, 13 school days.
    told = {each.name: (each.value, each.detail) for each in sheet.own_figures(hal)}
    assert told["covered"] == (2, "of 2 pupils; nothing is agreed for 0")
    assert told["quietest"][0] == 13
    assert told["reviews_held"] == (0, "of 1 that fell due this school year")
    assert told["load"][0] == 8  # two courses of tier 2 in two weeks
    assert "attend" not in " ".join(each.label for each in sheet.own_figures(hal)).casefold()


def test_names_that_the_school_file_does_not_have_are_told_with_what_is_open(pack):
    assert front_page.nobodys(pack)[["owner", "actions", "courses", "count"]].to_numpy().tolist() == [
        ["(nobody named)", 0, 1, 1], ["Gone Away", 1, 0, 1],
    ]  # fmt: skip
    said = front_page.what_to_know(pack).items
    assert (
        "2 open actions or plans in the logs are on nobody's sheet: 1 name there is not among the school file's staff. "
        "Has somebody left?" in said
    )


def test_of_two_people_together_nothing_is_said_and_of_three_it_is(pack, make_pack):
    two = make_pack({"0001": {"I": FOUR_DAYS}}, staff=STAFF[:2])
    nothing = ("Nothing is said of the work of fewer than 3 people together.",)
    assert front_page.team_figures(two).items == nothing
    # Elsa has nothing to do: two sheets, though three people.
    assert front_page.team_figures(pack).items == nothing
    hana = {"role": "Head of Year 10", "name": "Hana Ten", "year_groups": [10]}
    three = make_pack(staff=[*STAFF[:2], hana])
    assert next(each.value for each in front_page.team_figures(three).figures) == 0


def test_a_sheet_can_be_made_for_one_alone_by_name_or_role(pack):
    for asked in ("hal nine", "Head of Year 9"):
        (document,) = front_page.sheets_handed(pack, asked).record["documents"]
        assert document["folder"] == "staff/hal-nine"
    with pytest.raises(SettingsError, match="no member of staff 'Hal Nin'. Did you mean 'Hal Nine'"):
        front_page.sheets_handed(pack, "Hal Nin")


def test_roles_that_are_told_little_are_named(make_pack):
    bare = make_pack(staff=[{"role": "Tutor", "name": "A"}, {"role": "Caretaker", "name": "B"}])
    assert front_page.what_to_know(bare).items[-2:] == (
        "Told of own tasks alone, for the table below does not know the role: Caretaker.",
        "Told of own tasks alone, for the school file gives no year_groups or forms: Tutor.",
    )


def test_without_staff_the_paper_says_what_to_write(make_pack):
    assert front_page.what_to_know(make_pack()).items[0].startswith("The school file names no staff")
    assert front_page.sheets_handed(make_pack(), "").record == {"documents": []}
