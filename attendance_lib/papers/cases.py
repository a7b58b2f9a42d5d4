"""What is known of each pupil on roll whom a paper may have to name as a case: absence, support, who leads, what is agreed."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.caseloads import untouched_days
from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.logs import issued
from attendance_lib.analysis.patterns import absence_patterns
from attendance_lib.analysis.reasons import code_groups_text
from attendance_lib.analysis.staff import PLAN, case_leads, courses_of
from attendance_lib.analysis.support import CLOSED_NOTICES, joined_phrases, phrases_of
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.agreed import merged_actions, over_a_line, with_nothing_agreed
from attendance_lib.papers.shared import pupil_names
from attendance_lib.rules.calendar import short_day, start_of_year
from attendance_lib.rules.groups import is_so
from attendance_lib.rules.thresholds import BANDS

BAND_LABELS = {band.name: band.label for band in BANDS}
NEEDS = {"K": "SEN support", "E": "EHC plan"}
SOCIAL_CARE = {
    "child_protection": "child protection plan", "child_in_need": "child in need", "looked_after": "looked after",
    "previously_looked_after": "previously looked after", "youth_justice": "youth justice", "young_carer": "young carer",
    "missing_history": "went missing before",
}  # fmt: skip
NOTHING_AGREED, ACTION_OPEN = "Nothing agreed", "An action or contract is open"


@derived
def pupils_known(pack: Pack) -> pd.DataFrame:
    """Return all that a sheet could tell of the pupils on roll.

    Returns
    -------
    pandas.DataFrame
        One row per pupil: the columns of ``FACT_OF`` that are no one's own to do (absence in sessions, ``untouched_days`` in
        school days), ``band_place`` (0 for the highest attendance), ``is_over`` (a line of absence or notices), ``is_bare`` (and
        nothing is agreed) and ``is_concern`` (over a line, or at risk of persistent absence).
    """
    known = with_support(with_absence(pack), pack)
    ids, at_risk = known["pupil_id"], known["is_at_risk"]
    over, bare = (each(pack)["pupil_id"].astype(str) for each in (over_a_line, with_nothing_agreed))
    known = known.assign(is_over=ids.isin(over), is_bare=ids.isin(bare), is_concern=ids.isin(over) | at_risk)
    other = np.where(known["is_over"] & (known["interventions"] == ""), ACTION_OPEN, known["interventions"])
    return known.assign(plan=np.where(known["is_bare"], NOTHING_AGREED, other))


def with_absence(pack: Pack) -> pd.DataFrame:
    """Return the rows of ``totals_of`` (sessions) with names, bands, and why and when sessions were missed, in words."""
    totals = totals_of(pack)
    base = pack.register.year_to_date(pack.date_to)
    return totals.assign(
        pupil_id=totals["pupil_id"].astype(str),
        pupil_name=pupil_names(totals),
        band=totals["band"].map(BAND_LABELS).fillna(""),
        band_place=totals["band"].map({band.name: place for place, band in enumerate(BANDS)}).fillna(-1),
        pattern=absence_patterns(pack.roll.year_to_date, base)["pattern"].to_numpy(),
        code_groups=code_groups_text(pack.roll.year_to_date),
    )


def with_support(pupils: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return pupils (one row each) with who leads, what runs, what is on file, and for how many school days nothing was done."""
    ids = pupils["pupil_id"]
    support = support_of(pack).set_index("pupil_id").reindex(ids)
    running = courses_of(pack)[courses_of(pack)["is_running"]]
    ahead = running[running["review_date"] >= pd.Timestamp(pack.date_to)]
    return pupils.assign(
        lead=case_leads(ids, pack),
        next_review_date=ahead.groupby("pupil_id")["review_date"].min().reindex(ids).to_numpy(),
        interventions=_courses_in_words(running).reindex(ids, fill_value="").to_numpy(),
        untouched_days=untouched_days(ids, merged_actions(pack), pack),
        last_contact_date=support["last_contact_date"].to_numpy(),
        notices=_open_notices(pack).reindex(ids, fill_value="").to_numpy(),
        needs=_needs(pupils),
        social_care=_social_care(pupils),
    )


def _courses_in_words(running: pd.DataFrame) -> pd.Series:
    """What runs for each pupil, the support plan first, by identifier."""
    ordered = running.assign(is_other=running["what"] != PLAN).sort_values(["is_other", "start_date", "what"])
    rows = zip(ordered["what"], ordered["start_date"], ordered["review_date"], strict=True)
    texts = [
        f"{what} since {short_day(start)}{f', review {short_day(review)}' if pd.notna(review) else ''}"
        for what, start, review in rows
    ]
    return joined_phrases(phrases_of(ordered["pupil_id"], texts))


def _open_notices(pack: Pack) -> pd.Series:
    """The notices issued this school year that are open, of each pupil, by identifier; never to which parent."""
    notices = issued(pack.school.notices, pack.date_to)
    is_open = ~notices["status"].isin(CLOSED_NOTICES) & (
        notices["issued_on"] >= pd.Timestamp(start_of_year(pack.date_to))
    )
    rows = notices[is_open].sort_values(["issued_on", "kind"])
    texts = [f"{kind} {short_day(day)}" for kind, day in zip(rows["kind"], rows["issued_on"], strict=True)]
    return joined_phrases(phrases_of(rows["pupil_id"], texts))


def _needs(pupils: pd.DataFrame) -> list[str]:
    need = pupils["sen_need"] if "sen_need" in pupils else pd.Series("", index=pupils.index)
    kinds = pupils["sen_status"].astype(object).map(NEEDS)
    return [
        "" if pd.isna(kind) else f"{kind} ({what})" if isinstance(what, str) and what.strip() else kind
        for kind, what in zip(kinds, need.astype(object), strict=True)
    ]


def _social_care(pupils: pd.DataFrame) -> list[str]:
    held = {
        words: is_so(pupils[column])
        if column in pupils
        else np.zeros(len(pupils), dtype=bool)
        for column, words in SOCIAL_CARE.items()
    }  # fmt: skip
    return [", ".join(words for words, flags in held.items() if flags[row]) for row in range(len(pupils))]
