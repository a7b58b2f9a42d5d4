"""Lists of the day hold whom they are of and nobody else."""

from types import SimpleNamespace

from attendance_lib.intake.ledger import Finding, Severity
from attendance_lib.papers.daily import calls, front_page, lists
from tests.papers.daily.daily_school import PLANNED, TODAY, on_list, opened, table


def test_n_turns_five_school_days_old_and_then_overdue(pack):
    assert on_list(pack, lists.n_due) == {"05": "1 session since 21 Oct"}
    assert on_list(pack, lists.n_overdue) == {"06": "1 session since 20 Oct"}
    # Of today 01, 02 and 04; of the day before two of 01 and one of 07; of the day before that two of 01.
    said = front_page.what_to_know(pack).items[-1]
    assert said == (
        "N marks: 1 due today, 1 overdue (must become O); by age in school days 0: 3, 1: 3, 2: 2."
    )


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


def test_planned_absence_left_out_for_its_code_is_told():
    lost = [
        Finding("unknown_code_of_planned", Severity.MUST, "", count=2),
        Finding("unknown_code", Severity.MUST, "", count=5),
    ]
    (page,) = lists.today(opened(log=SimpleNamespace(files=(), repairs=(), findings=lost))).shown
    assert "Left out: 2 planned absences with no register code." in page.note
    (page,) = lists.today(opened()).shown
    assert "Left out" not in page.note


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
