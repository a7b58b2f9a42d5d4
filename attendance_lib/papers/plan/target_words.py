"""A plan's target in words, the same on both copies: always in sessions, never in per cent."""

from datetime import date

from attendance_lib.analysis.plan_progress import Progress
from attendance_lib.display.format import format_count, format_date


def span_words(first: date, last: date) -> str:
    """Return two days as a span in words, the year once.

    Examples
    --------
    >>> span_words(date(2026, 11, 2), date(2026, 12, 11)), span_words(date(2026, 12, 1), date(2027, 1, 8))
    ('from 2 November to 11 December 2026', 'from 1 December 2026 to 8 January 2027')
    """
    start = format_date(first)
    return f"from {start.rpartition(' ')[0] if first.year == last.year else start} to {format_date(last)}"


def target_words(progress: Progress) -> str:
    """Return the target as one sentence; empty where there is none that can be said.

    Examples
    --------
    >>> from datetime import date
    >>> target_words(Progress(4, date(2026, 11, 2), date(2026, 12, 11), of=58))
    'Miss no more than 4 of the 58 sessions from 2 November to 11 December 2026.'
    """
    if progress.target is None or not progress.of:
        return ""
    sessions = format_count(progress.of, "session")
    return (
        f"Miss no more than {progress.target} of the {sessions} {span_words(progress.first, progress.last)}."
    )


def pace_words(progress: Progress) -> str:
    """Return what is missed of the target's sessions so far and where the present pace leads; empty where nothing can be said.

    Examples
    --------
    >>> from datetime import date
    >>> first, last = date(2026, 11, 2), date(2026, 12, 11)
    >>> pace_words(Progress(4, first, last, of=58, to_come=58, at_pace=11))
    'At the present pace it would be 11.'
    >>> pace_words(Progress(4, first, last, of=58, missed=3, possible=28, to_come=30, at_pace=9))
    'So far it is 3 of 28. At the present pace it would be 9 in all.'
    >>> pace_words(Progress(4, first, last, of=58, missed=3, possible=58))
    'It came to 3 of 58.'
    """
    if not progress.of:
        return ""
    begins = "So far it is" if progress.to_come else "It came to"
    so_far = f"{begins} {progress.missed} of {progress.possible}." if progress.possible else ""
    ahead = ""
    if progress.at_pace is not None:
        ahead = f"At the present pace it would be {progress.at_pace}{' in all' if so_far else ''}."
    return " ".join(filter(None, (so_far, ahead)))
