"""The impact paper's fourth part, for strategy: types, tiers, barriers, groups, lead times and doses, pooled over terms."""

from collections.abc import Sequence

import pandas as pd

from attendance_lib.analysis.impact.courses import BEFORE, LATE, LATER, SOON, TRIGGER
from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.pools import FALSE_DISCOVERY_RATE, difference_between
from attendance_lib.analysis.impact.rounds import (
    ALL,
    ELIGIBLE,
    FSM,
    HAS_SEN,
    LEAD,
    NO_SEN,
    NOT_ELIGIBLE,
    SEND,
    TIER,
    TYPE,
    doses_within,
    lead_times,
)
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Chart, Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.charts.pools import pools_chart
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import (
    format_count,
    format_number,
    format_percent,
    format_points,
    format_span,
)
from attendance_lib.papers.impact_words import (
    FINDING,
    difference_words,
    of_the_log,
    verdict_words,
)
from attendance_lib.papers.shared import listed

ON_THE_CHART = (TYPE, TIER, FSM, SEND)
# The two sides of each group, with what each is called in a sentence.
SIDES = {
    FSM: ((ELIGIBLE, "Pupils eligible for free school meals"), (NOT_ELIGIBLE, "pupils who are not")),
    SEND: ((HAS_SEN, "Pupils with SEN support or an EHC plan"), (NO_SEN, "pupils without SEN")),
}
NOTHING = "No intervention that is asked about could be evaluated."
DOSE_WARNINGS = (
    "Who gets a high dose is not left to chance. Where an intervention is kept going for those in greatest need, a long dose "
    "looks worse than it is; where it stops because a pupil no longer comes or the family withdraws, a long dose looks better.",
    "Dose is the school weeks in which it ran by its dates, never the sessions attended while it ran: pupils who attend get more "
    "of whatever is offered in school, so that measure would make every long dose look good.",
    "Across interventions a long dose is another kind of work. Compare doses within one intervention, and only where the ranges "
    "do not overlap.",
)


@of_the_log
def strategy_lead(paper: ImpactPaper) -> Sentences:
    """Say what can be concluded of types, tiers and groups over all terms, and how late support starts."""
    name = "strategy_lead"
    table = paper.pools
    if table.empty:
        return Sentences(name, (NOTHING,))
    items = (
        found_in_words(table),
        tier_in_words(table),
        *(compared_in_words(table, group) for group in SIDES),
        late_in_words(paper.study.courses),
    )
    return Sentences(name, tuple(filter(None, items)))


def found_in_words(table: pd.DataFrame) -> str:
    """Say which types the pools (rows, fractions) tell anything of, and of how many there are too few to tell.

    Examples
    --------
    >>> pools = pd.DataFrame({"group": [TYPE] * 2, "value": ["Mentor", "Club"], "verdict": [Verdict.HELPED, Verdict.TOO_FEW]})
    >>> found_in_words(pools).partition(": ")[2]
    'likely helped Mentor; of 1 of 2 types there are still too few to tell.'
    """
    types = table[table["group"] == TYPE]
    verdicts = (Verdict.HELPED, Verdict.WORSE, Verdict.NO_CLEAR_EFFECT)
    found = {verdict: list(types.loc[types["verdict"] == verdict, "value"]) for verdict in verdicts}
    told = [f"{verdict} {listed(names)}" for verdict, names in found.items() if names]
    unknown = int((types["verdict"] == Verdict.TOO_FEW).sum())
    rest = f"of {format_count(unknown)} of {format_count(len(types), 'type')} there are still too few to tell"
    start = "What the next round may be expected to come to, pooled over terms and years"
    return f"{start}: {'; '.join([*told, rest] if unknown else told)}."


def tier_in_words(table: pd.DataFrame) -> str:
    """Say what each tier's pool (row, fractions) comes to; empty where there is none."""
    tiers = table[table["group"] == TIER].to_dict("records")
    return f"{'; '.join(said_pool(row) for row in tiers)}." if tiers else ""


def said_pool(row: dict) -> str:
    """Return a pool in words.

    Examples
    --------
    >>> said_pool({"value": "Tier 2", "verdict": "no clear effect", "reason": "", "stands_among_many": False, "estimate": 0.004,
    ...     "low": -0.015, "high": 0.023, "pupils": 183, "rounds": 13})
    'Tier 2: no clear effect, +0.4 points (range −1.5 to +2.3), 183 pupils in 13 rounds'
    """
    start = f"{row['value']}: {verdict_words(row['verdict'], row['reason'], stands=row['stands_among_many'])}"
    if pd.isna(row["estimate"]):
        return start
    size = f"{format_count(row['pupils'], 'pupil')} in {format_count(row['rounds'], 'round')}"
    return f"{start}, {difference_words(row['estimate'], row['low'], row['high'])}, {size}"


def compared_in_words(table: pd.DataFrame, group: str) -> str:
    """Say whether two sides of a group (two rows, fractions) can be distinguished; empty where either has no estimate."""
    rows = {row["value"]: row for row in table[table["group"] == group].to_dict("records")}
    (first, said), (second, than) = SIDES[group]
    sides = [rows[name] for name in (first, second) if name in rows and pd.notna(rows[name]["estimate"])]
    if len(sides) < len(SIDES[group]):
        return ""
    change, low, high = difference_between(*sides)
    apart = apart_in_words([side["verdict"] for side in sides], low, high)
    return f"{said} against {than}: a difference between the two of {difference_words(change, low, high)}; {apart}."


def apart_in_words(verdicts: Sequence[str], low: float, high: float) -> str:
    """Say whether two sides can be distinguished: from their verdicts, and the range of their difference (fractions).

    Examples
    --------
    >>> apart_in_words(["no clear effect", "helped"], 0.01, 0.05), apart_in_words(["no clear effect", "helped"], -0.02, 0.05)
    ('they can be told apart', 'they cannot be told apart')
    >>> apart_in_words(["too few to tell", "helped"], 0.01, 0.05)
    'too few to tell them apart'
    """
    if Verdict.TOO_FEW in verdicts:
        return "too few to tell them apart"
    return "they can be told apart" if low > 0 or high < 0 else "they cannot be told apart"


def late_in_words(courses: pd.DataFrame) -> str:
    """Say how many starts (rows of courses) came how long after the trigger, in school days; empty where nobody started.

    Examples
    --------
    >>> from attendance_lib.analysis.impact.courses import LEAD_BANDS
    >>> before, soon, _, late = LEAD_BANDS
    >>> courses = pd.DataFrame({"intervention": "Mentor", "lead_band": [before, soon, late], "lead_days": [None, 4.0, 40.0]})
    >>> late_in_words(courses).rpartition("; ")[2]
    'half of those after it within 22 school days.'
    """
    table = lead_times(courses)
    if table.empty:
        return ""
    every = table[table["intervention"] == ALL].iloc[0]
    median = every["median_lead_days"]
    middle = (
        f"; half of those after it within {format_number(median)} school days" if pd.notna(median) else ""
    )
    return (
        f"Of {format_count(every['starts'], 'start')}, {format_count(every['before_starts'])} came before the pupil was "
        f"persistently absent and {format_count(every['late_starts'])} {LATE}{middle}."
    )


@of_the_log
def pools_picture(paper: ImpactPaper) -> Chart | Sentences:
    """Return the chart of the pools by type, tier and group; that there is none where there is none."""
    table = paper.pools
    shown = table[table["group"].isin(ON_THE_CHART)]
    return Sentences("pools_chart", (NOTHING,), style="note") if shown.empty else pools_chart(shown)


@of_the_log
def pooled(paper: ImpactPaper) -> Table:
    """Return every pool: by type, tier, barrier, group, lead time and dose."""
    return Table(
        name="pools",
        title="Pooled over terms and years",
        frame=in_pool_words(paper.pools),
        columns=(
            figure("grouped_by"),
            VALUE,
            *POOL_COLUMNS,
        ),
        row_header="value",
        note="A round: those who began one intervention in one term; terms with fewer than 8 pupils are put together and are "
        "two rounds. Pools are random effects, which ask what the next round may be expected to come to, so a range is wider than "
        "in the ranking, which asks what came of these pupils. In a pool of several interventions a pupil who had more than one "
        "counts once, with the first. Those compared are always everyone comparable. Rounds without "
        "enough pupils like them are left out. Held over all rows at a false discovery rate of "
        f"{format_percent(FALSE_DISCOVERY_RATE, 0)}. {TRIGGER}",
        empty_text=NOTHING,
    )


def in_pool_words(table: pd.DataFrame) -> pd.DataFrame:
    """Add what a pool (row) says, its range (a difference of fractions) and how far its rounds agree, in words."""
    rows = table.to_dict("records")
    return table.assign(
        said=[verdict_words(row["verdict"], row["reason"], stands=row["stands_among_many"]) for row in rows],
        span=[format_span(row["low"], row["high"]) for row in rows],
        agreement=[agreement_words(row) for row in rows],
    )


def agreement_words(row: dict) -> str:
    """Return how far the rounds of a pool agree.

    Examples
    --------
    >>> agreement_words({"rounds": 4, "between_sd": 0.037, "i_squared": 0.35})
    'differ by about 3.7 points beyond chance (35% of their spread)'
    >>> agreement_words({"rounds": 4, "between_sd": 0.0, "i_squared": 0.0}), agreement_words({"rounds": 1, "between_sd": 0.0})
    ('agree as far as chance allows', 'one round')
    """
    if row["rounds"] <= 1:
        return "one round" if row["rounds"] else ""
    if row["between_sd"] == 0:
        return "agree as far as chance allows"
    spread = format_points(row["between_sd"]).removeprefix("+")
    return f"differ by about {spread} points beyond chance ({format_percent(row['i_squared'], 0)} of their spread)"


@of_the_log
def rounds_table(paper: ImpactPaper) -> Table:
    """Return the rounds that the pools are made of, each with its own estimate."""
    frame = paper.rounds.of_everyone()
    rows = frame.to_dict("records")
    return Table(
        name="rounds",
        title="The rounds behind the pools",
        frame=frame.assign(
            term=[round_words(row["round"]) for row in rows],
            span=[format_span(row["low"], row["high"]) for row in rows],
        ),
        columns=ROUND_COLUMNS,
        row_header="intervention",
        note="Small rounds have wide ranges; none of them is a finding of its own.",
        empty_text=NOTHING,
    )


def round_words(term: str) -> str:
    """Return a round's term, or its first and last, in words.

    Examples
    --------
    >>> round_words("202526-autumn"), round_words("202526-spring to 202627-autumn")
    ('Autumn 2025/26', 'Spring 2025/26 to autumn 2026/27')
    """
    said = " to ".join(term_words(each) for each in term.split(" to "))
    return said[:1].upper() + said[1:]


def term_words(term: str) -> str:
    """Return a term such as "202526-autumn" in words.

    Examples
    --------
    >>> term_words("202526-autumn")
    'autumn 2025/26'
    """
    year, _, name = term.partition("-")
    return f"{name.replace('_', ' ')} {year[:4]}/{year[4:]}"


@of_the_log
def lead_time_table(paper: ImpactPaper) -> Table:
    """Return how long after the trigger pupils started each intervention."""
    return Table(
        name="lead_times",
        title="From trigger to start",
        frame=lead_times(paper.study.courses),
        columns=LEAD_COLUMNS,
        row_header="intervention",
        note=f"{TRIGGER} Counts are starts that can be placed in the register. What came of early and late starts stands among "
        f"the pools, by {LEAD.lower()}; those who started late had been absent longer, which the expectation takes into account "
        "as far as the register shows it.",
        empty_text=NOTHING,
    )


@of_the_log
def doses(paper: ImpactPaper) -> Table:
    """Return dose against effect, within each intervention that pupils had in more than one band of dose."""
    return Table(
        name="doses",
        title="Dose against effect, within one intervention",
        frame=in_pool_words(doses_within(paper.rounds)),
        columns=(
            figure("intervention", width=22),
            VALUE,
            *POOL_COLUMNS,
        ),
        row_header="intervention",
        note="Dose: the school weeks of the window in which it ran. A longer dose is no finding: see the warning.",
        empty_text="No intervention that could be evaluated ran for clearly different numbers of weeks.",
    )


@of_the_log
def dose_warning(paper: ImpactPaper) -> Sentences:
    """Say who gets a high dose, and which way that misleads."""
    return Sentences("dose_warning", DOSE_WARNINGS if paper.names else (NOTHING,))


VALUE = figure("which", meaning="The type, tier, barrier, group or band")
POOL_COLUMNS = (
    figure(
        "said",
        highlights=(
            Highlight("equals", str(Verdict.HELPED), Tone.GOOD), Highlight("equals", str(Verdict.WORSE), Tone.ALERT),
        ),
        width=28,
    ),
    figure("estimate", meaning="Pooled difference of actual and expected attendance"),
    figure("span"),
    figure("pupils", meaning="Different pupils pooled"),
    figure("rounds"),
    Column("agreement", "Do rounds agree?", meaning="How far; I squared is the share of their spread beyond chance", width=24),
    *shown("smallest_effect", "pupils_left_out", "cautious_estimate"),
    *FINDING,
    *shown("range_from", "range_to"),
    figure("possible_sessions", meaning="Possible sessions of the pupils in their windows", shown=False),
    Column("between_sd", "Between rounds", Kind.POINTS, "Standard deviation of true effects between rounds (tau)", shown=False),
    Column("i_squared", "I squared", Kind.RATE, "Share of the rounds' spread that is more than chance", shown=False),
    Column("rounds_left_out", "Rounds left out", Kind.COUNT, "Rounds without enough pupils like them", shown=False),
    *shown("q_value", "stands_among_many"),
)  # fmt: skip
ROUND_COLUMNS = (
    figure("intervention"),
    Column("term", "Began in", meaning="The term, or the first and the last of terms taken together", width=30),
    *shown("pupils", "comparison_pupils"),
    figure("estimate", meaning="Actual less expected attendance"),
    figure("span"),
    figure("possible_sessions", meaning="Possible sessions of the pupils in their windows"),
    Column("not_comparable", "Left out of pools", meaning="Why it is in no pool; blank where it is", width=28),
    *shown("range_from", "range_to"),
    Column("se", "Standard error", Kind.POINTS, "That the range stands for", shown=False),
)  # fmt: skip
LEAD_COLUMNS = (
    figure("intervention", meaning="What is done; all of them together last", width=26),
    Column("starts", "Starts", Kind.COUNT, "Starts that can be placed in the register"),
    Column("before_starts", BEFORE.capitalize(), Kind.COUNT, f"Starts {BEFORE} in that school year"),
    Column("soon_starts", SOON.capitalize(), Kind.COUNT, f"Starts {SOON} of the trigger"),
    Column("later_starts", LATER.capitalize(), Kind.COUNT, f"Starts {LATER} the trigger"),
    Column("late_starts", LATE.capitalize(), Kind.COUNT, f"Starts {LATE} the trigger"),
    Column("median_lead_days", "Median days", Kind.NUMBER, "Median school days from trigger to start, of those after it"),
)  # fmt: skip
