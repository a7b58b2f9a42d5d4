from datetime import date
from pathlib import Path

import pytest

from attendance_lib.analysis.measures import flag_absence, with_rates
from attendance_lib.errors import InputError
from attendance_lib.intake.census import read_census_counts
from attendance_lib.intake.files.export import Export
from tests.intake.census_files import HEAD, SESSIONS

CENSUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "school-census"
AUTUMN_2024 = date(2024, 10, 3)
PUPILS = """\
pupilonrolltableid,NativeId,dob,upn,ncyearactual,termlysessionspossible
p1,S,2012-Jan-21 00:00:00,A1,7,100.0
p2,S,2012-Jan-22 00:00:00,A2,8,30.0
p3,S,2020-Jan-22 00:00:00,A3,R,
"""


@pytest.fixture
def read(tmp_path):
    def read_tables(pupils=PUPILS, sessions=SESSIONS, on=AUTUMN_2024):
        (tmp_path / "pupils.csv").write_text(pupils, encoding="utf-8")
        (tmp_path / "sessions.csv").write_text(sessions, encoding="utf-8")
        return read_census_counts(Export(tmp_path / "pupils.csv"), Export(tmp_path / "sessions.csv"), on)

    return read_tables


def test_counts_by_code_become_counts_by_category(read):
    row = read().rows.set_index("pupil_id").loc["p1"]
    kinds = ["present", "approved_activity", "authorised_absence", "unauthorised_absence"]
    assert [row[f"{kind}_sessions"] for kind in kinds] == [48 + 40, 2, 7, 3]
    sums = [row[f"{kind}_sessions"] for kind in ("possible", "absence", "unclassified")]
    assert sums == [88 + 2 + 7 + 3, 7 + 3, 1]


def test_the_counts_are_enough_for_rates_and_persistent_absence(read):
    rows = flag_absence(with_rates(read().rows)).set_index("pupil_id")
    assert rows["absence_rate"].tolist()[:2] == [10 / 100, 3 / 30]
    assert rows["is_persistently_absent"].tolist() == [True, True, False]


def test_a_pupil_without_sessions_stays_with_none_possible(read):
    row = read().rows.set_index("pupil_id").loc["p3"]
    assert (row["possible_sessions"], row["year_group"]) == (0, 0)


def test_up_to_2020_only_absences_were_collected_and_possible_sessions_are_as_stated(read):
    old = HEAD.replace("sessions,", "absencesessions,") + "p1,S,t,s,9,I\np1,S,t,s,1,H\n"
    row = read(sessions=old, on=date(2019, 10, 3)).rows.set_index("pupil_id").loc["p1"]
    assert (row["possible_sessions"], row["absence_sessions"], row["attended_sessions"]) == (100, 9 + 1, 90)


def test_what_is_wrong_with_a_return_is_counted(read):
    found = {finding.rule: finding.count for finding in read(sessions=SESSIONS + "p3,S,t,s,,I\n").findings}
    assert found == {"code_not_in_force": 1, "blank_counts": 1}


def test_a_pupil_with_more_absence_than_sessions_is_left_out_and_counted(read):
    counts = read(sessions=HEAD + "p1,S,t,s,101,I\np2,S,t,s,3,I\n")
    assert counts.rows["pupil_id"].tolist() == ["p2", "p3"]
    assert next(finding.count for finding in counts.findings if finding.rule == "impossible_counts") == 1


def test_a_return_in_which_nothing_can_be_right_is_refused(read):
    pupils = "".join(PUPILS.splitlines(keepends=True)[:2])
    with pytest.raises(InputError, match="every pupil has more absence than possible sessions"):
        read(pupils=pupils, sessions=HEAD + "p1,S,t,s,101,I\n")


@pytest.mark.skipif(not CENSUS.is_dir(), reason="the census sample lies outside the project and is not here")
def test_the_impossible_counts_of_the_census_sample_are_found():
    pupils, sessions = (
        CENSUS / f"2024_autumn_{name}.csv" for name in ("pupilnolongeronroll", "termlysessiondetailsoffroll")
    )
    counts = read_census_counts(Export(pupils), Export(sessions), AUTUMN_2024)
    # Its 308 pupils hold random counts, which its SOURCE.txt says exceed the possible sessions.
    left_out = next(finding.count for finding in counts.findings if finding.rule == "impossible_counts")
    assert len(counts.rows) + left_out == 308
    assert (counts.rows["absence_sessions"] <= counts.rows["possible_sessions"]).all()
