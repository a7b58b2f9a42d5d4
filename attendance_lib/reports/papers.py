"""What sets one paper apart from another: the days it covers when none are asked for, and whether it is published."""

from dataclasses import dataclass
from enum import StrEnum


class Span(StrEnum):
    """The days that a paper covers by default."""

    FORTNIGHT = "fortnight"
    HALF_TERM = "half term"
    WHOLE_RECORD = "whole record"


@dataclass(frozen=True)
class Paper:
    """One kind of paper.

    ``is_published`` says that it leaves the school: no personal column, small numbers suppressed, and the
    publication profile of the workbook; ``lists_missing`` that it is for finding missing marks, and so is made of any.
    """

    span: Span = Span.FORTNIGHT
    is_published: bool = False
    lists_missing: bool = False


PAPERS = {
    "impact": Paper(span=Span.WHOLE_RECORD),
    "governors": Paper(span=Span.HALF_TERM, is_published=True),
    "inspection": Paper(lists_missing=True),
}


def paper_of(report: str) -> Paper:
    """Return what sets a report apart; a report that is not named here covers a fortnight and stays in school.

    Examples
    --------
    >>> paper_of("governors").span.value, paper_of("fortnightly").is_published
    ('half term', False)
    """
    return PAPERS.get(report, Paper())
