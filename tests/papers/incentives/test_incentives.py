"""Raffle and prize pot on a small school whose marks are written down here, and whose tickets are counted by hand."""

from datetime import date

import pytest

from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake.settings.incentives import IncentiveSettings
from attendance_lib.intake.settings.school_file import Cohort
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.incentives.opening import open_draw
from attendance_lib.rules.draw import TicketList
from tests.papers.incentives.incentive_school import DAYS, RAFFLE_MARKS, WEEK, opened, school_of

# Tickets


# What is refused


def test_a_draw_without_a_list_written_first_is_refused(raffle_pack):
    with pytest.raises(SettingsError, match="a list must be written before the public value is known"):
        open_draw(raffle_pack, "raffle", "4 8 15")


def test_a_list_that_is_not_the_one_written_first_is_refused(raffle_pack):
    with pytest.raises(InputError, match="is not the list .* that was written first"):
        open_draw(raffle_pack, "raffle", "4 8 15", list_hash="0" * 64)


@pytest.fixture
def refusal_of(raffle_pack, raffle, tmp_path):
    """What a list is refused with that is not the one of the draw."""

    def refused(rigged):
        path = tmp_path / "list.txt"
        path.write_text(rigged.text, encoding="utf-8", newline="\n")
        with pytest.raises(InputError) as said:
            open_draw(raffle_pack, "raffle", "4", list_file=str(path), list_hash=raffle.tickets.hash)
        return str(said.value)

    return refused


def test_a_rigged_list_is_refused_with_what_changed(raffle, refusal_of):
    rigged = TicketList(raffle.tickets.draw, raffle.tickets.rule, 2, 2, (*raffle.tickets.holders, "07", "07"))
    said = refusal_of(rigged)
    assert "It has 219 tickets of 24 pupils, and the registers give 217 of 23" in said
    assert "Sur07" not in said


def test_what_differs_in_several_ways_is_said_in_sentences_with_one_blank_between(raffle, refusal_of):
    said = refusal_of(TicketList("another draw", "another rule", 2, 2, raffle.tickets.holders))
    assert "It is of the draw 'another draw'. It has another rule than" in said
    assert "  " not in said


def test_a_list_that_is_none_is_refused(raffle_pack, tmp_path):
    (tmp_path / "list.txt").write_bytes(b"\xff\x00 no list")
    with pytest.raises(InputError, match="is no list of tickets"):
        open_draw(raffle_pack, "raffle", "4", list_file=str(tmp_path / "list.txt"), list_hash="0" * 64)


@pytest.mark.parametrize("days", [DAYS[54:59], DAYS[55:59], DAYS[50:60]])
def test_days_that_are_no_period_of_the_draw_are_refused(days):
    with pytest.raises(SettingsError, match="is not a period of the raffle"):
        open_draw(opened({}, days), "raffle")


def test_the_days_around_a_week_make_no_other_draw(raffle):
    pack = pack_of(
        school_of(RAFFLE_MARKS, joined={"04": WEEK[2]}),
        (date(2026, 11, 21), date(2026, 11, 29)),
        Cohort(name="all", title="W"),
    )
    assert open_draw(pack, "raffle").tickets == raffle.tickets


def test_no_list_is_written_before_its_last_day_is_over():
    pack = opened({}, [*DAYS[55:59], date(2026, 11, 27)])
    pack.school.last_register_day = DAYS[58]
    with pytest.raises(InputError, match="the last register taken is of 2026-11-26"):
        open_draw(pack, "raffle")


def test_another_draw_and_a_school_without_a_rule_are_refused(raffle_pack):
    with pytest.raises(SettingsError, match="there is no draw 'rafle'"):
        open_draw(raffle_pack, "rafle")
    bare = opened({})
    bare.school.settings.incentives = IncentiveSettings()
    with pytest.raises(SettingsError, match="there is no rule of the raffle"):
        open_draw(bare, "raffle")


# The draw and its poster


# Fairness
