"""The draw: worked by hand from the hashes, as likely for each ticket, and found out where anything was changed."""

import hashlib
import json
from collections import Counter

import pytest

from attendance_lib.rules.draw import Drawn, TicketList, draw_faults, draw_winners, record_of, winners_of

LIST = TicketList("raffle 2026-11-16 2026-11-20", "as ever", 2, 2, ("a", "a", "b", "c", "d", "d", "e"))


def by_hand(tickets, public_value):
    """The places of a draw from nothing but SHA-256, as the paper tells families that it is done."""
    lines = [tickets.draw, tickets.rule, f"prizes {tickets.prizes} reserves {tickets.reserves}"]
    lines += [f"{number} {holder}" for number, holder in enumerate(tickets.holders, 1)]
    listed = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
    seed = hashlib.sha256(f"{listed}\n{tickets.draw}\n{public_value}\n".encode()).hexdigest()
    left, found, n = list(enumerate(tickets.holders, 1)), [], 0
    while left and len(found) < tickets.prizes + tickets.reserves:
        number = int(hashlib.sha256(seed.encode() + n.to_bytes(8, "big")).hexdigest(), 16)
        n += 1
        if number >= 2**256 - 2**256 % len(left):
            continue
        ticket, holder = left[number % len(left)]
        found.append((ticket, holder))
        left = [each for each in left if each[1] != holder]
    return found


@pytest.mark.parametrize("public_value", ["4 8 15 16 23 42", "0", "Ünïcode 七"])
def test_the_places_are_those_that_hashing_by_hand_gives(public_value):
    drawn = LIST.drawn(public_value)
    assert [(each.ticket, each.pupil_id) for each in drawn] == by_hand(LIST, public_value)
    assert [each.place for each in drawn] == [1, 2, 3, 4]
    assert [each.is_reserve for each in drawn] == [False, False, True, True]
    assert len({each.pupil_id for each in drawn}) == 4


def test_where_fewer_hold_tickets_than_are_to_be_drawn_each_is_drawn_once():
    drawn = draw_winners(("a", "a", "b"), "00", prizes=3, reserves=3)
    assert sorted(each.pupil_id for each in drawn) == ["a", "b"]
    assert draw_winners((), "00", prizes=1, reserves=1) == []


def chi_square(counts, expected):
    return sum((count - expected) ** 2 / expected for count in counts)


def test_each_ticket_wins_as_often_over_many_seeds():
    """Of ten tickets 20,000 draws: the statistic stays under 27.88, which chance passes once in 1,000 (9 degrees of freedom)."""
    holders = tuple("abcdefghij")
    seeds = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(20_000)]
    firsts = Counter(draw_winners(holders, seed, 1, 0)[0].ticket for seed in seeds)
    assert chi_square([firsts[ticket] for ticket in range(1, 11)], 2000) < 27.88


def test_every_order_of_two_places_comes_as_often_and_tickets_count():
    """Of tickets a, a, b, c the first two places: 2/4 and then 1/2 each, 1/4 and then 2/3 or 1/3; 5 degrees of freedom, 20.52."""
    seeds = [hashlib.sha256(f"two {number}".encode()).hexdigest() for number in range(12_000)]
    pairs = Counter(
        "".join(each.pupil_id for each in draw_winners(("a", "a", "b", "c"), seed, 1, 1)) for seed in seeds
    )
    expected = {"ab": 3000, "ac": 3000, "ba": 2000, "ca": 2000, "bc": 1000, "cb": 1000}
    assert set(pairs) == set(expected)
    assert sum((pairs[pair] - many) ** 2 / many for pair, many in expected.items()) < 20.52


def test_a_prize_given_up_goes_to_the_next_place():
    places = [Drawn(number, number, name, number > 2) for number, name in enumerate("abcd", 1)]
    assert [each.pupil_id for each in winners_of(places, 2, set())] == ["a", "b"]
    assert [each.pupil_id for each in winners_of(places, 2, {2})] == ["a", "c"]
    assert [each.pupil_id for each in winners_of(places, 2, {2, 3})] == ["a", "d"]
    assert [each.pupil_id for each in winners_of(places, 2, {1, 2, 3})] == ["d"]


def kept(public_value="4 8 15", redrawn=()):
    """The record of a draw as it comes back from its file."""
    return json.loads(json.dumps(record_of(LIST, public_value, redrawn)))


@pytest.mark.parametrize("record", [kept(), kept(""), kept(redrawn=(1,))])
def test_a_draw_as_it_was_held_has_no_fault(record):
    assert list(draw_faults(LIST.text, record)) == []


@pytest.mark.parametrize("place", range(len(LIST.text)))
def test_one_byte_of_the_list_changed_is_found(place):
    other = "x" if LIST.text[place] != "x" else "y"
    assert list(draw_faults(LIST.text[:place] + other + LIST.text[place + 1 :], kept()))


@pytest.mark.parametrize(
    "text", ["", "\n", LIST.text + "\n", LIST.text[:-1], LIST.text + "8 z", LIST.text.replace("\n", "\r\n")]
)
def test_a_list_with_anything_more_or_less_is_none(text):
    assert list(draw_faults(text, kept()))
    with pytest.raises(ValueError, match="is no list"):
        TicketList.read(text)


def rigged(name, value):
    return kept() | {name: value}


@pytest.mark.parametrize(
    "record",
    [
        rigged("public_value", "4 8 16"),
        rigged("seed", "0" * 64),
        rigged("winners", []),
        rigged("list_hash", "0" * 64),
        rigged("rule", "another"),
        rigged("tickets", 8),
        rigged("redrawn", [1]),
        rigged("redrawn", None),
        rigged("public_value", 7),
        rigged("drawn", [{"place": 1, "ticket": 3, "pupil_id": "b", "is_reserve": False}]),
        {},
    ],
)
def test_a_rigged_record_is_found(record):
    assert list(draw_faults(LIST.text, record))


def test_a_list_rigged_with_its_hash_still_draws_otherwise_than_the_winners_that_are_told():
    """Somebody puts a ticket of a friend's into the list and its hash into the record: the winners no longer follow."""
    friend = TicketList(LIST.draw, LIST.rule, 2, 2, (*LIST.holders, "friend"))
    record = kept() | {"list_hash": friend.hash, "tickets": 8, "pupils": 6}
    assert any("seed" in fault for fault in draw_faults(friend.text, record))
