"""Attendance bands. The edges follow DfE's absence bands, which are inclusive of their lower absence edge."""

from dataclasses import dataclass
from datetime import date

from attendance_lib.rules.thresholds import AT_RISK, PERSISTENT_ABSENCE, SEVERE_ABSENCE, Threshold

ABSENCE_BANDS = "DfE, Pupil absence in schools in England: absence bands 0 to 4.99, 5 to 9.99, 10 to 14.99 per cent and so on"


@dataclass(frozen=True)
class Band:
    """A band of absence from ``lower`` (inclusive) up to the next band's lower edge."""

    name: str
    label: str
    lower: Threshold


def edge(missed: int, out_of: int) -> Threshold:
    """Return a band's lower edge as a share of possible sessions missed.

    Examples
    --------
    >>> edge(1, 10).is_met(10, 100), edge(1, 10).is_met(9, 100)
    (True, False)
    """
    return Threshold(f"{missed} in {out_of}", missed, out_of, date(2006, 9, 1), ABSENCE_BANDS)


BANDS: tuple[Band, ...] = (
    Band("above_95", "Above 95%", edge(0, 1)),
    Band("at_risk", "Above 90% to 95%", AT_RISK),
    Band("above_85", "Above 85% to 90%", PERSISTENT_ABSENCE),
    Band("above_80", "Above 80% to 85%", edge(3, 20)),
    Band("above_50", "Above 50% to 80%", edge(1, 5)),
    Band("severe", "50% or below", SEVERE_ABSENCE),
)


def band_of(absence_sessions: int, possible_sessions: int) -> Band | None:
    """Return the band of an enrolment from its counts of sessions; None where nothing was possible.

    Examples
    --------
    >>> [band_of(absent, 100).label for absent in (4, 5, 10, 50)]
    ['Above 95%', 'Above 90% to 95%', 'Above 85% to 90%', '50% or below']
    """
    met = [band for band in BANDS if band.lower.is_met(absence_sessions, possible_sessions)]
    return met[-1] if met else None
