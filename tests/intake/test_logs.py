import openpyxl
import pytest

from attendance_lib.errors import InputError

LOGS = [
    (
        "calendar:",
        '  interventions: {path: "logs.xlsx", sheet: "Plans"}\n  actions: {path: "actions.csv"}\ncalendar:',
    )
]
PLANS = [
    ["Student ID", "intervention", "tier", "start_date", "cost"],
    [None, "First-day calls", 1, "2026-09-07", None],
    ["001", "Mentor", "Tier 2", "2026-09-14", "£1,250.50"],
]
ACTIONS = "action_id,pupil_id,raised_on,action\nA1,001,2026-09-14,Call home\n"


def read_logs(read_changed, folder, plans=PLANS, actions=ACTIONS):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Plans")
    for row in plans:
        sheet.append(row)
    book.save(folder / "logs.xlsx")
    return read_changed({"actions.csv": actions}, LOGS)


def test_logs_are_read_from_csv_and_sheets_and_typed(read_changed, school_folder):
    school = read_logs(read_changed, school_folder)
    plans = school.interventions
    assert (plans["tier"].tolist(), plans["cost"].tolist()[1], plans["pupil_id"].isna().tolist()) == (
        ["1", "2"],
        1250.5,
        [True, False],
    )
    assert (len(school.actions), school.contacts, school.log.findings) == (1, None, ())


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (["999", "Mentor", 2, "2026-09-14", None], "unknown_pupil"),
        ([None, "Mentor", 3, "2026-09-14", None], "intervention_without_pupil"),
        (["001", "Mentor", 4, "2026-09-14", None], "unreadable_tier"),
        (["001", "Mentor", 2, "2026-09-14", "dear"], "unreadable_cost"),
    ],
)
def test_a_doubtful_intervention_is_a_finding(read_changed, school_folder, row, rule):
    school = read_logs(read_changed, school_folder, plans=[*PLANS, row])
    assert [(finding.rule, finding.count) for finding in school.log.findings] == [(rule, 1)]


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (
            ACTIONS + "A1,002,2026-09-15,Write\n",
            r"actions.csv, row 3: the action_id stands in an earlier row too \(1 row\)",
        ),
        (ACTIONS.replace("2026-09-14", "soon"), "row 2, column 'raised_on': 'soon' is not a date"),
        (ACTIONS.replace("raised_on", "when"), "there is no column 'raised_on'"),
    ],
)
def test_a_log_that_cannot_be_used_is_refused(read_changed, school_folder, actions, message):
    with pytest.raises(InputError, match=message):
        read_logs(read_changed, school_folder, actions=actions)


def test_a_log_with_headings_only_is_empty_and_not_absent(read_changed, school_folder):
    assert len(read_logs(read_changed, school_folder, actions=ACTIONS.splitlines()[0] + "\n").actions) == 0


def test_contacts_that_a_stray_quotation_mark_swallows_are_refused(checked_changed, school_folder):
    head = "contact_id,pupil_id,date,mode,outcome\n"
    rows = [f"c{number},001,2026-09-14,letter,sent\n" for number in range(10, 30)]
    rows[2], rows[13] = rows[2].replace("sent", '"sent'), rows[13].replace("sent", 'sent"')
    (school_folder / "contacts.csv").write_text(head + "".join(rows), encoding="utf-8")
    checked = checked_changed(settings=[("calendar:", '  contacts: {path: "contacts.csv"}\ncalendar:')])
    assert checked.problems[0].startswith(
        "contacts.csv, row 4: a cell holds 12 lines that are rows themselves"
    )
