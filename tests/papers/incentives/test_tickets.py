"""Tickets are those counted by hand, and hang on nobody else."""

import pytest

from attendance_lib.papers.incentives import sections
from attendance_lib.papers.incentives.opening import open_draw
from tests.papers.incentives.incentive_school import BLOCK, DAYS, PUPILS, RAFFLE_MARKS, WEEK, held, opened

POT_MARKS = (
    held("10", BLOCK[:3], "G")  # 6 of 60: exactly one in ten
    | held("11", BLOCK[:3], "G") | held("11", BLOCK[3:4], "O", "\\")  # 7 of 60
    | held("12", BLOCK, "I")  # ill all the time
    | held("13", BLOCK[:4], "R") | held("13", BLOCK[4:5], "M")  # festival and hospital
    | held("14", BLOCK[:4], "G") | held("14", DAYS[:5], "G")  # 8 of 60, after 10 of 60
    | held("15", BLOCK[:4], "G")  # 8 of 60, of which 6 excused
    | held("16", BLOCK[:10], "C2")  # a part-time timetable
)  # fmt: skip


@pytest.fixture(scope="module")
def pot():
    return open_draw(opened(POT_MARKS, BLOCK), "prize_pot")


@pytest.mark.parametrize(
    ("pupil", "tickets", "why"),
    [
        ("00", 10, ""),
        ("01", 9, "late"),  # 9 of 10 on time
        ("02", 9, "came to no session: by the six weeks before"),  # 59 of 60, of ten tickets: 9.8
        ("03", 5, "late"),  # came to 2, on time to 1
        ("04", 6, "joined within the period"),  # on time always, on roll for 6 of 10
        ("05", 10, ""),
        ("06", 9, "late"),
        ("07", 0, "came to no session in seven weeks"),
        ("08", 10, ""),
        ("09", 9, "late"),
    ],
)
def test_raffle_tickets_are_those_counted_by_hand(raffle, pupil, tickets, why):
    row = raffle.people.set_index("pupil_id").loc[pupil]
    assert (row["tickets"], row["why"]) == (tickets, why)


def test_the_list_holds_each_ticket_in_the_order_of_the_pupils(raffle):
    assert len(raffle.tickets.holders) == 9 + 9 + 5 + 6 + 9 + 0 + 9 + 17 * 10
    row = raffle.people.set_index("pupil_id").loc["02"]
    # Ten of 00 and nine of 01 come before.
    assert (row["first_ticket"], row["last_ticket"]) == (20, 28)
    assert raffle.tickets.draw == "raffle 2026-11-23 2026-11-27"
    assert raffle.tickets.prizes == 2


@pytest.mark.parametrize(
    ("pupil", "meets", "improved"),
    [
        ("00", True, False),
        ("10", True, False),  # exactly 6 of 60
        ("11", False, False),
        ("12", True, False),  # nothing to judge by
        ("13", True, False),
        ("14", False, True),  # 8 of 60 after 10 of 60
        ("15", True, False),  # 2 of 54
        ("16", True, False),
    ],
)
def test_prize_pot_tickets_are_those_counted_by_hand(pot, pupil, meets, improved):
    row = pot.people.set_index("pupil_id").loc[pupil]
    assert (row["meets_rule"], row["is_improved"], row["tickets"]) == (meets, improved, meets + improved)


def test_who_meets_the_rule_and_improves_has_two_tickets():
    better = open_draw(opened(held("17", DAYS[:5], "G"), BLOCK), "prize_pot")
    assert better.people.set_index("pupil_id")["tickets"].loc["17"] == 2


def test_without_a_table_of_overrides_nothing_is_excused_and_the_paper_says_so():
    draw = open_draw(opened(RAFFLE_MARKS, overrides=None), "raffle")
    assert draw.people.set_index("pupil_id")["tickets"].loc["05"] == 5
    assert "overrides" in sections.left_out_words(draw).items[0]


def test_a_ticket_hangs_on_nobody_else(raffle):
    """All of the others late: nobody's own tickets move."""
    others = {key: code for pupil in PUPILS[10:] for key, code in held(pupil, WEEK, "L", "\\").items()}
    after = open_draw(opened(RAFFLE_MARKS | others, joined={"04": WEEK[2]}), "raffle").people.set_index(
        "pupil_id"
    )
    before = raffle.people.set_index("pupil_id")
    assert after["tickets"].loc[PUPILS[:10]].tolist() == before["tickets"].loc[PUPILS[:10]].tolist()


def test_marks_amended_after_the_list_change_no_ticket_and_are_told(raffle, tmp_path):
    (tmp_path / "list.txt").write_text(raffle.tickets.text, encoding="utf-8", newline="\n")
    amended = opened(RAFFLE_MARKS | held("10", WEEK, "L", "\\"), joined={"04": WEEK[2]})
    draw = open_draw(
        amended, "raffle", "4 8 15", list_file=str(tmp_path / "list.txt"), list_hash=raffle.tickets.hash
    )
    assert draw.tickets == raffle.tickets
    row = draw.people.set_index("pupil_id").loc["10"]
    assert (row["tickets"], row["tickets_today"]) == (10, 5)
    assert "1 pupil would have other tickets" in sections.what_to_know(draw).items[-1]
