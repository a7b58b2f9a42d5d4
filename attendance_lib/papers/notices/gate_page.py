"""Could a referral go today? The answer for each parent at a threshold, and what is to be done before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.considered import considered_known
from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.notice_cases import ParentCase, cases_of
from attendance_lib.analysis.notices_to_improve import notices_to_improve
from attendance_lib.analysis.parents import parents_of
from attendance_lib.analysis.penalty_notices import PARENT_NOT_NAMED, rules_of
from attendance_lib.display import Column, Document, Highlight, Kind, Parts, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import counted, in_number
from attendance_lib.intake.settings.authority_file import NOT_NAMED, Authority
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.data_notes import rule_sources
from attendance_lib.papers.shared import framed, listed, masthead, pupil_names
from attendance_lib.reports.papers import NOTICES
from attendance_lib.rules.notice_gate import Answer
from attendance_lib.rules.notices import LOCAL_TRIGGER, MUST_CONSIDER, OFFENCE_NOTE
from attendance_lib.rules.sources import NOTICE_SOURCES, REASON_FOR_N, SCHOOL_AGE

SHOWN_CASES, SHOWN_LOCAL = 30, 8
# As a reader works: what could go, what a few steps would let go, what waits, and last what is no case today.
ORDER = (
    Answer.COULD_GO, Answer.MISSING, Answer.RESOLVE, Answer.WAIT, Answer.TOO_LATE, Answer.SUPPORT_FIRST, Answer.NO_NOTICE,
    Answer.NOT_MET,
)  # fmt: skip
NOBODY = "Nobody is at a threshold."
UNSURE = (
    "A referral could go means that nothing that is asked here stands in the way. It is never advice to issue a notice: the "
    "school considers each case, and the authority decides."
)


# With one pupil's sheets the page and the PDF name nobody else.
OF_ONE_PUPIL = ("Evidence sheets", "Drafts of notices to improve")


def notices_masthead(pack: Pack, pupil: str = "") -> Document:
    """Return what heads the paper (see ``shared.masthead``); for one pupil's sheets, what their page is limited to."""
    said = masthead(pack, NOTICES)
    return replace(said, title="Evidence of one pupil", shows=OF_ONE_PUPIL) if pupil else said


@derived
def names_of(pack: Pack) -> pd.DataFrame:
    """Return name, form and year group of each pupil of a pack's cohort on roll, with ``pupil_id`` as the index."""
    known = totals_of(pack)
    return known.assign(pupil_name=pupil_names(known)).set_index("pupil_id")[
        ["pupil_name", "form", "year_group"]
    ]


def national(cases: Iterable[ParentCase]) -> list[ParentCase]:
    """Return the cases at the national threshold."""
    return [each for each in cases if each.rule.is_national]


def met_now(cases: Iterable[ParentCase]) -> list[ParentCase]:
    """Return the cases whose threshold is met on the last day: not by a window that has moved on.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cases = [SimpleNamespace(gate=SimpleNamespace(answer=answer)) for answer in Answer]
    >>> len(cases) - len(met_now(cases))  # a window that has moved on
    1
    """
    return [each for each in cases if each.gate.answer is not Answer.NOT_MET]


def pupils_of(cases: Iterable[ParentCase]) -> set[str]:
    """Return the pupils, by identifier, whom cases are about."""
    return {each.pupil_id for each in cases}


def what_to_know(pack: Pack) -> Sentences:
    """Return the sentences of the first page: how many cases have which answer, and what the answer means."""
    cases = national(cases_of(pack))
    met = met_now(cases)
    pupils = len(pupils_of(met))
    first = (
        f"{format_count(pupils, 'pupil')} {in_number(pupils, 'meets', 'meet')} the national threshold on "
        f"{format_date(pack.date_to)}: {counted(len(met), 'case')}, each parent apart."
    )
    earlier = len(pupils_of(cases) - pupils_of(met))
    was = f"{format_count(earlier, 'pupil')} met it earlier, by a window that has moved on: the workbook has them."
    items = (first if met else NOBODY, *([was] if earlier else []), UNSURE, *unknown(pack))
    return Sentences(name="notices_to_know", style="lead", items=items)


MEANS = {
    Answer.COULD_GO: "Nothing that is asked here stands in the way. Decide, case by case.",
    Answer.MISSING: "Evidence, a record or a fact is not on file.",
    Answer.TOO_LATE: "The authority's time for the referral is over.",
    Answer.SUPPORT_FIRST: "Support, or a notice to improve, has not been tried.",
    Answer.WAIT: "A notice to improve is running.",
    Answer.RESOLVE: "Sessions still N, or without a mark, lie in the window.",
    Answer.NO_NOTICE: "Two notices in three years, or a disability or need behind the absence.",
    Answer.NOT_MET: "Met by a window that has moved on: ask the authority whether it still counts.",
}


def answers(pack: Pack) -> Table:
    """Return how many cases and pupils at the national threshold have each answer, and what the answer means."""
    return Table(
        name="notice_answers",
        title="The answers, and what they mean",
        frame=framed(answer_rows(national(cases_of(pack))), ANSWER_COLUMNS),
        columns=ANSWER_COLUMNS,
        empty_text=NOBODY,
    )


def answer_rows(cases: Sequence[ParentCase]) -> Iterator[tuple[str, int, int, str]]:
    """Yield each answer that a case has, in the order of work: cases, pupils, and what it means.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> found = [("1", Answer.MISSING), ("1", Answer.MISSING), ("2", Answer.COULD_GO)]  # the first has two parents
    >>> cases = [SimpleNamespace(pupil_id=pupil, gate=SimpleNamespace(answer=answer)) for pupil, answer in found]
    >>> [row[:3] for row in answer_rows(cases)]
    [('A referral could go today', 1, 1), ('Not yet: something is missing', 2, 1)]
    """
    for answer in ORDER:
        found = [each for each in cases if each.gate.answer is answer]
        if found:
            yield answer.value, len(found), len(pupils_of(found)), MEANS[answer]


def unknown(pack: Pack) -> list[str]:
    """Say what the paper cannot know for want of an export or a profile.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> exports = dict.fromkeys(("parents", "notices", "considered", "contacts", "plans")) | {"notices": "read", "plans": "read"}
    >>> school = SimpleNamespace(**exports, settings=SimpleNamespace(authority="Larkshire"))
    >>> said = unknown(SimpleNamespace(school=school, results={considered_known: pd.DataFrame()}))  # a sheet was filled in
    >>> said[0].partition(": ")[2]
    'who the parents are (exports, parents) and contacts with home (exports, contacts).'
    """
    school, authority = pack.school, pack.school.settings.authority
    wanted = {
        "parents": "who the parents are (exports, parents)",
        "notices": "earlier notices (exports, notices)",
        "considered": "what the school considered (exports, considered; or the sheet of cases)",
        "contacts": "contacts with home (exports, contacts)",
        "plans": "support plans (exports, plans)",
    }
    known = {name: getattr(school, name) for name in wanted} | {"considered": considered_known(pack)}
    missing = [words for name, words in wanted.items() if known[name] is None]
    said = [f"Not known, for want of what is in brackets: {listed(missing)}."] if missing else []
    if authority == NOT_NAMED:
        said.append(
            "What the local authority asks for is not known: name its profile under rules, notices, authority."
        )
    return said


def gate_table(pack: Pack) -> Table:
    """Return the answer for each parent at the national threshold, those that could go first."""
    return _gates(pack, national(cases_of(pack)), ("notice_gate", "Each parent at the national threshold"))


def local_gate_table(pack: Pack) -> Table:
    """Return the answer for each parent at a local rule: the trigger at which the authority asks for a referral."""
    cases = [each for each in cases_of(pack) if not each.rule.is_national]
    table = _gates(pack, cases, ("local_notice_gate", "Each parent at a local referral trigger"))
    return replace(table, shown_rows=SHOWN_LOCAL, note=LOCAL_TRIGGER)


def _gate_row(each: ParentCase) -> dict[str, object]:
    return {
        "pupil_id": each.pupil_id,
        "parent": each.parent,
        "rule": each.rule.name,
        "of_needed_text": sessions_in_words(each),
        "n_sessions": each.case.n,
        "window_missing_sessions": each.case.missing,
        "first_met_date": each.window["first_met_date"],
        "answer": each.gate.answer.value,
        "first_to_do": first_to_do(each),
        "also_to_do": ", ".join(check.name for check in each.gate.to_do[1:]),
        "deadline_date": each.case.deadline,
        "days_left": each.days_left,
        "order": ORDER.index(each.gate.answer),
    }


def _gate_rows(cases: Sequence[ParentCase]) -> pd.DataFrame:
    """One row for the parents of whom all is the same, by answer, then by the days that are left."""
    names = [*(column.name for column in GATE_COLUMNS if column.name not in NAMED), "order"]
    frame = pd.DataFrame([_gate_row(each) for each in cases], columns=names)
    alike = frame.columns.drop("parent").tolist()
    frame = frame.groupby(alike, sort=False, dropna=False, as_index=False)["parent"].agg("; ".join)
    by = ["order", "days_left", "first_met_date"]
    return frame.sort_values(by, kind="stable", ignore_index=True).drop(columns="order")


def _gates(pack: Pack, cases: Sequence[ParentCase], named: tuple[str, str]) -> Table:
    name, title = named
    several = len({each.rule.name for each in cases}) > 1
    return Table(
        name=name,
        title=title,
        frame=with_names(pack, _gate_rows(cases)),
        columns=tuple(column for column in GATE_COLUMNS if several or column.name != "rule"),
        shown_rows=SHOWN_CASES,
        row_header="pupil_name",
        note=f"Sessions of the window that ends on {format_date(pack.date_to)}, by the date of the absence; parents for whom all "
        "is the same share a row. N counts towards the national threshold, and no pack may hold one. "
        + OFFENCE_NOTE,
        empty_text=NOBODY,
    )


def sessions_in_words(each: ParentCase) -> str:
    """Return the sessions counted beside those needed, and whether all are leave (G).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cases = [SimpleNamespace(counted=12, needed=10, is_holiday=is_leave) for is_leave in (False, True)]
    >>> [sessions_in_words(SimpleNamespace(case=case)) for case in cases]
    ['12 of 10', '12 of 10, all G']
    """
    leave = ", all G" if each.case.is_holiday else ""
    return f"{each.case.counted} of {each.case.needed}{leave}"


def first_to_do(each: ParentCase) -> str:
    """Return what stands in the way first; of a case that could go, the decision and what is attached by hand.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.rules.authorities import Evidence
    >>> evidence = {Evidence.CONTACTS: "the log", Evidence.PARENT_DETAILS: None, Evidence.LETTERS: None}
    >>> first_to_do(SimpleNamespace(gate=SimpleNamespace(to_do=()), evidence=evidence))
    'Decide, case by case. Attach: parent details and letters.'
    """
    if each.gate.to_do:
        return each.gate.to_do[0].words
    by_hand = [kind.value.replace("_", " ") for kind, held in each.evidence.items() if held is None]
    return f"Decide, case by case.{f' Attach: {listed(by_hand)}.' if by_hand else ''}"


NAMED = ("pupil_name", "form", "year_group")


def with_names(pack: Pack, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of pupils with their names, forms and year groups."""
    return frame.merge(names_of(pack), left_on="pupil_id", right_index=True, how="left")


def _to_do(pack: Pack) -> Iterator[dict[str, str]]:
    for each in cases_of(pack):
        for check in each.gate.to_do:
            yield {
                "pupil_id": each.pupil_id,
                "parent": each.parent,
                "rule": each.rule.name,
                "about": check.name,
                "to_do_text": check.words,
                "leads_to": check.leads_to.value,
                "source": f"{check.source.title}, {check.source.paragraph}",
            }


def what_is_missing(pack: Pack) -> Parts:
    """Say how often each thing stands in the way; the workbook has every case and thing to do, with where the rule is."""
    names = [column.name for column in TO_DO_COLUMNS if column.name not in NAMED]
    frame = pd.DataFrame(list(_to_do(pack)), columns=names)
    counts = frame["about"].value_counts()
    said = listed([f"{name} ({format_count(count)})" for name, count in counts.items()] or ["nothing"])
    words = f"What stands in the way, over all cases and rules: {said}. Each in words, with where the rule is: the workbook."
    table = Table(
        name="notice_to_do",
        title="What is missing",
        frame=with_names(pack, frame),
        columns=TO_DO_COLUMNS,
        row_header="pupil_name",
        empty_text="Nothing stands in the way of any case.",
    )
    return Parts("what_is_missing", (Sentences("missing_words", (words,), style="note"),), (table,))


def what_it_means(pack: Pack) -> Sentences:
    """Say what meeting the threshold means, and where neither support nor a notice is the answer."""
    rules = rules_of(pack)
    items = (
        *([MUST_CONSIDER] if any(rule.is_national for rule in rules) else []),
        "Leave in term time alone (every session G) asks for no notice to improve. Absence that arises from a disability or a "
        "need that is not met is met with adjustments and support, not with a notice.",
    )
    return Sentences(name="notices_meaning", items=items)


def _loose_notices(pack: Pack) -> pd.DataFrame:
    loose = notices_to_improve(pack)
    loose = loose[~loose["is_listed"].astype(bool)][["pupil_id", "parent"]]
    said = [
        "A notice to improve names no parent: find out who got it."
        if parent == PARENT_NOT_NAMED
        else "A notice to improve names this parent, who is not on the list of parents of the child."
        for parent in loose["parent"]
    ]
    return loose.assign(doubt=said)


def parents_to_settle(pack: Pack) -> Table:
    """Return what is in doubt about parents, and notices to improve that name nobody on the list."""
    doubts = parents_of(pack)
    doubts = doubts[doubts["doubt"] != ""][["pupil_id", "parent", "doubt"]]
    rows = pd.concat([doubts, _loose_notices(pack)], ignore_index=True)
    rows = rows[rows["pupil_id"].isin(names_of(pack).index)] if len(rows) else rows
    return Table(
        name="parents_to_settle",
        title="What the exports leave open",
        frame=with_names(pack, rows.reset_index(drop=True)),
        columns=SETTLE_COLUMNS,
        row_header="pupil_name",
        empty_text="No two rows of a parent differ, and every notice to improve names a parent on the list.",
    )


def authority_table(pack: Pack) -> Table:
    """Return what the profile of the local authority says, each figure with where it was read, and what it does not say."""
    authority = pack.school.settings.authority
    read = format_date(authority.read_on) if authority.read_on else "a day that it does not say"
    return Table(
        name="authority_profile",
        title=f"What the authority asks for: {authority.name}",
        frame=pd.DataFrame(_profile(pack), columns=["what", "says", "source"]),
        columns=PROFILE_COLUMNS,
        note=f"From the profile file, read on {read}. Not known means that it was not read: ask the authority, and assume nothing.",
    )


def notice_rule_sources(pack: Pack) -> Table:
    """Return where each rule on notices stands (see ``data_notes.rule_sources``)."""
    return rule_sources(pack, (*NOTICE_SOURCES, REASON_FOR_N, SCHOOL_AGE))


def _profile(pack: Pack) -> Iterator[tuple[str, str, str]]:
    asks = pack.school.settings.authority
    improve = asks.notice_to_improve
    told = (
        ("Issues penalty notices", asks.penalty_notice_issuer, lambda it: it.by),
        ("Issues notices to improve", improve.issuer, lambda it: it.by),
        ("A notice to improve runs", improve.length, lambda it: f"{it.count} {it.unit}"),
        ("At the longest", improve.longest, lambda it: f"{it.count} {it.unit}"),
        ("Unauthorised sessions allowed", improve.unauthorised_allowed, lambda it: str(it.sessions)),
        ("Before the period ends", improve.early, lambda it: it.how),
        ("The authority acts within", asks.reply, lambda it: f"{it.within} {it.unit}"),
    )
    for what, given, words in told:
        yield (what, words(given), given.source) if given else (what, NOT_KNOWN, "")
    yield from list(_deadlines(asks)) or [("Deadline", NOT_KNOWN, "")]
    yield from list(_evidence(asks)) or [("Evidence", NOT_KNOWN, "")]
    for note in asks.notes:
        yield "Note", note, ""


def _deadlines(asks: Authority) -> Iterator[tuple[str, str, str]]:
    for each in asks.deadlines:
        within = f"{each.within} {each.unit} from {each.since.replace('_', ' ')}"
        yield f"Deadline ({each.absences.value} cases)", within, each.source


def _evidence(asks: Authority) -> Iterator[tuple[str, str, str]]:
    for source in dict.fromkeys(each.source for each in asks.evidence):
        kinds = [each for each in asks.evidence if each.source == source]
        yield (
            "Evidence",
            listed([f"{each.kind.value.replace('_', ' ')}{_for(each)}" for each in kinds]),
            source,
        )


def _for(asked: object) -> str:
    return "" if asked.absences == "all" else f" ({asked.absences.value} cases)"


NOT_KNOWN = "not known"
PARENT = figure("parent")
RULE = figure("notice_rule", width=16)
TO_DO = Column(
    "to_do_text", "To do", meaning="What stands in the way, the weightiest first", personal=True, width=56
)
GATE_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form", "year_group"),
    PARENT,
    RULE,
    Column("of_needed_text", "Sessions", meaning="Sessions counted in the current window, of those needed", width=12),
    Column("n_sessions", "N", Kind.COUNT, "Sessions still N", highlights=(Highlight("at_least", 1, Tone.CAUTION),)),
    Column(
        "window_missing_sessions", "No mark", Kind.COUNT, "Marks missing in the window",
        highlights=(Highlight("at_least", 1, Tone.CAUTION),),
    ),
    figure("first_met_date"),
    Column(
        "answer", "Answer", meaning="Whether a referral could go today", personal=True, width=18,
        highlights=(
            Highlight("equals", Answer.RESOLVE.value, Tone.CAUTION),
            Highlight("equals", Answer.TOO_LATE.value, Tone.ALERT),
        ),
    ),
    Column("first_to_do", "To do first", meaning="What stands in the way, the weightiest", personal=True, width=60),
    Column("also_to_do", "Also", meaning="What else stands in the way, in words in the workbook", personal=True, width=26),
    Column("deadline_date", "Deadline", Kind.DATE, "The authority's, as far as its profile says", shown=False),
    Column("days_left", "Days left", Kind.COUNT, "To the authority's deadline, in the days it counts in"),
)  # fmt: skip
ANSWER_COLUMNS = (
    Column("kind_of_answer", "Answer", meaning="What the gate says", width=36),
    Column("cases", "Cases", Kind.COUNT, "Parents of pupils, each apart"),
    Column("case_pupils", "Pupils", Kind.COUNT, "Pupils with such a case"),
    Column("means", "What it means", meaning="Why a case has it", width=60),
)
TO_DO_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form"),
    PARENT,
    RULE,
    Column("about", "About", meaning="Which question of the gate it is", width=16),
    TO_DO,
    Column("leads_to", "Answer it leads to", meaning="The answer while it is so", width=24),
    Column("source", "Where the rule is", meaning="The text and paragraph, as far as it was read", width=40),
)
SETTLE_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form"),
    PARENT,
    Column(
        "doubt",
        "To settle",
        meaning="What the exports say in two ways, or do not say",
        personal=True,
        width=60,
    ),
)
PROFILE_COLUMNS = (
    Column("what", "What", meaning="What the authority may say something of", width=26),
    Column("says", "It says", meaning="As the profile has it", width=50),
    Column("source", "Read in", meaning="Where that was read", width=44),
)


def cases_by_pupil(pack: Pack, pupil: str) -> tuple[ParentCase, ...]:
    """Return the cases of one pupil; without one, those of which a referral could go today.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> found = [("1", Answer.MISSING), ("2", Answer.COULD_GO)]
    >>> cases = tuple(SimpleNamespace(pupil_id=pupil, gate=SimpleNamespace(answer=answer)) for pupil, answer in found)
    >>> pack = SimpleNamespace(results={cases_of: cases})
    >>> [[case.pupil_id for case in cases_by_pupil(pack, pupil)] for pupil in ("1", "")]  # of nobody: those that could go
    [['1'], ['2']]
    """
    cases = cases_of(pack)
    if pupil:
        return tuple(each for each in cases if each.pupil_id == pupil)
    return tuple(each for each in cases if each.gate.answer is Answer.COULD_GO)
