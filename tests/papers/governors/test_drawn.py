"""The pictures of persistent and severe absence and of the bands say what the tables say, and no more."""

from attendance_lib.papers.governors import headline, pupils
from tests.papers.governors import conftest

DAYS = conftest.school_days("2026-09-07", "2026-11-27")
# Of the sixty twelve miss a fifth of the days and six miss all: 18 are persistently absent, six of them severely.
MISSED = dict.fromkeys(conftest.PUPILS[:12], ("I", DAYS[::5])) | dict.fromkeys(
    conftest.PUPILS[12:18], ("O", DAYS)
)


def test_persistent_and_severe_absence_are_drawn_as_they_are_told(report_of):
    chart = headline.flags_drawn(report_of(MISSED))
    assert "Persistent absence (10% or more missed): Year to date 30.0%" in chart.alt
    assert "Severe absence (50% or more missed): Year to date 10.0%" in chart.alt


def test_the_end_of_the_half_term_before_is_drawn_from_the_bands_then(report_of):
    """Six of sixty miss all days, and twelve more six days of November: 10 % at first, then 30 %."""
    november = conftest.school_days("2026-11-02", "2026-11-09")
    missed = dict.fromkeys(conftest.PUPILS[:12], ("I", november))
    missed |= dict.fromkeys(conftest.PUPILS[12:18], ("O", DAYS))
    alt = headline.flags_drawn(report_of(missed)).alt
    said = "Persistent absence (10% or more missed): Year to date 30.0%, "
    assert f"{said}The end of the half term before 10.0%" in alt
    assert "not known" not in alt.split("Severe")[0]


def test_the_bands_are_drawn_as_they_are_told(report_of):
    chart = pupils.bands_drawn(report_of(MISSED))
    assert "Above 95%: Now 70.0%" in chart.alt
    assert "50% or below: Now 10.0%" in chart.alt


def test_what_is_withheld_is_not_drawn(report_of):
    """Three miss half the days: how many are severely absent reads c, and so do the bands that would tell it."""
    few = dict.fromkeys(conftest.PUPILS[:3], ("O", DAYS))
    report = report_of(few)
    told = headline.flags_drawn(report), pupils.bands_drawn(report)
    words = " ".join(getattr(each, "alt", "") or " ".join(each.items) for each in told)
    assert "5.0%" not in words
    assert "withheld" in words or "not drawn" in words
