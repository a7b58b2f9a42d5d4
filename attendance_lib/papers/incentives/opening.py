"""A draw opened: its rule, its list as it was first written, and, once the public value is known, who was drawn."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from attendance_lib.display.format import format_date
from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake.settings.incentives import DrawRule
from attendance_lib.pack.opening import find_file, text_of
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.incentives.tickets import (
    NAMES,
    known_draw,
    occasion_of,
    prize_tickets,
    raffle_tickets,
    rule_of,
)
from attendance_lib.papers.shared import pupil_names
from attendance_lib.rules.draw import Drawn, TicketList, draw_name, winners_of
from attendance_lib.rules.occasions import PRIZE_POT, RAFFLE

COUNTED = {RAFFLE: raffle_tickets, PRIZE_POT: prize_tickets}


@dataclass(frozen=True, eq=False)
class OpenDraw:
    """A draw of one period.

    ``tickets`` is the list as it was first written; ``counted`` what the registers say today (``tickets.raffle_tickets`` or
    ``prize_tickets``), which may differ once marks were amended: the list stands. ``public_value`` is empty before the draw.
    ``next_rule`` is the rule that the school file has for the next period, by its first day, both as text.
    """

    pack: Pack
    kind: str
    rule: DrawRule
    tickets: TicketList
    counted: pd.DataFrame
    public_value: str
    next_rule: tuple[str, str]

    @property
    def name(self) -> str:
        """The kind of draw in words."""
        return NAMES[self.kind]

    @property
    def period(self) -> str:
        """The days of the draw in words."""
        return f"{format_date(self.pack.date_from)} to {format_date(self.pack.date_to)}"

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per pupil on roll or in the list, by identifier: what was counted, with the tickets of the list.

        ``tickets`` and ``tickets_today`` are counts; ``first_ticket`` and ``last_ticket`` numbers from 1, missing of who has none.
        """
        held = pd.Series(self.tickets.holders, dtype=object)
        number = pd.Series(held.index + 1, index=held.index)
        of = number.groupby(held).agg(["size", "min", "max"])
        frame = self.counted.set_index(self.counted["pupil_id"].astype(str)).rename(
            columns={"tickets": "tickets_today"}
        )
        frame = frame.reindex(sorted({*frame.index, *of.index})).assign(
            tickets=of["size"], first_ticket=of["min"], last_ticket=of["max"]
        )
        frame = frame.assign(pupil_id=frame.index, pupil_name=pupil_names(frame.assign(pupil_id=frame.index)))
        counts = frame[["tickets", "tickets_today"]].fillna(0).astype(int)
        numbers = frame[["first_ticket", "last_ticket"]].astype("Int64")
        return frame.assign(**counts, **numbers).reset_index(drop=True)

    @cached_property
    def drawn(self) -> list[Drawn]:
        """The places drawn, the prizes first; none before the public value is known."""
        return self.tickets.drawn(self.public_value) if self.public_value else []

    @cached_property
    def redrawn(self) -> pd.DataFrame:
        """The redraws of this draw that were logged (rows of REDRAWS), by place; of one place the first, by day."""
        logged = self.pack.school.redraws
        if logged is None or not self.drawn:
            return pd.DataFrame(columns=["draw", "place", "given_up_because", "date"])
        mine = logged[logged["draw"] == self.tickets.draw].drop_duplicates("place")
        return mine.sort_values("place", kind="stable", ignore_index=True)

    @property
    def given_up(self) -> set[int]:
        """The places that were given up."""
        return {int(place) for place in self.redrawn["place"]}

    @property
    def winners(self) -> list[Drawn]:
        """Who has a prize, the redraws counted."""
        return winners_of(self.drawn, self.tickets.prizes, self.given_up)


def open_draw(
    pack: Pack, draw: str, public_value: str = "", *, list_file: str = "", list_hash: str = ""
) -> OpenDraw:
    """Open a draw of the pack's period.

    Parameters
    ----------
    pack : Pack
        The school, opened for a period of the draw.
    draw : str
        ``"raffle"`` or ``"prize_pot"``.
    public_value : str
        As it was made public, typed in; empty while the list waits for it.
    list_file : str
        Where the list lies that was written first; empty if there is none.
    list_hash : str
        Its SHA-256 as it was written down then; empty if no list was written.

    Raises
    ------
    SettingsError
        If there is no such draw, no rule or no such period, or a public value without a list written first.
    InputError
        If the list is not the one that was written first.
    """
    kind = known_draw(text_of(draw, "draw"))
    occasion, rule = occasion_of(pack, kind), rule_of(pack, kind)
    counted = COUNTED[kind](pack)
    name = draw_name(kind, (occasion.first, occasion.last), pack.cohort.name)
    incentives = pack.school.settings.incentives
    made = TicketList(
        name, rule.in_words(incentives.public_value), rule.prizes, rule.reserves, holders_of(counted)
    )
    value = " ".join(text_of(public_value, "public_value").split())
    if value and not list_hash:
        raise SettingsError(
            f"There is no list of the draw '{name}', and a list must be written before the public value is known. Run the paper "
            "without public_value first; for a run by hand, give the hash of that list as list_hash."
        )
    tickets = as_first_written(made, list_file, list_hash)
    return OpenDraw(pack, kind, rule, tickets, counted, value, next_rule(pack, kind))


def holders_of(counted: pd.DataFrame) -> tuple[str, ...]:
    """Return whose each ticket is, of pupils (rows) with their ``tickets``: in the order of identifiers, those of one together.

    Examples
    --------
    >>> holders_of(pd.DataFrame({"pupil_id": ["8", "7"], "tickets": [1, 2]}))
    ('7', '7', '8')
    """
    ordered = counted.sort_values("pupil_id", kind="stable")
    return tuple(ordered["pupil_id"].astype(str).repeat(ordered["tickets"]))


def next_rule(pack: Pack, kind: str) -> tuple[str, str]:
    """Return the first day of the next period of a draw (ISO) and its rule as the school file has it; empty where none is known."""
    occasions = pack.school.settings.occasions()
    asked = {RAFFLE: occasions.raffle, PRIZE_POT: occasions.prize_pot}[kind]()
    first = next((each.first for each in asked if each.first > pack.date_to), None)
    return (first.isoformat(), pack.school.settings.incentives.words_on(kind, first)) if first else ("", "")


def as_first_written(made: TicketList, list_file: str, list_hash: str) -> TicketList:
    """Return the list that was written first, which stands whatever was amended since; the list made now where none was.

    Raises
    ------
    InputError
        If it is not there as it was, with what differs.
    """
    if not list_hash:
        return made
    found = read_list(list_file) if list_file else made
    if found.hash == list_hash:
        return found
    changed = list(differences(found, made)) if list_file else []
    raise InputError(
        f"{list_file or 'the list as the registers have it now'} is not the list of the draw '{made.draw}' that was written first: "
        f"its hash is {found.hash}, and {list_hash} was written down. {' '.join(changed)}"
        "Put the pack of that list back as it was made; a list is never changed once it is written."
    )


def read_list(list_file: str) -> TicketList:
    """Return a list from its file.

    Raises
    ------
    InputError
        If it is none.
    """
    path = find_file(list_file)
    try:
        return TicketList.read(path.read_bytes().decode("utf-8"))
    except ValueError:
        raise InputError(
            f"{list_file} is no list of tickets as one is written. Put the pack of that list back as it was made."
        ) from None


def differences(found: TicketList, made: TicketList) -> list[str]:
    """Return what a list holds otherwise than the registers, the roll and the school file give now, without a pupil's name."""
    said = []
    if found.draw != made.draw:
        said.append(f"It is of the draw '{found.draw}'. ")
    if found.rule != made.rule or (found.prizes, found.reserves) != (made.prizes, made.reserves):
        said.append("It has another rule than the school file. ")
    if found.holders != made.holders:
        said.append(
            f"It has {len(found.holders)} tickets of {found.pupils} pupils, and the registers give {len(made.holders)} of "
            f"{made.pupils}. "
        )
    return said
