"""A card for each intervention, on one page: what was done for whom, what came of it, and what to do next."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.log import cost_of
from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Chart, Heading, Parts, Sentences, Table
from attendance_lib.display.charts import chance_chart, event_study_chart
from attendance_lib.display.charts.event_study import COLUMNS as WEEK_COLUMNS
from attendance_lib.display.columns import figure
from attendance_lib.display.format import (
    format_count,
    format_date,
    format_number,
    format_percent,
    format_points,
    format_pounds,
    format_span,
)
from attendance_lib.papers.impact.not_working import interventions_not_working
from attendance_lib.papers.impact_words import (
    NEVER_DELAYED,
    NO_COST,
    NO_INTERVENTION,
    at_first_words,
    cost_words,
    left_out_words,
    sessions_words,
    verdict_words,
)
from attendance_lib.papers.links import card_anchor
from attendance_lib.papers.shared import pupil_names

BELOW, ABOVE, WITHIN = "below", "above", "within"


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


def facts_row(paper: ImpactPaper, name: str) -> dict:
    """Return the row of an intervention in ``paper.impacts``."""
    table = paper.impacts
    return table[table["intervention"] == name].iloc[0].to_dict()


def card_facts(paper: ImpactPaper, name: str) -> Sentences:
    """Say what was done and for whom: the barrier, who leads it, when it began, how much of it pupils had and what it cost."""
    row, left = facts_row(paper, name), paper.evaluations[name].impact.left_out
    parts = [f"Tier {row['tiers']}" if row["tiers"] else "Tier not recorded"]
    parts += [f"{label} {row[column]}" for column, label in LABELS.items() if row[column]]
    first = ". ".join([*parts, begun_words(row), dose_words(row)]) + "."
    left_words = f"Not counted here: {left_out_words(left)}." if left else "Nobody was left out."
    return Sentences(name, (f"{first} {left_words} {card_words(paper, name)}",), style="note")


LABELS = {"barriers": "For the barrier", "leads": "Led by", "agencies": "With"}


def begun_words(row: dict) -> str:
    """Say how many pupils began, on how many days, and how many have it now.

    Examples
    --------
    >>> day = pd.Timestamp(2026, 9, 14)
    >>> begun_words({"pupils_in_log": 5, "start_days": 1, "first_start_date": day, "last_start_date": day, "running": 3})
    '5 pupils in the log, begun on 1 day (14 September 2026); 3 in progress'
    """
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
    """Say what can be said, with its range in plain words, its pupils and its sessions."""
    row, evaluation = facts_row(paper, name), paper.evaluations[name]
    said = verdict_words(row["verdict"], row["reason"], stands=row["stands_among_many"])
    first = f"{said[:1].upper()}{said[1:]}{at_first_in_words(evaluation, paper.six_weeks[name])}."
    if evaluation.expectation is None:
        return Sentences(name, (first,), style="lead")
    impact = evaluation.impact
    second = (
        f"The pupils attended {format_percent(impact.actual_rate)} of sessions where {format_percent(impact.expected_rate)} was "
        f"expected: {format_points(impact.estimate)} points, likely {format_span(impact.low, impact.high)} (19 of 20 such ranges "
        f"hold the truth). {format_count(impact.likeness.pupils, 'pupil')} beside "
        f"{format_count(impact.likeness.comparison_pupils)} others, over at most "
        f"{format_count(impact.window_weeks, 'school week')}; an effect under "
        f"{format_points(impact.smallest_effect).removeprefix('+')} points would easily be missed."
    )
    third = (
        f"Sessions regained: {sessions_words(impact.sessions_low, impact.sessions_high)}; "
        f"cost of each: {cost_words(cost_of(evaluation))}."
    )
    return Sentences(
        name, tuple(filter(None, (first, second, third, taken_back_words(evaluation)))), style="lead"
    )


def taken_back_words(evaluation: Evaluation) -> str:
    """Say what the self-test on the school's own register takes back; empty where that is nothing.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> test = SimpleNamespace(is_far_off=True, runs=40, helped=12, worse=1)
    >>> helped, too_few = (SimpleNamespace(verdict=verdict) for verdict in (Verdict.HELPED, Verdict.TOO_FEW))
    >>> taken_back_words(SimpleNamespace(self_test=test, measured=helped)).partition(", so ")[2].partition(".")[0]
    'what would have been called likely helped is left open'
    >>> taken_back_words(SimpleNamespace(self_test=test, measured=too_few))
    ''
    """
    test, found = evaluation.self_test, evaluation.measured.verdict
    if not test.is_far_off or found is Verdict.TOO_FEW:
        return ""
    return (
        f"Tried on {format_count(test.runs)} pretend interventions, which nobody had, the method called "
        f"{format_count(test.helped)} likely helped and {format_count(test.worse)} likely worse. That is far more than chance "
        f"gives, so what would have been called {found} is left open. Look for a group, a form or an export in which these pupils "
        "differ from the rest."
    )


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


def card_words(paper: ImpactPaper, name: str) -> str:
    """Say whether an impact card was written before the start, and what it aimed at.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cards = pd.DataFrame({"intervention": [" mentoring"], "standing": ["written before the start"], "aim": [float("nan")]})
    >>> paper = SimpleNamespace(judged_cards=cards)  # a name in other letters is the same
    >>> card_words(paper, "Mentoring"), card_words(paper, "Breakfast club")
    ('Impact card: written before the start.', 'No impact card was written for it.')
    """
    cards = paper.judged_cards
    own = cards[cards["intervention"].str.strip().str.casefold() == name.casefold()]
    if own.empty:
        return "No impact card was written for it."
    told = [
        f"{standing}{'' if aim != aim else f', aiming at: {aim}'}"  # noqa: PLR0124 - a missing text differs from itself
        for standing, aim in zip(own["standing"], own["aim"], strict=True)
    ]
    return f"Impact card: {'; '.join(told)}."


Shown = Heading | Sentences | Chart | Table


def impact_cards(paper: ImpactPaper) -> Parts | Sentences:
    """Return a card for each intervention with named pupils, ranked by what is known; one with pictures has a page of its own.

    Returns
    -------
    Parts
        The page shows the cards; the workbook and the CSV hold one table of the weeks of all of them.
    """
    names = list(paper.impacts["intervention"]) if paper.ranked else []
    if not names:
        return Sentences("impact_cards", (NO_INTERVENTION,), style="note")
    steps = interventions_not_working(paper).frame.set_index("intervention")["what_to_do"].to_dict()
    shown: list[Shown] = []
    for place, name in enumerate(names):
        is_on_its_own = name in paper.evaluated or names[place - 1] in paper.evaluated
        head = Heading(
            name,
            anchor=card_anchor(name),
            starts_page=place > 0 and is_on_its_own,
            folds=len(names) > 1,
        )
        shown += [head, *impact_card(paper, name, steps.get(name, KEEP))]
    return Parts("impact_cards", tuple(shown), tuple(weeks_of_all(paper)))


def weeks_of_all(paper: ImpactPaper) -> Iterator[Table]:
    """Yield one table of the weeks of every intervention that has any, for the workbook and the CSV."""
    weeks = [study.assign(intervention=name) for name, study in paper.event_studies.items()]
    if weeks:
        yield Table(
            "impact_weeks",
            "Actual and expected attendance by week about the start",
            pd.concat(weeks, ignore_index=True),
            (figure("intervention"), *WEEK_COLUMNS),
            row_header="week",
        )


def impact_card(paper: ImpactPaper, name: str, step: str) -> list[Shown]:
    """Return what stands on a card under its name: what was done for whom, what can be said, what to do, and pictures."""
    said: list[Shown] = [
        card_facts(paper, name),
        card_verdict(paper, name),
        card_next(paper, name, step),
    ]
    return [*said, *card_charts(paper, name)] if name in paper.evaluated else said


KEEP = (
    "Keep it, and let the next group start by lot or from a waiting list, so that its effect is known more surely; "
    f"{NEVER_DELAYED}"
)
MOST_NAMED = 12


def card_next(paper: ImpactPaper, name: str, step: str) -> Sentences:
    """Say what to do next, and whom to talk with because they landed below where pupils like them usually do.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> card_next(SimpleNamespace(evaluated={}), "Mentoring", "Go on").items  # without an estimate nobody is named
    ('Go on.',)
    """
    title, first = "What to do", f"{step}."
    if name not in paper.evaluated:
        return Sentences(name, (first,), title=title)
    people = pupils_frame(paper, name)
    below = people[people["standing"] == BELOW]
    if below.empty:
        return Sentences(name, (first, f"None of its pupils {CHANCE_ALONE}."), title=title)
    first_below = below.head(MOST_NAMED)
    named = [
        f"{name} {form}" for name, form in zip(first_below["pupil_name"], first_below["form"], strict=True)
    ]
    more = len(below) - len(named)
    rest = f", and {format_count(more)} more in the workbook" if more else ""
    talk = (
        f"Talk with those who attended less than eight in ten pupils like them ({format_count(len(below))} of "
        f"{format_count(len(people))}; by chance about one in ten do): {'; '.join(named)}{rest}."
    )
    return Sentences(name, (first, talk), title=title, personal=True)


CHANCE_ALONE = "attended less than pupils like them usually do"


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
