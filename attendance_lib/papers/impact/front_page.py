"""The impact paper's one page: what is known of each intervention, what to do next, and what was left out and why."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.impact.paper import ImpactPaper
from attendance_lib.analysis.impact.pools import FALSE_DISCOVERY_RATE
from attendance_lib.analysis.impact.verdicts import EFFECT_TO_BE_SEEN, Verdict
from attendance_lib.display import Chart, Column, Document, Kind, Sentences, Table
from attendance_lib.display.charts import effects_chart
from attendance_lib.display.format import as_percent, format_count, format_date, format_percent
from attendance_lib.errors import in_number
from attendance_lib.papers.impact.strategy import late_in_words
from attendance_lib.papers.impact_ranking import RANKING_COLUMNS, pupils_needed, ranking_frame
from attendance_lib.papers.impact_words import NEVER_DELAYED, NO_INTERVENTION, at_first_words, of_the_log
from attendance_lib.papers.shared import listed, masthead, not_exported
from attendance_lib.reports.papers import IMPACT_PAPER


def impact_masthead(paper: ImpactPaper) -> Document:
    """Return what heads the paper (see ``shared.masthead``)."""
    criteria = paper.criteria
    limits = [
        criteria.intervention,
        f"Tier {criteria.tier}" if criteria.tier else "",
        f"started in {criteria.term}" if criteria.term else "",
    ]
    cohort = ", ".join(filter(None, [paper.pack.cohort.title, *limits]))
    head = replace(masthead(paper.pack, IMPACT_PAPER), cohort=cohort)
    return replace(head, shows=SHOWN, folded_from="") if paper.is_untold else replace(head, folds=FOLDS)


def impact_lead(paper: ImpactPaper) -> Sentences:
    """Say in two to four sentences about how many anything can be concluded, what to do next, and what was left out."""
    if paper.school.interventions is None:
        return Sentences("impact_lead", (not_exported("interventions"),), style="lead")
    if not paper.names and not paper.whole_school_names:
        return Sentences("impact_lead", (NO_INTERVENTION,), style="lead")
    if paper.is_untold:
        items = (told_in_words(paper), *said(paper), left_in_words(paper), IN_THE_WORKBOOK)
    else:
        items = (told_in_words(paper), next_in_words(paper), many_in_words(paper), left_in_words(paper))
    return Sentences("impact_lead", tuple(filter(None, items)), style="lead")


def told_in_words(paper: ImpactPaper) -> str:
    """Say of how many interventions anything can be concluded, and which.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> impacts = pd.DataFrame({"intervention": ["Mentor", "Club"], "verdict": [Verdict.HELPED, Verdict.TOO_FEW]})
    >>> paper = SimpleNamespace(impacts=impacts, whole_school_names=["Texts"], is_untold=False)
    >>> told, rest = told_in_words(paper).split(". ")
    >>> told
    'Something can be said of 1 of 2 interventions with named pupils: 1 likely helped (Mentor)'
    >>> rest
    'For the other 1 there are too few to tell, and nothing can be said of 1 scheme for everyone.'
    """
    verdicts, total = paper.impacts.groupby("verdict")["intervention"].agg(list), len(paper.impacts)
    known = total - len(verdicts.get(Verdict.TOO_FEW, []))
    named = [
        f"{format_count(len(verdicts[verdict]))} {words} ({listed(verdicts[verdict])})"
        for verdict, words in TOLD.items()
        if verdict in verdicts
    ]
    everyone, evaluated = schemes_in_words(paper), f"{format_count(total, 'intervention')} with named pupils"
    if not named:
        none = f"Nothing can be said yet of {evaluated}: there are too few to tell" if total else ""
        return f"{joined_up(none, everyone)}."
    rest = f"For the other {format_count(total - known)} there are too few to tell" if total > known else ""
    told = f"Something can be said of {format_count(known)} of {evaluated}: {listed(named)}."
    others = joined_up(rest, everyone)
    return f"{told} {others}." if others else told


def schemes_in_words(paper: ImpactPaper) -> str:
    """Say of how many schemes for everyone nothing can be said, by name where that is all there is; empty without any.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> papers = [SimpleNamespace(whole_school_names=["Texts"], is_untold=is_untold) for is_untold in (False, True)]
    >>> [schemes_in_words(paper) for paper in papers]
    ['nothing can be said of 1 scheme for everyone', 'nothing can be said of 1 scheme for everyone (Texts)']
    """
    schemes = paper.whole_school_names
    if not schemes:
        return ""
    named = f" ({listed(schemes)})" if paper.is_untold else ""
    return f"nothing can be said of {format_count(len(schemes), 'scheme')} for everyone{named}"


def joined_up(*clauses: str) -> str:
    """Return those of some clauses that are not empty as a sentence without its full stop.

    Examples
    --------
    >>> joined_up("for the other two there are too few to tell", ""), joined_up("", "")
    ('For the other two there are too few to tell', '')
    """
    said = ", and ".join(filter(None, clauses))
    return f"{said[:1].upper()}{said[1:]}"


TOLD = {
    Verdict.HELPED: str(Verdict.HELPED),
    Verdict.WORSE: str(Verdict.WORSE),
    Verdict.NO_CLEAR_EFFECT: f"with {Verdict.NO_CLEAR_EFFECT}",
}


def next_in_words(paper: ImpactPaper) -> str:
    """Say what to do next, from the strongest to the weakest verdict."""
    steps = [step for verdict, step in NEXT.items() if (paper.impacts["verdict"] == verdict).any()]
    return f"Next: {'; '.join(steps)}{nearest_to_a_verdict(paper)}." if steps else ""


def nearest_to_a_verdict(paper: ImpactPaper) -> str:
    """Say which of those with too few to tell lacks the fewest pupils; empty where pupils are not what it lacks.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = {"intervention": ["Mentor", "Club"], "reason": "range too wide", "pupils": [16, 9], "smallest_effect": [0.09, 0.12]}
    >>> nearest_to_a_verdict(SimpleNamespace(impacts=pd.DataFrame(rows)))  # 36 less 16 is 20, and 36 less 9 is 27
    ' (nearest: Mentor, 16 pupils of about 36 needed)'
    """
    rows = [row | {"needed": pupils_needed(row)} for row in paper.impacts.to_dict("records")]
    near = min((row for row in rows if row["needed"] > row["pupils"]), key=lacking, default=None)
    if near is None:
        return ""
    return (
        f" (nearest: {near['intervention']}, {format_count(near['pupils'])} pupils of about "
        f"{format_count(near['needed'])} needed)"
    )


NEXT = {
    Verdict.HELPED: "keep what is likely to have helped, and let the next group start by lot or from a waiting list, so that its "
    f"effect is known more surely ({NEVER_DELAYED})",
    Verdict.WORSE: "stop or change what is likely worse before the next group starts, and ask the pupils why",
    Verdict.NO_CLEAR_EFFECT: "where there is no clear effect, decide what it is for before its next review, and change a part",
    Verdict.TOO_FEW: "where there are too few to tell, go on, write an impact card first, and let terms add up",
}


def many_in_words(paper: ImpactPaper) -> str:
    """Say at what false discovery rate the verdicts were held, and which stand.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> impacts = pd.DataFrame({"intervention": ["Mentor", "Club"], "verdict": [Verdict.HELPED, Verdict.TOO_FEW]})
    >>> many_in_words(SimpleNamespace(impacts=impacts.assign(stands_among_many=False))).partition("; ")[2]
    'at a false discovery rate of 5% none of the 1 found stands out.'
    >>> many_in_words(SimpleNamespace(impacts=impacts.head(1)))  # one alone is not many
    ''
    """
    table = paper.impacts
    if len(table) < MANY:
        return ""
    found = table[table["verdict"].isin([Verdict.HELPED, Verdict.WORSE])]
    rate = format_percent(FALSE_DISCOVERY_RATE, 0)
    start = f"{format_count(len(table))} were looked at, so one in twenty may seem to help or harm by chance"
    if found.empty:
        return f"{start}; at a false discovery rate of {rate} none stands out."
    stands = found.loc[found["stands_among_many"], "intervention"]
    told = listed(list(stands)) if len(stands) else "none"
    return f"{start}; at a false discovery rate of {rate} {told} of the {format_count(len(found))} found stands out."


MANY = 2


def left_in_words(paper: ImpactPaper) -> str:
    """Say how many entries of the log were left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> found = {"Mentor": SimpleNamespace(impact=SimpleNamespace(left_out={"joined later": 2, "no start": 1}))}
    >>> left_in_words(SimpleNamespace(evaluations=found))
    '3 entries of the log are left out, most often because: joined later (2).'
    """
    left = left_out_counts(paper)
    if left.empty:
        return ""
    most = left.iloc[0]
    return (
        f"{format_count(int(left['rows'].sum()), 'entry', 'entries')} of the log {'is' if left['rows'].sum() == 1 else 'are'} left "
        f"out, most often because: {most['reason']} ({format_count(int(most['rows']))})."
    )


def left_out_counts(paper: ImpactPaper) -> pd.DataFrame:
    """Return who and what was left out: ``intervention``, ``reason`` and ``rows``, the most frequent reason first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> left = {"Mentor": {"joined later": 2, "no start": 1}, "Club": {"joined later": 1}}
    >>> found = {name: SimpleNamespace(impact=SimpleNamespace(left_out=out)) for name, out in left.items()}
    >>> left_out_counts(SimpleNamespace(evaluations=found))[["reason", "rows", "intervention"]].values.tolist()
    [['joined later', 3, 'Club and Mentor'], ['no start', 1, 'Mentor']]
    """
    rows = [
        (name, reason, count)
        for name, evaluation in paper.evaluations.items()
        for reason, count in evaluation.impact.left_out.items()
    ]
    table = pd.DataFrame(rows, columns=["intervention", "reason", "rows"]).astype({"rows": int})
    by_reason = table.groupby("reason", as_index=False).agg(
        rows=("rows", "sum"), intervention=("intervention", lambda names: listed(sorted(set(names))))
    )
    return by_reason.sort_values(["rows", "reason"], ascending=[False, True], ignore_index=True)


@of_the_log
def effects(paper: ImpactPaper) -> Chart | Sentences:
    """Return the chart of what can be said of each intervention; that there is none where there is none."""
    if paper.impacts.empty:
        return Sentences("effects", (NO_INTERVENTION,), style="note")
    if paper.is_untold:
        return Sentences("effects", (NOTHING_DRAWN,), style="note")
    return effects_chart(paper.impacts)


@of_the_log
def impact_ranking(paper: ImpactPaper) -> Table:
    """Return one row per intervention, ranked by what is known; where that is nothing, by how many pupils are wanting."""
    if paper.is_untold and not paper.impacts.empty:
        return pupils_wanting(paper, ranking_frame(paper).assign(at_first=at_first(paper)))
    return Table(
        name="impact",
        title="Interventions ranked by what is known",
        frame=ranking_frame(paper).assign(at_first=at_first(paper)),
        columns=RANKING_COLUMNS,
        row_header="intervention",
        note="Difference: attendance less that expected of like pupils over the same weeks, in points. Range: where the true "
        "difference is likely to lie; 19 of 20 such ranges hold it. Allowing for luck: the best of many is often partly lucky, so "
        "each difference is drawn towards nothing. Seen from: with so many pupils a smaller effect would easily be missed.",
        empty_text=NO_INTERVENTION,
    )


def at_first(paper: ImpactPaper) -> list[str]:
    """Return what the first six weeks of each intervention say where that is another finding (one text per row of the ranking)."""
    verdicts = [(each.impact.verdict, paper.six_weeks[each.impact.intervention]) for each in paper.ranked]
    return [at_first_words(whole, six_weeks.impact.verdict) for whole, six_weeks in verdicts]


@of_the_log
def left_out_of_impact(paper: ImpactPaper) -> Table:
    """Return what was left out of the evaluations, and why."""
    return Table(
        name="impact_left_out",
        title="What was left out and why",
        frame=left_out_counts(paper),
        columns=(
            Column("reason", "Why", meaning="Why an entry of the log could not be evaluated", width=52),
            Column("rows", "Entries", Kind.COUNT, "Entries of the log"),
            Column("intervention", "Of", meaning="The interventions concerned", width=60),
        ),
        note="A start counts from the first school week of which at least half lies after it; of several starts by one pupil the "
        f"first counts. Pupils are followed for at most {format_count(paper.criteria.window_weeks, 'school week')}, and to "
        f"{format_date(paper.last_day)}.",
        empty_text="Nothing was left out.",
    )


# On a phone the table is folded, whose picture says most of it, and so is a card's second picture.
FOLDS = {"impact": "", "impact_chance": "What does chance do?"}
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
    """Yield from how many pupils anything follows, what changed since the last evaluation, and how late support starts."""
    yield from needed_in_words(paper)
    yield changed_in_words(paper)
    if len(paper.study.courses):
        yield late_in_words(paper.study.courses)


def needed_in_words(paper: ImpactPaper) -> Iterator[str]:
    """Yield what has to come together before something can be concluded; nothing without an intervention."""
    if len(paper.impacts):
        yield (
            f"An effect of {as_percent(EFFECT_TO_BE_SEEN)} points shows once as many pupils have had an intervention as the table "
            "says; where it gives no number, what lacks is like pupils to compare with or weeks to follow. Go on, write an impact "
            "card first, and let terms add up."
        )


def changed_in_words(paper: ImpactPaper) -> str:
    """Say what changed since the evaluation at the end of the half term before.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> then = SimpleNamespace(impacts=pd.DataFrame({"intervention": ["Mentor"], "pupils": [9]}), before=None, is_untold=True)
    >>> now = SimpleNamespace(impacts=pd.DataFrame({"intervention": ["Mentor", "Club"], "pupils": [12, 4]}), before=then)
    >>> then.last_day = date(2026, 10, 23)
    >>> changed_in_words(now).partition("began")[2]
    ' (Club), and 1 that had begun has more pupils evaluated; nothing could be said then either.'
    >>> changed_in_words(then)
    'This is the first evaluation of these days.'
    """
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
    verdicts = "nothing could be said then either" if before.is_untold else "something could be said then"
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
        Of which nothing can be concluded.
    ranking : pandas.DataFrame
        One row per intervention (``impact_ranking.ranking_frame``).
    """
    then, ended = {}, "an evaluation before"
    if paper.before:
        then, ended = pupils_of(paper.before), f"the evaluation to {format_date(paper.before.last_day)}"
    frame = ranking.assign(
        pupils_before=[then.get(name) for name in ranking["intervention"]],
        lacking=lacking({"needed": ranking["pupils_needed"], "pupils": ranking["pupils"]}),
    )
    columns = (replace(column, shown=column.name in ON_THE_PAGE) for column in RANKING_COLUMNS)
    before = Column("pupils_before", "Pupils then", Kind.COUNT, f"Pupils evaluated in {ended}")
    return Table(
        name="impact",
        title="From how many pupils something could be said",
        frame=frame.sort_values("lacking", kind="stable", na_position="last", ignore_index=True),
        columns=(*columns, before),
        row_header="intervention",
        shown_rows=SHOWN_ROWS,
        note="Those that lack the fewest pupils stand first. Pupils needed: with about so many an effect of 6 points would show.",
    )
