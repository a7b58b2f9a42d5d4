"""The daily paper on a school whose one morning is planted here, pupil by pupil, and counted by hand."""

from datetime import date, time
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.school_file import Cohort, NationalFramework, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.daily import calls, front_page, lists, moment, registers
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

HALVES = (HalfTerm(date(2026, 9, 7), date(2026, 10, 23)), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))
CALENDAR = SchoolCalendar((Term("202627", "autumn", HALVES),))
# A Wednesday: before it, in school days, are 3 and 2 November and then, over a week of holiday, 23 to 19 October.
TODAY = date(2026, 11, 4)
DAYS = [day for day in CALENDAR.school_days if day <= TODAY]
PUPILS = [f"{number:02d}" for number in range(1, 29)]
FORMS = {pupil: "7A" if pupil <= "08" else "7B" if pupil <= "16" else "8A" for pupil in PUPILS}
RULES = NoticeSettings(national_framework=NationalFramework(**{"from": date(2024, 8, 19)}))


def last(count, *, without=0):
    """The last so many school days up to today, without the last few of them."""
    return DAYS[len(DAYS) - count : len(DAYS) - without]


def whole(pupil, days, code):
    return {(pupil, day, half): code for day in days for half in ("AM", "PM")}


def planted():
    """Codes of pupil, day and half; "" is no mark. Everything else is present, this afternoon too."""
    marks = {(pupil, TODAY, "AM"): "" for pupil in PUPILS[8:15]}  # 7B: nobody took the register;
    marks[("16", TODAY, "AM")] = "C"  # one code of it was entered ahead
    marks |= whole("01", last(5, without=3), "I") | whole("01", last(3), "N")
    marks |= {("02", TODAY, "AM"): "N", ("03", TODAY, "AM"): "", ("04", TODAY, "AM"): "N"}
    marks |= {("05", last(6)[0], "AM"): "N", ("06", last(7)[0], "AM"): "N", ("07", last(2)[0], "PM"): "N"}
    marks |= {("08", TODAY, "AM"): "U", ("17", TODAY, "PM"): "N"}
    marks |= whole("18", last(6, without=1), "I")
    marks |= whole("19", last(5), "E") | whole("20", last(6), "E")
    marks |= whole("21", [TODAY], "C") | whole("22", last(3, without=1), "C")
    marks |= whole("24", last(10), "O")
    marks |= whole("25", DAYS[5:8], "O") | {("25", DAYS[8], "AM"): "O", ("25", TODAY, "AM"): "O"}
    marks |= whole("26", DAYS[2:16], "I") | {("26", DAYS[16], "AM"): "I", ("26", TODAY, "AM"): "I"}
    return marks


def marks_table(codes, upto="PM"):
    sessions = CALENDAR.sessions()[["date", "session"]].query("date <= @TODAY")
    marks = sessions.merge(pd.DataFrame({"pupil_id": PUPILS}), how="cross")
    keys = zip(marks["pupil_id"], marks["date"].dt.date, marks["session"], strict=True)
    marks = marks.assign(code=[codes.get(key, "/") for key in keys])
    is_late = (marks["code"] == "U") & (marks["pupil_id"] == "08")
    marks = marks.assign(minutes_late=pd.array([42 if each else None for each in is_late], dtype="Int64"))
    kept = marks["code"] != ""
    if upto == "AM":
        kept &= (marks["date"].dt.date < TODAY) | (marks["session"] == "AM")
    return marks[kept].reset_index(drop=True)


def roll(**flags):
    unknown = pd.array([None] * len(PUPILS), dtype="boolean")
    held = {"looked_after": ["01"], "travels_alone": ["02"]} | flags
    return pd.DataFrame(
        {
            "pupil_id": PUPILS,
            "surname": [f"S{pupil}" for pupil in PUPILS],
            "forename": "F",
            "year_group": [7 if pupil <= "16" else 8 for pupil in PUPILS],
            "form": [FORMS[pupil] for pupil in PUPILS],
            "date_of_birth": pd.Timestamp("2014-01-15"),
            "admission_date": pd.Timestamp("2025-09-03"),
            "leaving_date": pd.Series([pd.NaT] * len(PUPILS), dtype="datetime64[s]"),
            "key_adult": ["P. Wren" if pupil == "07" else None for pupil in PUPILS],
            "medical_risk": unknown,
        }
        | {
            name: pd.array([pupil in who for pupil in PUPILS], dtype="boolean")
            for name, who in held.items()
            if who is not None
        }
    )


def table(*rows, columns):
    dated = [
        name
        for name in columns
        if name.endswith(("_date", "_on", "_back", "_from", "_to")) or name in ("date", "time")
    ]
    found = pd.DataFrame(list(rows), columns=list(columns))
    return found.assign(**{name: pd.to_datetime(found[name]).astype("datetime64[s]") for name in dated})


PLANNED = table(
    ("21", TODAY, TODAY, None, "C", "2026-11-05", None),
    ("22", "2026-11-02", "2026-11-03", None, "C", TODAY, None),
    ("23", TODAY, TODAY, "AM", "M", None, None),
    ("27", TODAY, TODAY, "PM", "M", None, None),
    columns=("pupil_id", "date_from", "date_to", "session", "code", "expected_back", "note"),
)
SIGN_INS = table(
    ("04", "2026-11-04 09:20", "in"), ("28", "2026-11-04 09:30", "out"), ("02", "2026-11-04 14:00", "in"),
    columns=("pupil_id", "time", "direction"),
)  # fmt: skip


def settings(phase="secondary"):
    times = SimpleNamespace(
        AM=SimpleNamespace(opens=time(8, 40), closes=time(9, 10)),
        PM=SimpleNamespace(opens=time(13, 10), closes=time(13, 40)),
    )
    return SimpleNamespace(
        school=SimpleNamespace(phase=phase, name="Tiny", urn="990003", registers=times, taught_minutes_a_day=300),
        rules=SimpleNamespace(notices=RULES, short_enrolment_sessions=20), benchmarks=SimpleNamespace(targets=Targets()),
        staff=(SimpleNamespace(name="T. Head", role="Head of Year 7", year_groups=(7,), forms=()),),
    )  # fmt: skip


def school_of(codes=None, upto="PM", phase="secondary", pupils=None, **more):
    nothing = dict.fromkeys(("lessons", "interventions", "actions", "contacts", "notices"))
    known = nothing | {"planned": PLANNED, "sign_ins": SIGN_INS} | more
    return School(
        settings=settings(phase), calendar=CALENDAR, pupils=roll() if pupils is None else pupils,
        marks=marks_table(planted() if codes is None else codes, upto),
        log=SimpleNamespace(files=(), repairs=(), findings=()), **known,
    )  # fmt: skip


def opened(session="AM", casebook=None, **school):
    whole_school = Cohort(name="all", title="Whole school")
    return moment.at_session(pack_of(school_of(**school), (TODAY, TODAY), whole_school, casebook), session)


@pytest.fixture(scope="module")
def pack():
    return opened()


def on_list(pack, find):
    found = find(pack)
    return dict(zip(found["pupil_id"], found["detail"], strict=True))


# Registers, and what they leave unknown


def test_a_register_not_taken_is_named_with_whom_to_ask_and_its_pupils_are_on_no_list_of_calls(pack):
    frame = registers.registers_not_taken(pack).frame
    assert frame.to_numpy().tolist() == [["7B", 7, 8, "T. Head (Head of Year 7)"]]
    assert registers.not_registered(pack) == frozenset(PUPILS[8:15])
    assert not set(PUPILS[8:15]) & set(calls.calls_of(pack)["pupil_id"])


def test_a_register_of_which_the_desk_entered_who_came_late_is_not_taken_either():
    late = opened(codes=planted() | {("09", TODAY, "AM"): "L", ("10", TODAY, "AM"): "L"})
    assert registers.registers_not_taken(late).frame["pupils"].tolist() == [5]
    assert not set(PUPILS[10:15]) & set(calls.calls_of(late)["pupil_id"])
    # With half of its eight marks there it is taken, and whoever has none is to be called.
    half = planted() | {(pupil, TODAY, "AM"): "L" for pupil in ("09", "10", "11")}
    assert registers.forms_not_taken(opened(codes=half)).empty
    assert set(PUPILS[11:15]) < set(calls.calls_of(opened(codes=half))["pupil_id"])


def test_attendance_is_bounds_while_marks_are_missing(pack):
    # Of 28, nine are present, eleven absent in some way (U of 08 too) and eight without a mark: 9/28 to 17/28.
    bounds = registers.bounds_of(pack)
    assert (bounds.attended, bounds.possible, bounds.missing) == (9, 20, 8)
    assert (
        front_page.what_to_know(pack).items[0]
        == "Attendance this morning 32.1% to 60.7%, 8 pupils not registered."
    )


def test_attendance_is_one_figure_once_every_mark_is_there():
    complete = {key: code or "/" for key, code in planted().items()}
    assert registers.bounds_of(opened(codes=complete)).words == "60.7%, 17 of 28 pupils"


def test_the_headcount_counts_who_is_on_site_beside_the_same_weekday_before(pack):
    (frame,) = (each.frame.set_index("year_group") for each in registers.headcount(pack).tables)
    # The nine present and U. The last six Wednesday mornings: 26 on 16 September (25 and 26 away), 27 on the 23rd (26 away), 28
    # on three, and 24 on 21 October (05, 18, 20 and 24 away): the middle of 24, 26, 27, 28, 28, 28.
    assert frame.loc["All", ["due", "here", "missing"]].tolist() == [28, 10, 8]
    assert frame.loc["Year 7", ["due", "here", "missing"]].tolist() == [16, 4, 8]
    assert frame.loc["All", "usual"] == 27.5


# Whom to call


def test_the_order_of_calls_is_the_printed_one(pack):
    frame = calls.calls_of(pack)
    assert frame[["pupil_id", "order", "mark", "day"]].to_numpy().tolist() == [
        ["01", 1, "N", 5],
        ["02", 4, "N", 1],
        ["03", 7, "no mark", 1],
    ]


def test_a_spell_is_counted_in_school_days_over_a_weekend_and_a_holiday(pack):
    # 22 and 23 October, then, after the holiday, 2, 3 and 4 November.
    assert calls.calls_of(pack).set_index("pupil_id")["since"].dt.date["01"] == date(2026, 10, 22)


def test_a_day_without_a_mark_neither_lengthens_nor_ends_a_spell():
    gone = planted() | {("01", last(2)[0], half): "" for half in ("AM", "PM")}
    assert calls.calls_of(opened(codes=gone)).set_index("pupil_id")["day"]["01"] == 4


def test_a_flag_that_is_not_exported_is_unknown_and_never_no(pack):
    said = " ".join(calls.order_of_calls(pack).items)
    assert (
        "unknown of everybody and never taken for no: child protection plan, social worker (child in need), youth justice, "
        in said
    )
    assert "cannot call for help" in said.partition("never taken for no: ")[2]
    not_known = calls.calls_of(pack).set_index("pupil_id")["not_known"]
    assert "child protection plan" in not_known["03"]
    assert "travels alone" not in not_known["03"]


def test_each_flag_raises_its_pupil_to_its_place():
    places = {
        "child_protection": 1, "child_in_need": 1, "youth_justice": 1, "missing_history": 2, "medical_risk": 3, "travels_alone": 4,
    }  # fmt: skip
    for flag, place in places.items():
        frame = calls.calls_of(opened(pupils=roll(**{flag: ["03"]}))).set_index("pupil_id")
        assert frame["order"]["03"] == place, flag


def test_nobody_reached_on_an_earlier_day_of_the_spell_comes_before_those_over_a_line():
    pupils = roll(looked_after=None)
    columns = ("contact_id", "pupil_id", "date", "mode", "made_by", "person_contacted", "outcome")
    order = {}
    for outcome in ("no answer", "will be back on Monday"):
        log = table(("C1", "01", "2026-11-02", "phone call", "A", "mother", outcome), columns=columns)
        order[outcome] = int(
            calls.calls_of(opened(pupils=pupils, contacts=log)).set_index("pupil_id")["order"]["01"]
        )
    # Reached since 22 October, but 9 of 75 sessions missed: persistent absence.
    assert order == {"no answer": 5, "will be back on Monday": 6}


def test_within_a_place_a_primary_calls_the_youngest_first():
    both = planted() | {("27", TODAY, "AM"): "N", ("03", TODAY, "AM"): "N"}
    of_place = {}
    for phase in ("primary", "secondary"):
        pupils = roll().assign(year_group=[1 if pupil == "27" else 2 for pupil in PUPILS])
        of_place[phase] = calls.calls_of(opened(codes=both, phase=phase, pupils=pupils))["pupil_id"].tolist()
    assert of_place == {"primary": ["01", "02", "27", "03"], "secondary": ["01", "02", "03", "27"]}


def test_who_signed_in_is_not_called_and_has_a_code_to_put_right(pack):
    assert on_list(pack, lists.signed_in_with_n) == {"04": "at the desk 09:20"}
    assert "04" not in calls.calls_of(pack)["pupil_id"].tolist()


def test_yesterday_s_unexplained_is_still_open_with_an_owner(pack):
    now, still = calls.calls(pack).shown
    assert still.frame[["pupil_id", "owner"]].to_numpy().tolist() == [["07", "P. Wren"]]
    assert still.title == "Still open from Tue 3 Nov (1)"
    assert "07" not in now.frame["pupil_id"].tolist()


# N by age


def test_n_turns_five_school_days_old_and_then_overdue(pack):
    assert on_list(pack, lists.n_due) == {"05": "1 session since 21 Oct"}
    assert on_list(pack, lists.n_overdue) == {"06": "1 session since 20 Oct"}
    # Of today 01, 02 and 04; of the day before two of 01 and one of 07; of the day before that two of 01.
    said = front_page.what_to_know(pack).items[-1]
    assert said == (
        "N by age in school days: 3 of 0, 3 of 1 and 2 of 2; 1 due today (the fifth); 1 overdue, which must become O."
    )


# The other lists


def test_each_list_has_whom_was_planted_and_nobody_else(pack):
    assert on_list(pack, lists.expected_back) == {"22": "in"}
    assert on_list(pack, lists.returners) == {"18": "after 5 school days"}
    assert on_list(pack, lists.on_site_late) == {"08": "42 minutes"}
    assert on_list(pack, lists.signed_out) == {"28": "at 09:30"}
    assert on_list(pack, lists.planned_out) == {
        "21": "leave granted, back 5 Nov",
        "23": "medical appointment, AM only",
        "27": "medical appointment, PM only",
    }
    assert on_list(pack, lists.contradictions) == {
        "23": "planned M, marked /: ask, then correct one of the two"
    }
    assert on_list(pack, lists.suspended) == {
        "19": "day 5: education is owed from the next school day",
        "20": "day 6: education is owed from today",
    }


def test_lines_are_crossed_on_the_day_on_which_the_counts_reach_them(pack):
    found = lists.crossing_today(pack)
    # 25: 7 of 74 sessions, then 8 of 75; 01: 8 of 74 (10.8%) before today, so no news. In the window: 25 has O 8 times; 01 has N
    # 5 times; 24 had 18 and has 19. 24 was away without leave for ten days in a row; 26 ill for 30 sessions.
    assert sorted(found.itertuples(index=False, name=None)) == [
        ("24", "10 school days unauthorised in a row: return to the local authority"),
        ("25", "8 of 10, National framework"),
        ("25", "persistent absence"),
        ("26", "15 school days of illness this year: sickness return"),
    ]


def test_plans_notices_and_actions_that_end_or_are_due_today():
    more = {
        "interventions": table(
            ("27", "Mentor", "2", "2026-09-14", None, TODAY, None, None),
            ("28", "ELSA", "2", "2026-09-14", TODAY, None, None, None),
            columns=("pupil_id", "intervention", "tier", "start_date", "end_date", "review_date", "outcome", "next_step"),
        ),
        "notices": table(
            ("P1", "17", "A", "Notice to improve", "2026-10-05", "active", None, TODAY),
            ("P2", "18", "A", "Notice to improve", "2026-10-05", "met", None, TODAY),
            columns=("notice_id", "pupil_id", "parent", "kind", "issued_on", "status", "acted_on_through_date", "ends_on"),
        ),
        "actions": table(
            ("A1", "22", "2026-10-05", "Ring", "SENCo", TODAY, "open", None, None),
            ("A2", "22", "2026-10-05", "Ring", "SENCo", TODAY, "done", None, None),
            columns=("action_id", "pupil_id", "raised_on", "action", "owner", "due_date", "status", "completed_on", "note"),
        ),
        "plans": table(
            ("SP1", "16", "2026-10-05", TODAY), ("SP2", "18", "2026-10-05", "2026-11-05"),
            columns=("plan_id", "pupil_id", "opened_on", "review_on"),
        ),
    }  # fmt: skip
    found = lists.ends_today(opened(**more))
    assert sorted(found.itertuples(index=False, name=None)) == [
        ("16", "review of plan SP1"), ("17", "notice to improve ends"), ("22", "action due, SENCo"), ("27", "review of Mentor"),
        ("28", "ELSA ends"),
    ]  # fmt: skip


def test_no_list_holds_more_of_a_reason_than_the_code_s_group(pack):
    planned = PLANNED.assign(note="chemotherapy")
    told = str(lists.today(opened(planned=planned)).payload()) + str(
        calls.calls(opened(planned=planned)).payload()
    )
    assert "chemotherapy" not in told


# Morning and afternoon


def test_a_morning_knows_nothing_of_the_afternoon_s_marks():
    with_afternoon, alone = opened(), opened(upto="AM")
    for find in (
        front_page.what_to_know,
        calls.calls,
        lists.today,
        registers.headcount,
        front_page.daily_masthead,
    ):
        assert find(with_afternoon).payload() == find(alone).payload()


def test_an_afternoon_tells_only_what_is_new():
    pack = opened("PM")
    (now,) = calls.calls(pack).shown
    # 01 is unexplained still; 02 came to the desk at two; 17 was here in the morning.
    assert now.frame["pupil_id"].tolist() == ["17"]
    assert now.note.startswith("1 pupil stands on the morning's sheet and is unexplained still")
    sheet = calls.calls(pack).tables[0].frame
    assert sheet[["pupil_id", "stands"]].to_numpy().tolist() == [
        ["17", "Unexplained now"],
        ["01", "Unexplained now"],
    ]
    assert lists.today_of(pack)["what"].tolist() == ["Planned and marked otherwise"]
    assert lists.today_of(pack)["pupil_id"].tolist() == ["27"]


def test_the_other_session_is_refused_where_there_are_no_marks_of_it():
    with pytest.raises(
        InputError,
        match=r"no afternoon marks of 2026-11-04; the exports hold morning of that day\. Export",
    ):
        opened("PM", upto="AM")
    with pytest.raises(
        SettingsError, match=r"Parameter 'session': 'noon' is not known\. Write \"AM\" or \"PM\""
    ):
        opened("noon")


# Nothing to tell


def test_a_quiet_school_says_so():
    quiet = opened(codes={}, planned=None, sign_ins=None)
    assert registers.registers_not_taken(quiet).items == ("Every register of the morning is in.",)
    assert calls.calls_of(quiet).empty
    (page,) = lists.today(quiet).shown
    assert page.frame.empty
    assert "Not looked at, for want of exports: planned, sign_ins" in page.note
    assert front_page.what_to_know(quiet).items == (
        "Attendance this morning 100.0%, 28 of 28 pupils.",
        "0 pupils are unexplained now; 0 more are open from the last school day.",
    )  # fmt: skip


def test_the_first_day_of_a_year_has_no_day_before():
    first = moment.at_session(
        pack_of(school_of(codes={}), (DAYS[0], DAYS[0]), Cohort(name="all", title="Whole school")), "AM"
    )
    assert calls.still_open(first).empty
    assert lists.today_of(first).empty
