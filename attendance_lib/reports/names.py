"""What folders of packs are called: to be read by people, and no two packs alike."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from attendance_lib.reports.period import Period
from attendance_lib.reports.project import written

WHOLE_SCHOOL = "all"
# Folders of at most 255 bytes are made everywhere; before and after the longest name come words of ours.
LONGEST = 120
MARK_DIGITS = 8
# What stands in a name as it is, so that no other cohort or value could be meant by it.
PLAIN_COHORT = re.compile(r"[a-z0-9_]+")
PLAIN_VALUE = re.compile(r"[a-z0-9]+")


def slug(text: str) -> str:
    """Return text as a part of a folder name: lower case, plain letters and digits, hyphens between.

    Examples
    --------
    >>> slug("St Mary's C.E. School"), slug("École Ségolène"), slug("year_7"), slug("五年级")
    ('st-marys-c-e-school', 'ecole-segolene', 'year_7', '')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")


def school_folder(out: Path, school: tuple[str, str]) -> Path:
    """Return the folder of all packs of one school, given as its name and URN.

    The URN is in the name because schools of a trust may share a name, and tells schools apart by itself.

    Raises
    ------
    RequestError
        If the name of ``out`` cannot be written in receipts.

    Examples
    --------
    >>> school_folder(Path("outputs"), ("Larkmoor Academy", "990001")).as_posix()
    'outputs/larkmoor-academy-990001'
    """
    name, urn = school
    return written(out) / f"{slug(name)[:LONGEST]}-{urn}".strip("-")


def report_folder(out: Path, school: tuple[str, str], report: str) -> Path:
    """Return the folder of one report's packs of one school, given as its name and URN.

    Examples
    --------
    >>> report_folder(Path("outputs"), ("Larkmoor Academy", "990001"), "impact").as_posix()
    'outputs/larkmoor-academy-990001/impact'
    """
    return school_folder(out, school) / report


def pack_name(period: Period, cohort: str, values: Mapping[str, object]) -> str:
    """Return a pack's folder name: its period, its cohort unless it is the whole school, and its own values.

    Parameters
    ----------
    period : Period
        The days of the pack.
    cohort : str
        The cohort's name.
    values : mapping of str to object
        Those values of the notebook's own parameters that are not the defaults.

    Returns
    -------
    str
        The same name for no other cohort and values: where the readable words could be meant by others too, as
        those of "Year 7" by "year-7", eight digits made from the exact ones follow.

    Examples
    --------
    >>> from datetime import date
    >>> period = Period(date(2026, 11, 9), date(2026, 11, 20))
    >>> pack_name(period, "year_7", {}), pack_name(period, "all", {"tier": 2})
    ('2026-11-09_2026-11-20_year_7', '2026-11-09_2026-11-20_tier-2')
    >>> pack_name(period, "Year 7", {}), pack_name(period, "五年级", {})
    ('2026-11-09_2026-11-20_year-7~1a72e7c5', '2026-11-09_2026-11-20~a6472f52')
    """
    cohorts = [] if cohort == WHOLE_SCHOOL else [cohort]
    parts = [*map(slug, cohorts), *(f"{slug(name)}-{slug(str(value))}" for name, value in values.items())]
    words = "_".join(filter(None, parts))
    mark = "" if is_plain(cohorts, values) and len(words) <= LONGEST else f"~{digest(cohort, values)}"
    return "_".join(filter(None, (period.name, words[:LONGEST]))) + mark


def is_plain(cohorts: list[str], values: Mapping[str, object]) -> bool:
    """Whether the words of a name could be meant by no other cohort and values: each as it is, and not both.

    Examples
    --------
    >>> is_plain(["year_7"], {}), is_plain([], {"pupil": "12"}), is_plain(["year_7"], {"pupil": "12"})
    (True, True, False)
    """
    names_fit = all(map(PLAIN_COHORT.fullmatch, (*cohorts, *values)))
    values_fit = all(map(PLAIN_VALUE.fullmatch, map(str, values.values())))
    return names_fit and values_fit and not (cohorts and values)


def digest(cohort: str, values: Mapping[str, object]) -> str:
    """Return eight hexadecimal digits made from the exact cohort and values.

    Examples
    --------
    >>> digest("Year 7", {}), digest("year-7", {}) == digest("Year 7", {})  # both would be written year-7
    ('1a72e7c5', False)
    """
    exact = json.dumps([cohort, dict(values)], sort_keys=True)
    return hashlib.sha256(exact.encode("ascii")).hexdigest()[:MARK_DIGITS]
