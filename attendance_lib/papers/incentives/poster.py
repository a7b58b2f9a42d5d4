"""The winners' poster: first names and forms, nothing else; whoever may not be named, or is known by it, is named by school."""

import pandas as pd

from attendance_lib.display import Sentences
from attendance_lib.papers.incentives.opening import OpenDraw
from attendance_lib.rules.draw import Drawn

# Of fewer pupils a first name would be recognised by the form alone.
SMALLEST_FORM = 10


def poster_lines(draw: OpenDraw) -> list[str]:
    """Return what the poster says of each winner, in the order drawn.

    A pupil is named only where the pupils file says that he or she may be: not known is not yes.
    """
    people = draw.people.set_index("pupil_id")
    on_roll = draw.pack.roll.current.pupils["form"].value_counts()
    return [
        poster_line(each, people, on_roll, draw.pack.school.settings.school.name) for each in draw.winners
    ]


def poster_line(winner: Drawn, people: pd.DataFrame, on_roll: pd.Series, school: str) -> str:
    """Return what the poster says of one winner, of people (one row each) and how many are on roll in each form on the day."""
    own = people.loc[winner.pupil_id]
    forename, form = (str(own[name]) if pd.notna(own[name]) else "" for name in ("forename", "form"))
    may_be_named = pd.notna(own.get("no_publicity")) and not own["no_publicity"]
    is_large = form != "" and int(on_roll.get(form, 0)) >= SMALLEST_FORM
    return f"{forename}, {form}" if may_be_named and forename and is_large else f"A pupil of {school}"


def poster_title(draw: OpenDraw) -> str:
    """Return what heads the poster."""
    return f"Winners of the {draw.name}"


def poster_of(draw: OpenDraw) -> dict[str, object]:
    """Return the poster as the run writes it: title, school, period, and a line a winner; no lines before the draw."""
    pack = draw.pack
    return {
        "title": poster_title(draw),
        "school": pack.school.settings.school.name,
        "period": draw.period,
        "date": pack.date_to.isoformat(),
        "lines": poster_lines(draw),
    }


def poster(draw: OpenDraw) -> Sentences:
    """Return the lines of the poster as the paper shows them, and what was left out of it."""
    people, winners = draw.people.set_index("pupil_id"), [each.pupil_id for each in draw.winners]
    if not winners:
        return Sentences(name="poster", style="note", items=("There is no poster before the draw.",))
    lines = poster_lines(draw)
    unnamed = sum(line.startswith("A pupil of ") for line in lines)
    flags = people["no_publicity"] if "no_publicity" in people else pd.Series(dtype=object)
    unknown = (
        " The pupils file has no column no_publicity, so nobody may be named." if flags.isna().all() else ""
    )
    left_out = (
        f"{unnamed} of {len(lines)} {'is' if unnamed == 1 else 'are'} named by school alone: opted out, of a form of fewer than "
        f"{SMALLEST_FORM}, or nothing says that the pupil may be named.{unknown}"
    )
    items = (*lines, *([left_out] if unnamed else []))
    return Sentences(name="poster", title="What poster.html and poster.pdf say", style="points", items=items)
