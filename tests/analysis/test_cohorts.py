"""Who is counted: the two bases and the conditions of a cohort."""

from attendance_lib.pack.cohorts import CURRENT_ROLL, DFE_COMPARABLE, Selection


def ids(register):
    return register.pupils["pupil_id"].tolist()


def test_a_leaver_stays_in_the_dfe_comparable_cohort_and_is_off_the_current_roll(make_register):
    register = make_register({}, {"leaving_date": "2026-10-09"})
    assert ids(Selection(DFE_COMPARABLE).of(register)) == ["0000", "0001"]
    assert ids(Selection(CURRENT_ROLL).of(register)) == ["0000"]


def test_a_leaver_is_on_roll_on_the_leaving_date_itself(make_register):
    register = make_register({"leaving_date": "2026-11-13"}, {"leaving_date": "2026-11-12"})
    assert ids(Selection(CURRENT_ROLL).of(register)) == ["0000"]


def test_sixteen_on_31_august_is_not_dfe_comparable(make_register):
    register = make_register(
        {"date_of_birth": "2010-08-31", "year_group": 12}, {"date_of_birth": "2010-09-01", "year_group": 11}
    )
    assert ids(Selection(DFE_COMPARABLE).of(register)) == ["0001"]


def test_without_a_date_of_birth_the_year_group_decides(make_register):
    register = make_register(
        {"date_of_birth": None, "year_group": 12}, {"date_of_birth": None, "year_group": 11}
    )
    assert ids(Selection(DFE_COMPARABLE).of(register)) == ["0001"]


def test_every_condition_of_a_cohort_holds(make_register):
    register = make_register({"fsm": True, "sen_status": "K"}, {"fsm": True}, {"sen_status": "E"})
    assert ids(Selection(where={"fsm": [True], "sen_status": ["K", "E"]}).of(register)) == ["0000"]


def test_year_eleven_means_those_in_year_eleven_then(make_register):
    register = make_register(
        {"year_group": 11, "date_of_birth": "2011-01-01"},
        {"year_group": 10, "date_of_birth": "2012-01-01"},
        first="2025-09-08",
    )
    last_year = Selection(where={"year_group": [10]}).of(register.in_school_year("202526"))
    assert ids(last_year) == ["0000"]
