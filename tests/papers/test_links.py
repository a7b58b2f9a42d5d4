"""Where a pupil's line leads: to the newest pack of plans, paper on notices and impact card that the casebook knows of."""

from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.casebook.state import EarlierPrint
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.papers import links
from attendance_lib.papers.fortnightly import agenda, front_page, interventions, priority
from attendance_lib.papers.plan import file_copy
from attendance_lib.papers.plan.front_page import file_copies
from attendance_lib.papers.plan.opening import OpenPlans
from attendance_lib.reports.papers import PAPERS
from tests.known_state import known

SEPTEMBER = [day.strftime("%Y-%m-%d") for day in pd.bdate_range("2026-09-07", "2026-10-09")]
PLAN = {
    "plan_id": "SP1",
    "pupil_id": "0001",
    "opened_on": "2026-10-22",
    "lead": "SENCo",
    "review_on": "2026-11-20",
}


def made(report, folder, rows=(), *, revision=1, cohort="all", days=("2026-11-09", "2026-11-20"), at=None):
    """A pack of a report in a folder; ``rows`` are key to pupil of the sheet that it prints."""
    sheet = {"plan": "plans", "notices": "considered"}.get(report, "impact_card")
    cells = {sheet: {key: {"pupil_id": pupil} for key, pupil in dict(rows).items()}}
    path = at or f"{report}/{folder}/{report}.xlsx"
    return EarlierPrint(revision, f"pk{revision}", report, cohort, *days, 0, cells, path)


def knowing(*prints):
    return SimpleNamespace(casebook=known({}, prints=prints))


NEW, OLD = "2026-11-09_2026-11-20", "2026-10-05_2026-10-16"
EARLIER = ("2026-10-05", "2026-10-16")


def test_a_plan_is_found_in_the_newest_pack_that_lists_it():
    older = made("plan", OLD, {"SP1": "0001", "SP2": "0002"}, days=EARLIER, revision=9)
    newer = made("plan", NEW, {"SP1": "0001"}, revision=3)
    assert links.plan_pages(knowing(newer, older)) == {
        "SP1": "../../plan/2026-11-09_2026-11-20/plan.html#plan-sp1",
        "SP2": "../../plan/2026-10-05_2026-10-16/plan.html#plan-sp2",
    }


def test_of_two_packs_made_at_one_place_the_last_lies_there():
    first, again = (
        made("plan", NEW, rows, revision=at) for at, rows in ((1, {"SP1": "0001"}), (2, {"SP2": "0002"}))
    )
    assert list(links.plan_pages(knowing(first, again))) == ["SP2"]


@pytest.mark.parametrize(
    "at", ["plan/a/copy of plan.xlsx", "kept/plan/a/plan.xlsx", "fortnightly/a/plan.xlsx", ""]
)
def test_what_does_not_lie_where_a_pack_is_made_is_led_to_by_nothing(at):
    assert links.plan_pages(knowing(made("plan", NEW, {"SP1": "0001"}, at=at or " "))) == {}


def test_a_paper_on_notices_of_one_pupil_is_led_to_from_that_pupil_alone():
    """Its workbook has every case, its page that pupil's."""
    rows = {"c1": "0001", "c2": "0002", "c3": ""}
    everybody = made("notices", OLD, rows, days=EARLIER)
    one = made("notices", f"{NEW}_pupil-0001", rows, revision=2)
    assert links.gate_pages(knowing(everybody, one)) == {
        "0001": "../../notices/2026-11-09_2026-11-20_pupil-0001/notices.html",
        "0002": "../../notices/2026-10-05_2026-10-16/notices.html",
    }


def test_a_card_is_found_in_the_newest_paper_on_every_intervention():
    whole = made("impact", OLD, days=EARLIER)
    part = made("impact", f"{NEW}_tier-2", revision=2)
    found = links.card_pages(knowing(whole, part), ["Mentor", None])
    assert found == ["../../impact/2026-10-05_2026-10-16/impact.html#card-mentor", None]
    assert links.card_pages(SimpleNamespace(casebook=None), ["Mentor"]) == [None]


@pytest.fixture
def pack(make_pack, make_log):
    """0001 and 0002 miss half (O) and meet the threshold; 0001 has a plan that runs and a mentor that failed; packs as made."""

    def make(*prints):
        return make_pack(
            {"0001": {"O": SEPTEMBER}, "0002": {"O": SEPTEMBER}},
            casebook=known({}, prints=prints),
            plans=plan_log(make_log),
            interventions=make_log(
                {"pupil_id": "0001", "intervention": "Mentor", "tier": "2", "start_date": "2026-09-14",
                 "end_date": "2026-10-16", "outcome": "not met", "reason_not_working": "started too late",
                 "next_step": "change"},
                columns=INTERVENTIONS.column_names,
            ),
        )  # fmt: skip

    return make


def plan_log(make_log):
    from attendance_lib.intake.support_tables import PLANS

    return make_log(PLAN, columns=PLANS.column_names)


MADE = (
    made("plan", NEW, {"SP1": "0001"}),
    made("notices", NEW, {"c1": "0001", "c2": "0002"}, revision=2),
    made("impact", NEW, revision=3),
)
TO_PLAN = "../../plan/2026-11-09_2026-11-20/plan.html#plan-sp1"
TO_GATE = "../../notices/2026-11-09_2026-11-20/notices.html"
TO_CARD = "../../impact/2026-11-09_2026-11-20/impact.html#card-mentor"


def addresses(shown):
    """The addresses that a part's HTML leads to, in order."""
    import re

    return re.findall(r'<a href="([^"]*)">', shown._repr_mimebundle_()["text/html"])


def test_from_a_pupil_s_line_to_the_plan_to_the_impact_card(pack):
    """The seed's row: where interventions fail, identify the reasons, change or adjust."""
    full = pack(*MADE)
    assert addresses(priority.priority_pupils(full)) == [TO_PLAN, TO_GATE, TO_GATE]
    assert addresses(front_page.first_ten(full)) == [TO_PLAN, TO_GATE, TO_GATE]
    assert addresses(interventions.plan_reviews(full)) == [TO_PLAN]
    # On the agenda 0001's plan, and the card of what failed; 0002 has nothing but what is said of the threshold.
    assert addresses(agenda.agenda_pupils(full)) == [TO_PLAN, TO_CARD]
    page = file_copies(OpenPlans(full))
    assert 'id="plan-sp1"' in place_html(page)
    assert addresses(page) == [TO_CARD]


def place_html(parts):
    from attendance_lib.display.exporters import block_html
    from attendance_lib.display.notebook import with_levels

    return "".join(map(block_html, with_levels([part.payload() for part in parts.shown])))


def test_without_the_other_papers_there_are_the_words_and_no_links(pack):
    bare = pack()
    for shown in (
        priority.priority_pupils(bare), front_page.first_ten(bare), interventions.plan_reviews(bare), agenda.agenda_pupils(bare),
        file_copies(OpenPlans(bare)),
    ):  # fmt: skip
        assert addresses(shown) == []
    words = priority.priority_pupils(bare).frame["support_text"].tolist()
    assert words[0].startswith("Plan SP1, version 1, review 20 Nov; gate: ")


def test_a_copy_that_agencies_and_families_get_leads_nowhere(pack):
    full = pack(*MADE)
    (case,) = OpenPlans(full).cases
    assert [addresses(part) for part in file_copy.file_parts(case, full) if addresses(part)] == []


def test_published_papers_lead_nowhere_and_others_to_papers_that_there_are():
    assert {paper.name: paper.leads_to for paper in PAPERS.values() if paper.leads_to} == {
        "fortnightly": ("plan", "notices", "impact"),
        "plan": ("impact",),
    }
    assert not any(paper.is_published and paper.leads_to for paper in PAPERS.values())
