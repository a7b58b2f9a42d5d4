"""The headline measures beside what they may stand beside: earlier years, England, similar schools and targets."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from attendance_lib.display import Chart, Column, DisclosureNote, Kind, Sentences, Table
from attendance_lib.display.charts import beside_chart
from attendance_lib.display.columns import figure
from attendance_lib.display.format import (
    format_count,
    format_date,
    format_number,
    format_percent,
    is_suppressed,
)
from attendance_lib.intake.settings.benchmarks import Target
from attendance_lib.pack.cohorts import LAST_YEAR_GROUP
from attendance_lib.papers.governors.published import LEVELS, MEASURES, Facts, Published
from attendance_lib.papers.governors.pupils import few_words
from attendance_lib.papers.governors.spans import (
    FLAGS,
    HALF_TERM,
    HALF_TERM_BEFORE,
    PERSISTENT_BANDS,
    THEN,
    YEAR_TO_DATE,
)
from attendance_lib.papers.published_tables import published_table, without_signs
from attendance_lib.papers.shared import dates_told, heading_of, listed, not_exported
from attendance_lib.rules.benchmarks import BREAK, BREAK_IN_SERIES, Benchmark, Level, acknowledgement
from attendance_lib.rules.codes import REGULATIONS_2024
from attendance_lib.rules.sources import FRAMEWORK, GUIDANCE_REISSUED, REASON_FOR_N
from attendance_lib.rules.thresholds import METHODOLOGY, SMALLEST_RATE_BASE, SUPPRESSED

PERCENT = 100
TARGET = "target_rate"
YEAR_MEASURES = {
    "attendance_rate": "Attendance",
    "unauthorised_absence_rate": "Unauthorised absence",
    "persistent_absence_rate": "Persistent absence",
    "severe_absence_rate": "Severe absence",
}


def headline(report: Published) -> Table:
    """Return the measures: half term, year to date, the same point of earlier years, and what they stand beside."""
    spans = report.tables["spans"].set_index("span")
    shown = span_order(spans.index)
    rates = {name: spans.loc[name, list(MEASURES)].to_numpy() for name in shown}
    frame = pd.DataFrame({"measure": list(MEASURES.values())} | rates)
    columns = [figure("measure")]
    columns += [span_column(name, spans.loc[name, "label"]) for name in shown]
    others = other_columns(report)
    return published_table(
        "headline",
        "Headline measures",
        frame.assign(**{column.name: values for column, values in others}),
        (*columns, *(column for column, _ in others)),
        headline_note(report),
    )


def span_order(held: pd.Index) -> list[str]:
    """Return the spans in the order shown: the half term and what is like it, then the years to date.

    Examples
    --------
    >>> span_order(pd.Index([YEAR_TO_DATE, f"{YEAR_TO_DATE}_1", HALF_TERM, HALF_TERM_BEFORE])) == [
    ...     HALF_TERM, HALF_TERM_BEFORE, YEAR_TO_DATE, f"{YEAR_TO_DATE}_1"]
    True
    """
    wanted = [HALF_TERM]
    wanted += [f"{HALF_TERM}_1"] if f"{HALF_TERM}_1" in held else [HALF_TERM_BEFORE]
    wanted += [YEAR_TO_DATE, *(f"{YEAR_TO_DATE}_{ago}" for ago in (1, 2, 3))]
    return [name for name in wanted if name in held]


def span_column(name: str, label: str) -> Column:
    """Return the column of one span."""
    meaning = (
        "Share of possible sessions; persistent and severe absence: share of pupils, over a year to date only"
    )
    return Column(name, label, Kind.RATE, meaning, width=12)


def other_columns(report: Published) -> list[tuple[Column, list[float | None]]]:
    """Return the columns of England, of the local authority and similar schools where entered, and of targets, if any."""
    found = []
    for level, (name, heading) in LEVELS.items():
        figures = [beside_measure(report, measure, level) for measure in MEASURES]
        if any(figures):
            meaning = f"{heading}, year to date: the days covered are in the note"
            headed = heading_of(heading, figures, report.facts.date_to)
            found.append((Column(name, headed, Kind.RATE, meaning, width=10), rates_of(figures)))
    targets = [target_of(report, measure) for measure in MEASURES]
    if any(targets):
        goals = [each.percent / PERCENT if each else None for each in targets]
        found.append((target_column(report), goals))
    return found


def target_column(report: Published) -> Column:
    """Return the column of targets, which says where the attendance baseline improvement expectation stands in for one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> abie = SimpleNamespace(target=lambda measure: None, targets=SimpleNamespace(abie="93.1"))
    >>> target_column(SimpleNamespace(comparators=abie)).heading
    'Target (ABIE: not for a website)'
    """
    is_abie = report.comparators.target("attendance_rate") is None and report.comparators.targets.abie
    meaning = f"The school's own target{ABIE_STANDS_IN if is_abie else ''}"
    heading = "Target (ABIE: not for a website)" if is_abie else "Target"
    return Column(TARGET, heading, Kind.RATE, meaning, width=9)


def beside_measure(report: Published, measure: str, level: Level) -> Benchmark | None:
    """Return what others reached that may stand beside a measure: nothing beside absence flags of a year's first weeks.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> comparators = SimpleNamespace(in_year=lambda measure, day, level: "England's")
    >>> report = SimpleNamespace(comparators=comparators, facts=SimpleNamespace(is_early=True, date_to="2026-09-25"))
    >>> [beside_measure(report, measure, Level.ENGLAND) for measure in ("attendance_rate", "persistent_absence_rate")]
    ["England's", None]
    """
    if report.facts.is_early and measure in FLAGS:
        return None
    return report.comparators.in_year(measure, report.facts.date_to, level)


def target_of(report: Published, measure: str) -> Target | None:
    """Return the school's target of a measure; for attendance, where it set none, the expectation DfE set it (ABIE).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> comparators = SimpleNamespace(target=lambda measure: None, targets=SimpleNamespace(abie="DfE's expectation"))
    >>> report = SimpleNamespace(comparators=comparators)  # a school that set no target of its own
    >>> target_of(report, "attendance_rate"), target_of(report, "absence_rate")
    ("DfE's expectation", None)
    """
    abie = report.comparators.targets.abie if measure == "attendance_rate" else None
    return report.comparators.target(measure) or abie


def headline_note(report: Published) -> str:
    """Say what is not measured over a half term, and which of the figures beside the year to date are older than the period."""
    period = (report.facts.date_from, report.facts.date_to)
    older = [
        heading if level is Level.ENGLAND else heading.lower()
        for level, (_, heading) in LEVELS.items()
        if any(figure.age_beside(*period) for figure in figures_of(report, level).values())
    ]
    aged = f"; older than the period: {listed(older)}" if older else ""
    return (
        "Persistent and severe absence are measured over the year to date only. What others reached and our target stand "
        f"beside the year to date{aged}. Days covered and sources are given under Over time.{few_words(report)}"
    )


def figures_of(report: Published, level: Level) -> dict[str, Benchmark]:
    """Return the figures of one level that stand beside the headline measures, by the measure in words."""
    found = {name: beside_measure(report, measure, level) for measure, name in MEASURES.items()}
    return {name: figure for name, figure in found.items() if figure}


def beside_words(report: Published) -> Sentences:
    """Say what stands beside the headline measures: series, days, age, targets, and the break where it matters."""
    told = [*(level_words(report, level) for level in LEVELS), *target_words(report)]
    if report.facts.date_to >= BREAK and reaches_over_the_break(report):
        told.append(BREAK_IN_SERIES)
    return Sentences(
        name="beside",
        title="What stands beside our headline figures",
        items=tuple(filter(None, told)) or (NOTHING,),
    )


NOTHING = "DfE publishes no figure for this phase, and the school has entered none."


def level_words(report: Published, level: Level) -> str:
    """Say which figures one level's column holds: their series, the days they cover and how old they are."""
    period = (report.facts.date_from, report.facts.date_to)
    told = dates_told(figures_of(report, level), period)
    return f"{told}." if told else ""


ABIE_STANDS_IN = "; of attendance the ABIE stands in for it"
ABIE_NAMED = (
    "ABIE (attendance baseline improvement expectation; for the board alone: DfE does not publish it, so leave this line and "
    "the figure out of a copy for a website)"
)


def target_words(report: Published) -> list[str]:
    """Say by when each target is meant to be reached and where it was agreed, the ABIE by its name.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> target = SimpleNamespace(percent=8.5, by=date(2027, 7, 20), source="governors")
    >>> targets = SimpleNamespace(abie=None, by_measure=lambda: {"persistent_absence_rate": target, "absence_rate": None})
    >>> target_words(SimpleNamespace(comparators=SimpleNamespace(targets=targets)))
    ['Persistent absence (10% or more missed): target 8.5% by 20 July 2027 (governors).']
    """
    targets = report.comparators.targets
    named = {ABIE_NAMED: targets.abie}
    named |= {MEASURES.get(name, name): target for name, target in targets.by_measure().items()}
    return [
        f"{name}: target {format_number(target.percent)}%{by_words(target)} ({target.source})."
        for name, target in named.items()
        if target
    ]


def by_words(target: Target) -> str:
    """Return by when a target is meant to be reached, as the end of a phrase.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> by_words(SimpleNamespace(by=date(2027, 7, 20))), by_words(SimpleNamespace(by=None))
    (' by 20 July 2027', '')
    """
    return f" by {format_date(target.by)}" if target.by else ""


def reaches_over_the_break(report: Published) -> bool:
    """Whether England's figures that the report shows lie on both sides of the break in DfE's daily series.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> days = [date(2026, 7, 10), date(2025, 7, 11)]  # the break is on 8 September 2025
    >>> tables = {"spans": pd.DataFrame({"span": ["year_to_date", "year_to_date_1"], "last_date": days})}
    >>> comparators = SimpleNamespace(in_year=lambda measure, day: SimpleNamespace(ends=day))
    >>> reaches_over_the_break(SimpleNamespace(tables=tables, comparators=comparators))
    True
    """
    ends = [figure.ends for _, figure in england_at_each_point(report) if figure and figure.ends]
    return bool(ends) and min(ends) < BREAK <= max(ends)


def england_at_each_point(report: Published) -> list[tuple[str, Benchmark | None]]:
    """Return England's attendance beside each year to date that the report holds, by the span's name."""
    spans = report.tables["spans"]
    to_date = spans[spans["span"].str.startswith(YEAR_TO_DATE)]
    return [
        (name, report.comparators.in_year("attendance_rate", day))
        for name, day in zip(to_date["span"], to_date["last_date"], strict=True)
    ]


def points_beside_england(report: Published) -> pd.DataFrame:
    """Return the year to date of each year with England's figures at that point of it.

    Returns
    -------
    pandas.DataFrame
        One row per year, this one first: ``to`` (its last day), the rates of YEAR_MEASURES in [0, 1], the same with ``england_``
        before them, and ``england_covers`` (the days that those are of, in words).
    """
    spans = report.tables["spans"]
    to_date = spans[spans["span"].str.startswith(YEAR_TO_DATE)].reset_index(drop=True)
    days = list(to_date["last_date"])
    england = {name: [report.comparators.in_year(name, day) for day in days] for name in YEAR_MEASURES}
    own = {measure: to_date[measure] for measure in YEAR_MEASURES}
    beside = {f"england_{measure}": rates_of(figures) for measure, figures in england.items()}
    of_days = zip(*england.values(), strict=True)
    covers = [covers_told(dict(zip(england, figures, strict=True))) for figures in of_days]
    return pd.DataFrame({"to": days} | own | beside | {"england_covers": covers})


def same_points(report: Published) -> Table:
    """Return the year to date and the same point of earlier years, each beside England at that point of its year."""
    frame = points_beside_england(report)
    return published_table(
        "same_points",
        "Year to date and the same point of earlier years, beside England",
        frame,
        (
            Column("to", "Year to", Kind.DATE, "The last day of the year to date", width=12),
            *pairs(frame),
            Column("england_covers", "England's figures cover", meaning="The days that England's figure covers", width=26),
        ),
        "England: DfE's daily series for the phase, at the same point of the year where DfE published it. "
        "DfE publishes no severe absence in the year, and persistent absence only from January.",
    )  # fmt: skip


def covers_told(figures: Mapping[str, Benchmark | None]) -> str:
    """Say which days figures (by YEAR_MEASURES) cover, and of which measures they cover others than of most.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> year = benchmark("daily", "all", "attendance_rate")
    >>> covers_told({"attendance_rate": year, "unauthorised_absence_rate": year, "persistent_absence_rate": None})
    '8 Sep 2025 to 10 Jul 2026'
    >>> other = benchmark("census", "all", "persistent_absence_rate", "202425")
    >>> covers_told({"attendance_rate": year, "persistent_absence_rate": other})
    '8 Sep 2025 to 10 Jul 2026; persistent absence: school year 2024/25'
    """
    named: dict[str, list[str]] = {}
    for measure, found in figures.items():
        if found:
            named.setdefault(found.covers, []).append(YEAR_MEASURES[measure].lower())
    most, *others = sorted(named, key=lambda words: -len(named[words])) or [""]
    return "; ".join((most, *(f"{', '.join(named[words])}: {words}" for words in others)))


def flag_series(report: Published) -> tuple[dict[str, str], dict[str, list[object]]]:
    """Return the heading and the rates (in [0, 1], one per flag) of the year to date and of the point compared with, if any."""
    spans = report.tables["spans"].set_index("span")
    then = f"{YEAR_TO_DATE}_1" if report.facts.is_beside_last_year else HALF_TERM_BEFORE
    own, compared = {YEAR_TO_DATE: "Year to date"}, report.facts.compared_to_date
    if compared and then in spans.index:
        own[then] = compared[:1].upper() + compared[1:]
    return own, {
        name: flags_before(report) if name == HALF_TERM_BEFORE else list(spans.loc[name, list(FLAGS)])
        for name in own
    }


def flags_drawn(report: Published) -> Chart | Sentences:
    """Return the chart of persistent and severe absence, year to date, beside the point compared with and England."""
    own, columns = flag_series(report)
    england = [beside_measure(report, measure, Level.ENGLAND) for measure in FLAGS]
    if any(england):
        columns["england"], own["england"] = rates_of(england), "England"
    rows = pd.DataFrame({"label": [MEASURES[measure] for measure in FLAGS]} | columns)
    if without_signs(rows[YEAR_TO_DATE]).isna().all():
        return Sentences(name="flags_drawn", style="note", items=(NO_FLAGS,))
    return beside_chart("flags_drawn", FLAGS_QUESTION.format(THAN_ENGLAND if any(england) else ""), rows, own)


def flags_before(report: Published) -> list:
    """Return persistent and severe absence at the end of the half term before (fractions; ``c`` where withheld) by the bands then.

    A half term by itself has neither: both are of a year to date, which the bands hold at both points.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> bands = pd.DataFrame({"band": ["above_90", *PERSISTENT_BANDS], THEN: [80, 8, 4, 4, 4]})
    >>> list(map(float, flags_before(SimpleNamespace(tables={"bands": bands}))))  # persistent: 20 of 100, 4 of them severe
    [0.2, 0.04]
    >>> flags_before(SimpleNamespace(tables={"bands": bands.assign(**{THEN: [80, 8, 4, "c", "c"]})}))
    ['c', 'c']
    """
    then = report.tables["bands"].set_index("band")[THEN]
    if then.map(is_suppressed).any():
        return [SUPPRESSED] * len(FLAGS)
    return [then[list(bands)].sum() / then.sum() for bands in (PERSISTENT_BANDS, PERSISTENT_BANDS[-1:])]


FLAGS_QUESTION, THAN_ENGLAND = "Is persistent absence higher than it was{}?", ", and than in England"
NO_FLAGS = "Persistent and severe absence are not drawn, as too few pupils are behind them."


def whole_years(report: Published) -> Table:
    """Return each earlier whole school year beside England's census figures: our years, and England's of late."""
    held = report.tables["whole_years"].set_index("span")
    years = sorted({*held.index, *census_years(report)}, reverse=True)[:MOST_YEARS]
    own = {measure: [held[measure].get(year) for year in years] for measure in YEAR_MEASURES}
    full_year = report.comparators.full_year
    beside = {
        f"england_{measure}": [turned(measure, full_year(absence_of(measure), year)) for year in years]
        for measure in YEAR_MEASURES
    }
    frame = pd.DataFrame({"school_year": [f"{year[:4]}/{year[4:]}" for year in years]} | own | beside)
    return published_table(
        "whole_years",
        "Full school years beside England's census",
        frame,
        (Column("school_year", "School year", meaning="1 August to 31 July", width=12), *pairs(frame)),
        f"{AS_CENSUS if LAST_YEAR_GROUP in report.facts.school.year_groups else ''}The census comes months later "
        "than the daily series and the two differ, so they are never set beside each other. A dash: not in our "
        "exports, or not yet published.",
    )


MOST_YEARS = 4
AS_CENSUS = "Both sides as the census counts: without Year 11 after the spring bank holiday. "


def census_years(report: Published) -> list[str]:
    """Return the newest school years of which England's census figures are held, as many as are shown."""
    years = sorted(
        {
            figure.school_year
            for figure in report.comparators.figures
            if figure.series == "census" and figure.period == "full year" and figure.is_comparable
        }
    )
    return years[-MOST_YEARS + 1 :]


def absence_of(measure: str) -> str:
    """Return the measure that the census publishes for one of ours: overall absence for attendance.

    Examples
    --------
    >>> absence_of("attendance_rate"), absence_of("severe_absence_rate")
    ('absence_rate', 'severe_absence_rate')
    """
    return "absence_rate" if measure == "attendance_rate" else measure


def turned(measure: str, figure: Benchmark | None) -> float | None:
    """Return a census figure as our measure: attendance is what overall absence leaves.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> round(turned("attendance_rate", benchmark("census", "all", "absence_rate", "202425")), 4)
    0.9322
    """
    if figure is None:
        return None
    return 1 - figure.rate if measure == "attendance_rate" else figure.rate


def rates_of(figures: list[Benchmark | None]) -> list[float | None]:
    """Return the rate of each figure, None where there is none.

    Examples
    --------
    >>> rates_of([None])
    [None]
    """
    return [figure.rate if figure else None for figure in figures]


def pairs(frame: pd.DataFrame) -> list[Column]:
    """Return each measure's column (fractions) and England's beside it; England's is left out where DfE has none at all.

    Examples
    --------
    >>> frame = pd.DataFrame({f"england_{measure}": [None] for measure in YEAR_MEASURES}).assign(england_attendance_rate=0.93)
    >>> [column.heading for column in pairs(frame)][:3]
    ['Attendance', 'England: attendance', 'Unauthorised absence']
    """
    found = []
    for measure, heading in YEAR_MEASURES.items():
        found.append(Column(measure, heading, Kind.RATE, f"{heading} of our pupils", width=12))
        if frame[f"england_{measure}"].notna().any():
            name = f"england_{measure}"
            found.append(
                Column(name, f"England: {heading.lower()}", Kind.RATE, f"{heading} in England", width=12)
            )
    return found


# What was withheld and why, data notes, definitions and sources


def disclosure(report: Published) -> DisclosureNote:
    """Return what was withheld and by which rule, with the record that the next report must know of.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> facts = SimpleNamespace(level=5, is_of_cohort=False, span="half term")
    >>> note = disclosure(Published(facts, {}, None, {}, counts=120, suppressed_counts=3, earlier=0))
    >>> note.items[1].partition(". ")[0]
    '3 of 120 counts behind this report (2.5%) are withheld'
    """
    share = report.suppressed_counts / report.counts if report.counts else 0.0
    facts = report.facts
    items = (
        f"Counts from 1 to {facts.level - 1} are withheld (c) with the rates made from them, and rates of fewer than "
        f"{SMALLEST_RATE_BASE} pupils; {NOUGHTS[facts.is_of_cohort]}. "
        f"Further figures are withheld where they would let one of these be worked out, from this report{beside_it(report)}.",
        f"{format_count(report.suppressed_counts)} of {format_count(report.counts, 'count')} behind this report "
        f"({format_percent(share)}) are withheld. Rates are rounded to one decimal place of a per cent.",
        *withheld_tables(report.withheld),
        *corrections(report.corrected_counts, facts.span),
    )
    return DisclosureNote(name="withheld", style="points", items=items, record=report.record)


def withheld_tables(titles: Sequence[str]) -> Iterator[str]:
    """Yield which tables are withheld as a whole, if any are.

    Examples
    --------
    >>> list(withheld_tables(())), next(withheld_tables(("Bands", "Flows")))[:41]
    ([], 'Nothing is given of Bands and Flows: what')
    """
    if titles:
        yield (
            f"Nothing is given of {listed(list(titles))}: whatever else were withheld, a figure there would tell of too few "
            "pupils."
        )


def corrections(count: int, span_word: str) -> Iterator[str]:
    """Yield, where corrected figures wait, that they do: how many counts an earlier report gave and this one withholds.

    Examples
    --------
    >>> list(corrections(0, "term")), next(corrections(1, "term"))[:75]
    ([], '1 count that an earlier report gave has been corrected since and is withhel')
    """
    if count:
        have = "has been corrected since and is" if count == 1 else "have been corrected since and are"
        yield (
            f"{format_count(count, 'count')} that an earlier report gave {have} withheld here: the difference would tell of too "
            f"few pupils. The corrected registers are in the figures of the next {span_word}."
        )


def beside_it(report: Published) -> str:
    """Return how many other reports were looked at with this one, as the end of a sentence; empty if none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [beside_it(SimpleNamespace(earlier=reports)) for reports in (0, 1, 2)]
    ['', ' or from 1 other report to governors', ' or from 2 other reports to governors']
    """
    return f" or from {format_count(report.earlier, 'other report')} to governors" if report.earlier else ""


NOUGHTS = {
    False: "a true nought stays 0, but for counts of who moved or is counted differently",
    True: "in a cohort's report a nought may be withheld too",
}


def data_notes(report: Published) -> Sentences:
    """Return what was read, up to when, and what could not be."""
    facts = report.facts
    items = (
        f"Marks run to {format_date(facts.last_mark)}. Registers are amended for some weeks, so figures of late weeks may "
        "still move a little.",
        *own_codes(facts),
        *(not_exported(log) for log in facts.left_out),
        "Sessions without a mark are in no rate. Leavers count to their leaving date, joiners from admission; enrolments of "
        f"fewer than {facts.short_enrolment_sessions} possible sessions are counted too.",
        "Characteristics, such as free school meals, are those that the pupils file holds now, for earlier periods as well.",
        "Earlier points are counted from the marks as they stand today, so they may differ a little from what an earlier "
        "report said.",
    )
    return Sentences(name="data_notes", items=items, title="Data notes")


def own_codes(facts: Facts) -> Iterator[str]:
    """Yield how the school file has codes of the school's own system read; nothing where it names none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> list(own_codes(SimpleNamespace(own_codes=(("ILL", "I"), ("P", "/")))))
    ["Codes of the school's own system are read as the school file says: ILL as I and P as /."]
    """
    if facts.own_codes:
        named = listed([f"{own} as {code}" for own, code in facts.own_codes])
        yield f"Codes of the school's own system are read as the school file says: {named}."


def definitions() -> Sentences:
    """Return the definitions that the report uses, with their sources."""
    items = (
        "Attendance: sessions present or at an approved educational activity, out of possible sessions. Overall absence: "
        "authorised and unauthorised absence, out of the same. A session is half a school day.",
        "Persistent absence: 10% or more of a pupil's own possible sessions missed (exactly 90.0% attendance is persistent "
        f"absence). Severe absence: 50% or more. Decided on counts of sessions. Source: {METHODOLOGY}.",
        "Rates of groups are sessions over sessions, never means of pupils' rates.",
        "Pupils are enrolments: one who leaves and comes back counts twice, as in DfE's figures.",
        "Within chance: the 95% range of a change holds no change at all. For persistent absence the range is Newcombe's from two "
        "Wilson intervals; for attendance and gaps it comes from the spread between pupils, never from sessions as if each "
        "were independent.",
        f"Register codes: {REGULATIONS_2024}.",
        f"Penalty notices: {FRAMEWORK.cited}. A reason for N: {REASON_FOR_N.cited}.",
        GUIDANCE_REISSUED,
    )
    return Sentences(name="definitions", items=items, title="Definitions")


def sources(report: Published) -> Sentences:
    """Return the sources of the figures for England with the dates of their release, and the licence."""
    shown = dict.fromkeys(figures_shown(report))
    items = (
        (acknowledgement(shown), BREAK_IN_SERIES) if shown else ("DfE publishes no figure for this phase.",)
    )
    return Sentences(name="sources", items=items, title="Sources of England's figures")


def figures_shown(report: Published) -> Iterator[Benchmark]:
    """Yield England's figures that the report shows."""
    comparators, day = report.comparators, report.facts.date_to
    spans = report.tables["spans"]
    days = spans.loc[spans["span"].str.startswith(YEAR_TO_DATE), "last_date"]
    found = [comparators.in_year(measure, each) for measure in MEASURES for each in days]
    years = (*report.facts.whole_years, *census_years(report))
    found += [comparators.full_year(absence_of(measure), year) for measure in YEAR_MEASURES for year in years]
    found += comparators.reasons(day).values()
    yield from (figure for figure in found if figure is not None)
