"""The impact paper of a school of four pupils, and effects written down for it."""

from datetime import date
from types import SimpleNamespace

from attendance_lib.analysis.impact.paper import Criteria
from attendance_lib.papers.impact import card, card_sheet, evidence, front_page, whole_school

ROWS = (
    {"pupil_id": "0001", "intervention": "Mentor", "tier": "2", "start_date": "2026-10-05", "cost": 20},
    {"pupil_id": "0002", "intervention": "Mentor", "tier": "2", "start_date": "2026-11-16", "end_date": "2026-11-20"},
    {"pupil_id": "9999", "intervention": "Mentor", "tier": "2", "start_date": "2026-10-05"},
    {"pupil_id": "0003", "intervention": "Home visit", "tier": "3", "start_date": "2026-11-10"},
    {"pupil_id": None, "intervention": "Raffle", "tier": "1", "start_date": "2026-09-14"},
)  # fmt: skip
EVERYTHING = Criteria()
WHOLE = (date(2026, 9, 7), date(2026, 11, 20))


def impact_of(verdict, estimate=0.011, low=-0.012, high=0.034, said=None):
    """An evaluation whose self-test leaves of a verdict what is said."""
    measured = SimpleNamespace(verdict=verdict, estimate=estimate, low=low, high=high, window_weeks=12)
    impact = SimpleNamespace(**(vars(measured) | {"verdict": said or verdict}))
    return SimpleNamespace(measured=measured, impact=impact)


SECTIONS = (
    front_page.impact_masthead,
    front_page.impact_lead,
    front_page.effects,
    front_page.impact_ranking,
    front_page.left_out_of_impact,
    card.impact_cards,
    whole_school.whole_school_schemes,
    whole_school.whole_school_weeks,
    evidence.method,
    evidence.limits,
    evidence.stronger_evidence,
    card_sheet.impact_card_form,
    card_sheet.impact_card_words,
    card_sheet.impact_card_sheet,
)
