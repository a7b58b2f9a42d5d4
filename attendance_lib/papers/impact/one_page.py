"""The impact paper where nothing can be told yet: one page on how many pupils are wanting and what changed since the last one."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.verdicts import EFFECT_TO_BE_SEEN
from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.format import as_percent, format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.papers.impact.strategy import late_in_words
from attendance_lib.papers.impact_ranking import RANKING_COLUMNS
from attendance_lib.papers.shared import listed

# The parts of the notebook that the page has.
SHOWN = ("What is known", "Data notes")
IN_THE_WORKBOOK = (
    "Nothing else is printed: the pupils, the cards, the method and the impact card to fill in are in the workbook, each on a "
    "sheet."
)
NOTHING_DRAWN = "There is no effect to draw yet."
SHOWN_ROWS = 30
ON_THE_PAGE = ("intervention", "tiers", "said", "pupils", "pupils_needed")


def said(paper: ImpactPaper) -> Iterator[str]:
    """Yield from how many pupils something could be told, what changed since the last evaluation, and how late support starts."""
    yield from needed_in_words(paper)
    yield changed_in_words(paper)
    if len(paper.study.courses):
        yield late_in_words(paper.study.courses)


def needed_in_words(paper: ImpactPaper) -> Iterator[str]:
    """Yield what has to come together before something can be told; nothing without an intervention."""
    if len(paper.impacts):
        yield (
            f"An effect of {as_percent(EFFECT_TO_BE_SEEN)} points shows once as many pupils have had an intervention as the table "
            "says; where it gives no number, what lacks is like pupils to compare with or weeks to follow. Go on, write an impact "
            "card first, and let terms add up."
        )


def changed_in_words(paper: ImpactPaper) -> str:
    """Say what changed since the evaluation at the end of the half term before."""
    before = paper.before
    if before is None:
        return "This is the first evaluation of these days."
    now, then = pupils_of(paper), pupils_of(before)
    new = sorted(set(now) - set(then))
    more = sum(now[name] > then[name] for name in then if name in now)
    began = (
        f"{format_count(len(new), 'intervention')} began ({listed(new)})" if new else "no intervention began"
    )
    grew = (
        f"{format_count(more)} that had begun {in_number(more, 'has', 'have')}"
        if more
        else "none that had begun has"
    )
    verdicts = "nothing could be told then either" if before.is_untold else "something could be told then"
    return f"Since the evaluation to {format_date(before.last_day)} {began}, and {grew} more pupils evaluated; {verdicts}."


def pupils_of(paper: ImpactPaper) -> dict[str, int]:
    """Return how many pupils of each intervention were evaluated, by its name."""
    return dict(zip(paper.impacts["intervention"], paper.impacts["pupils"].astype(int), strict=True))


def lacking(row: dict) -> float:
    """Return how many pupils a row lacks to the number needed.

    Examples
    --------
    >>> lacking({"needed": 30, "pupils": 12})
    18
    """
    return row["needed"] - row["pupils"]


def pupils_wanting(paper: ImpactPaper, ranking: pd.DataFrame) -> Table:
    """Return one row per intervention, those that lack the fewest pupils first; all that is known is in the workbook.

    Parameters
    ----------
    paper : ImpactPaper
        Of which nothing can be told.
    ranking : pandas.DataFrame
        One row per intervention (``impact_ranking.ranking_frame``).
    """
    then = pupils_of(paper.before) if paper.before else {}
    frame = ranking.assign(
        pupils_before=[then.get(name) for name in ranking["intervention"]],
        lacking=lacking({"needed": ranking["pupils_needed"], "pupils": ranking["pupils"]}),
    )
    ended = (
        f"the evaluation to {format_date(paper.before.last_day)}" if paper.before else "an evaluation before"
    )
    return Table(
        name="impact",
        title="From how many pupils something could be told",
        frame=frame.sort_values("lacking", kind="stable", na_position="last", ignore_index=True),
        columns=(
            *(replace(column, shown=column.name in ON_THE_PAGE) for column in RANKING_COLUMNS),
            Column("pupils_before", "Pupils then", Kind.COUNT, f"Pupils evaluated in {ended}"),
        ),
        row_header="intervention",
        shown_rows=SHOWN_ROWS,
        note="Those that lack the fewest pupils stand first. Pupils needed: with about so many an effect of 6 points would show.",
    )
