"""What a section says where the school exports no log of something, and lists in words."""

from collections.abc import Sequence

LOG_NAMES = {
    "actions": "actions",
    "contacts": "contacts with home",
    "interventions": "interventions",
    "notices": "penalty notices, notices to improve and contracts",
}


def not_exported(*logs: str) -> str:
    """Say which logs are missing and how to add them.

    Examples
    --------
    >>> not_exported("contacts")
    'No log of contacts with home is exported. To add it, name its file under exports, contacts in the school file.'
    """
    names = in_words([LOG_NAMES[log] for log in logs], "or")
    pronoun, noun = ("it", "its file") if len(logs) == 1 else ("them", "their files")
    return f"No log of {names} is exported. To add {pronoun}, name {noun} under exports, {in_words(logs)} in the school file."


def in_words(parts: Sequence[str], last: str = "and") -> str:
    """Return parts as a list in words.

    Examples
    --------
    >>> in_words(["2 done", "1 overdue", "4 to do"])
    '2 done, 1 overdue and 4 to do'
    """
    *first, end = parts
    return f"{', '.join(first)} {last} {end}" if first else end
