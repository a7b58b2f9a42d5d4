import pandas as pd

from attendance_lib.intake.placing import identify

ROLL = pd.DataFrame({"pupil_id": ["0012", "012", "0034"], "upn": ["A1", None, "A3"]})


def test_an_identifier_that_two_pupils_fit_is_nobodys():
    found = identify(["12", "34"], ROLL)
    assert (found.pupil_id, found.by_zeros) == ({"34": "0034"}, 1)


def test_the_identifier_itself_goes_before_any_repair():
    found = identify(["012", "A3"], ROLL)
    assert (found.pupil_id, found.by_upn) == ({"012": "012", "A3": "0034"}, 1)


def test_a_unique_pupil_number_that_two_pupils_have_is_nobodys():
    roll = pd.DataFrame({"pupil_id": ["001", "002", "003"], "upn": ["A1", "A1", "A3"]})
    assert identify(["A1", "A3"], roll).pupil_id == {"A3": "003"}


def test_a_unique_pupil_number_is_the_pupils_through_every_enrolment_and_in_small_letters():
    roll = pd.DataFrame({"pupil_id": ["001", "001"], "upn": ["A1", "A1"]})
    assert identify(["a1"], roll).pupil_id == {"a1": "001"}
