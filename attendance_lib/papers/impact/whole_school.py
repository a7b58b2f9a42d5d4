"""Schemes for the whole school (Tier 1), which leave nobody to compare with: the gap to England, or that it cannot be told."""

from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.whole_school import weekly_gap
from attendance_lib.display import Chart, Column, Kind, Sentences, Table
from attendance_lib.display.charts import whole_school_chart
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_span
from attendance_lib.papers.impact_words import of_the_log
from attendance_lib.papers.shared import framed


@of_the_log
def whole_school_schemes(paper: ImpactPaper) -> Table:
    """Return one row per scheme for the whole school: what can be said of it, and why not more."""
    of_gap = ("change", "last_year_change", "season", "estimate", "low", "high", "weeks")
    rows = [
        {
            "intervention": name,
            "start_date": start,
            "said": found.judgement.reason or str(found.judgement.verdict),
            "span": format_span(found.low, found.high),
        }
        | {column: getattr(found, column) for column in of_gap}
        for name, start, found in paper.schemes
    ]
    return Table(
        name="impact_whole_school",
        title="Schemes for the whole school",
        frame=framed(rows, COLUMNS),
        columns=COLUMNS,
        row_header="intervention",
        note="With everybody in it, nobody is left to compare with. The school's weekly gap to England before and after is "
        "compared with the same at other dates. Where three school years or so are known, the season is taken out first: the part "
        f"of the change about the same weeks a year before that comes again at other dates. {WHOM[paper.is_beside_england]}",
        empty_text="No scheme for the whole school that is asked about started in these days.",
    )


@of_the_log
def whole_school_weeks(paper: ImpactPaper) -> Chart | Sentences:
    """Return the school's attendance by week with each scheme's start; England's beside it where it is known.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> whole_school_weeks(SimpleNamespace(schemes=[], school=SimpleNamespace(interventions="interventions.csv"))).items
    ('There is no such scheme to draw.',)
    """
    found = paper.schemes
    if not found:
        return Sentences("impact_school_weeks", ("There is no such scheme to draw.",), style="note")
    gap = weekly_gap(paper.school_weeks, paper.england_weeks)[["week_beginning", "england_rate"]]
    weeks = paper.school_weeks.merge(gap, on="week_beginning", how="left", validate="1:1")
    return whole_school_chart(weeks, {name: start for name, start, _ in found})


WHOM = {
    True: "The school's weeks are of pupils aged 5 to 15 on 31 August, as England's are.",
    False: "Nobody here is of the ages that England's figures count, so that none stand beside the school's.",
}
COLUMNS = (
    Column("intervention", "Scheme", meaning="What is done for everyone", width=26),
    Column("start_date", "Began", Kind.DATE, "First day"),
    figure("said", meaning="A verdict, or why there is none", width=60),
    Column("change", "Change of the gap", Kind.POINTS, "Mean weekly gap to England after the start less before it"),
    Column("last_year_change", "A year before", Kind.POINTS, "The same about the same weeks a year before, when nothing began"),
    Column("season", "Season's part", Kind.POINTS, "What of it comes again year by year; blank where too few weeks are known"),
    Column("estimate", "Without season", Kind.POINTS, "The change less the season's part"),
    figure("span", meaning="95% range of the change without season, percentage points"),
    Column("weeks", "Weeks known", Kind.COUNT, "School weeks that both the school and England have"),
    figure("low", meaning="Lower end of the range", shown=False),
    figure("high", meaning="Upper end of the range", shown=False),
)  # fmt: skip
