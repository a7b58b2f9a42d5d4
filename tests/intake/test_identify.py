import pandas as pd

from attendance_lib.intake.identify import identify

ROLL = pd.DataFrame({"pupil_id": ["0012", "012", "0034"], "upn": ["A1", None, "A3"]})


def test_an_identifier_that_two_pupils_fit_is_nobodys():
    found = identify(["12", "34"], ROLL)
    assert (found.pupil_id, found.by_zeros) == ({"34": "0034"}, 1)


def test_the_identifier_itself_goes_before_any_repair():
    found = identify(["012", "A3"], ROLL)
    assert (found.pupil_id, found.by_upn) == ({"012": "012", "A3": "0034"}, 1)
