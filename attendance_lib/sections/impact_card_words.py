"""The sentences of an intervention's card: who it is for, what can be said, how far it holds, what before and after would say."""

from attendance_lib.analysis.impact.cost import cost_of
from attendance_lib.analysis.impact.evaluate import Evaluation
from attendance_lib.analysis.impact.like_pupils import like_pupils_change
from attendance_lib.analysis.impact.placebo import REACH
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Sentences
from attendance_lib.display.format import (
    format_count,
    format_date,
    format_number,
    format_percent,
    format_points,
    format_pounds,
    format_span,
)
from attendance_lib.sections.impact_paper import ImpactPaper
from attendance_lib.sections.impact_words import (
    NO_COST,
    at_first_words,
    cost_words,
    difference_words,
    left_out_words,
    sessions_words,
    verdict_words,
)

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
        f"luck of the best of many, the cautious estimate is {format_points(impact.cautious_estimate)} points. "
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
