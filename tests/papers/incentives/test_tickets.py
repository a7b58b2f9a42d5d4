"""Tickets are those counted by hand, and hang on nobody else."""

import pytest

from attendance_lib.papers.incentives import sections
from attendance_lib.papers.incentives.opening import open_draw
from tests.papers.incentives.incentive_school import BLOCK, DAYS, PUPILS, RAFFLE_MARKS, WEEK, held, opened


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


@pytest.mark.parametrize("code", ["I", "M", "R", "C2", "T"])
def test_each_of_these_codes_alone_costs_no_ticket(code):
    """Eight of sixty sessions: counted, they would be over one in ten."""
    draw = open_draw(opened(held("17", BLOCK[:4], code), BLOCK), "prize_pot")
    row = draw.people.set_index("pupil_id").loc["17"]
    assert (row["missed_sessions"], row["countable_sessions"], row["tickets"]) == (0, 52, 1)


@pytest.mark.parametrize("code", ["C", "E", "S", "G", "N", "O", "U"])
def test_any_other_absence_counts(code):
    draw = open_draw(opened(held("17", BLOCK[:4], code), BLOCK), "prize_pot")
    row = draw.people.set_index("pupil_id").loc["17"]
    assert (row["missed_sessions"], row["countable_sessions"], row["tickets"]) == (8, 60, 0)


def test_who_joined_and_was_late_has_the_part_rounded_up():
    """On time to 4 of 6 sessions is 6 whole tickets of ten; on roll for 6 of 10 sessions they are 3.6, so 4."""
    late = held("04", WEEK[2:4], "L", "\\")
    draw = open_draw(opened(late, joined={"04": WEEK[2]}), "raffle")
    assert draw.people.set_index("pupil_id")["tickets"]["04"] == 4


def test_who_was_nowhere_before_has_nothing_to_improve_on():
    draw = open_draw(opened({}, BLOCK, joined={"17": BLOCK[0]}), "prize_pot")
    row = draw.people.set_index("pupil_id").loc["17"]
    assert (row["earlier_countable_sessions"], row["is_improved"], row["tickets"]) == (0, False, 1)
