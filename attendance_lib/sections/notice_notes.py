"""What is said beside the tables of the notice window: what counts, and what of support and earlier notices is not known."""

from attendance_lib.analysis.penalty_notices import penalty_notices
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import in_number
from attendance_lib.rules.notices import NEAR_SESSIONS, OFFENCE_NOTE, NoticeRule
from attendance_lib.sections.logs import not_exported
from attendance_lib.sections.pack import Pack
from attendance_lib.sections.people import returned_words


def unknown_support(pack: Pack) -> list[str]:
    """Say that support is not known where neither log of it is exported."""
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
    ) + returned_words(pack.returned)


def unknown_notices(pack: Pack) -> list[str]:
    """Say what is not known of earlier penalty notices: that no log is exported, or which of it do not say what they were for."""
    if pack.school.notices is None:
        return [f"Which notice a further one would be is not known: {not_exported('notices')}"]
    issued = penalty_notices(pack.school.notices, pack.date_to)
    silent = issued[issued["acted_on_through_date"].isna() & issued["pupil_id"].isin(pack.totals["pupil_id"])]
    if silent.empty:
        return []
    count = len(silent)
    return [
        f"{format_count(count, 'penalty notice')} of these pupils {in_number(count, 'does', 'do')} not say up to which absence "
        f"{in_number(count, 'it was', 'they were')} issued (acted_on_through_date): no session is taken as used up by "
        f"{in_number(count, 'it', 'them')}, so a count may be too high. Enter the date in the log."
    ]
