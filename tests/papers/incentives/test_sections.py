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
