"""A card for each intervention: what is known of it, and of each pupil."""

import re

from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.papers.impact import front_page
from attendance_lib.papers.impact.card import at_first_in_words
from attendance_lib.papers.impact.not_working import NOBODY_LIKE
from tests.papers.impact_papers import SECTIONS, impact_of


def test_wherever_lots_or_a_waiting_list_are_advised_what_is_never_delayed_is_said(open_paper):
    advised = {
        section.__name__: section(open_paper())._repr_mimebundle_()["text/plain"] for section in SECTIONS
    }
    advised |= {"helped": front_page.NEXT[Verdict.HELPED], "nobody like them": NOBODY_LIKE}
    found = {name for name, text in advised.items() if ADVICE.search(text)}
    assert found >= {
        "helped",
        "nobody like them",
        "stronger_evidence",
        "impact_card_form",
        "impact_card_words",
    }
    assert {name for name in found if "never delayed" not in " ".join(advised[name].split())} == set()


ADVICE = re.compile(r"\bby lot\b|\bwaiting list\b")


def test_a_finding_of_the_first_six_weeks_is_said_in_the_sentence_of_the_verdict():
    early = impact_of(Verdict.HELPED, 0.044, 0.012, 0.076)
    assert at_first_in_words(impact_of(Verdict.NO_CLEAR_EFFECT), early) == (
        " over all 12 school weeks, though likely helped over the first six school weeks (+4.4 points, range +1.2 to +7.6): "
        "helped at first, no longer to be seen over the whole"
    )
    taken_back = impact_of(Verdict.HELPED, 0.044, 0.012, 0.076, Verdict.TOO_FEW)
    assert at_first_in_words(impact_of(Verdict.NO_CLEAR_EFFECT), taken_back).endswith(
        "helped at first perhaps, but the self-test of those weeks is far off, and no longer to be seen over the whole"
    )
    assert at_first_in_words(early, early) == ""
    assert at_first_in_words(early, impact_of(Verdict.TOO_FEW)) == ""
