"""How far each verdict can be trusted, and by what method it is reached: before and after, self-test, other ways, who is alike."""

import pandas as pd

from attendance_lib.analysis.impact.evaluate import Evaluation, like_pupils_change
from attendance_lib.analysis.impact.expectation import DRAWS, REACH
from attendance_lib.analysis.impact.history import OTHER_WEEKS
from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.pools import FALSE_DISCOVERY_RATE
from attendance_lib.analysis.impact.risk_sets import AFTER_SESSIONS
from attendance_lib.analysis.impact.self_test import RUNS
from attendance_lib.analysis.impact.verdicts import EFFECT_TO_BE_SEEN, FEWEST_PUPILS, Verdict
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_percent, format_points, format_span
from attendance_lib.papers.impact.card import BELOW, pupils_frame
from attendance_lib.papers.impact_words import NEVER_DELAYED, of_the_log, unbroken
from attendance_lib.papers.shared import framed

NONE_EVALUATED = "No intervention could be evaluated."
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
OTHERS = {
    "illness_rate": ("illness", "Illness"),
    "unauthorised_absence_rate": ("unauthorised_absence", "Unauthorised"),
    "possible_share": ("possible", "Possible"),
}


def trusted_row(evaluation: Evaluation) -> dict:
    """Return how far an evaluation that has an estimate can be trusted (differences and shares as fractions)."""
    impact, test, naive = evaluation.impact, evaluation.self_test, evaluation.impact.before_after
    trusted = {
        "intervention": impact.intervention,
        "before_after": naive.change,
        "before_after_low": naive.low,
        "before_after_high": naive.high,
        "like_pupils_change": like_pupils_change(evaluation),
        "smallest_effect": impact.smallest_effect,
        "cautious_estimate": impact.cautious_estimate,
        "close_share": impact.likeness.close_share,
        "pretend": unbroken(f"{test.helped} and {test.worse} of {test.runs}"),
        "pretend_runs": test.runs,
        "pretend_helped": test.helped,
        "pretend_worse": test.worse,
        "cover": test.cover,
        "break_even": impact.break_even,
    }
    for name, (column, _) in OTHERS.items():
        trusted |= asked_otherwise(column, impact.other_effects[name], REACH * impact.other_errors[name])
    return trusted


def asked_otherwise(column: str, effect: float, reach: float) -> dict[str, object]:
    """Return an effect found by another way of asking with its range, in words and as fractions.

    Examples
    --------
    >>> found = asked_otherwise("near", 0.02, 0.03)
    >>> round(found["near_low"], 4), round(found["near_high"], 4)
    (-0.01, 0.05)
    """
    return {
        f"{column}_span": unbroken(
            f"{format_points(effect)} ({format_span(effect - reach, effect + reach)})"
        ),
        f"{column}_effect": effect,
        f"{column}_low": effect - reach,
        f"{column}_high": effect + reach,
    }


@of_the_log
def trust_table(paper: ImpactPaper) -> Table:
    """Return one row per intervention with an estimate: what else was asked of it, and how often the method is wrong here."""
    rows = [trusted_row(each) for each in paper.evaluated.values()]
    return Table(
        name="impact_trust",
        title="What speaks for and against each verdict",
        frame=framed(rows, TRUST_COLUMNS),
        columns=TRUST_COLUMNS,
        row_header="intervention",
        note="All in points of sessions. Before and after alone misleads: pupils are chosen in a bad spell, and a bad spell ends; "
        "beside it stands what pupils like them did without it. Seen from: a true difference of so much or more would probably "
        "have shown (in 80 of 100 schools). Pretend: interventions that nobody had were tried on pupils of this register; chance "
        "calls 2 or 3 in 100 of them likely helped, and as many likely worse; where it is far more, the card says so. Break-even: "
        "a difference of so much in something that the register does not show, such as a family crisis that ended, would turn the "
        "finding round.",
        empty_text=NONE_EVALUATED,
    )


@of_the_log
def robustness_table(paper: ImpactPaper) -> Table:
    """Return the same question of a shorter window, without pupils who had something else, and weighted by certainty.

    Those ways of asking that come to another verdict than the card stand first, and alone on the page.
    """
    frame = of_all({name: robustness_frame(paper, name) for name in paper.evaluated}, ASKED_COLUMNS)
    verdicts = dict(zip(paper.impacts["intervention"], paper.impacts["verdict"], strict=True))
    is_other = frame["verdict"] != frame["intervention"].map(verdicts)
    return Table(
        name="impact_asked",
        title="The same question asked otherwise",
        frame=frame.assign(is_same=~is_other)
        .sort_values("is_same", kind="stable", ignore_index=True)
        .drop(columns="is_same"),
        columns=ASKED_COLUMNS,
        shown_rows=int(is_other.sum()),
        row_header="intervention",
        note="Shown: what comes to another verdict than the card's; there the verdict is less sure than its range says. Weighted: "
        "a pupil counts the more, the more alike pupils like them went on to attend (one over the standard deviation). Its range "
        "is narrower and its mean another one, nearer to pupils who attend most. It was fixed beforehand, never the verdict; "
        "how often it is right: docs/impact_calibration.md.",
        empty_text=NONE_EVALUATED,
    )


def robustness_frame(paper: ImpactPaper, name: str) -> pd.DataFrame:
    """Return the other ways of asking, one row each, their ranges (differences of fractions) in words."""
    told = paper.robustness[name]
    spans = [unbroken(format_span(low, high)) for low, high in zip(told["low"], told["high"], strict=True)]
    return told.assign(span=spans)


@of_the_log
def balance_table(paper: ImpactPaper) -> Table:
    """Return what was known of the pupils at the start, beside all compared and those most like them; the widest apart first."""
    frame = of_all({name: balance_frame(paper.balances[name]) for name in paper.evaluated}, BALANCE_COLUMNS)
    apart = frame["after"].astype(float).abs().groupby(frame["intervention"])
    place = apart.rank(method="first", ascending=False).sort_values(kind="stable").index
    return Table(
        name="impact_balance",
        title="Are those compared like them?",
        frame=frame.loc[place].reset_index(drop=True),
        columns=BALANCE_COLUMNS,
        shown_rows=len(paper.evaluated),
        row_header="intervention",
        note="Shown: where each one's pupils and those most like them were furthest apart. Apart: difference in standard "
        "deviations of the pupils compared; the estimate itself allows for what is left. Known at the start; absence in few "
        "sessions is drawn towards the longer history.",
        empty_text=NONE_EVALUATED,
    )


def balance_frame(told: pd.DataFrame) -> pd.DataFrame:
    """Return a balance table (one row per feature) in words, without the year group, whose mean is no share.

    Examples
    --------
    >>> balance_frame(pd.DataFrame({"feature": ["year_group", "absence_rate_last_year"]}))["feature"].tolist()
    ['Absence, last year']
    """
    kept = told[told["feature"] != NOT_A_RATE]
    return kept.assign(feature=kept["feature"].map(FEATURE_WORDS)).reset_index(drop=True)


@of_the_log
def all_pupils(paper: ImpactPaper) -> Table:
    """Return every pupil evaluated with where they landed, for the workbook; the cards name those below."""
    return Table(
        name="impact_pupils",
        title="The pupils of every intervention",
        frame=of_all({name: pupils_frame(paper, name) for name in paper.evaluated}, PUPIL_COLUMNS),
        columns=PUPIL_COLUMNS,
        shown_rows=0,
        row_header="pupil_name",
        note="Usual: where eight in ten pupils like this one landed. One in five lands outside by chance: below or above is a "
        "reason to talk with the pupil, and says nothing of what the intervention did for this one pupil.",
        empty_text=NONE_EVALUATED,
    )


def of_all(frames: dict[str, pd.DataFrame], columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return frames one under the other (all their rows), each with its intervention's name as ``intervention``.

    Examples
    --------
    >>> of_all({"A": pd.DataFrame({"week": [1]}), "B": pd.DataFrame({"week": [2]})}, ())["intervention"].tolist()
    ['A', 'B']
    """
    named = [frame.assign(intervention=name) for name, frame in frames.items()]
    return (
        pd.concat(named, ignore_index=True)
        if named
        else pd.DataFrame(columns=[each.name for each in columns])
    )


TRUST_COLUMNS = (
    figure("intervention"),
    Column("before_after", "Before and after", Kind.POINTS, "Before and after alone, over six school weeks", width=9),
    Column("like_pupils_change", "Like pupils", Kind.POINTS, "Change of pupils like them without it, over the same weeks"),
    figure("smallest_effect"),
    figure("cautious_estimate", meaning="The difference drawn towards nothing: the best of many is partly luck", shown=True),
    Column("close_share", "Close to others", Kind.RATE, "Share of its pupils with ten others close to their own expectation"),
    Column("pretend", "Pretend", meaning="Pretend interventions called likely helped and likely worse, of those tried", width=12),
    Column("cover", "Ranges right", Kind.RATE, "Share of pretend interventions' ranges that held the truth, which is nothing"),
    figure("break_even", shown=True),
    Column("illness_span", "Illness", meaning="The same difference in sessions of illness, with its range", width=20),
    Column("unauthorised_absence_span", "Unauthorised", meaning="The same in unauthorised absence, with its range", width=20),
    Column(
        "possible_span", "Possible", width=20,
        meaning="The same in sessions that were possible (codes X, D, Y, Q and the like take them out), with its range",
    ),
    Column("before_after_low", "Before and after, from", Kind.POINTS, "Lower end of its 95% range", shown=False),
    Column("before_after_high", "Before and after, to", Kind.POINTS, "Upper end of its 95% range", shown=False),
    Column("pretend_runs", "Pretend, tried", Kind.COUNT, "Pretend interventions tried", shown=False),
    Column("pretend_helped", "Pretend, helped", Kind.COUNT, "Of these called likely helped", shown=False),
    Column("pretend_worse", "Pretend, worse", Kind.COUNT, "Of these called likely worse", shown=False),
    *(
        Column(f"{name}_{part}", f"{said}, {words}", Kind.POINTS, meaning, shown=False)
        for name, said in OTHERS.values()
        for part, words, meaning in (
            ("effect", "estimate", "Difference in shares of sessions"),
            ("low", "from", "Lower end of its 95% range"),
            ("high", "to", "Upper end of its 95% range"),
        )
    ),
)  # fmt: skip
BALANCE_COLUMNS = (
    figure("intervention"),
    Column("feature", "Known at the start", meaning="What was known of each pupil at the start", width=30),
    Column("treated", "Its pupils", Kind.RATE, "Mean of the pupils evaluated"),
    Column("compared", "All compared", Kind.RATE, "Mean of all pupils compared with, weighed as the starts"),
    Column("placebo", "Most like them", Kind.RATE, "Mean of the nearest comparison pupils"),
    Column("before", "Apart, all", Kind.NUMBER, "Difference from all compared, in standard deviations"),
    Column("after", "Apart, most like", Kind.NUMBER, "Difference from the nearest, in standard deviations"),
)  # fmt: skip
ASKED_COLUMNS = (
    figure("intervention"),
    Column("asked", "Asked", meaning="How the question was changed", width=40),
    *shown("verdict", "pupils"),
    figure("estimate", meaning="Actual less expected attendance"),
    figure("span", meaning="95% range, percentage points"),
    figure("reason"),
    figure("low", shown=False),
    figure("high", shown=False),
)  # fmt: skip
PUPIL_COLUMNS = (
    figure("intervention"),
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


# The method in plain words, what it cannot say, and what would make the evidence stronger


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
