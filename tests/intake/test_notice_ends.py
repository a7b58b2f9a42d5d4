"""When notices to improve end, from the log alone: the day after is when `attendance due` asks for the paper on notices."""

from datetime import date

from attendance_lib.intake.notice_ends import improvement_ends
from attendance_lib.intake.settings.loading import load_settings
from tests.school_file import autumn, details

HEADS = "notice_id,pupil_id,parent,kind,issued_on,status,ends_on\n"


def ends_of(folder, rows, named="notices.csv"):
    (folder / "notices.csv").write_text(HEADS + rows, encoding="utf-8")
    path = folder / "school.yml"
    path.write_text(details() + f'  notices: {{path: "{named}"}}\n' + autumn(), encoding="utf-8")
    return improvement_ends(load_settings(path))


def test_each_day_on_which_one_ends_is_told_once(tmp_path):
    rows = (
        "1,001,A,notice to improve,2026-10-12,active,2026-11-20\n2,002,B,NTI,2026-10-13,,2026-11-20\n"
        "3,003,C,NTI,2026-09-14,met,2026-10-23\n"
    )
    assert ends_of(tmp_path, rows) == (date(2026, 10, 23), date(2026, 11, 20))


def test_other_notices_withdrawn_ones_and_those_without_an_end_tell_none(tmp_path):
    rows = (
        "1,001,A,attendance contract,2026-10-12,active,2026-11-20\n2,002,B,NTI,2026-10-13,withdrawn,2026-11-20\n"
        "3,003,C,NTI,2026-09-14,active,\n4,004,D,NTI,2026-09-14,draft,2026-11-20\n"
    )
    assert ends_of(tmp_path, rows) == ()


def test_a_log_that_is_not_there_or_cannot_be_read_tells_none(tmp_path):
    assert ends_of(tmp_path, "", named="gone.csv") == ()
    assert ends_of(tmp_path, "1,001\n") == ()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert ends_of(tmp_path, "", named="other.csv") == ()
