"""What may be published of the outlook: how many of those it would have named in October crossed by July, beside a simple rule.

One figure a school year, so that no two can be set against each other: told at the end of the first half term of the last finished
year, of one in NAMED_OF of those on roll, whoever asks and of whatever cohort. It adds up with nothing that governors are told:
their reports count enrolments over a line at a date and who crossed in a span, never who was named. What a reader could
learn by setting it beside them is that the whole school had at least so many persistently absent pupils in July as here
crossed, and where that is few the count is withheld here as there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.outlook.backtest import Tried, try_week
from attendance_lib.analysis.outlook.level_and_drift import numbers_of
from attendance_lib.analysis.outlook.outlook import outlook_of
from attendance_lib.disclosure import Count, Partition, PublicTable, protect
from attendance_lib.display import Column, Document, Handed, HandedNote, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.outlook.proof import WITHOUT_A_YEAR, named_in
from attendance_lib.papers.shared import masthead
from attendance_lib.reports.papers import OUTLOOK
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SUPPRESSED

FOLDER, NAME = "published", "outlook"
NAMED_OF = 20
WAYS = {"outlook": "The outlook: most likely to cross", "rule": "The rule: highest absence so far"}
ALONE = "because nothing else that is published says who was named"
NOTHING = (
    "No page to publish was made: it tells of the last finished school year, and none is held from its first weeks on.",
)


@dataclass(frozen=True, eq=False)
class October:
    """What was said at the end of the first half term of the last finished year, and the last school days of both ends."""

    tried: Tried
    told_on: pd.Timestamp
    ended_on: pd.Timestamp


def october_of(pack: Pack) -> October | None:
    """Return what was said last October of the year's end; None where no finished year is held from its first weeks on."""
    outlook = outlook_of(pack)
    marks, known, weeks = outlook.school.marks, outlook.known, outlook.school.weeks
    year = np.flatnonzero(known.is_last_year & marks.is_held_whole)
    if not len(year):
        return None
    halves = weeks["half_term"].iloc[year]
    told = int(year[(halves == halves.iloc[0]).to_numpy()][-1])
    then, stop = marks.at(told), int(year[-1]) + 1
    tried = try_week(marks, then, stop, PERSISTENT_ABSENCE, numbers_of(known), with_check=False)
    return October(tried, *weeks["last_date"].iloc[[told, stop - 1]])


def counted(pack: Pack, october: October) -> PublicTable:
    """Return the counts as they would be published if none were small: one row for each of WAYS."""
    named, ours, simple, _ = named_in(pack, october.tried, int(october.tried.is_asked.sum()) // NAMED_OF)
    crossed = [ours, simple]
    frame = pd.DataFrame(
        {
            "way": list(WAYS.values()), "named": named, "crossed": crossed, "stayed": [named - each for each in crossed],
        }
    )  # fmt: skip
    counts = (
        Count("named", {"measure": "named"}, alone=ALONE),
        *(Count(name, {"measure": name}, out_of="named", alone=ALONE) for name in ("crossed", "stayed")),
    )
    rows = tuple({"way": way, "as_at": october.told_on.date().isoformat()} for way in WAYS)
    return PublicTable(
        "outlook_public", "Of those named in October, how many crossed by July", frame, rows, counts
    )


def safe(pack: Pack, october: October) -> pd.DataFrame:
    """Return the rows of ``counted`` as they may be published: counts of pupils under the school's level withheld, say of a day."""
    sums = Partition({"measure": "named"}, ({"measure": "crossed"}, {"measure": "stayed"}))
    level = pack.school.settings.rules.suppression_level
    return protect([counted(pack, october)], level, [sums]).tables[0].frame


def page_to_publish(pack: Pack) -> Sentences | HandedNote:
    """Return a note that says where the page is, with the page; or why there is none."""
    october = october_of(pack)
    if october is None:
        return Sentences(name="outlook_published", style="note", items=NOTHING)
    page = Handed(FOLDER, NAME, "anybody", tuple(parts(pack, october)), seen=None, leaves_school=True)
    made = (
        f"A page that may be published is in the folder '{FOLDER}' of this pack: how many of those named in October crossed by "
        "July. It is the same all year; the rest of this paper is never published."
    )
    return HandedNote.of("outlook_published", (made,), [page])


def parts(pack: Pack, october: October) -> Iterator[Document | Sentences | Table]:
    """Yield what the page shows, in order."""
    named, frame = masthead(pack, OUTLOOK), safe(pack, october)
    told, ended = (format_date(each.date()) for each in (october.told_on, october.ended_on))
    yield Document(
        name=named.name, title="How often the outlook was right", school=named.school, urn=named.urn, period=f"{told} to {ended}",
        date=october.ended_on.date().isoformat(), audience="For anybody",
        confidentiality="Nobody can be identified here. c: withheld, for few pupils are behind it.",
    )  # fmt: skip
    yield Sentences(name="outlook_public_words", style="lead", items=(in_words(frame, told, ended),))
    yield Table(
        name="outlook_public", title="Of those named in October, how many crossed by July", frame=frame, columns=PUBLIC_COLUMNS,
        note=f"Of pupils who had missed less than 10% by {told}, 1 in {NAMED_OF} of those on roll is named, as was known then. "
        f"Tried afterwards: nobody was named to anyone that day.{WITHOUT_A_YEAR if october.tried.had_hindsight else ''}",
    )  # fmt: skip


def in_words(frame: pd.DataFrame, told: str, ended: str) -> str:
    """Say the counts in a sentence, or that they are withheld, of two rows: the list of a day and the simple rule's.

    Examples
    --------
    >>> in_words(pd.DataFrame({"named": [20, 20], "crossed": [12, "c"]}), "1 October", "July")
    'How many of those named on 1 October had missed 10% or more by July is withheld: too few pupils are behind it.'
    >>> in_words(pd.DataFrame({"named": [1, 20], "crossed": [0, 12]}), "1 October", "July").partition(",")[0]
    'Of 1 pupil named on 1 October'
    """
    ours, rule = frame.to_dict("records")
    if SUPPRESSED in (ours["crossed"], rule["crossed"]):
        return f"How many of those named on {told} had missed 10% or more by {ended} is withheld: too few pupils are behind it."
    return (
        f"Of {format_count(ours['named'], 'pupil')} named on {told}, {format_count(ours['crossed'])} had missed 10% or more by "
        f"{ended}; a simple rule would have named {format_count(rule['named'])}, of whom {format_count(rule['crossed'])}."
    )


PUBLIC_COLUMNS = (
    Column("way", "Named by", meaning="How those named were chosen", width=34),
    figure("named"),
    figure("crossed", meaning="Of them, missed 10% or more of the school year"),
    Column("stayed", "Stayed below", Kind.COUNT, meaning="Of them, missed less"),
)
