"""Each school beside what is expected of it and beside its own last year, with what chance alone would do; pupils are the unit.

All of it is worked out from figures that passed the disclosure step, so that nothing else is told.
"""

import math
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.comparators import Comparators
from attendance_lib.intake.school_counts import SchoolCounts, known
from attendance_lib.papers.published_tables import without_signs
from attendance_lib.papers.trust.opening import PHASES, SCHOOLS, THEN, TrustPaper
from attendance_lib.rules.benchmarks import Benchmark, england_to_date
from attendance_lib.rules.england_mix import Z_95, half_width

# From so many schools of a phase on it is stated whether they differ more than pupils do; and what is beyond this share is cut in.
FEWEST_FOR_DISPERSION, TAIL = 6, 0.1
ABOVE, WITHIN, BELOW, UNKNOWN = "more than chance", "within chance", "less than chance", "cannot be said"
MORE, NO_CHANGE, LESS = "more absence", "no clear change", "less absence"
PERCENT = 100
PHASE_OF = {label: phase for phase, label in PHASES.items()}


def england(phase: str, measure: str, day: date) -> Benchmark | None:
    """Return England's figure of a phase over the same window, the year to date; None where DfE has none.

    Examples
    --------
    >>> england("primary", "persistent_absence_rate", date(2026, 7, 10)).label
    'England, daily data, 8 Sep 2025 to 10 Jul 2026'
    >>> england("primary", "persistent_absence_rate", date(2026, 10, 2)) is None  # too early in a year
    True
    """
    return Comparators(phase, england_to_date()).in_year(measure, day)


def expected_of(school: SchoolCounts, measure: str, day: date) -> float | None:
    """Return what England's pupils of a school's mix missed in the same window (a fraction): England's figure times the mix.

    Without a mix (withheld, or of a phase that DfE does not give) nothing is expected.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> mixes = [SimpleNamespace(phase="primary", absence_mix=mix) for mix in (1.0, 1.1, "c")]
    >>> like, poorer, withheld = (expected_of(school, "absence_rate", date(2026, 7, 10)) for school in mixes)
    >>> round(poorer / like, 2), withheld
    (1.1, None)
    """
    mix = known(school.absence_mix if measure == "absence_rate" else school.persistent_mix)
    found = england(school.phase, measure, day)
    return found.rate * mix if found and mix is not None else None


def beside_expected(paper: TrustPaper) -> pd.DataFrame:
    """Return each school's absence beside the expected (fractions), with the limits of chance and where it lies (one row each)."""
    shown = paper.tables[SCHOOLS]
    frame = pd.DataFrame(
        {
            "school": shown["school"],
            "phase": shown["phase"],
            "enrolments": without_signs(shown["enrolments"]),
            "absence_rate": without_signs(shown["absence_rate"]),
            "expected_rate": [expected_of(school, "absence_rate", paper.day) for school in paper.schools],
        }
    ).astype({"expected_rate": float})
    limits = [
        limit_of(phase, pupils) if pupils > 0 else float("nan")
        for phase, pupils in zip(frame["phase"], frame["enrolments"], strict=True)
    ]
    return beside_chance(
        frame.assign(gap_rate=frame["absence_rate"] - frame["expected_rate"], limit_rate=limits)
    )


def beside_chance(frame: pd.DataFrame) -> pd.DataFrame:
    """Return schools with where each lies beside the limits of chance, once these are widened for their phase.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per school: ``phase``, ``gap_rate`` and ``limit_rate`` (fractions), the limit by its pupils alone.

    Returns
    -------
    pandas.DataFrame
        The same rows with ``widened`` (by what the limits of the phase are widened), ``limit_points`` (percentage points, widened)
        and ``place`` in words.

    Examples
    --------
    >>> rows = pd.DataFrame({"phase": "Primary", "gap_rate": [0.02, 0.01], "limit_rate": 0.01})
    >>> beside_chance(rows)[["limit_points", "place"]].values.tolist()
    [[1.0, 'more than chance'], [1.0, 'within chance']]
    """
    widened = frame["phase"].map(dispersions(frame)).astype(float)
    limit = frame["limit_rate"] * widened
    places = [placed(*pair) for pair in zip(frame["gap_rate"], limit, strict=True)]
    return frame.assign(widened=widened, limit_points=PERCENT * limit, place=places)


def limit_of(phase: str, pupils: float) -> float:
    """Return within what of the expected the absence of so many pupils lies by chance (a fraction; missing for some phases).

    Examples
    --------
    >>> round(limit_of("Primary", 400) / limit_of("Primary", 100), 2), limit_of("Alternative provision", 100)
    (0.5, nan)
    """
    return half_width(PHASE_OF[phase], int(pupils)) or float("nan")


def dispersions(frame: pd.DataFrame) -> dict[str, float]:
    """Return by what the limits of each phase are widened, since its schools differ in more than their pupils' chance.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per school: ``phase``, ``gap_rate`` and ``limit_rate`` (fractions).

    Returns
    -------
    dict of str to float
        The root of the mean square of the schools' z-scores, the outermost tenth at either end cut in (Spiegelhalter 2005),
        never below 1; 1 where a phase has fewer than six schools, of which it cannot be said.

    Examples
    --------
    >>> rows = pd.DataFrame({"phase": "Primary", "gap_rate": [0.02, -0.02] * 3, "limit_rate": 0.0098})
    >>> dispersions(rows), dispersions(rows.head(5))
    ({'Primary': 4.0}, {'Primary': 1.0})
    """
    found = {}
    for phase, rows in frame.groupby("phase", sort=False):
        z = (Z_95 * rows["gap_rate"] / rows["limit_rate"]).dropna().to_numpy()
        if len(z) < FEWEST_FOR_DISPERSION:
            found[phase] = 1.0
            continue
        cut = np.clip(z, *np.quantile(z, [TAIL, 1 - TAIL]))
        found[phase] = max(1.0, round(math.sqrt(float((cut**2).mean())), 2))
    return found


def placed(gap: float, limit: float) -> str:
    """Return where a difference lies beside its limit, in words.

    Examples
    --------
    >>> placed(0.02, 0.01), placed(-0.02, 0.01), placed(0.01, 0.01), placed(float("nan"), 0.01)
    ('more than chance', 'less than chance', 'within chance', 'cannot be said')
    """
    if math.isnan(gap) or math.isnan(limit):
        return UNKNOWN
    return ABOVE if gap > limit else BELOW if gap < -limit else WITHIN


def limit_of_change(phase: str, first: float, second: float) -> float:
    """Return how far chance alone moves the rate (a fraction) of a school of so many pupils in each of two years.

    Examples
    --------
    >>> round(limit_of_change("Secondary", 900, 900) / limit_of("Secondary", 900), 3), limit_of_change("Secondary", 900, 0)
    (1.414, nan)
    """
    if first > 0 and second > 0:
        return math.sqrt(limit_of(phase, first) ** 2 + limit_of(phase, second) ** 2)
    return float("nan")


def beside_last_year(paper: TrustPaper) -> pd.DataFrame:
    """Return each school's absence beside its own at the same point of last year, with the range of the change (one row each).

    The range takes the pupils of the two years for different ones; those who stayed make it too wide rather than too narrow.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ash = {"school": "Ash", "phase": "Primary", "absence_rate": 0.06, "enrolments": 400, "before_enrolments": 400}
    >>> schools = pd.DataFrame([ash | {"before_absence_rate": then} for then in (0.03, 0.061, "c")])
    >>> beside_last_year(SimpleNamespace(tables={SCHOOLS: schools}))[["change_rate", "change_words"]].values.tolist()
    [[0.03, 'more absence'], [-0.001, 'no clear change'], [nan, 'cannot be said']]
    """
    shown = paper.tables[SCHOOLS]
    now, then = (without_signs(shown[f"{when}absence_rate"]) for when in ("", THEN))
    sizes = [without_signs(shown[f"{when}enrolments"]) for when in ("", THEN)]
    limits = [limit_of_change(*school) for school in zip(shown["phase"], *sizes, strict=True)]
    change = (now - then).round(3)
    words = {ABOVE: MORE, WITHIN: NO_CHANGE, BELOW: LESS, UNKNOWN: UNKNOWN}
    return pd.DataFrame(
        {
            "school": shown["school"], "phase": shown["phase"], "absence_rate": shown["absence_rate"],
            "before_absence_rate": shown["before_absence_rate"], "change_rate": change,
            "limit_points": [PERCENT * each for each in limits],
            "change_words": [words[placed(*pair)] for pair in zip(change, limits, strict=True)],
        }
    )  # fmt: skip


def beside_persistent(paper: TrustPaper) -> pd.DataFrame:
    """Return each school's persistent absence beside what its mix would have, with the limits of chance (a row each, fractions)."""
    shown = paper.tables[SCHOOLS]
    expected = pd.Series(
        [expected_of(school, "persistent_absence_rate", paper.day) for school in paper.schools], dtype=float
    )
    size = without_signs(shown["enrolments"])
    limit = Z_95 * (expected * (1 - expected) / size) ** 0.5
    gap = without_signs(shown["persistent_absence_rate"]) - expected
    columns = ["school", "phase", "persistently_absent_enrolments", "persistent_absence_rate"]
    return beside_chance(shown[columns].assign(gap_rate=gap, limit_rate=limit)).assign(
        expected_persistent_rate=expected,
        severely_absent_enrolments=shown["severely_absent_enrolments"],
        severe_absence_rate=shown["severe_absence_rate"],
    )


def phases_of(paper: TrustPaper) -> list[str]:
    """Return the phases of which the paper has a school.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> phases_of(SimpleNamespace(schools=[SimpleNamespace(phase=phase) for phase in ("special", "primary", "special")]))
    ['primary', 'special']
    """
    held = {school.phase for school in paper.schools}
    return [phase for phase in PHASES if phase in held]


def england_shown(paper: TrustPaper) -> dict[str, list[tuple[str, str, Benchmark]]]:
    """Return England's figures that the paper shows by their label: each with its measure and phase in words."""
    found: dict[str, list[tuple[str, str, Benchmark]]] = {}
    for measure, words in (("absence_rate", "absence"), ("persistent_absence_rate", "persistent absence")):
        for phase in phases_of(paper):
            if figure := england(phase, measure, paper.day):
                found.setdefault(figure.label, []).append((words, PHASES[phase].lower(), figure))
    return found
