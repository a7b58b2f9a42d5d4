"""What was withheld and why, data notes, definitions and sources."""

from collections.abc import Iterator, Sequence

from attendance_lib.display import DisclosureNote, Sentences
from attendance_lib.display.format import format_count, format_date, format_percent
from attendance_lib.rules.benchmarks import Benchmark, acknowledgement
from attendance_lib.rules.codes import REGULATIONS_2024
from attendance_lib.rules.disclosure import SMALLEST_RATE_BASE
from attendance_lib.rules.england_to_date import BREAK_IN_SERIES
from attendance_lib.rules.sources import FRAMEWORK, GUIDANCE_REISSUED, REASON_FOR_N
from attendance_lib.rules.thresholds import METHODOLOGY
from attendance_lib.sections.governors.front import MEASURES
from attendance_lib.sections.governors.headline import YEAR_MEASURES, absence_of, census_years
from attendance_lib.sections.governors.public.spans import YEAR_TO_DATE
from attendance_lib.sections.governors.published import Facts, Published
from attendance_lib.sections.logs import in_words, not_exported


def disclosure(report: Published) -> DisclosureNote:
    """Return what was withheld and by which rule, with the record that the next report must know of."""
    share = report.suppressed_counts / report.counts if report.counts else 0.0
    facts = report.facts
    items = (
        f"Counts from 1 to {facts.level - 1} are withheld (c) with the rates made from them, and rates of fewer than "
        f"{SMALLEST_RATE_BASE} pupils; {NOUGHTS[facts.is_of_cohort]}. "
        f"Further figures are withheld where they would let one of these be worked out, from this report{beside_it(report)}.",
        f"{format_count(report.suppressed_counts)} of {format_count(report.counts, 'count')} behind this report "
        f"({format_percent(share)}) are withheld. Rates are rounded to one decimal place of a per cent.",
        *withheld_tables(report.withheld),
        *corrections(report.corrected_counts),
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
            f"Nothing is given of {in_words(list(titles))}: whatever else were withheld, a figure there would tell of too few "
            "pupils."
        )


def corrections(count: int) -> Iterator[str]:
    """Yield, where corrected figures wait, that they do: how many counts an earlier report gave and this one withholds.

    Examples
    --------
    >>> list(corrections(0)), next(corrections(1))[:75]
    ([], '1 count that an earlier report gave has been corrected since and is withhel')
    """
    if count:
        have = "has been corrected since and is" if count == 1 else "have been corrected since and are"
        yield (
            f"{format_count(count, 'count')} that an earlier report gave {have} withheld here: the difference would tell of too "
            "few pupils. The corrected registers are in the figures of the next half term."
        )


def beside_it(report: Published) -> str:
    """Return how many other reports were looked at with this one, as the end of a sentence; empty if none."""
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
    """Yield how the school file has codes of the school's own system read; nothing where it names none."""
    if facts.own_codes:
        named = in_words([f"{own} as {code}" for own, code in facts.own_codes])
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
