"""Notice window: who is at or near a penalty notice threshold, the sessions counted and the support on file."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.headline import returned_of, totals_of
from attendance_lib.analysis.notice_windows import CODE_SESSIONS, sessions_counted
from attendance_lib.analysis.penalty_notices import penalty_notices, people_in, rules_of, windows_of
from attendance_lib.display import Column, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, hiding, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.shared import (
    not_exported,
    pupil_names,
    returned_words,
)
from attendance_lib.rules.notices import (
    LOCAL_TRIGGER,
    MOST_NOTICES,
    MUST_CONSIDER,
    NEAR_SESSIONS,
    OFFENCE_NOTE,
    NoticeRule,
    Span,
    offence_in_words,
)

# What is said beside the tables of the notice window: what counts, and what of support and earlier notices is not known


def unknown_support(pack: Pack) -> list[str]:
    """Say that support is not known where neither log of it is exported.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> unknown_support(SimpleNamespace(school=SimpleNamespace(interventions=None, notices=None)))[0].partition(". To add")[0]
    'Support is not known. No log of interventions or penalty notices, notices to improve and contracts is exported'
    >>> unknown_support(SimpleNamespace(school=SimpleNamespace(interventions=None, notices="notices.csv")))
    []
    """
    logs = [name for name in ("interventions", "notices") if getattr(pack.school, name) is None]
    return [f"Support is not known. {not_exported(*logs)}"] if len(logs) > 1 else []


def note_on_rules(rules: tuple[NoticeRule, ...], pack: Pack) -> str:
    """Say what counts, what of earlier notices is not known, and the source and first day of each rule."""
    sources = [
        f"{rule.name}: {rule.in_words}, from {format_date(rule.from_date)}. Source: {rule.source}."
        for rule in rules
    ]
    return " ".join(
        [
            "Sessions of G, N, O and U count; L does not.",
            "The window moves by school weeks (weeks with at least one session) or by terms.",
            f"Near: within {NEAR_SESSIONS} sessions of the threshold (our own line, not the law's).",
            "Sessions for which a penalty notice was issued and not withdrawn do not count again for the parent who got it; those "
            "before a notice to improve or a contract do. Order: met without support on file, then with it, longest over first; "
            "near; under a notice to improve; met no longer.",
            OFFENCE_NOTE,
            *unknown_notices(pack),
            *sources,
        ]
    ) + returned_words(returned_of(pack))


def unknown_notices(pack: Pack) -> list[str]:
    """Say what is not known of earlier penalty notices: that no log is exported, or which of it do not say what they were for.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> unknown_notices(SimpleNamespace(school=SimpleNamespace(notices=None)))[0].partition(":")[0]
    'Which notice a further one would be is not known'
    """
    if pack.school.notices is None:
        return [f"Which notice a further one would be is not known: {not_exported('notices')}"]
    issued = penalty_notices(pack.school.notices, pack.date_to)
    silent = issued[
        issued["acted_on_through_date"].isna() & issued["pupil_id"].isin(totals_of(pack)["pupil_id"])
    ]
    if silent.empty:
        return []
    count = len(silent)
    return [
        f"{format_count(count, 'penalty notice')} of these pupils {in_number(count, 'does', 'do')} not say up to which absence "
        f"{in_number(count, 'it was', 'they were')} issued (acted_on_through_date): no session is taken as used up by "
        f"{in_number(count, 'it', 'them')}, so a count may be too high. Enter the date in the log."
    ]


# The windows at, lately at or near a notice threshold, as every list of them has them: by pupil and parent, in order


@derived
def at_or_near(pack: Pack) -> pd.DataFrame:
    """Return the windows (rows, in sessions) at, lately at or near a threshold, with names, parents and support on file.

    A pupil under a notice to improve is among those of the national threshold whatever the count. Parents for whom a
    pupil's window is the same share a row. Rules stand in their order; in each come first those who meet the threshold
    and have no support on file, then those with support, longest over first; then those near it, the most sessions
    first; then those under a notice to improve alone, and last those who meet it no longer.
    """
    named = totals_of(pack).assign(pupil_name=pupil_names(totals_of(pack)))[
        ["pupil_id", "pupil_name", "form", "year_group"]
    ]
    known = (
        windows_of(pack)
        .merge(named, on="pupil_id", validate="m:1")
        .merge(support_of(pack), on="pupil_id", how="left", validate="m:1")
    )
    national = [rule.name for rule in rules_of(pack) if rule.is_national]
    is_warned = (known["notices_to_improve_now"].fillna(0) > 0) & known["rule"].isin(national)
    others = known.groupby(["rule", "pupil_id"])["person"].transform("size") > 1
    known = known.assign(is_under_notice_to_improve=is_warned, has_other_parents=others)
    listed = known[(known["has_been_met"] | known["is_near"]).astype(bool) | is_warned]
    return with_log_known(in_order(for_like_parents(listed), pack), pack)


def with_log_known(listed: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return the windows (rows) saying that earlier notices are not known where the school exports no log of them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> listed = pd.DataFrame({"offence_text": ["first in three years"]})
    >>> logs = (None, "notices.csv")
    >>> [with_log_known(listed, SimpleNamespace(school=SimpleNamespace(notices=log)))["offence_text"].tolist() for log in logs]
    [['not known'], ['first in three years']]
    """
    return listed if pack.school.notices is not None else listed.assign(offence_text=NO_LOG)


NO_LOG = "not known"


def in_order(listed: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return the windows (rows, with their sessions) in the order of ``at_or_near``."""
    place = {rule.name: place for place, rule in enumerate(rules_of(pack))}
    placed = listed.assign(place=listed["rule"].map(place), turn=turns(listed))
    return placed.sort_values(ORDER, ascending=[True, True, True, False, True, True], ignore_index=True).drop(
        columns=["place", "turn"]
    )


ORDER = ["place", "turn", "first_met_date", "counted_sessions", "pupil_name", "person"]
# What must be the same for two parents to share a row: what their windows count. It then tells the earliest day met.
SAME_WINDOW = ["rule", "pupil_id", "counted_sessions", "falling_out_sessions", "has_been_met"]


def for_like_parents(listed: pd.DataFrame) -> pd.DataFrame:
    """Join the parents of a pupil whose windows count the same: one row each, with ``parents_text`` and ``offence_text``.

    ``listed`` has one row per window, counts in sessions; ``has_other_parents`` is whether the pupil has further ones.

    Examples
    --------
    >>> like = {"pupil_id": "1", "parent": ["A. Abara", "B. Abara"], "notices_in_three_years": [0, 3], "has_other_parents": True}
    >>> windows = pd.DataFrame(dict.fromkeys(SAME_WINDOW, 1) | like).assign(acted_on_through_date=pd.NaT)
    >>> for_like_parents(windows)["offence_text"].tolist()[0][:36]  # one row, each parent by name
    'A. Abara: first; B. Abara: third in '
    """
    who = listed["parent"].mask(listed["parent"] == "", ANY_OTHER)
    offence = [offence_in_words(notices) for notices in listed["notices_in_three_years"]]
    named = listed.assign(who=who, offence=offence).assign(
        told=lambda rows: rows["who"] + ": " + rows["offence"]
    )
    joined = named.groupby(SAME_WINDOW, dropna=False, sort=False)
    is_alone = joined["who"].transform("size") == 1
    return named.assign(
        parents_text=joined["who"].transform("; ".join).where(named["has_other_parents"], EACH),
        offence_text=named["offence"].where(is_alone, joined["told"].transform("; ".join)),
        acted_on_through_date=joined["acted_on_through_date"].transform("max"),
        notices_in_three_years=joined["notices_in_three_years"].transform("max"),
    ).drop_duplicates(SAME_WINDOW)


EACH, ANY_OTHER = "Each parent", "Any other parent"


def turns(known: pd.DataFrame) -> np.ndarray:
    """Return each window's turn in the list, 0 first (shape (rows,)); see ``at_or_near``.

    Examples
    --------
    >>> met = {"is_met_now": [True, True, False], "has_support": [False, True, False], "is_near": [True, True, True]}
    >>> turns(pd.DataFrame(met).assign(is_under_notice_to_improve=False, has_been_met=False)).tolist()
    [0, 1, 2]
    """
    met, has_support = (
        known[name].fillna(value=False).astype(bool) for name in ("is_met_now", "has_support")
    )
    warned = known["is_under_notice_to_improve"] & ~known["has_been_met"].astype(bool)
    return np.select(
        [met & ~has_support, met, known["is_near"].astype(bool), warned], [0, 1, 2, 3], default=4
    )


MET, ONLY_WITH_N, WAS_MET, NEAR, WARNED = "Met", "Met only if N count", "Was met", "Near", "Notice to improve"
NO_SUPPORT, NOT_KNOWN = "None recorded", "Not known"
SHOWN_ROWS, SHOWN_LOCAL, SHOWN_SESSIONS = 30, 10, 0
NO_RULE = "The school file applies no notice rule. To add one, write it under rules, notices."
NO_RULE_OF = {
    "notice_windows": "The school file does not apply the national framework. To apply it, write it under rules, notices.",
    "local_notice_windows": "The school file names no local rule. To add one, write it under rules, notices, local.",
}


def notice_counts(pack: Pack) -> Sentences:
    """Say how many pupils are at or near each threshold, how many only with N and how many without support on file."""
    listed, rules = at_or_near(pack), rules_of(pack)
    said = [rule_in_words(rule, listed[listed["rule"] == rule.name], pack) for rule in rules]
    known = filter(None, [short_window(rule, pack) for rule in rules])
    rest = (*known, *unknown_support(pack), *off_the_page(listed, pack), *what_rules_ask(rules))
    return Sentences(name="notice_counts", items=(*(said or [NO_RULE]), *rest))


def what_rules_ask(rules: Iterable[NoticeRule]) -> Iterator[str]:
    """Yield what the law asks of a school at its threshold, then what a local rule asks, where there is one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> local, national = SimpleNamespace(is_national=False), SimpleNamespace(is_national=True)
    >>> list(what_rules_ask([local, national])) == [MUST_CONSIDER, LOCAL_TRIGGER], list(what_rules_ask([]))
    (True, [])
    """
    kinds = {rule.is_national for rule in rules}
    if True in kinds:
        yield MUST_CONSIDER
    if False in kinds:
        yield LOCAL_TRIGGER


def off_the_page(listed: pd.DataFrame, pack: Pack) -> list[str]:
    """Say how many windows the page leaves to the workbook, and how many of them meet a threshold (rows of ``at_or_near``).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rules = (SimpleNamespace(name="National threshold", is_national=True),)
    >>> listed = pd.DataFrame({"rule": "National threshold", "is_met_now": [True] * (SHOWN_ROWS + 1) + [False]})
    >>> off_the_page(listed, SimpleNamespace(results={rules_of: rules}))
    ['Of the national table 2 rows (1 at the threshold) are in the workbook alone.']
    """
    national = listed["rule"].isin([rule.name for rule in rules_of(pack) if rule.is_national])
    shown = ((listed[national], SHOWN_ROWS, "national"), (listed[~national], SHOWN_LOCAL, "local"))
    return [
        f"Of the {which} table {format_count(len(rows) - most, 'row')} "
        f"({format_count(int(rows['is_met_now'].iloc[most:].sum()))} at the threshold) "
        f"{in_number(len(rows) - most, 'is', 'are')} in the workbook alone."
        for rows, most, which in shown
        if len(rows) > most
    ]


def rule_in_words(rule: NoticeRule, listed: pd.DataFrame, pack: Pack) -> str:
    """Return sentences on one rule, from its rows of ``at_or_near`` (sessions counted).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> flags = dict.fromkeys(FLAGS_OF_A_PUPIL, False) | {"is_met_now": [True, False], "is_near": [False, True]}
    >>> windows = pd.DataFrame({"pupil_id": ["1", "2"], "notices_in_three_years": 0} | flags)
    >>> rule = SimpleNamespace(name="Larkshire", is_national=False, near_from=8, sessions=10)
    >>> pack = SimpleNamespace(school=SimpleNamespace(interventions="read", notices="read"))
    >>> rule_in_words(rule, windows, pack).partition(": ")[2]
    '1 pupil meets the trigger, 1 without recorded support; 1 near it (8 to 9 sessions).'
    """
    pupils = by_pupil(listed)
    met = pupils[pupils["is_met_now"]]
    # Support that is not known is not support that is missing.
    bare = not unknown_support(pack) and len(met)
    verb, what = in_number(len(met), "meets", "meet"), "threshold" if rule.is_national else "trigger"
    parts = [
        f"{format_count(len(met), 'pupil')} {verb} the {what}",
        told(met["is_met_only_with_n"], "only if sessions without a reason yet (N) are counted"),
        f"{format_count(int((~met['has_support']).sum()))} without recorded support" if bare else "",
        told(met["is_third"], "with a parent who has had two notices in three years"),
    ]
    rest = [
        f"{format_count(int((pupils['is_near'] & ~pupils['is_met_now']).sum()))} near it "
        f"({rule.near_from} to {rule.sessions - 1} sessions)",
        told(pupils["has_been_met"] & ~pupils["is_met_now"], "met it earlier in the window and no longer do"),
        told(pupils["is_under_notice_to_improve"], "under a notice to improve"),
    ]
    title = f"{rule.name} ({rule.in_words if rule.is_national else 'local referral trigger'})"
    return f"{title}: {', '.join(filter(None, parts))}; {'; '.join(filter(None, rest))}."


def told(flags: pd.Series, words: str) -> str:
    """Return how many flags (one per pupil) hold, with what they say; nothing where none does.

    Examples
    --------
    >>> told(pd.Series([True, False, True]), "have a notice"), told(pd.Series([False]), "have a notice")
    ('2 have a notice', '')
    """
    return f"{format_count(int(flags.sum()))} {words}" if flags.any() else ""


FLAGS_OF_A_PUPIL = (
    "is_met_now",
    "has_been_met",
    "is_near",
    "is_met_only_with_n",
    "is_under_notice_to_improve",
    "is_third",
    "has_support",
)


def by_pupil(listed: pd.DataFrame) -> pd.DataFrame:
    """Return what holds for any parent of each pupil on the last day: one row per pupil of the windows listed, FLAGS_OF_A_PUPIL.

    Examples
    --------
    >>> windows = pd.DataFrame({"pupil_id": ["1", "1"], "notices_in_three_years": [2, 0], **dict.fromkeys(FLAGS_OF_A_PUPIL, False)})
    >>> windows["is_met_now"] = [False, True]  # met with one parent, two notices with the other
    >>> by_pupil(windows)[["is_met_now", "is_third"]].values.tolist()
    [[True, False]]
    """
    third = listed["is_met_now"].astype(bool) & (listed["notices_in_three_years"] >= MOST_NOTICES)
    known = listed.assign(is_third=third, has_support=listed["has_support"].fillna(value=True))
    return known.groupby("pupil_id")[list(FLAGS_OF_A_PUPIL)].max().astype(bool)


def short_window(rule: NoticeRule, pack: Pack) -> str:
    """Say that the marks do not reach back as far as a rule's window, if so.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> known = SimpleNamespace(sessions=pd.DataFrame({Span.SCHOOL_WEEKS: [1, 1, 2]}))
    >>> register = SimpleNamespace(first_date=date(2026, 9, 3), between=lambda first, last: known)
    >>> rule = SimpleNamespace(name="National threshold", span=Span.SCHOOL_WEEKS, length=10)
    >>> short_window(rule, SimpleNamespace(register=register, date_to=date(2026, 9, 11)))
    'National threshold: the marks begin on 3 September 2026, so the window holds 2 of 10 school weeks.'
    """
    upto = pack.register.between(pack.register.first_date, pack.date_to).sessions[rule.span]
    known = upto.nunique()
    if known >= rule.length:
        return ""
    unit = "school weeks" if rule.span is Span.SCHOOL_WEEKS else "terms"
    begin = format_date(pack.register.first_date)
    return f"{rule.name}: the marks begin on {begin}, so the window holds {known} of {rule.length} {unit}."


def notice_windows(pack: Pack) -> Table:
    """Return the pupils at, lately at or near the national framework's threshold."""
    rules = tuple(rule for rule in rules_of(pack) if rule.is_national)
    return window_table(pack, rules, "notice_windows", "Pupils at or near the national threshold")


def local_notice_windows(pack: Pack) -> Table:
    """Return the pupils at, lately at or near a local rule: the trigger at which the authority wants a referral."""
    rules = tuple(rule for rule in rules_of(pack) if not rule.is_national)
    table = window_table(pack, rules, "local_notice_windows", "Pupils at or near a local referral trigger")
    return replace(table, shown_rows=SHOWN_LOCAL)


def window_rows(pack: Pack, rules: tuple[NoticeRule, ...]) -> pd.DataFrame:
    """Return the rows of ``at_or_near`` of some rules (sessions counted), with where each stands and what is on file, in words."""
    listed = at_or_near(pack)
    listed = listed[listed["rule"].isin([rule.name for rule in rules])].reset_index(drop=True)
    counts_n = {rule.name: rule.counts_n for rule in rules_of(pack)}
    none = NOT_KNOWN if unknown_support(pack) else NO_SUPPORT
    return listed.assign(
        standing=standings(listed),
        counted_text=counted_in_words(listed, counts_n),
        codes_text=codes_in_words(listed),
        support_text=listed["support_text"].where(listed["support_text"] != "", none),
    )


def window_table(pack: Pack, rules: tuple[NoticeRule, ...], name: str, title: str) -> Table:
    """Return the windows of some of the rules in force as a table."""
    return Table(
        name=name,
        title=title,
        frame=window_rows(pack, rules),
        columns=WINDOW_COLUMNS if len(rules) > 1 else hiding(WINDOW_COLUMNS, {"rule"}),
        shown_rows=SHOWN_ROWS,
        row_header="pupil_name",
        grouped_by="standing",
        note=note_on_rules(rules, pack) if rules else "",
        empty_text="Nobody is at or near a threshold." if rules else NO_RULE_OF[name],
    )


def standings(listed: pd.DataFrame) -> list[str]:
    """Return where each pupil stands to the threshold on the last day, in words (one text per row).

    Examples
    --------
    >>> flags = {"is_met_now": [True, True, False], "is_met_only_with_n": [False, True, False], "has_been_met": [True, True, True]}
    >>> standings(pd.DataFrame(flags).assign(is_near=False)) == [MET, ONLY_WITH_N, WAS_MET]
    True
    """
    names = ("is_met_now", "is_met_only_with_n", "has_been_met", "is_near")
    return [standing_of(*flags) for flags in zip(*(listed[name] for name in names), strict=True)]


def standing_of(is_met: bool, is_only_with_n: bool, has_been_met: bool, is_near: bool) -> str:  # noqa: FBT001 - a row of four
    """Return where one pupil stands to the threshold; under a notice to improve where none of it is so.

    Examples
    --------
    >>> standing_of(True, True, True, False), standing_of(False, False, True, True), standing_of(False, False, False, False)
    ('Met only if N count', 'Was met', 'Notice to improve')
    """
    if is_met:
        return ONLY_WITH_N if is_only_with_n else MET
    if has_been_met:
        return WAS_MET
    return NEAR if is_near else WARNED


def counted_in_words(listed: pd.DataFrame, counts_n: dict[str, bool]) -> list[str]:
    """Return the sessions counted with N apart, such as "10, of which 4 are still N" (one text per row).

    Examples
    --------
    >>> window = pd.DataFrame({"rule": ["national"], "counted_sessions": [10], "n_sessions": [4]})
    >>> counted_in_words(window, {"national": True})
    ['10, of which 4 are still N']
    """
    rows = zip(listed["rule"], listed["counted_sessions"], listed["n_sessions"], strict=True)
    return [with_n_apart(counted, n, counts_n=counts_n[rule]) for rule, counted, n in rows]


def with_n_apart(counted: int, n: int, *, counts_n: bool) -> str:
    """Write a count of sessions with those that are N apart.

    Examples
    --------
    >>> with_n_apart(10, 4, counts_n=True), with_n_apart(6, 1, counts_n=False), with_n_apart(10, 0, counts_n=True)
    ('10, of which 4 are still N', '6, and 1 N not counted', '10')
    """
    if n == 0:
        return str(counted)
    return (
        f"{counted}, of which {n} {'is' if n == 1 else 'are'} still N"
        if counts_n
        else f"{counted}, and {n} N not counted"
    )


def codes_in_words(listed: pd.DataFrame) -> list[str]:
    """Return the sessions of each code in the window, such as "G 2, O 8" (one text per row).

    Examples
    --------
    >>> codes_in_words(pd.DataFrame([dict.fromkeys(CODE_SESSIONS.values(), 0) | {CODE_SESSIONS["G"]: 2, CODE_SESSIONS["O"]: 8}]))
    ['G 2, O 8']
    """
    rows = listed[list(CODE_SESSIONS.values())].to_numpy(dtype=int)
    return [
        ", ".join(f"{code} {count}" for code, count in zip(CODE_SESSIONS, row, strict=True) if count)
        for row in rows
    ]


def notice_sessions(pack: Pack) -> Table:
    """Return the sessions counted for each pupil at or near a threshold (evidence, for the workbook)."""
    listed = at_or_near(pack)
    sessions = sessions_counted(people_in(pack), rules_of(pack), listed)
    named = listed[["pupil_id", "pupil_name", "form"]].drop_duplicates("pupil_id")
    once = ["pupil_id", "date", "session", "code"]
    sessions = sessions.drop_duplicates([*once, "rule"])
    sessions = sessions.groupby(once, as_index=False, observed=True)["rule"].agg("; ".join)
    return Table(
        name="notice_sessions",
        title="Sessions counted towards a notice threshold",
        frame=sessions.merge(named, on="pupil_id", how="left", validate="m:1"),
        columns=SESSION_COLUMNS,
        shown_rows=SHOWN_SESSIONS,
        row_header="pupil_name",
        note="One row for each session in a current window, with the rules under which it counts.",
        empty_text="No session is counted, for nobody is at or near a threshold.",
    )


WINDOW_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form", "year_group"),
    figure("notice_rule", once=True),
    Column(
        "standing", "Threshold", width=14,
        meaning="Met: at or above the threshold on the last day of the period. "
        "Met only if N count: below it without sessions still N. "
        "Was met: met by a window that ended within the current one, no longer now. Near: within three sessions of it. "
        "Notice to improve: one is running, and none of these holds",
        highlights=(Highlight("equals", MET, Tone.ALERT), Highlight("equals", ONLY_WITH_N, Tone.CAUTION)),
    ),
    Column("parents_text", "For", meaning="The parents whose window it is, each counted apart", personal=True, shown=False),
    Column(
        "offence_text", "A notice would be the", personal=True, width=26, once=True,
        meaning="Which penalty notice in three years a further one would be for that parent, as far as the log tells",
    ),
    Column("counted_text", "Sessions", meaning="Sessions counted in the current window, those still N apart", width=22),
    Column("counted_sessions", "Counted", Kind.COUNT, "Sessions counted in the current window", shown=False),
    Column("needed_sessions", "Needed", Kind.COUNT, "Sessions at which the threshold is met", once=True),
    figure("first_met_date"),
    Column("codes_text", "Codes", meaning="Sessions of each code in the current window", width=16),
    *(
        Column(name, code, Kind.COUNT, f"Sessions of {code} in the current window", shown=False)
        for code, name in CODE_SESSIONS.items()
    ),
    Column("counted_without_n_sessions", "Without N", Kind.COUNT, "Sessions counted if those still N are left out", shown=False),
    Column("is_met_now", "Still met", Kind.FLAG, "Whether the threshold is met on the last day of the period", shown=False),
    Column("is_met_only_with_n", "Only with N", Kind.FLAG, "Whether it is met only because sessions still N count", shown=False),
    Column(
        "falling_out_sessions", "Leave the window next", Kind.COUNT,
        "Sessions counted that drop out when the window moves on: next school week, or next term under a term rule",
    ),
    Column("sessions_to_threshold", "To go", Kind.COUNT, "More sessions at which the threshold would be met", shown=False),
    Column("peak_sessions", "Peak", Kind.COUNT, "Most sessions in any window that ended within the current one", shown=False),
    Column("window_start_date", "Window from", Kind.DATE, "First session of the current window", shown=False),
    Column("window_end_date", "Window to", Kind.DATE, "Last session of the current window", shown=False),
    Column(
        "acted_on_through_date", "Acted on to", Kind.DATE, shown=False,
        meaning="Last absence that a penalty notice to the parent used up; later ones count",
    ),
    figure("support_text", meaning="Interventions, contacts and notices on file this school year", width=40),
    Column(
        "has_support", "Has support", Kind.FLAG, shown=False,
        meaning="Whether an intervention of the pupil's own, a contract or a notice to improve is on file this school year; "
        "contacts alone are not support",
    ),
    Column("interventions_now", "Interventions now", Kind.COUNT, "Interventions of the pupil's own that are running", shown=False),
    Column("contacts_this_year", "Contacts", Kind.COUNT, "Contacts with home this school year", shown=False),
    Column("notices_open", "Notices open", Kind.COUNT, "Notices and contracts that are not closed", shown=False),
)  # fmt: skip
SESSION_COLUMNS = (
    *shown("pupil_name", "pupil_id", "form", "notice_rule"),
    figure("date"),
    figure("session", width=8),
    figure("code_of_pupil"),
)
