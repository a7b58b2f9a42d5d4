"""The rules that a report applied, each with its date and source, for the receipt."""

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attendance_lib.intake.settings import Settings


def rules_in_force(settings: "Settings", day: date) -> list[dict[str, str]]:
    """Return the rules in force on a day: name, the date from which it holds, and source.

    National thresholds and the register codes first, then what the school file switches on.
    """
    return [*thresholds(day), codes(day), *notice_rules(settings, day)]


def thresholds(day: date) -> list[dict[str, str]]:
    """Return the absence thresholds in force on a day."""
    from attendance_lib.rules.thresholds import AT_RISK, PERSISTENT_ABSENCE, SEVERE_ABSENCE

    return [
        rule(
            f"{each.name}: {each.missed} in {each.out_of} possible sessions or more",
            each.from_date,
            each.source,
        )
        for each in (AT_RISK, PERSISTENT_ABSENCE, SEVERE_ABSENCE)
        if each.from_date <= day
    ]


def codes(day: date) -> dict[str, str]:
    """Return the set of register codes in force on a day, as one rule."""
    from attendance_lib.rules.codes import CODES

    held = [code for code in CODES if code.from_date <= day and (code.to_date is None or day <= code.to_date)]
    newest = max(held, key=lambda code: code.from_date)
    return rule(
        f"Register codes: {', '.join(sorted({code.letter for code in held}))}",
        newest.from_date,
        newest.source,
    )


def notice_rules(settings: "Settings", day: date) -> list[dict[str, str]]:
    """Return the notice rules that the school file switches on, in force on a day: the national one, then local ones."""
    from attendance_lib.rules.notices import LOCAL, national_framework

    chosen = settings.rules.notices
    framework = chosen.national_framework
    national = [national_framework(framework.from_date, count_n=framework.count_n)] if framework else []
    local = [each for each in chosen.local if each.from_date <= day <= (each.to_date or day)]
    return [
        *(
            rule(f"{each.name}: {each.in_words}", each.from_date, each.source)
            for each in national
            if each.is_in_force(day)
        ),
        *(rule(f"Local: {each.name}", each.from_date, LOCAL) for each in local),
    ]


def rule(name: str, from_date: date, source: str) -> dict[str, str]:
    """Return one rule as the receipt holds it."""
    return {"name": name, "from_date": from_date.isoformat(), "source": source}
