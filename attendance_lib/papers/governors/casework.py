"""Interventions in aggregate with what can be said of them, and statutory action as counts."""

from collections.abc import Callable

import pandas as pd

from attendance_lib.display import Column, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_points, format_pounds, is_suppressed
from attendance_lib.papers.governors.casework_tables import INTERVENTIONS, NOTICES
from attendance_lib.papers.governors.published import Published, of_every_age
from attendance_lib.papers.published_tables import published_table
from attendance_lib.papers.shared import NOT_KNOWN, listed, not_exported
from attendance_lib.rules.thresholds import SUPPRESSED

FOR_EVERYONE = "For everyone, so there are no pupils like them to compare with"
EFFECT, REGAINED = ("estimate", "low", "high"), ("sessions_regained", "sessions_low", "sessions_high")


def intervention_words(report: Published) -> Sentences:
    """Say how many interventions were tried and what the evaluation allows to be said of them together.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"is_own": [True, True, False], "verdict": ["no clear effect", "c", None]})
    >>> facts = SimpleNamespace(span="half term", left_out=())
    >>> intervention_words(SimpleNamespace(tables={INTERVENTIONS: table}, facts=facts)).items[0]
    '2 interventions for named pupils and 1 scheme for everyone are recorded. Of those for named pupils 1 showed no clear effect.'
    """
    table = report.tables[INTERVENTIONS]
    own = table[table["is_own"].astype(bool)]
    verdicts = own["verdict"][~own["verdict"].map(is_suppressed)]
    counts = verdicts.value_counts()
    told = [
        f"{format_count(counts[verdict])} {words}" for verdict, words in VERDICTS.items() if verdict in counts
    ]
    if not len(own):
        return Sentences(
            name="intervention_words", items=(missing_or(report, "interventions", NONE_RECORDED),)
        )
    said = (
        f"{format_count(len(own), 'intervention')} for named pupils and {format_count(len(table) - len(own), 'scheme')} for "
        f"everyone are recorded. {f'Of those for named pupils {listed(told)}.' if told else ''}"
    )
    return Sentences(name="intervention_words", items=(said.strip(), CAREFUL.format(report.facts.span)))


VERDICTS = {
    "likely helped": "likely helped",
    "no clear effect": "showed no clear effect",
    "likely worse": "likely made it worse",
    "too few to tell": "had too few pupils or too wide a range to tell",
}
NONE_RECORDED = "No intervention is recorded."
NO_COST = "none recorded"
CAREFUL = (
    "No clear effect and too few to tell do not mean that an intervention does nothing: one small group in one {} "
    "seldom shows anything. Likely helped does not say why."
)


def interventions_in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return interventions (one row each; cost in pounds, effects in sessions and fractions) with their words."""
    frame = table.assign(
        cost_text=[pounds(*each) for each in zip(table["cost"], table["is_cost_in_part"], strict=True)],
        said=[said_of(*each) for each in zip(table["verdict"], table["reason"], strict=True)],
        effect_text=range_texts(table, EFFECT, format_points),
        regained_text=range_texts(table, REGAINED, format_count),
    )
    return frame.assign(
        cost=as_told(frame["cost_text"], frame["cost"].map(in_pounds)),
        **{name: as_told(frame["effect_text"], frame[name]) for name in EFFECT},
        **{name: as_told(frame["regained_text"], frame[name]) for name in REGAINED},
    )


def interventions(report: Published) -> Table:
    """Return each intervention: for how many, at what cost, and what its evaluation allows to be said."""
    return published_table(
        INTERVENTIONS,
        "Interventions",
        interventions_in_words(report.tables[INTERVENTIONS]),
        INTERVENTION_COLUMNS,
        "Compared with pupils of the same history in the same school weeks, over up to 12 of them; in brackets the 95% "
        f"range. A range that holds nought shows no clear difference.{of_every_age(report)}",
        empty_text=NOT_KNOWN if "interventions" in report.facts.left_out else NONE_RECORDED,
    )


INTERVENTION_COLUMNS = (
    figure("intervention", meaning="What was done", width=22),
    figure("tier", meaning="1 for everyone, 2 for a group, 3 for one pupil", width=6),
    figure("pupils", meaning="Different pupils who have had it since the marks begin", width=8),
    Column("cost_text", "Cost", meaning="All cost recorded; a cost of nought counts as not recorded", width=16),
    Column("evaluated_pupils", "Compared", Kind.COUNT, "Pupils who could be compared with pupils like them", width=10),
    figure("said", meaning="The impact evaluation's verdict and, where it is too few to tell, why", width=34),
    Column(
        "effect_text", "Difference in attendance, points",
        meaning="Attendance less that expected of pupils like them, percentage points, with its 95% range", width=24,
    ),
    Column("regained_text", "Sessions regained", meaning="Sessions attended beyond expectation, with their 95% range", width=24),
    # The same as numbers, for programs.
    Column("cost", "Cost, pounds", Kind.NUMBER, "The cost as a number of pounds", shown=False, width=10),
    figure("estimate", meaning="The difference in attendance as a number", shown=False, width=10),
    figure("range_from", meaning="Lower end of its 95% range"),
    figure("range_to", meaning="Upper end of its 95% range"),
    Column("sessions_regained", "Regained", Kind.NUMBER, "Sessions regained as a number", shown=False, width=10),
    Column("sessions_low", "Regained from", Kind.NUMBER, "Lower end of their 95% range", shown=False, width=10),
    Column("sessions_high", "Regained to", Kind.NUMBER, "Upper end of their 95% range", shown=False, width=10),
)  # fmt: skip


def as_told(texts: pd.Series, numbers: pd.Series) -> list[object]:
    """Return numbers (pounds, sessions or fractions, one a row) as their texts have them: ``c`` where those do, else missing.

    Examples
    --------
    >>> as_told(pd.Series(["£5", "c", "", "none recorded"]), pd.Series([5.0, 7.0, 9.0, None]))
    [5.0, 'c', None, None]
    """
    return [
        SUPPRESSED
        if text == SUPPRESSED
        else None
        if text in ("", NO_COST) or is_suppressed(number)
        else number
        for text, number in zip(texts, numbers, strict=True)
    ]


def in_pounds(cost: object) -> object:
    """Return a cost (pounds) rounded as its text is (see ``format_pounds``); ``c`` and missing as they are.

    Examples
    --------
    >>> in_pounds(312.4), in_pounds(7.494), in_pounds("c")
    (312.0, 7.49, 'c')
    """
    if is_suppressed(cost) or pd.isna(cost):
        return cost
    return float(format_pounds(cost).removeprefix("£").replace(",", ""))


def pounds(cost: object, is_in_part: object) -> str:
    """Return a cost as text: ``c`` where it was withheld; that none is recorded, or not for every course, where so.

    Examples
    --------
    >>> pounds(4368.0, False), pounds(312.0, True), pounds("c", "c"), pounds(float("nan"), False)
    ('£4,368', '£312 (not all recorded)', 'c', 'none recorded')
    """
    if is_suppressed(cost):
        return SUPPRESSED
    if pd.isna(cost):
        return NO_COST
    return f"{format_pounds(cost)} (not all recorded)" if is_in_part else format_pounds(cost)


def said_of(verdict: object, reason: object) -> str:
    """Return what can be said of an intervention; one for everyone has no verdict.

    Examples
    --------
    >>> said_of("too few to tell", "range too wide"), said_of("c", "c")
    ('Too few to tell: range too wide', 'c')
    """
    if is_suppressed(verdict):
        return SUPPRESSED
    if pd.isna(verdict):
        return FOR_EVERYONE
    return f"{str(verdict).capitalize()}: {reason}" if reason else str(verdict).capitalize()


def range_texts(
    table: pd.DataFrame, columns: tuple[str, str, str], write: Callable[[float], str]
) -> list[str]:
    """Return each row's figure (sessions, pounds, a fraction) with its range in words; ``c`` where withheld, empty without one.

    Examples
    --------
    >>> found = pd.DataFrame({"effect": [0.01, "c"], "low": [-0.02, "c"], "high": [0.04, "c"]}, dtype=object)
    >>> range_texts(found, ("effect", "low", "high"), "{:+.2f}".format)[1]
    'c'
    """
    return [range_text(each, write) for each in zip(*(table[name] for name in columns), strict=True)]


def range_text(figures: tuple, write: Callable[[float], str]) -> str:
    """Return a figure and its range, as in ``+1.9 (−1.9 to +5.8)``.

    Examples
    --------
    >>> range_text((0.019, -0.019, 0.058), format_points), range_text(("c", "c", "c"), format_points)
    ('+1.9 (−1.9 to +5.8)', 'c')
    """
    if any(map(is_suppressed, figures)):
        return SUPPRESSED
    if any(map(pd.isna, figures)):
        return ""
    middle, low, high = map(write, figures)
    return f"{middle} ({low} to {high})"


def statutory_action(report: Published) -> Table:
    """Return the notices and contracts of each kind issued in the half term and in the year to date."""
    table, word = report.tables[NOTICES], report.facts.span
    return published_table(
        NOTICES,
        "Statutory action",
        table.assign(kind_text=[str(kind).capitalize() for kind in table["kind"]]),
        (
            Column("kind_text", "Kind", meaning="As the notices log calls it", width=36),
            Column("period_notices", f"This {word}", Kind.COUNT, f"Issued in the {word}, whatever became of them", width=14),
            Column("year_notices", "Year to date", Kind.COUNT, "Issued in the school year to date", width=14),
        ),
        "Counted by the day of issue. Meeting the national threshold means that the school must consider a notice, not that it "
        "must issue one.",
        empty_text=missing_or(report, "notices", "No notice or contract is recorded."),
    )  # fmt: skip


def missing_or(report: Published, log: str, text: str) -> str:
    """Return what an empty table says: that the log is not exported, or the text.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> report = SimpleNamespace(facts=SimpleNamespace(left_out=("notices",)))
    >>> [missing_or(report, log, "None is recorded.").partition(" is ")[0] for log in ("interventions", "notices")]
    ['None', 'No log of penalty notices, notices to improve and contracts']
    """
    return not_exported(log) if log in report.facts.left_out else text
