"""What has been made fixes the past: a calendar or a rhythm edited later asks for no day a second time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.reports.papers import Span, paper_of
from attendance_lib.reports.period import Period

if TYPE_CHECKING:
    from attendance_lib.rules.calendar import SchoolCalendar
    from attendance_lib.rules.occasions import Occasion


@dataclass(frozen=True)
class MadePack:
    """A whole school's pack that the schedule made: its period, and its folder."""

    period: Period
    folder: Path


@dataclass(frozen=True)
class FixedPast:
    """The packs of one report that the schedule has made; the calendar as it is now asks for what they leave."""

    report: str
    calendar: "SchoolCalendar"
    packs: Sequence[MadePack]

    def left_of(self, occasion: "Occasion") -> tuple["Occasion", Path | None]:
        """Return an occasion with the days that no pack holds, and the pack that stands for it where none are left.

        Parameters
        ----------
        occasion : Occasion
            As the calendar asks for it now.

        Returns
        -------
        tuple of Occasion and pathlib.Path or None
            A pack made up to the end of a half term stands for it though its last day has moved since. Of a pack for a
            meeting, what comes after the last one's end is left; else what comes before it.
        """
        if not self.packs:
            return occasion, None
        if paper_of(self.report).span is Span.FORTNIGHT:
            return self._left_of_fortnight(occasion)
        return occasion, self._pack_of_half_term(occasion)

    def _pack_of_half_term(self, occasion: "Occasion") -> Path | None:
        """Return the pack that ends in the half term of an occasion."""
        begins = [first for first, _ in self.calendar.half_term_days if first > occasion.last]
        until = min(begins, default=date.max)
        ending = (pack.folder for pack in self.packs if occasion.first <= pack.period.date_to < until)
        return next(ending, None)

    def _left_of_fortnight(self, occasion: "Occasion") -> tuple["Occasion", Path | None]:
        days = [day for day in self.calendar.school_days if occasion.first <= day <= occasion.last]
        held = [day for day in days if self._pack_on(day)]
        left = [day for day in days if day not in held]
        if not held or not left:
            return occasion, self._pack_on(occasion.last) if held else None
        kept = [day for day in left if day > held[-1]] or [day for day in left if day < held[-1]]
        return replace(occasion, first=kept[0], last=kept[-1], marks_to=kept[-1]), None

    def _pack_on(self, day: date) -> Path | None:
        """Return the pack whose period holds a day."""
        holding = (pack.folder for pack in self.packs if pack.period.date_from <= day <= pack.period.date_to)
        return next(holding, None)
