"""The paper shows who was drawn, and prizes drawn again."""

import json

import pandas as pd
import pytest

from attendance_lib.display.kinds import DRAW_MIME
from attendance_lib.papers.incentives import poster, sections
from attendance_lib.papers.incentives.opening import open_draw
from tests.papers.incentives.incentive_school import RAFFLE_MARKS, WEEK, opened


@pytest.fixture(scope="module")
def drawn(raffle_pack, raffle):
    return open_draw(raffle_pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)


def test_the_paper_shows_who_was_drawn_and_the_record_is_kept(drawn):
    frame = sections.winners(drawn).frame
    assert frame["stands"].tolist() == ["prize", "prize", "reserve", "reserve"]
    bundle = sections.how_it_is_drawn(drawn)._repr_mimebundle_()
    record = json.loads(json.dumps(bundle[DRAW_MIME]))
    assert [each["pupil_id"] for each in record["draw"]["winners"]] == frame["pupil_id"].tolist()[:2]
    assert record["list"] == drawn.tickets.text


def test_a_prize_given_up_goes_to_the_first_reserve_with_the_reason(raffle_pack, raffle):
    logged = pd.DataFrame(
        {"draw": [raffle.tickets.draw, "raffle 2026-11-16 2026-11-20"], "place": [1, 2],
         "given_up_because": ["moved away", "other"], "date": pd.to_datetime(["2026-11-30"] * 2)}
    )  # fmt: skip
    pack = opened(RAFFLE_MARKS, joined={"04": WEEK[2]}, redraws=logged)
    draw = open_draw(pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)
    assert sections.winners(draw).frame["stands"].tolist() == [
        "given up: moved away", "prize", "prize, moved up", "reserve",
    ]  # fmt: skip
    assert len(poster.poster_lines(draw)) == 2


def test_a_redraw_of_a_place_that_was_not_drawn_is_told(raffle):
    logged = pd.DataFrame(
        {
            "draw": [raffle.tickets.draw],
            "place": [9],
            "given_up_because": ["x"],
            "date": pd.to_datetime(["2026-11-30"]),
        }
    )
    pack = opened(RAFFLE_MARKS, joined={"04": WEEK[2]}, redraws=logged)
    draw = open_draw(pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)
    assert any("names place 9, and 4 places were drawn" in item for item in sections.what_to_know(draw).items)


def test_each_family_is_told_its_own_tickets_and_how_the_draw_is_made(raffle):
    frame = sections.every_ticket(raffle).frame.set_index("pupil_id")["for_family"]
    # By number: 00 has ten tickets, 01 nine of ten (late once), and 07 was never there.
    days = "23 November 2026 to 27 November 2026"
    assert frame["00"] == f"Your child has tickets 1 to 10 of the 217 in the raffle of {days}."
    assert frame["01"] == f"Your child has tickets 11 to 19 of the 217 in the raffle of {days}."
    assert frame["07"] == f"Your child has no ticket in the raffle of {days}."
    assert not [words for words in frame for name in raffle.people["forename"] if name in words]
    own, how = sections.for_families(raffle).items
    assert "sheet Whose tickets" in own
    assert sections.in_groups(raffle.tickets.hash) in how
    assert "from the lottery" in how


def test_one_ticket_is_told_as_one(pot):
    frame = sections.every_ticket(pot).frame.set_index("pupil_id")
    one = frame[frame["tickets"] == 1].iloc[0]
    assert f"has ticket {one['first_ticket']} of the" in one["for_family"]
