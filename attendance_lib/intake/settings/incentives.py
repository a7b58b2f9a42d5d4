"""The part of the school file about rewards: what a raffle and a prize pot ask for, each rule with the day from which it holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from attendance_lib.errors import counted
from attendance_lib.intake.settings.yaml import AtLeastOne, Count, Many, Settled, says
from attendance_lib.rules.occasions import PRIZE_POT, RAFFLE

# It stands in one line of the list whose hash is made.
OneLine = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^\S[^\n\r]*$")]


class DrawRule(Settled):
    """What every draw has: the first day of a period from which it holds, and how many are drawn."""

    from_date: date = says("First day of a period from which the rule holds", alias="from")
    prizes: AtLeastOne = says("How many are drawn")
    reserves: Count = says("How many are drawn beyond those")

    @property
    def asks(self) -> str:
        """What a ticket is given for, in words."""
        return ""

    def in_words(self, public_value: str) -> str:
        """Return the rule as the list has it, with the public value that it will be drawn with.

        Examples
        --------
        >>> rule = DrawRule.model_validate({"from": date(2026, 9, 7), "prizes": 1, "reserves": 2})
        >>> rule.in_words("the lottery's numbers").partition("; ")[2]
        "1 prize and 2 reserves; in force from 2026-09-07; drawn with the lottery's numbers"
        """
        places = (
            f"{counted(self.prizes, 'prize', 'prizes')} and {counted(self.reserves, 'reserve', 'reserves')}"
        )
        return f"{self.asks}; {places}; in force from {self.from_date}; drawn with {public_value}"


class RaffleRule(DrawRule):
    """The weekly raffle for punctuality: as many tickets as the share of sessions on time allows, of so many at most."""

    most_tickets: AtLeastOne = says("Tickets of a pupil who is always on time")

    @property
    def asks(self) -> str:
        """What a ticket is given for, in words.

        Examples
        --------
        >>> rule = RaffleRule.model_validate({"from": date(2026, 9, 7), "prizes": 1, "reserves": 2, "most_tickets": 5})
        >>> rule.asks.partition(",")[0]
        'up to 5 tickets for the share of sessions on time'
        """
        return (
            f"up to {counted(self.most_tickets, 'ticket', 'tickets')} for the share of sessions on time, of those to which the "
            "pupil came; absence costs none; excused lateness counts as on time"
        )


class PrizePotRule(DrawRule):
    """The prize pot for attendance: a ticket for at most so many sessions missed of so many, and one for an improvement."""

    missed: Count = says("Sessions that may be missed")
    out_of: AtLeastOne = says("Of so many sessions")

    @property
    def asks(self) -> str:
        """What a ticket is given for, in words.

        Examples
        --------
        >>> rule = PrizePotRule.model_validate({"from": date(2026, 9, 7), "prizes": 1, "reserves": 2, "missed": 3, "out_of": 60})
        >>> rule.asks.partition(",")[0]
        'a ticket for at most 3 sessions missed of every 60'
        """
        return (
            f"a ticket for at most {self.missed} sessions missed of every {self.out_of}, and one for missing a smaller share than "
            "in one's own six school weeks before; illness, medical appointments, religious observance, a part-time timetable, a "
            "parent's travelling for work and excused absence cost none"
        )


class IncentiveSettings(Settled):
    """The school's rewards; a draw without a rule is not held.

    ``public_value`` says what the winners will be drawn with, such as the numbers of a lottery that is drawn after the list.
    """

    public_value: OneLine = says("What winners are drawn with, such as the next lottery's numbers", "")
    raffle: Many[RaffleRule] = says("Weekly, for punctuality", ())
    prize_pot: Many[PrizePotRule] = says("Every six school weeks, for attendance", ())

    def rules_of(self, draw: str) -> tuple[DrawRule, ...]:
        """Return the rules of a kind of draw, the oldest first.

        Examples
        --------
        >>> rules = [{"from": day, "prizes": 1, "reserves": 0, "most_tickets": 5} for day in (date(2026, 11, 2), date(2026, 9, 7))]
        >>> [str(rule.from_date) for rule in IncentiveSettings.model_validate({"raffle": rules}).rules_of(RAFFLE)]
        ['2026-09-07', '2026-11-02']
        """
        rules = {RAFFLE: self.raffle, PRIZE_POT: self.prize_pot}[draw]
        return tuple(sorted(rules, key=lambda each: each.from_date))

    def rule_on(self, draw: str, day: date) -> DrawRule | None:
        """Return the rule that is in force for a period that begins on a day; None if there is none.

        Examples
        --------
        >>> rules = [{"from": date(2026, month, 7), "prizes": 1, "reserves": 0, "most_tickets": 10} for month in (9, 11)]
        >>> settings = IncentiveSettings.model_validate({"raffle": rules})
        >>> str(settings.rule_on(RAFFLE, date(2026, 10, 5)).from_date), settings.rule_on(RAFFLE, date(2026, 9, 1))
        ('2026-09-07', None)
        """
        return next((each for each in reversed(self.rules_of(draw)) if each.from_date <= day), None)

    def words_on(self, draw: str, day: date) -> str:
        """Return the rule in force for a period that begins on a day, in words; empty if there is none.

        Examples
        --------
        >>> rule = {"from": date(2026, 11, 2), "prizes": 1, "reserves": 2, "most_tickets": 5}
        >>> settings = IncentiveSettings.model_validate({"public_value": "the next lottery", "raffle": [rule]})
        >>> [settings.words_on(RAFFLE, day).rpartition("; ")[2] for day in (date(2026, 11, 1), date(2026, 11, 2))]
        ['', 'drawn with the next lottery']
        """
        rule = self.rule_on(draw, day)
        return rule.in_words(self.public_value) if rule else ""

    def problems(self) -> Iterator[str]:
        """Yield what is wrong between the parts.

        Examples
        --------
        >>> rule = {"from": date(2026, 9, 7), "prizes": 1, "reserves": 0, "most_tickets": 10}
        >>> twice = IncentiveSettings.model_validate({"public_value": "the lottery's numbers", "raffle": [rule, rule]})
        >>> list(twice.problems())
        ['raffle has two rules from 2026-09-07. Give each a day of its own.']
        """
        if (self.raffle or self.prize_pot) and not self.public_value:
            yield (
                "there is no public_value. Say what the winners will be drawn with, such as the numbers of the next lottery: it "
                "must be named before it is known."
            )
        for draw in (RAFFLE, PRIZE_POT):
            for day, count in Counter(each.from_date for each in self.rules_of(draw)).items():
                if count > 1:
                    yield f"{draw} has two rules from {day}. Give each a day of its own."
        for rule in self.prize_pot:
            if rule.missed >= rule.out_of:
                yield f"prize_pot from {rule.from_date}: {rule.missed} missed of {rule.out_of} is everybody. Lower 'missed'."
