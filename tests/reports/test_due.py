"""Which papers are due, made and missed on a day, and what the command prints of it.

The tiny school meets on Tuesdays: 8 and 22 September, 6 and 20 October, 10 and 24 November, 8 December 2026.
Its half terms end on 23 October and 18 December.
"""

import json
from dataclasses import replace
from datetime import date, time
from types import SimpleNamespace

import pytest

from attendance_lib.casebook.state import CellState, RowState, Saying
from attendance_lib.errors import SettingsError
from attendance_lib.reports.due import DueRequest, Shelf, standing_on
from attendance_lib.reports.due_run import command_of
from attendance_lib.reports.due_text import standing_notes, standing_text
from attendance_lib.reports.names import pack_name
from attendance_lib.reports.period import Period
from tests.reports.due_school import INTERVENTIONS, request_on, with_meeting, write_pack

NOVEMBER = ("2026-11-09", "2026-11-20")
OCTOBER = ("2026-10-19", "2026-11-06")
HALF_TERM = ("2026-09-03", "2026-10-23")


@pytest.fixture
def school(project):
    return with_meeting(project)


def stands(project, **asked):
    """Each occasion that counts: status, report and last day."""
    found = standing_on(request_on(project, **asked)).asked
    return [(each.status.value, each.report, f"{each.occasion.last:%m-%d}") for each in found]


def test_on_the_day_before_a_meeting_its_pack_is_due_and_that_of_the_meeting_before_was_missed(school):
    assert stands(school) == [
        ("no notebook", "impact", "10-23"),
        ("due", "governors", "10-23"),
        ("missed", "fortnightly", "11-06"),
        ("due", "fortnightly", "11-20"),
    ]


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2026, 11, 22), None),
        (date(2026, 11, 23), "due"),
        (date(2026, 11, 24), "due"),
        (date(2026, 11, 25), "missed"),
    ],
)
def test_a_pack_is_due_until_its_meeting_is_over(school, on, status):
    found = {last: status for status, report, last in stands(school, on=on) if report == "fortnightly"}
    assert found.get("11-20") == status


def test_a_report_without_a_meeting_is_due_until_the_next_one_is(school):
    """That on the first half term is due from 7 November; that on the second not before the calendar's end."""
    for on in (date(2026, 11, 7), date(2026, 12, 18)):
        assert ("due", "governors", "10-23") in stands(school, on=on)
    assert not [each for each in stands(school, on=date(2026, 11, 6)) if each[1] == "governors"]


def test_a_pack_that_is_there_is_made(school):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    found = standing_on(request_on(school)).asked[-1]
    assert (found.status.value, found.pack) == ("made", pack)


@pytest.mark.parametrize(("first", "last"), [("2026-11-08", "2026-11-22"), ("2026-11-09", "2026-11-21")])
def test_a_pack_of_the_same_school_days_is_the_same_pack(school, first, last):
    write_pack(school, "fortnightly", first, last)
    assert stands(school)[-1] == ("made", "fortnightly", "11-20")


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2026-11-10", "2026-11-20", None),
        ("2026-11-09", "2026-11-19", None),
        ("2026-10-19", "2026-11-20", None),
        (*NOVEMBER, "2026-11-09_2026-11-20_year_7"),
        (*NOVEMBER, "2026-11-09_2026-11-20_tier-2"),
        (*NOVEMBER, ".building-2026-11-09_2026-11-20"),
    ],
)
def test_a_pack_of_other_days_or_of_some_pupils_does_not_stand_for_it(school, first, last, name):
    write_pack(school, "fortnightly", first, last, name=name)
    assert stands(school)[-1] == ("due", "fortnightly", "11-20")


def test_the_evaluation_covers_the_whole_record_up_to_the_end_of_its_half_term(school):
    assert ("no notebook", "impact", "10-23") in stands(school)
    write_pack(school, "impact", "2026-09-01", "2026-10-23")
    assert ("made", "impact", "10-23") in stands(school)


def test_a_pack_whose_receipt_cannot_be_read_does_not_count_and_is_told(school):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    (pack / "receipt.json").write_text("{", encoding="utf-8")
    standing = standing_on(request_on(school))
    assert standing.asked[-1].status.value == "due"
    assert "receipt.json is damaged, or another version wrote it: it is not JSON" in standing.notes[0]


# How far back


def test_by_default_the_present_half_term_counts_and_the_newest_of_each_paper(school):
    """On 4 November, before the first meeting of the half term, the newest pack is that for 20 October."""
    assert [each for each in stands(school, on=date(2026, 11, 4)) if each[1] == "fortnightly"] == [
        ("missed", "fortnightly", "10-16")
    ]


def test_what_is_missing_from_before_is_counted_but_does_not_count(school):
    """Of the meetings of September and October: 8 and 22, 6 and 20."""
    assert standing_on(request_on(school)).missing_before == 4
    write_pack(school, "fortnightly", "2026-10-05", "2026-10-16")
    assert standing_on(request_on(school)).missing_before == 3


def test_since_counts_from_the_day_on_that_is_given_and_no_further(school):
    found = [each for each in stands(school, since=date(2026, 10, 5)) if each[1] == "fortnightly"]
    assert [last for _, _, last in found] == ["10-02", "10-16", "11-06", "11-20"]
    assert stands(school, since=date(2026, 11, 24)) == []


# What has been made fixes the past


def rewrite(school, *changes):
    path = school.params / "demo.yml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return school


def made(school, report, first, last):
    """A pack as the schedule makes it: its receipt says which marks it waited for."""
    return write_pack(school, report, first, last, marks_to=last)


WEEKLY = ("every_school_weeks: 2", "every_school_weeks: 1")
A_WEEK_LATER = ("first: 2026-09-08", "first: 2026-09-15")


def spans_of(school, **asked):
    found = standing_on(request_on(school, **asked)).asked
    return [
        (each.status.value, f"{each.occasion.first:%m-%d}", f"{each.occasion.last:%m-%d}")
        for each in found
        if each.report == "fortnightly"
    ]


def test_after_another_rhythm_no_day_is_asked_for_twice(school):
    """The pack holds 9 to 20 November; weekly meetings ask for each of its weeks, and have it."""
    made(school, "fortnightly", *NOVEMBER)
    rewrite(school, WEEKLY)
    assert spans_of(school, on=date(2026, 11, 30), since=date(2026, 11, 16)) == [
        ("made", "11-09", "11-13"), ("made", "11-16", "11-20"), ("due", "11-23", "11-27"),
    ]  # fmt: skip


def test_the_next_occasion_begins_after_the_last_pack_s_end(school):
    """Meetings a week later ask for 2 to 13 and for 16 to 27 November; a pack was made to the 6th."""
    made(school, "fortnightly", *OCTOBER)
    rewrite(school, A_WEEK_LATER)
    assert spans_of(school, on=date(2026, 11, 30), since=date(2026, 11, 16)) == [
        ("missed", "11-09", "11-13"), ("due", "11-16", "11-27"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("held", "left"),
    [
        (("2026-11-11", "2026-11-13"), ("due", "11-16", "11-20")),
        (("2026-11-18", "2026-11-20"), ("due", "11-09", "11-17")),
    ],
)
def test_what_comes_after_the_days_that_are_held_is_left_else_what_comes_before(school, held, left):
    made(school, "fortnightly", *held)
    assert spans_of(school)[-1] == left


def test_a_pack_that_nobody_s_calendar_asked_for_fixes_nothing(school):
    write_pack(school, "fortnightly", *NOVEMBER)
    rewrite(school, WEEKLY)
    assert spans_of(school, on=date(2026, 11, 30), since=date(2026, 11, 30)) == [("due", "11-23", "11-27")]
    assert ("missed", "11-09", "11-13") in spans_of(school, on=date(2026, 11, 30), since=date(2026, 11, 16))


@pytest.mark.parametrize("report", ["governors", "impact"])
def test_snow_on_the_last_day_of_a_half_term_asks_for_nothing_twice(project, report):
    school = with_meeting(project, reports=(report,))
    made(school, report, *HALF_TERM)
    found = {each.report: each.status.value for each in standing_on(request_on(school)).asked}
    assert found[report] == "made"
    rewrite(school, ("calendar:\n", "calendar:\n  closures: [{date: 2026-10-23, reason: snow}]\n"))
    found = {each.report: each.status.value for each in standing_on(request_on(school)).asked}
    assert found[report] == "made"


def test_the_pack_made_from_what_is_left_is_made(school):
    made(school, "fortnightly", *OCTOBER)
    rewrite(school, A_WEEK_LATER)
    made(school, "fortnightly", "2026-11-09", "2026-11-13")
    assert spans_of(school, on=date(2026, 11, 30), since=date(2026, 11, 16))[0][0] == "made"


# A pack missed, and the end of a school year


def test_a_pack_missed_in_an_outage_is_named_and_one_from_before_the_first_is_not(school):
    made(school, "fortnightly", "2026-09-21", "2026-10-02")
    standing = standing_on(request_on(school))
    assert [str(each.occasion.last) for each in standing.missing] == [
        "2026-09-04",
        "2026-09-18",
        "2026-10-16",
    ]
    (line,) = [note for note in standing_notes(standing) if note.startswith("Never made")]
    assert line == (
        "Never made: fortnightly 2026-10-05 to 2026-10-16, pack for the pastoral meeting on 2026-10-20. "
        "To make it: attendance due --run --since 2026-10-19"
    )


SUMMER = (
    ("name: autumn", "name: summer"), ("202627", "202526"), ("2026-09-03", "2026-04-13"), ("2026-10-23", "2026-05-22"),
    ("2026-11-02", "2026-06-01"), ("2026-12-18", "2026-07-17"), ("2026-09-08", "2026-04-21"),
)  # fmt: skip


def test_at_the_end_of_a_school_year_the_last_weeks_have_a_pack_and_what_waits_is_said(school):
    """Meetings from 21 April every two school weeks: the last is on 7 July, its pack ends on the 3rd."""
    rewrite(school, *SUMMER)
    assert spans_of(school, on=date(2026, 7, 18))[-1] == ("due", "07-06", "07-17")
    lines = standing_text(standing_on(request_on(school, on=date(2026, 7, 18)))).splitlines()
    assert any(line.endswith("pack of the last weeks of the school year") for line in lines)
    assert lines[-1] == (
        "next         every pack and report after 2026-07-17 waits for the next school year's terms: add them under 'calendar' "
        "in demo.yml"
    )
    assert "waits" not in standing_text(standing_on(request_on(school, on=date(2026, 5, 28))))


def test_the_summer_half_term_s_report_is_due_when_term_ends_and_waits_for_no_terms(school):
    rewrite(school, *SUMMER)
    asked = standing_on(request_on(school, on=date(2026, 7, 18))).asked
    summer = "governors", date(2026, 7, 17)
    (report,) = [each for each in asked if (each.report, each.occasion.last) == summer]
    assert report.status.value == "due"
    assert (str(report.occasion.due), str(report.occasion.marks_to)) == ("2026-07-18", "2026-07-17")


# The days that a school may set


@pytest.mark.parametrize(("setting", "due"), [("", "2026-11-07"), ("0", "2026-10-24"), ("10", "2026-11-14")])
def test_the_school_says_how_long_a_register_takes_to_settle(project, setting, due):
    with_meeting(project, f"papers: {{settled_school_days: {setting}}}\n" if setting else "")
    found = standing_on(request_on(project)).asked
    assert [str(each.occasion.due) for each in found if each.report == "governors"] == [due]


def test_a_first_meeting_outside_the_calendar_is_refused_with_the_remedy(project):
    path = with_meeting(project).params / "demo.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-09-08", "2025-09-09"), encoding="utf-8")
    with pytest.raises(
        SettingsError, match=r"first 2025-09-09 lies outside the calendar \(2026-09-03 to 2026-12-18\)"
    ):
        standing_on(request_on(project))


def test_a_school_without_a_meeting_and_a_calendar_that_has_ended_are_told(project):
    notes = standing_on(request_on(project, on=date(2027, 1, 8))).notes
    assert notes == (
        "The calendar of demo.yml ends on 2026-12-18. Add the next terms under 'calendar'.",
        "demo.yml names no meeting, so no pack is due before one. Add 'pastoral' under 'meetings'.",
    )


# Papers that a school asks for in its own rhythm

SHEETS = 'papers: {daily: {AM: "09:20", PM: "13:50"}}\n'
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def calling(project):
    return with_meeting(project, SHEETS, reports=("daily",))


def sheets(project, on=FRIDAY, **asked):
    """The sheets that count on a day: status and kind; and the day and kind of those to come."""
    found = standing_on(replace(request_on(project, on=on), **asked))
    coming = [(each.due.day, each.kind) for each in found.coming if each.kind.startswith("daily")]
    return [(each.status.value, each.occasion.kind) for each in found.asked if each.report == "daily"], coming


def sheet_of(project, day, *, afternoon=False):
    values = {"session": "PM"} if afternoon else {}
    name = pack_name(Period.of(day, day), "all", values)
    return write_pack(project, "daily", day, day, name=name, marks_to=day)


def test_a_school_that_names_no_time_is_asked_for_no_sheet(school):
    assert sheets(school) == ([], [])


@pytest.mark.parametrize(
    ("at", "asked", "coming"),
    [
        (time(9, 19), [], [(20, "daily_am"), (20, "daily_pm")]),
        (time(9, 20), ["daily_am"], [(20, "daily_pm"), (23, "daily_am")]),
        (time(13, 50), ["daily_am", "daily_pm"], [(23, "daily_am"), (23, "daily_pm")]),
    ],
)
def test_a_sheet_is_asked_for_from_its_time_on(calling, at, asked, coming):
    assert sheets(calling, at=at) == ([("due", kind) for kind in asked], coming)


def test_sheets_of_days_that_are_over_are_neither_missed_nor_counted(calling):
    on_saturday = standing_on(request_on(calling, on=date(2026, 11, 21)))
    assert [each.report for each in on_saturday.asked if each.report == "daily"] == []
    assert sheets(calling, since=date(2026, 9, 3))[0] == [("due", "daily_am"), ("due", "daily_pm")]
    assert "daily" not in {each.report for each in on_saturday.missing}


def test_the_morning_s_sheet_is_made_once_and_is_not_the_afternoon_s(calling):
    sheet_of(calling, "2026-11-19")
    assert sheets(calling)[0] == [("due", "daily_am"), ("due", "daily_pm")]
    sheet_of(calling, "2026-11-20")
    assert sheets(calling)[0] == [("made", "daily_am"), ("due", "daily_pm")]
    sheet_of(calling, "2026-11-20", afternoon=True)
    assert sheets(calling)[0] == [("made", "daily_am"), ("made", "daily_pm")]
    assert sheets(calling, on=date(2026, 11, 18))[0] == [("due", "daily_am"), ("due", "daily_pm")]


def test_each_sheet_is_asked_for_by_its_session_and_waits_for_marks_of_the_day(calling):
    request = request_on(calling, on=FRIDAY)
    found = [each for each in standing_on(request).asked if each.report == "daily"]
    morning, afternoon = (command_of(each, request) for each in found)
    assert "--set" not in morning
    assert afternoon[afternoon.index("--set") + 1] == "session=PM"
    for command in (morning, afternoon):
        assert [command[command.index(name) + 1] for name in ("--from", "--to", "--marks-to")] == [
            "2026-11-20"
        ] * 3


def test_the_next_sheet_is_printed_with_its_time(calling):
    text = standing_text(standing_on(replace(request_on(calling, on=FRIDAY), at=time(9, 30))))
    assert "sheet of the afternoon, due on 2026-11-20 at 13:50" in text
    assert (
        "2026-11-09 to 2026-11-20  pack for the pastoral meeting on 2026-11-24, due on 2026-11-23\n" in text
    )


def test_punctuality_and_lessons_are_asked_for_by_a_school_that_says_how_often(project):
    """The weeks of the school year begin on 31 August; that of 2 November is the ninth, that of 9 November the tenth."""
    rhythm = "papers: {punctuality_every_school_weeks: 2, lessons_every_school_weeks: 3}\n"
    with_meeting(project, rhythm, reports=("punctuality", "lessons"))
    assert [each for each in stands(project) if each[1] in ("punctuality", "lessons")] == [
        ("due", "lessons", "11-06"),
        ("due", "punctuality", "11-13"),
    ]


# What is printed


def test_the_lines_are_those_to_be_made_first_then_made_then_impossible_then_next(school):
    write_pack(school, "fortnightly", *OCTOBER)
    lines = standing_text(standing_on(request_on(school))).splitlines()
    assert lines[0] == "St Mary's on 2026-11-23: 2 due, 1 made, 1 without a notebook"
    assert [line.split("  ")[0].strip() for line in lines[1:]] == [
        *["due"] * 2, "made", "no notebook",
        "Before 2026-11-02 4 more without a pack, which --run leaves alone. Add --since DATE to count from an earlier day.",
        *["next"] * 2,
    ]  # fmt: skip
    assert (
        lines[2]
        == "due          fortnightly  2026-11-09 to 2026-11-20  pack for the pastoral meeting on 2026-11-24"
    )
    assert lines[3].endswith(
        f"meeting on 2026-11-10: outputs/st-marys-990002/fortnightly/{OCTOBER[0]}_{OCTOBER[1]}"
    )
    assert lines[4].endswith("no notebook 'impact' in this project")


def test_no_export_is_read(school):
    for export in ("pupils.csv", "marks_1.csv"):
        (school.params / export).unlink()
    assert stands(school)


def test_listing_changes_nothing(school):
    standing_text(standing_on(request_on(school)))
    assert not school.outputs.exists()


def test_a_receipt_of_another_school_does_not_count(school):
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    pack.parents[1].rename(school.outputs / "other-990003")
    assert stands(school)[-1][0] == "due"
    assert json.loads((school.outputs / "other-990003/fortnightly" / pack.name / "receipt.json").read_text())


@pytest.mark.parametrize(
    ("made_from", "how"),
    [
        ("params/demo.yml", "with this school file"),
        ("params/marks_1.csv", "from the same exports"),
        ("params/other.csv", ""),
    ],
)
def test_a_new_name_without_the_former_one_is_noticed_by_the_packs_of_the_same_files(school, made_from, how):
    """Also where the school file was renamed with the school, so that only the exports are the same."""
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    text = (pack / "receipt.json").read_text(encoding="utf-8")
    told = {"school": {"name": "St Mary's", "urn": "990002"}, "inputs": {made_from: "0" * 64}}
    (pack / "receipt.json").write_text(json.dumps(json.loads(text) | told), encoding="utf-8")
    assert standing_on(request_on(school)).notes == ()
    rewrite(school, ("St Mary's", "St Mary's Academy"), ("990002", "990003"))
    notes = standing_on(request_on(school)).notes
    assert [note.partition(". ")[0] for note in notes] == (
        [f"st-marys-990002 holds packs of St Mary's (URN 990002), made {how}"] if how else []
    )
    assert all('formerly: [{name: "St Mary\'s", urn: "990002"}]' in note for note in notes)
    rewrite(school, ("  urn:", '  formerly: [{name: "St Mary\'s", urn: "990002"}]\n  urn:'))
    standing = standing_on(request_on(school))
    assert standing.notes == ()
    assert standing.asked[-1].status.value == "made"


def test_a_school_file_of_another_name_begins_nothing_anew(school):
    """Packs lie by the school's number and not by its file."""
    pack = write_pack(school, "fortnightly", *NOVEMBER)
    renamed = (school.params / "demo.yml").rename(school.params / "st_marys.yml")
    standing = standing_on(DueRequest(school, renamed, school.outputs, date(2026, 11, 23)))
    assert (standing.asked[-1].status.value, standing.asked[-1].pack) == ("made", pack)
    assert standing.notes == ()


@pytest.mark.parametrize(
    ("on", "is_told"), [("2026-09-20", False), ("2026-09-21", True), ("2026-11-23", True)]
)
def test_week_labels_that_run_out_are_announced_a_fortnight_before(school, on, is_told):
    """Labels end with the week of Monday 28 September; the first school day without one is 5 October."""
    labels = "  week_labels: {A: [2026-09-07, 2026-09-21], B: [2026-09-14, 2026-09-28]}\n"
    rewrite(school, ("calendar:\n", f"calendar:\n{labels}"))
    notes = standing_on(request_on(school, on=date.fromisoformat(on))).notes
    assert [note[:87] for note in notes] == (
        ["The week labels of demo.yml end with the week of 2026-09-28, and school goes on on 2026-10-05"[:87]]
        if is_told
        else []
    )


# Draws

INCENTIVES = """
incentives:
  public_value: "the next lottery"
  raffle: [{from: 2026-09-01, prizes: 1, reserves: 1, most_tickets: 10}]
  prize_pot: [{from: 2026-09-01, prizes: 1, reserves: 1, missed: 1, out_of: 20}]
"""
WEEK, BLOCK = ("2026-11-16", "2026-11-20"), ("2026-09-03", "2026-10-09")


@pytest.fixture
def drawing(project):
    """The school with a raffle and a prize pot, and a notebook that makes them."""
    return with_meeting(project, INCENTIVES, reports=("incentives",))


def draws(project, **asked):
    """Each draw that counts: status, kind and last day."""
    found = standing_on(request_on(project, **asked)).asked
    return [
        (each.status.value, each.occasion.kind, f"{each.occasion.last:%m-%d}")
        for each in found
        if each.report == "incentives"
    ]


def list_of(project, kind, first, last, **more):
    """Put the pack of a list, or of a draw, in place under the name that a run gives it."""
    values = {} if kind == "raffle" else {"draw": kind}
    values |= {"public_value": more["value"]} if "value" in more else {}
    name = pack_name(Period.of(first, last), "all", values)
    told = {"draw": kind, "public_value": more.get("value", "")}
    return write_pack(
        project, "incentives", first, last, name=name, parameters=told, marks_to=more.get("marks_to", "")
    )


def test_a_school_without_a_rule_is_asked_for_no_draw(school):
    assert draws(school) == []


def test_both_draws_are_due_on_their_days(drawing):
    assert draws(drawing) == [
        ("due", "prize_pot", "10-09"),
        ("missed", "raffle", "11-06"),
        ("missed", "raffle", "11-13"),
        ("due", "raffle", "11-20"),
    ]


def test_the_raffle_of_some_days_is_no_prize_pot_and_the_other_way_round(drawing):
    list_of(drawing, "raffle", *BLOCK)
    list_of(drawing, "prize_pot", *WEEK, marks_to=WEEK[1])
    assert {draws(drawing)[0][:2], draws(drawing)[-1][:2]} == {("due", "prize_pot"), ("due", "raffle")}
    list_of(drawing, "prize_pot", *BLOCK)
    list_of(drawing, "raffle", *WEEK)
    assert {draws(drawing)[0][:2], draws(drawing)[-1][:2]} == {("made", "prize_pot"), ("made", "raffle")}


def test_the_prize_pot_is_asked_for_by_its_name(drawing):
    (pot,) = [each for each in standing_on(request_on(drawing)).asked if each.occasion.kind == "prize_pot"]
    command = command_of(pot, request_on(drawing))
    assert command[command.index("--set") + 1] == "draw=prize_pot"
    raffle = standing_on(request_on(drawing)).asked[-1]
    assert "--set" not in command_of(raffle, request_on(drawing))


def test_a_list_that_is_written_waits_for_its_public_value_and_says_what_to_type(drawing):
    list_of(drawing, "prize_pot", *BLOCK)
    (said,) = [note for note in standing_notes(standing_on(request_on(drawing))) if "waits" in note]
    assert "the draw waits for the next lottery" in said
    assert said.endswith("--set public_value=...")
    assert "--set draw=prize_pot" in said
    list_of(drawing, "raffle", *BLOCK, value="4 8 15")
    assert [note for note in standing_notes(standing_on(request_on(drawing))) if "waits" in note] == [said]
    list_of(drawing, "prize_pot", *BLOCK, value="4 8 15")
    assert not [note for note in standing_notes(standing_on(request_on(drawing))) if "waits" in note]


def test_a_week_that_is_closed_in_part_later_is_not_drawn_again(drawing):
    list_of(drawing, "raffle", *WEEK, marks_to=WEEK[1])
    path = drawing.params / "demo.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("calendar:\n", 'calendar:\n  closures: [{date: 2026-11-20, reason: "snow"}]\n', 1),
        encoding="utf-8",
    )
    assert draws(drawing)[-1] == ("made", "raffle", "11-19")


def kinds_due(school):
    return {each.report for each in standing_on(request_on(school, since=date(2026, 9, 1))).asked}


def test_only_papers_that_the_school_file_asks_for_are_due(school):
    assert {"fortnightly", "governors", "impact"} <= kinds_due(school)
    rewrite(school, (INTERVENTIONS, ""))
    assert kinds_due(school) == {"fortnightly", "governors"}


def test_a_paper_that_the_school_leaves_out_is_not_asked_for(school):
    path = school.params / "demo.yml"
    path.write_text(
        path.read_text(encoding="utf-8") + "papers: {leave_out: [governors, impact]}\n", encoding="utf-8"
    )
    assert kinds_due(school) == {"fortnightly"}


def test_a_school_that_leaves_the_pack_out_is_not_asked_for_its_meeting(project):
    path = project.params / "demo.yml"
    path.write_text(path.read_text(encoding="utf-8") + "papers: {leave_out: [pastoral]}\n", encoding="utf-8")
    assert [note for note in standing_on(request_on(project)).notes if "meeting" in note] == []


# Reviews of support plans


PLANS = """plan_id,pupil_id,opened_on,review_on,reviewed_on,outcome,closed_on
SP1,1,2026-10-05,2026-11-19,,,
SP2,2,2026-10-05,2026-11-18,2026-11-18,met,
SP3,3,2026-10-05,2026-11-17,,,2026-11-16
SP4,4,2026-09-14,2026-11-13,,,
SP5,4,2026-11-02,2026-12-11,,,
"""


def with_plans(project):
    path = project.params / "demo.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("calendar:", '  plans: {path: "plans.csv"}\ncalendar:', 1), encoding="utf-8")
    (project.params / "plans.csv").write_text(PLANS, encoding="utf-8")
    return project


def reviews_asked(project):
    occasions = standing_on(request_on(project, since=date(2026, 9, 1)))
    every = (*(each.occasion for each in occasions.asked), *occasions.coming)
    return [f"{each.due:%m-%d}" for each in every if each.kind == "plan_reviews"]


def test_a_review_is_asked_for_until_it_is_written_down_the_plan_closed_or_a_newer_one_made(school):
    assert reviews_asked(school) == []
    assert reviews_asked(with_plans(school)) == ["11-16", "12-07"]


def test_a_review_that_staff_set_on_a_sheet_is_asked_for_before_the_log_has_it(school, monkeypatch):
    typed = Saying(1, 1, 0, "workbook", "2026-11-27")
    cell = CellState("plans", "SP1", "review_on", (typed,), "2026-11-19")
    row = RowState("plans", "SP1", "log", {"review_on": cell}, is_in_log=True)
    monkeypatch.setattr(Shelf, "written", SimpleNamespace(rows={"plans": {"SP1": row}}, prints=()))
    assert reviews_asked(with_plans(school)) == ["11-23", "12-07"]
