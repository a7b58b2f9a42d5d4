"""Counts as schools send them, typed by hand."""

from attendance_lib.intake.school_counts import SchoolCounts, Standing, TrustCounts


def standing(year=2025, enrolments=200, absence=2000, persistent=30, severe=6):
    """A year to the end of January of so many pupils, 100 possible sessions each."""
    return Standing(
        f"{year}-09-03", f"{year + 1}-01-30", enrolments, enrolments * 100, absence, persistent, severe,
    )  # fmt: skip


def school(urn="300001", name="", phase="primary", **changes):
    told = {
        "level": 5, "to_date": standing(), "year_before": standing(2024), "absence_mix": 1.0,
        "persistent_mix": 1.0, "supported": None, "registers_due": 1000, "registers_missed": 3, "practice": (), "effects": (),
        "up_to": "2026-01-30",
        "definitions": {"Morning register closes": "09:10"},
    }  # fmt: skip
    return SchoolCounts(name=name or f"School {urn}", urn=urn, phase=phase, **told | changes)


def trust(*schools, missing=()):
    return TrustCounts("A trust", "2026-01-30", [each.urn for each in schools], list(missing))
