"""The same intervention in several schools: what they say together, worked out from figures that passed the disclosure step."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.impact.schools import FEW_SCHOOLS, FEWEST_SCHOOLS, FEWEST_TO_FORETELL, pool_each
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display import Chart, Column, Kind, Sentences, Table
from attendance_lib.display.charts.forest import forest_chart
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_points, format_span
from attendance_lib.errors import in_number
from attendance_lib.papers.impact_words import unbroken, verdict_words, without_last_bits
from attendance_lib.papers.published_tables import published_table, without_signs
from attendance_lib.papers.shared import listed
from attendance_lib.papers.trust.opening import EFFECTS, FIGURES, TrustPaper
from attendance_lib.rules.thresholds import SMALLEST_RATE_BASE

TOGETHER, WITHHELD = "All together", "withheld"
HOW = (
    "Each school compares its own pupils with pupils like them and sends its figure, no pupil. A pupil counts by how surely "
    "attendance could be foretold, so a figure may differ a little from the school's headline. In the picture the thin line is "
    "where a further school would lie. Interventions of one name are taken for the same: ask whether they are."
)
NOTHING = "No intervention is in the logs of two schools or more under one name, so there is nothing to put together."


def effects_told(paper: TrustPaper) -> pd.DataFrame:
    """Return the effects of interventions that several schools have, with what is withheld missing (fractions).

    One row per school and intervention, by its name: schools write one name in capitals or not, with more blanks or fewer.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> named = [("Ash", "MENTORING "), ("Birch", "Mentoring"), ("Birch", "Trips")]
    >>> rows = [{"school": where, "intervention": name, "pupils": 12} | dict.fromkeys(FIGURES, 0.01) for where, name in named]
    >>> effects_told(SimpleNamespace(tables={EFFECTS: pd.DataFrame(rows)}))["school"].tolist()  # one school has trips
    ['Ash', 'Birch']
    """
    frame = paper.tables[EFFECTS]
    figures = {name: without_signs(frame[name]) for name in ("pupils", *FIGURES)}
    alike = frame["intervention"].map(lambda name: " ".join(str(name).split()).casefold())
    names = frame["intervention"].groupby(alike).transform("min")
    told = frame.assign(**figures, intervention=names, is_withheld=frame["estimate"].eq("c"))
    several = told.groupby("intervention")["school"].transform("nunique") > 1
    return told[several].sort_values(["intervention", "school"], ignore_index=True)


def pooled(paper: TrustPaper) -> pd.DataFrame:
    """Return what several schools say together of each intervention.

    Returns
    -------
    pandas.DataFrame
        One row per intervention: ``schools.POOLED_COLUMNS`` (differences as fractions), with ``said`` and the spans in words, and
        ``schools_in_all`` (how many schools have it).
    """
    told = effects_told(paper)
    found = pool_each(told)
    held = told.groupby("intervention")["school"].nunique()
    rows = found.to_dict("records")
    return without_last_bits(
        found.assign(
            said=[
                verdict_words(row["verdict"], row["reason"], stands=row["stands_among_many"]) for row in rows
            ],
            span=[unbroken(format_span(row["low"], row["high"])) for row in rows],
            next_span=[unbroken(format_span(row["next_low"], row["next_high"])) for row in rows],
            schools_in_all=[int(held[row["intervention"]]) for row in rows],
        )
    )


def pooled_lead(paper: TrustPaper) -> Sentences:
    """Say of each intervention that several schools have what they say together, in plain words."""
    found = pooled(paper)
    items = tuple(pooled_words(row) for row in found.to_dict("records")) or (NOTHING,)
    return Sentences("pooled_lead", items, style="points" if len(found) else "note")


def pooled_words(row: dict) -> str:
    """Say of one intervention what several schools say together (a row of ``pooled``).

    Examples
    --------
    >>> missing = float("nan")
    >>> print(pooled_words({"intervention": "Mentor", "verdict": "too few to tell", "reason": "too few schools", "schools": 2,
    ...     "schools_in_all": 4, "said": "too few to tell: too few schools"}))
    Mentor: too few to tell. It takes 3 schools whose figures can be put together, and there are 2 of 4.
    """
    if row["reason"] == FEW_SCHOOLS:
        return (
            f"{row['intervention']}: {row['verdict']}. It takes {FEWEST_SCHOOLS} schools whose figures can be put together, and "
            f"there {in_number(row['schools'], 'is', 'are')} {format_count(row['schools'])} of "
            f"{format_count(row['schools_in_all'])}."
        )
    return " ".join(
        (
            f"{row['intervention']}: {row['said']}. In {format_count(row['schools'], 'school')} with "
            f"{format_count(row['pupils'], 'pupil')} attendance differed by {format_points(row['estimate'])} points "
            f"from that expected of like pupils, likely {format_span(row['low'], row['high'])}.",
            *differing_words(row),
        )
    )


def differing_words(row: dict) -> Iterator[str]:
    """Say how much schools differ in what the intervention does (a row of ``pooled``), where there are enough schools.

    Examples
    --------
    >>> list(differing_words({"schools": 6, "between_sd": 0.01, "next_low": -0.01, "next_high": 0.05}))
    ['Schools differ by more than chance: in a further school it would lie within −1.0 to +5.0.']
    """
    if row["schools"] < FEWEST_TO_FORETELL:
        yield "There are too few schools to say how much they differ."
        return
    start = (
        "Schools differ by more than chance"
        if row["between_sd"] > 0
        else "Schools differ no more than chance explains"
    )
    yield f"{start}: in a further school it would lie within {format_span(row['next_low'], row['next_high'])}."


def forest(paper: TrustPaper) -> Chart | Sentences:
    """Return the picture: each school by name, and all together below."""
    told, found = effects_told(paper), pooled(paper)
    told = told[told.groupby("intervention")["estimate"].transform("count") > 0]
    found = found[found["intervention"].isin(told["intervention"])]
    if found.empty:
        return Sentences("forest", (), style="note")
    return forest_chart(
        "forest", "What came of it in each school, and in all together?",
        pd.concat(list(forest_rows(told, found)), ignore_index=True),
    )  # fmt: skip


def forest_rows(told: pd.DataFrame, found: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the rows (fractions) of each intervention's schools (``effects_told``) and of all together, for the picture."""
    for row in found.to_dict("records"):
        own = told[told["intervention"] == row["intervention"]]
        beside = own["not_pooled"].where(~own["is_withheld"], WITHHELD)
        yield own.assign(beside=beside, is_pooled=False)
        yield pd.DataFrame([row | {"school": TOGETHER, "beside": row["said"], "is_pooled": True}])


def together(paper: TrustPaper) -> Table:
    """Return what several schools say together, one row an intervention."""
    return published_table(
        "pooled", "What the schools say together", pooled(paper),
        (
            figure("intervention"),
            figure("said", meaning="likely helped, no clear effect, likely worse, or too few to tell and why", width=34),
            Column("schools", "Schools pooled", Kind.COUNT, "Whose figures are put together", width=8),
            Column("schools_in_all", "Schools with it", Kind.COUNT, "Of this paper, by its name in their logs", width=8),
            figure("pupils"),
            figure("estimate", meaning="Actual less expected attendance, all together"),
            figure("span"),
            Column("next_span", "In a further school", meaning="Where it would lie, about 9 times in 10", width=14),
            figure("smallest_effect", meaning="The smallest effect that would have shown in 80 of 100 trusts"),
            Column("between_sd", "Schools differ by", Kind.POINTS, "Standard deviation from school to school", shown=False),
            *shown("range_from", "range_to"),
            Column("next_low", "Further school from", Kind.POINTS, "Lower end", shown=False),
            Column("next_high", "Further school to", Kind.POINTS, "Upper end", shown=False),
            *shown("q_value", "stands_among_many"),
        ),
        note=f"{left_out_words(effects_told(paper))}{HOW}",
        empty_text=NOTHING,
    )  # fmt: skip


def left_out_words(told: pd.DataFrame) -> str:
    """Say which schools' figures (rows of ``effects_told``, fractions) are in no pool, and why; empty where all are.

    Examples
    --------
    >>> row = {"intervention": "Mentoring", "school": "Larkmoor", "is_withheld": True, "not_pooled": ""}
    >>> left_out_words(pd.DataFrame([row]))
    'Not put together with the others: Mentoring at Larkmoor (withheld, fewer than 10 pupils). '
    """
    few = told["is_withheld"] & (told["not_pooled"] == "")
    why = told["not_pooled"].mask(few, f"withheld, fewer than {SMALLEST_RATE_BASE} pupils")
    parts = [
        f"{intervention} at {listed(list(rows['school']))} ({reason})"
        for (intervention, reason), rows in told[why != ""].groupby(["intervention", why[why != ""]])
    ]
    return f"Not put together with the others: {'; '.join(parts)}. " if parts else ""


def pooled_findings(paper: TrustPaper) -> str:
    """Say for the first page which interventions several schools together found to help or to harm; empty without any."""
    found = pooled(paper)
    told = [
        f"{verdict} in the schools together: {listed(list(rows['intervention']))}"
        for verdict in (Verdict.HELPED, Verdict.WORSE)
        if len(rows := found[(found["verdict"] == verdict) & found["stands_among_many"].astype(bool)])
    ]
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
