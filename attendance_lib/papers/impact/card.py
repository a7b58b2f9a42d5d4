"""A card for each intervention: who, what came of it against what was to be expected, and how far that can be trusted."""

import pandas as pd

from attendance_lib.analysis.impact.evaluate import Evaluation, like_pupils_change
from attendance_lib.analysis.impact.expectation import REACH
from attendance_lib.analysis.impact.log import cost_of
from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Chart, Column, Heading, Highlight, Kind, Parts, Sentences, Table, Tone
from attendance_lib.display.charts import chance_chart, event_study_chart
from attendance_lib.display.charts.event_study import COLUMNS as WEEK_COLUMNS
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import (
    format_count,
    format_date,
    format_number,
    format_percent,
    format_points,
    format_pounds,
    format_span,
)
from attendance_lib.papers.impact_words import (
    NO_COST,
    NO_INTERVENTION,
    at_first_words,
    cost_words,
    difference_words,
    left_out_words,
    sessions_words,
    unbroken,
    verdict_words,
)
from attendance_lib.papers.links import card_anchor
from attendance_lib.papers.shared import pupil_names

# The tables of the cards: small ones on each card, and one of all cards for the workbook and the CSV

SHOWN_PUPILS = 12
BELOW, ABOVE, WITHIN = "below", "above", "within"
FEATURE_WORDS = {
    "absence_rate_weeks_1_to_3": "Absence, last 3 weeks",
    "absence_rate_weeks_4_to_6": "Absence, the 3 weeks before",
    "absence_rate_earlier_this_year": "Absence, earlier this year",
    "absence_rate_last_year": "Absence, last year",
    "has_no_last_year": "No last year known",
    "other_than_illness_rate_weeks_1_to_6": "Absence but illness, last 6 weeks",
    "other_than_illness_rate_year_to_date": "Absence but illness, this year",
    "year_group": "Year group",
    "is_final_year": "In a final year",
    "is_fsm": "Free school meals",
    "has_sen": "SEN support or plan",
    "has_other_intervention": "Another intervention, 8 weeks",
    "expected_attendance_rate": "Expected attendance",
}
NOT_A_RATE = "year_group"


def balance_frame(told: pd.DataFrame) -> pd.DataFrame:
    """Return a balance table (one row per feature) in words, without the year group, whose mean is no share."""
    kept = told[told["feature"] != NOT_A_RATE]
    return kept.assign(feature=kept["feature"].map(FEATURE_WORDS)).reset_index(drop=True)


def balance_table(paper: ImpactPaper, name: str) -> Table:
    """Return what was known of the pupils at the start, beside all compared and those most like them."""
    return Table(
        name="impact_balance",
        title=f"{name}: are those compared like them?",
        frame=balance_frame(paper.balances[name]),
        columns=BALANCE_COLUMNS,
        row_header="feature",
        note="Apart: difference in standard deviations of the pupils compared; the estimate itself allows for what is left. Known "
        "at the start; absence in few sessions is drawn towards the longer history.",
    )


def robustness_frame(paper: ImpactPaper, name: str) -> pd.DataFrame:
    """Return the other ways of asking, one row each, their ranges (differences of fractions) in words."""
    told = paper.robustness[name]
    spans = [unbroken(format_span(low, high)) for low, high in zip(told["low"], told["high"], strict=True)]
    return told.assign(span=spans)


def robustness_table(paper: ImpactPaper, name: str) -> Table:
    """Return the same question of a shorter window, without pupils who had something else, and weighted by certainty."""
    return Table(
        name="impact_asked",
        title=f"{name}: the same question asked otherwise",
        frame=robustness_frame(paper, name),
        columns=ASKED_COLUMNS,
        row_header="asked",
        note="Where the answers differ much, the verdict is less sure than its range says. Weighted: a pupil counts the more, the "
        "more alike pupils like them went on to attend (one over the standard deviation). Its range is narrower and its mean "
        "another one, nearer to pupils who attend most. It was fixed beforehand and is never the verdict; how often it is right: "
        "docs/impact_calibration.md.",
    )


def pupils_frame(paper: ImpactPaper, name: str) -> pd.DataFrame:
    """Return the pupils of an intervention with names: those outside their range first, then by expectation.

    One row per pupil: ``workings.pupil_ranges`` (fractions of possible sessions) with ``pupil_name``, ``form``, ``standing`` and
    ``span`` in words.
    """
    told = paper.pupil_ranges[name]
    people = paper.register.pupils
    named = people.assign(pupil_name=pupil_names(people)).iloc[told["enrolment"].to_numpy(dtype=int)]
    standing = (
        pd.Series(WITHIN, index=told.index)
        .mask(told["is_below"].astype(bool), BELOW)
        .mask(told["is_above"].astype(bool), ABOVE)
    )
    spans = [
        f"{low:.0f} to {high:.0f}%" for low, high in zip(told["low"] * 100, told["high"] * 100, strict=True)
    ]
    frame = told.assign(
        pupil_name=named["pupil_name"].to_numpy(),
        form=named["form"].to_numpy(),
        standing=standing,
        span=spans,
        order=standing.map({BELOW: 0, ABOVE: 1, WITHIN: 2}),
    )
    return frame.sort_values(["order", "expected_rate", "pupil_id"], ignore_index=True).drop(columns="order")


def pupils_table(paper: ImpactPaper, name: str) -> Table:
    """Return a line for each pupil: actual, expected and the range in which like pupils landed."""
    return Table(
        name="impact_pupils",
        title=f"{name}: its pupils, one by one",
        frame=pupils_frame(paper, name),
        columns=PUPIL_COLUMNS,
        shown_rows=SHOWN_PUPILS,
        row_header="pupil_name",
        note="Usual: where eight in ten pupils like this one landed. One in five lands outside by chance: below or above is a "
        "reason to talk with the pupil, and says nothing of what the intervention did for this one pupil.",
    )


def card_tables(paper: ImpactPaper) -> tuple[Table, ...]:
    """Return one table each of the weeks, the balance, the other ways of asking and the pupils of all cards."""
    names = list(paper.evaluated)
    if not names:
        return ()
    frames = {
        "impact_weeks": [paper.event_studies[name] for name in names],
        "impact_balance": [balance_frame(paper.balances[name]) for name in names],
        "impact_asked": [robustness_frame(paper, name).drop(columns="intervention") for name in names],
        "impact_pupils": [pupils_frame(paper, name) for name in names],
    }
    return tuple(
        Table(name, title, of_all(names, frames[name]), (figure("intervention"), *columns), row_header=header)
        for name, title, columns, header in TABLES
    )


def of_all(names: list[str], frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one under the other (all their rows), each with its intervention's name as ``intervention``.

    Examples
    --------
    >>> of_all(["A", "B"], [pd.DataFrame({"week": [1]}), pd.DataFrame({"week": [2]})])["intervention"].tolist()
    ['A', 'B']
    """
    named = [frame.assign(intervention=name) for name, frame in zip(names, frames, strict=True)]
    return pd.concat(named, ignore_index=True)


BALANCE_COLUMNS = (
    Column("feature", "Known at the start", meaning="What was known of each pupil at the start", width=30),
    Column("treated", "Its pupils", Kind.RATE, "Mean of the pupils evaluated"),
    Column("compared", "All compared", Kind.RATE, "Mean of all pupils compared with, weighed as the starts"),
    Column("placebo", "Most like them", Kind.RATE, "Mean of the nearest comparison pupils"),
    Column("before", "Apart, all", Kind.NUMBER, "Difference from all compared, in standard deviations"),
    Column("after", "Apart, most like", Kind.NUMBER, "Difference from the nearest, in standard deviations"),
)  # fmt: skip
ASKED_COLUMNS = (
    Column("asked", "Asked", meaning="How the question was changed", width=40),
    *shown("verdict", "pupils"),
    figure("estimate", meaning="Actual less expected attendance"),
    figure("span", meaning="95% range, percentage points"),
    figure("reason"),
    figure("low", shown=False),
    figure("high", shown=False),
)  # fmt: skip
PUPIL_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form"),
    Column("week_beginning", "Counted from", Kind.DATE, "Monday of the school week from which the pupil is followed"),
    figure("possible_sessions", meaning="Possible sessions in the weeks followed"),
    Column("actual_rate", "Attended", Kind.RATE, "Attended out of possible sessions in the weeks followed", personal=True),
    Column("expected_rate", "Expected", Kind.RATE, "Expected of a pupil with the same history", personal=True),
    Column("span", "Usual", meaning="Where eight in ten pupils like this one landed", personal=True, width=12),
    Column(
        "standing", "Landed", meaning="Within, below or above where like pupils usually land", personal=True, width=10,
        highlights=(Highlight("equals", BELOW, Tone.CAUTION),),
    ),
    Column("low", "Usual from", Kind.RATE, "Lower end", personal=True, shown=False),
    Column("high", "Usual to", Kind.RATE, "Upper end", personal=True, shown=False),
)  # fmt: skip
TABLES = (
    ("impact_weeks", "Actual and expected attendance by week about the start", WEEK_COLUMNS, "week"),
    ("impact_balance", "Are those compared like them?", BALANCE_COLUMNS, "feature"),
    ("impact_asked", "The same question asked otherwise", ASKED_COLUMNS, "asked"),
    ("impact_pupils", "The pupils of every intervention", PUPIL_COLUMNS, "pupil_name"),
)


# The sentences of an intervention's card: who it is for, what can be said, how far it holds, what before and after would say

OTHER_WORDS = {
    "illness_rate": "illness",
    "unauthorised_absence_rate": "unauthorised absence",
    "possible_share": "sessions that were possible (codes X, D, Y, Q and the like take them out)",
}


def facts_row(paper: ImpactPaper, name: str) -> dict:
    """Return the row of an intervention in ``paper.impacts``."""
    table = paper.impacts
    return table[table["intervention"] == name].iloc[0].to_dict()


def card_facts(paper: ImpactPaper, name: str) -> Sentences:
    """Say who it is for and who leads it, when it began, how much of it pupils had and what it cost."""
    row = facts_row(paper, name)
    parts = [f"Tier {row['tiers']}" if row["tiers"] else "Tier not recorded"]
    parts += [f"{label} {row[column]}" for column, label in LABELS.items() if row[column]]
    return Sentences(name, (". ".join([*parts, begun_words(row), dose_words(row)]) + ".",), style="note")


LABELS = {"barriers": "For the barrier", "leads": "Led by", "agencies": "With"}


def begun_words(row: dict) -> str:
    """Say how many pupils began, on how many days, and how many have it now."""
    begun = f"{format_count(row['pupils_in_log'], 'pupil')} in the log, begun on {format_count(row['start_days'], 'day')}"
    if row["first_start_date"] != row["last_start_date"]:
        begun += f" from {format_date(row['first_start_date'])} to {format_date(row['last_start_date'])}"
    else:
        begun += f" ({format_date(row['first_start_date'])})"
    return f"{begun}; {format_count(row['running'])} in progress"


def dose_words(row: dict) -> str:
    """Say how long it ran and what it cost for the pupil in the middle of those whose cost is recorded.

    Examples
    --------
    >>> dose_words({"median_weeks": 6.0, "median_cost": 45.5})
    'Dose: half had it for 6 school weeks or more; the cost of a pupil is typically £45.50'
    >>> dose_words({"median_weeks": 6.0, "median_cost": float("nan")})
    'Dose: half had it for 6 school weeks or more; no cost recorded'
    """
    dose = f"Dose: half had it for {format_number(row['median_weeks'])} school weeks or more"
    cost = row["median_cost"]
    return (
        f"{dose}; the cost of a pupil is typically {format_pounds(cost)}"
        if cost > 0
        else f"{dose}; {NO_COST}"
    )


def card_verdict(paper: ImpactPaper, name: str) -> Sentences:
    """Say what can be said, with its range, its pupils and its sessions."""
    row, evaluation = facts_row(paper, name), paper.evaluations[name]
    said = verdict_words(row["verdict"], row["reason"], stands=row["stands_among_many"])
    first = f"{said[:1].upper()}{said[1:]}{at_first_in_words(evaluation, paper.six_weeks[name])}."
    if evaluation.expectation is None:
        return Sentences(name, (first,), style="lead")
    impact = evaluation.impact
    second = (
        f"The pupils attended {format_percent(impact.actual_rate)} of sessions where {format_percent(impact.expected_rate)} was "
        f"expected: a difference of {difference_words(impact.estimate, impact.low, impact.high)}, of "
        f"{format_count(impact.likeness.pupils, 'pupil')} beside {format_count(impact.likeness.comparison_pupils)} others, over at "
        f"most {format_count(impact.window_weeks, 'school week')}. Sessions regained: "
        f"{sessions_words(impact.sessions_low, impact.sessions_high)}; cost of each: {cost_words(cost_of(evaluation))}."
    )
    return Sentences(name, (first, second), style="lead")


def at_first_in_words(evaluation: Evaluation, six_weeks: Evaluation) -> str:
    """Go on from a verdict with what the first six weeks say, in the same sentence; empty where that is nothing else."""
    early, late = six_weeks.measured, evaluation.impact
    found = at_first_words(late.verdict, early.verdict)
    if not found:
        return ""
    shown = f"{format_points(early.estimate)} points, range {format_span(early.low, early.high)}"
    at_first = "helped" if early.verdict is Verdict.HELPED else "worse"
    is_taken_back = six_weeks.impact.verdict is not early.verdict
    doubt = " perhaps, but the self-test of those weeks is far off, and" if is_taken_back else ","
    return (
        f" over all {format_count(late.window_weeks)} school weeks, though {found} ({shown}): {at_first} at first{doubt} no longer "
        "to be seen over the whole"
    )


def card_findings(paper: ImpactPaper, name: str) -> Sentences:
    """Say how far the verdict can be trusted: luck, power, self-test, break-even, other measures and before and after."""
    evaluation = paper.evaluations[name]
    left = evaluation.impact.left_out
    left_words = f"Left out: {left_out_words(left)}." if left else "Nobody was left out."
    if evaluation.expectation is None:
        return Sentences(name, (left_words,))
    items = (
        before_after_words(evaluation),
        power_words(evaluation),
        self_test_words(evaluation),
        break_even_words(evaluation),
        other_words(evaluation),
        card_words(paper, name),
        left_words,
    )
    return Sentences(name, items)


def card_words(paper: ImpactPaper, name: str) -> str:
    """Say whether an impact card was written before the start, and what it aimed at."""
    cards = paper.judged_cards
    own = cards[cards["intervention"].str.strip().str.casefold() == name.casefold()]
    if own.empty:
        return "No impact card was written for it, so what it was to reach is known only from the log."
    told = [
        f"{standing}{'' if aim != aim else f', aiming at: {aim}'}"  # noqa: PLR0124 - a missing text differs from itself
        for standing, aim in zip(own["standing"], own["aim"], strict=True)
    ]
    return f"Impact card: {'; '.join(told)}."


def before_after_words(evaluation: Evaluation) -> str:
    """Say what before and after would have said, what like pupils did without it, and why it misleads."""
    naive = evaluation.impact.before_after
    alike = like_pupils_change(evaluation)
    return (
        f"Before and after alone would have said {format_points(naive.change)} points "
        f"({format_span(naive.low, naive.high)}) over six school weeks. It misleads: pupils are chosen in a bad spell, and a bad "
        f"spell ends. Pupils like them, who did not have it, changed by {format_points(alike)} points over the same weeks."
    )


def power_words(evaluation: Evaluation) -> str:
    """Say the smallest effect that would have been seen, and the estimate that allows for luck."""
    impact, likeness = evaluation.impact, evaluation.impact.likeness
    return (
        f"An effect of {format_points(impact.smallest_effect)} points or more would probably have been seen. Allowing for the "
        f"luck of the best of many, the difference is {format_points(impact.cautious_estimate)} points. "
        f"{format_percent(likeness.close_share, 0)} of its pupils have at least ten others close to their own expectation."
    )


def self_test_words(evaluation: Evaluation) -> str:
    """Say what the method said of pretend interventions on the school's own register, and what that takes back."""
    test, found = evaluation.self_test, evaluation.measured.verdict
    taken_back = (
        " That is far more than chance gives: on this register the method finds in pupils like these what is not there, so what "
        f"would have been called {found} is left open. Look for a group, a form or an export in which these pupils differ from "
        "the rest."
        if test.is_far_off and found is not Verdict.TOO_FEW
        else ""
    )
    return (
        f"Tried on this school's own register: of {format_count(test.runs)} pretend interventions on pupils like these who had "
        f"none, it called {format_count(test.helped)} likely helped and {format_count(test.worse)} likely worse (2 or 3 in 100 "
        f"each is what chance gives), and {format_percent(test.cover, 0)} of its ranges held the truth, which is "
        f"nothing.{taken_back}"
    )


def break_even_words(evaluation: Evaluation) -> str:
    """Say how large an unseen difference would turn the verdict round."""
    line = evaluation.impact.break_even
    if line != line:  # noqa: PLR0124 - a missing figure differs from itself
        return "There is no finding that something unseen could turn round."
    return (
        f"Break-even: if the pupils differed from those they are compared with by {format_points(line)} points in something the "
        "register does not show, such as a family crisis that ended, the finding would be gone."
    )


def other_words(evaluation: Evaluation) -> str:
    """Say the same difference for illness, unauthorised absence and the share of sessions that were possible."""
    impact = evaluation.impact
    told = [
        f"{words} {format_points(effect)} ({format_span(effect - REACH * error, effect + REACH * error)})"
        for name, words in OTHER_WORDS.items()
        for effect, error in [(impact.other_effects[name], impact.other_errors[name])]
    ]
    return f"The same difference in other measures, in points of sessions: {'; '.join(told)}."


Shown = Heading | Sentences | Chart | Table


def impact_cards(paper: ImpactPaper) -> Parts | Sentences:
    """Return a card for each intervention with named pupils, ranked by what is known.

    Returns
    -------
    Parts
        The page shows the cards; the workbook and the CSV hold one table each of the weeks, the balance of the groups, the
        other ways of asking and the pupils of all of them.
    """
    if not paper.ranked:
        return Sentences("impact_cards", (NO_INTERVENTION,), style="note")
    shown = [part for name in paper.impacts["intervention"] for part in impact_card(paper, name)]
    return Parts("impact_cards", tuple(shown), card_tables(paper))


def impact_card(paper: ImpactPaper, name: str) -> list[Shown]:
    """Return the card of one intervention: sentences, charts and small tables in order.

    A small table has the name of the sheet that holds it for all cards.
    """
    said: list[Shown] = [
        Heading(name, anchor=card_anchor(name)),
        card_facts(paper, name),
        card_verdict(paper, name),
        card_findings(paper, name),
    ]
    if name not in paper.evaluated:
        return said
    return [
        *said,
        *card_charts(paper, name),
        robustness_table(paper, name),
        balance_table(paper, name),
        pupils_table(paper, name),
    ]


def card_charts(paper: ImpactPaper, name: str) -> list[Chart]:
    """Return the event study, and what chance does to groups and to single pupils, of one intervention."""
    evaluation, weeks = paper.evaluated[name], paper.event_studies[name]
    before = f"{name}: was the expectation right before the start, and what came after?"
    chance = f"{name}: what does chance do to groups of like pupils, and to single ones?"
    drawn = chance_chart(
        evaluation.chance.means,
        evaluation.impact.estimate,
        paper.pupil_ranges[name],
        ("impact_chance", chance),
    )
    # With too few pupils to compare with in any one week there is no week to draw.
    return [event_study_chart(weeks, "impact_weeks", before), drawn] if len(weeks) else [drawn]
