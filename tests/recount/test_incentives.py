"""The demo school's raffle and prize pot, counted and drawn again from its export files by code of its own."""

import csv
import hashlib
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest

from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.incentives import fairness, sections
from attendance_lib.papers.incentives.opening import open_draw
from tests.demo_exports import read_demo_school
from tests.recount.counting import CLASSES, CLOSED, is_on_roll, mark
from tests.recount.school_files import read_unchanged

WEEK = (date(2026, 11, 16), date(2026, 11, 20))
# The first six school weeks of the year, the first of two days.
BLOCK = (date(2026, 9, 3), date(2026, 10, 9))
FAR = date(2099, 1, 1)
COSTS_NONE = ("I", "M", "R", "C2", "T")


@pytest.fixture(scope="module")
def school_file(tmp_path_factory, worker_id):
    return read_demo_school(tmp_path_factory, worker_id)


@pytest.fixture(scope="module")
def school(school_file):
    return read_unchanged(school_file)


@pytest.fixture(scope="module")
def excused(school_file):
    with (school_file.parent / "exports" / "overrides.csv").open(encoding="utf-8", newline="") as file:
        return [
            (
                row["pupil_id"],
                date.fromisoformat(row["date_from"]),
                date.fromisoformat(row["date_to"] or str(FAR)),
            )
            for row in csv.DictReader(file)
        ]


def codes(school, pupil, first, last):
    """Of each session between two days: the day and the code of a pupil, of whichever enrolment was on roll."""
    enrolments = [each for each in school.pupils if each["pupil_id"] == pupil]
    found = []
    for session in school.sessions:
        if first <= session.day <= last:
            here = [each for each in enrolments if is_on_roll(each, session.day)]
            found.append((session.day, mark(school, here[0], session) if here else ""))
    return found


def is_excused(excused, pupil, day):
    return any(who == pupil and first <= day <= last for who, first, last in excused)


def on_time(school, excused, pupil, first, last):
    came = [(day, code) for day, code in codes(school, pupil, first, last) if code in ("/", "\\", "L", "U")]
    late = [1 for day, code in came if code in "LU" and not is_excused(excused, pupil, day)]
    return len(came) - len(late), len(came)


def weeks_before(school, first, count=6):
    weeks = sorted({session.week for session in school.sessions if session.day < first})
    return weeks[-count], first - timedelta(1)


def people(school, day):
    return sorted({each["pupil_id"] for each in school.pupils if is_on_roll(each, day)})


def raffle_tickets(school, excused):
    before = weeks_before(school, WEEK[0])
    found = {}
    for pupil in people(school, WEEK[1]):
        good, came = on_time(school, excused, pupil, *WEEK)
        if not came:
            good, came = on_time(school, excused, pupil, *before)
        held = [code for _, code in codes(school, pupil, *WEEK) if code != CLOSED]
        here = sum(code != "" for code in held)
        share = 10 * good // came if came else 0
        found[pupil] = -(-share * here // len(held))
    return found


def drawn_again(lines, draw, value, places):
    listed = hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()
    seed = hashlib.sha256(f"{listed}\n{draw}\n{value}\n".encode()).hexdigest()
    left, found, n = [line.split(" ", 1) for line in lines[3:]], [], 0
    while len(found) < places:
        number = int(hashlib.sha256(seed.encode() + n.to_bytes(8, "big")).hexdigest(), 16)
        n += 1
        if number < 2**256 // len(left) * len(left):
            found.append(tuple(left[number % len(left)]))
            left = [each for each in left if each[1] != found[-1][1]]
    return listed, found


@pytest.fixture(scope="module")
def raffle(school_file):
    return open_draw(
        open_pack(str(school_file), *map(str, WEEK), cohorts_file="params/cohorts.yml"), "raffle"
    )


@pytest.fixture(scope="module")
def by_hand(school, excused):
    return raffle_tickets(school, excused)


def test_every_pupil_s_raffle_tickets(raffle, by_hand):
    assert raffle.people.set_index("pupil_id")["tickets"].to_dict() == by_hand
    assert {0, 10} < set(by_hand.values())


def test_the_list_and_the_draw(raffle, by_hand):
    lines = raffle.tickets.text.split("\n")[:3]
    assert lines[0] == "raffle 2026-11-16 2026-11-20"
    assert lines[2] == "prizes 3 reserves 3"
    holders = [pupil for pupil in sorted(by_hand) for _ in range(by_hand[pupil])]
    lines += [f"{number} {pupil}" for number, pupil in enumerate(holders, 1)]
    listed, found = drawn_again(lines, lines[0], "4 8 15 16 23 42", 6)
    assert raffle.tickets.hash == listed
    assert [(str(each.ticket), each.pupil_id) for each in raffle.tickets.drawn("4 8 15 16 23 42")] == found


def test_the_chance_of_each_group(raffle, by_hand, school):
    own = {pupil["pupil_id"]: pupil for pupil in school.pupils}
    rows = fairness.fairness(raffle).frame.set_index("group")
    for name, column, value in (
        ("Eligible for free school meals", "fsm", "1"), ("SEN support", "sen_status", "K"), ("Girls", "sex", "F"),
        ("Young carer", "young_carer", "1"),
    ):  # fmt: skip
        inside = [count for pupil, count in by_hand.items() if own[pupil][column] == value]
        outside = [count for pupil, count in by_hand.items() if own[pupil][column] not in (value, "")]
        assert rows.loc[name, ["pupils", "tickets"]].tolist() == [len(inside), sum(inside)]
        assert rows["others_per_100"].loc[name] == pytest.approx(100 * sum(outside) / len(outside))


def absence(school, excused, pupil, first, last):
    """Sessions missed that cost a ticket, and possible ones without absence that costs none."""
    missed = possible = 0
    for day, code in codes(school, pupil, first, last):
        kind = CLASSES.get(code)
        if kind in ("present", "activity"):
            possible += 1
        elif (
            kind in ("authorised", "unauthorised")
            and code not in COSTS_NONE
            and not is_excused(excused, pupil, day)
        ):
            missed, possible = missed + 1, possible + 1
    return missed, possible


@pytest.fixture(scope="module")
def prize_pot(school_file):
    return open_draw(
        open_pack(str(school_file), *map(str, BLOCK), cohorts_file="params/cohorts.yml"), "prize_pot"
    )


@pytest.fixture(scope="module")
def pot_by_hand(school, excused):
    """Of each pupil on roll: whether the school's rule is met, and whether there is an improvement."""
    before, found = weeks_before(school, BLOCK[0]), {}
    for pupil in people(school, BLOCK[1]):
        missed, possible = absence(school, excused, pupil, *BLOCK)
        earlier, of = absence(school, excused, pupil, *before)
        found[pupil] = (
            100 * missed <= 5 * possible,
            possible > 0 and of > 0 and missed * of < earlier * possible,
        )
    return found


def test_every_pupil_s_prize_pot_tickets(prize_pot, pot_by_hand):
    found = prize_pot.people.set_index("pupil_id")["tickets"]
    assert found.to_dict() == {pupil: sum(each) for pupil, each in pot_by_hand.items()}
    assert set(found) == {0, 1, 2}


GROUPS = {
    "Eligible for free school meals": ("fsm", "1"), "Not eligible for free school meals": ("fsm", "0"),
    "SEN support": ("sen_status", "K"), "Education, health and care plan": ("sen_status", "E"), "No SEN": ("sen_status", "N"),
    "Girls": ("sex", "F"), "Boys": ("sex", "M"), "Looked after": ("looked_after", "1"), "Young carer": ("young_carer", "1"),
}  # fmt: skip


def cause_of(inside, outside):
    """Which of the two tickets those in a group lack oftener than those outside it, first of all the rule's."""
    rule, improved = (
        Fraction(sum(not each[part] for each in inside), len(inside))
        - Fraction(sum(not each[part] for each in outside), len(outside))
        for part in (0, 1)
    )
    return "fewer meet the rule" if rule >= improved else "fewer improved on their own"


def test_the_prize_pot_s_chance_of_each_group_and_what_makes_it_small(prize_pot, pot_by_hand, school):
    """Every group of which the pupils file tells; counts of fewer than five pupils would be withheld."""
    own = {pupil["pupil_id"]: pupil for pupil in school.pupils}
    rows = fairness.fairness(prize_pot).frame.set_index("group")
    assert set(rows.index) <= set(GROUPS)
    for name, row in rows.iterrows():
        column, value = GROUPS[name]
        inside = [pot_by_hand[pupil] for pupil in pot_by_hand if own[pupil][column] == value]
        outside = [pot_by_hand[pupil] for pupil in pot_by_hand if own[pupil][column] not in (value, "")]
        if min(len(inside), len(outside)) < 5:
            assert row["finding"] == "withheld: few pupils"
            assert row[["pupils", "tickets", "ratio_rate"]].isna().all()
            continue
        mine, theirs = (Fraction(sum(map(sum, each)), len(each)) for each in (inside, outside))
        assert row[["pupils", "tickets"]].tolist() == [len(inside), sum(map(sum, inside))]
        shown = row[["tickets_per_100", "others_per_100", "ratio_rate"]].tolist()
        assert shown == pytest.approx([float(100 * mine), float(100 * theirs), float(mine / theirs)])
        is_under = mine < theirs * Fraction(4, 5)
        assert row["finding"].startswith(f"under 80%: {cause_of(inside, outside)}" if is_under else "")
        assert bool(row["finding"]) is is_under


def test_who_is_on_the_poster_and_how(school_file, school):
    """The week in whose raffle one prize was given up: by the roll's own flags and the sizes of forms."""
    week = (date(2026, 11, 9), date(2026, 11, 13))
    pack = open_pack(str(school_file), *map(str, week), cohorts_file="params/cohorts.yml")
    first = open_draw(pack, "raffle")
    draw = open_draw(pack, "raffle", "1 2 3", list_hash=first.tickets.hash)
    on_roll = {pupil["pupil_id"]: pupil for pupil in school.pupils if is_on_roll(pupil, week[1])}
    sizes = Counter(pupil["form"] for pupil in on_roll.values())
    lines = draw.tickets.text.split("\n")[:-1]
    _, places = drawn_again(lines, lines[0], "1 2 3", 6)
    with (school_file.parent / "exports" / "redraws.csv").open(encoding="utf-8", newline="") as file:
        given_up = {int(row["place"]) for row in csv.DictReader(file) if row["draw"] == lines[0]}
    assert given_up
    winners = [pupil for place, (_, pupil) in enumerate(places, 1) if place not in given_up][:3]
    said = []
    for pupil in map(on_roll.get, winners):
        may_be = pupil["no_publicity"] == "0" and sizes[pupil["form"]] >= 10
        said.append(f"{pupil['forename']}, {pupil['form']}" if may_be else "A pupil of Larkmoor Academy")
    assert sections.poster_lines(draw) == said
    (without,) = [each for each in sections.key_figures(draw).figures if each.name == "without_ticket"]
    assert without.value == len(on_roll) - len({line.split(" ")[1] for line in lines[3:]})
