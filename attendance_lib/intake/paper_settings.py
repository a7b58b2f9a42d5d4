"""The parts of the school file about papers: the meetings, how long a paper waits, and where finished ones are handed over."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from attendance_lib.errors import quoted
from attendance_lib.intake.validation import AtLeastOne, Count, Settled, Text
from attendance_lib.rules.occasions import PASTORAL, Rhythm

AS_USUAL = Rhythm()


class Meeting(Settled):
    """When a meeting first takes place and after how many school weeks it returns."""

    first: date
    every_school_weeks: AtLeastOne


class PaperSettings(Settled):
    """How long papers wait, in school days, and how often the incentives come, in school weeks.

    ``pack_school_days_before`` is how long before the meeting its pack is due; ``settled_school_days`` how long
    after the end of a half term its register may still change, so that the governors' report waits.
    """

    pack_school_days_before: Count = AS_USUAL.pack_days_before
    settled_school_days: Count = AS_USUAL.settled_days
    raffle_every_school_weeks: AtLeastOne = AS_USUAL.raffle_every_weeks
    prize_pot_every_school_weeks: AtLeastOne = AS_USUAL.prize_pot_every_weeks


class HandOver(Settled):
    """Folders that finished packs are copied to, relative to the school file.

    ``published`` is for the packs in which nobody can be found, ``personal`` for those with names.
    """

    published: Text | None = None
    personal: Text | None = None

    def folder(self, school_file: Path, *, published: bool) -> Path | None:
        """Return the folder for one sort of pack; None if the school file names none."""
        named = self.published if published else self.personal
        return (school_file.parent / named).resolve() if named else None

    def problems(self, school_file: Path) -> Iterator[str]:
        """Yield what is wrong between the two folders: a pack with names must not come to lie among the published."""
        published, personal = (self.folder(school_file, published=each) for each in (True, False))
        if published and personal and (lies_in(published, personal) or lies_in(personal, published)):
            yield (
                f"published ({quoted(self.published)}) and personal ({quoted(self.personal)}) are one folder, "
                "or one lies in the other. "
                "Name two folders apart, so that no pack with names is among the published."
            )


def lies_in(folder: Path, other: Path) -> bool:
    """Whether a folder is another one or lies in it.

    Examples
    --------
    >>> lies_in(Path("a/b"), Path("a")), lies_in(Path("a"), Path("a/b"))
    (True, False)
    """
    return folder == other or other in folder.parents


def rhythm_of(meetings: dict[str, Meeting], papers: PaperSettings) -> Rhythm:
    """Return the rhythm of a school's papers; without a meeting called ``pastoral`` there is none to prepare."""
    meeting = meetings.get(PASTORAL)
    return Rhythm(
        first_meeting=meeting.first if meeting else None,
        meeting_every_weeks=meeting.every_school_weeks if meeting else AS_USUAL.meeting_every_weeks,
        pack_days_before=papers.pack_school_days_before,
        settled_days=papers.settled_school_days,
        raffle_every_weeks=papers.raffle_every_school_weeks,
        prize_pot_every_weeks=papers.prize_pot_every_school_weeks,
    )
