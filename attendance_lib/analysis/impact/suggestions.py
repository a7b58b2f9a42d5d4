"""What to try next, drawn from the school's own log: what has helped pupils with the same barrier, and how surely."""

from dataclasses import dataclass

import pandas as pd

from attendance_lib.analysis.impact.courses import NOT_RECORDED
from attendance_lib.analysis.impact.pools import pool_rounds
from attendance_lib.analysis.impact.rounds import Rounds
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.support import is_filled

SAME, OTHER = "pupils with this barrier", "pupils with other barriers"
READINGS = {
    (SAME, Verdict.HELPED): "Worth trying: it likely helped pupils with this barrier",
    (OTHER, Verdict.HELPED): "Worth trying with care: it likely helped, but pupils with other barriers",
    (SAME, Verdict.NO_CLEAR_EFFECT): "Nothing to suggest it by: no clear effect for this barrier",
    (SAME, Verdict.WORSE): "Not as it is: pupils with this barrier likely attended less than expected",
    (SAME, Verdict.TOO_FEW): "Too few to tell: no ground to suggest it, and none to stop it",
}
# First what may be suggested, then what is known not to, then what is not known.
ORDER = (Verdict.HELPED, Verdict.NO_CLEAR_EFFECT, Verdict.WORSE, Verdict.TOO_FEW)


@dataclass(frozen=True)
class Suggestions:
    """The evidence for each barrier (``suggest``), from which a pupil's suggestion is taken."""

    table: pd.DataFrame

    def to_try(self, courses: pd.DataFrame, everything: pd.DataFrame) -> pd.DataFrame:
        """Find what each course's pupil could try next.

        Parameters
        ----------
        courses : pandas.DataFrame
            The courses in question: ``pupil_id`` and ``barrier``.
        everything : pandas.DataFrame
            Every course, so that nothing is suggested that the pupil has had.

        Returns
        -------
        pandas.DataFrame
            One row per course, in order: the first row of ``table`` for its barrier that likely helped and that
            the pupil has not had, with ``basis`` missing where there is none.
        """
        helped = self.table[self.table["verdict"] == Verdict.HELPED]
        asked = courses[["pupil_id"]].assign(place=range(len(courses)), barrier=barriers_of(courses))
        offered = asked.merge(helped, on="barrier")
        had = everything[["pupil_id", "intervention"]].drop_duplicates().assign(has_had=True)
        offered = offered.merge(had, on=["pupil_id", "intervention"], how="left")
        first = offered[offered["has_had"].isna()].drop_duplicates("place")
        kept = first.drop(columns=["pupil_id", "barrier", "has_had"])
        return asked.merge(kept, on="place", how="left").drop(columns=["place", "pupil_id"])


def barriers_of(courses: pd.DataFrame) -> pd.Series:
    """Return each course's barrier (one per row), and that none is recorded where none is.

    Examples
    --------
    >>> barriers_of(pd.DataFrame({"barrier": ["anxiety", " "]})).tolist() == ["anxiety", NOT_RECORDED]
    True
    """
    return courses["barrier"].astype(object).where(is_filled(courses["barrier"]), NOT_RECORDED)


def suggest(rounds: Rounds) -> Suggestions:
    """Set out for each barrier of the log what has been tried with it, what came of it, and what helped elsewhere.

    Parameters
    ----------
    rounds : Rounds
        Of the study.

    Returns
    -------
    Suggestions
        Its table has one row per barrier and intervention tried with it, and one per intervention that likely
        helped without having been tried with it: ``barrier``, ``intervention``, ``basis`` (whom the
        evidence is of), ``pools.POOL_COLUMNS`` and ``reading``. By barrier, best known to help first.
    """
    barriers = barriers_of(rounds.study.courses)
    own = pool_rounds(rounds.by_kind(barriers), ["kind", "intervention"]).rename(columns={"kind": "barrier"})
    everyone = pool_rounds(rounds.of_everyone(), ["intervention"])
    elsewhere = pd.DataFrame({"barrier": own["barrier"].unique()}).merge(
        everyone[everyone["verdict"] == Verdict.HELPED], how="cross"
    )
    table = pd.concat(
        [own.assign(basis=SAME), elsewhere.assign(basis=OTHER)]
        if len(elsewhere)
        else [own.assign(basis=SAME)]
    )
    table = table.drop_duplicates(["barrier", "intervention"])
    reading = [
        READINGS[(basis, Verdict(verdict))]
        for basis, verdict in zip(table["basis"], table["verdict"], strict=True)
    ]
    rank = table["verdict"].map({str(verdict): place for place, verdict in enumerate(ORDER)})
    ordered = table.assign(reading=reading, rank=rank, is_other=table["basis"] == OTHER).sort_values(
        ["barrier", "rank", "is_other", "cautious_estimate", "intervention"],
        ascending=[True, True, True, False, True],
        ignore_index=True,
    )
    return Suggestions(ordered.drop(columns=["rank", "is_other"]))
