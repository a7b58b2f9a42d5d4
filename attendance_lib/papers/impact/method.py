"""The impact paper's method in plain words, what it cannot say, and what would make the evidence stronger."""

from attendance_lib.analysis.impact.expectation import DRAWS
from attendance_lib.analysis.impact.history import OTHER_WEEKS
from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.pools import FALSE_DISCOVERY_RATE
from attendance_lib.analysis.impact.risk_sets import AFTER_SESSIONS
from attendance_lib.analysis.impact.self_test import RUNS
from attendance_lib.analysis.impact.verdicts import EFFECT_TO_BE_SEEN, FEWEST_PUPILS, Verdict
from attendance_lib.display import Sentences
from attendance_lib.display.format import format_count, format_percent, format_points
from attendance_lib.papers.impact_words import NEVER_DELAYED


def method(paper: ImpactPaper) -> Sentences:
    """Say in plain words how a verdict comes about."""
    weeks = format_count(paper.criteria.window_weeks, "school week")
    items = (
        "Pupils are chosen because their attendance has dipped, and most dips end: nearly everyone looks better afterwards, "
        "whatever was done. So a pupil is never compared with their own past.",
        "Instead, for each week in which pupils began, the attendance to be expected of them is learned from pupils of this "
        "school who did not begin then, over the same weeks, from what was known at the start: absence in the last weeks, "
        "earlier this year and last year, illness and other absence apart, year group, free school meals, SEN, and other "
        f"interventions of the last {format_count(OTHER_WEEKS, 'week')}. Pupils are followed for at most {weeks}, and need "
        f"{format_count(AFTER_SESSIONS, 'possible session')}. All starts are put together.",
        "The difference is the mean of actual less expected attendance. Its range comes from groups of pupils like them who did "
        f"not have it, drawn {format_count(DRAWS)} times with the same seed: so far apart are groups with nothing done at all.",
        f"Verdicts: {Verdict.HELPED} where the whole range lies above zero, {Verdict.WORSE} where it lies below, "
        f"{Verdict.NO_CLEAR_EFFECT} where it crosses zero although an effect of {format_points(EFFECT_TO_BE_SEEN, 0)} points would "
        f"have been seen, and {Verdict.TOO_FEW} otherwise, with fewer than {FEWEST_PUPILS} pupils, or where those compared are too "
        "few or not like them.",
        "Of many looked at, one in twenty would seem to do something by chance. A finding stands among many at a false discovery "
        f"rate of {format_percent(FALSE_DISCOVERY_RATE, 0)} (Benjamini and Yekutieli); allowing for luck draws each difference "
        "towards nothing.",
        f"Self-test: {RUNS} pretend interventions for each, on like pupils who had none, judged in the same way. Where far more of "
        "these seem to help, or to harm, than the 2 or 3 in 100 of chance, no verdict is given on the intervention itself.",
        "Stated rules: a start counts from the first week of which at least half lies after it; a pupil's first start counts; "
        "leavers and joiners count while on roll; one still in progress is judged on the weeks that have passed; the weeks of a "
        "window end with the school year. What is left out is counted above with the reason.",
    )
    return Sentences("impact_method", items, title="How a verdict comes about")


def limits(paper: ImpactPaper) -> Sentences:  # noqa: ARG001 - every section is asked with the paper
    """Say what the method cannot see."""
    items = (
        "Staff may know what the register does not, such as a family crisis that began or ended. No comparison sees that; the "
        "break-even line says how much of it would undo a finding.",
        "Where everyone alike is in it, such as all pupils under 90%, nobody comparable is left, and no verdict is given.",
        "What friends gain from each other makes an intervention look smaller than it is.",
        "Start dates that are weeks out hide part of an effect; a second scheme begun in the same week with the same pupils "
        "cannot be told apart from the first.",
        "The pupils who get most of an intervention are often those in most need: dose and result must be read with care.",
        "A single pupil's result is mostly chance. Below or above the usual range is a reason to talk, not a verdict on anyone.",
        "Too few to tell does not mean that it does nothing.",
    )
    return Sentences("impact_limits", items, title="What this cannot say")


def stronger_evidence(paper: ImpactPaper) -> Sentences:  # noqa: ARG001 - every section is asked with the paper
    """Say what would make the evidence stronger, from the easiest to the strongest."""
    items = (
        "Write an impact card before the start: for whom, what is to change by how much, compared with whom, and when it is "
        "reviewed. A card written afterwards is marked so.",
        "Record the true first day of each pupil and what they got each week.",
        "Keep to a rule: every pupil under a line gets it, nobody above. Pupils just above the line are then a fair comparison.",
        "Use a waiting list: when there are more pupils than places, those who wait are the comparison, and get it next.",
        "Begin by lot: draw who starts first. It is fair to pupils, costs nothing and is the strongest evidence there is.",
        f"Waiting and drawing lots are only for what nobody is owed now: {NEVER_DELAYED}.",
        "Run it again next term in the same way: small groups add up over terms.",
    )
    return Sentences("impact_stronger", items, title="What would make the evidence stronger")
