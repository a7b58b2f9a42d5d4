"""Opening the impact paper: the register followed to the last day, the log's starts, and every evaluation, worked out once."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.comparators import comparators_of
from attendance_lib.analysis.impact.courses import Study
from attendance_lib.analysis.impact.evaluate import Evaluation, evaluate, impact_table, pupil_ranges
from attendance_lib.analysis.impact.log import (
    Criteria,
    days_chosen,
    judge_cards,
    log_chosen,
    log_facts,
    names_chosen,
    narrowed,
)
from attendance_lib.analysis.impact.pools import with_false_discovery
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.rounds import Rounds, Suggestions, pools, rounds_of, suggest
from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.analysis.impact.weeks import Starts, WeekCounts, count_weeks, place_starts
from attendance_lib.analysis.impact.whole_school import (
    WholeSchool,
    evaluate_whole_school,
    weekly_gap,
    weeks_of_school,
)
from attendance_lib.analysis.impact.workings import balance, event_study, over_six_weeks, robustness
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.logs import is_filled, known_columns
from attendance_lib.casebook.staff_rows import known_rows
from attendance_lib.casebook.state import natural
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.schema import INTERVENTIONS
from attendance_lib.intake.staff.cards import CARD_COLUMNS, card_table, no_cards
from attendance_lib.pack.cohorts import Selection
from attendance_lib.pack.pack import Pack, counts_anybody, derived, pack_of
from attendance_lib.register.grid import Register

CARD_SHEET = "impact_card"
CARD_WORDS = tuple(name for name in CARD_COLUMNS if name != "card_id")


@dataclass(frozen=True, eq=False)
class ImpactPaper:
    """Everything a section of the impact paper reads.

    ``pack`` is the school opened for the whole span (see ``pack/opening.py``); ``criteria`` what is asked about;
    ``first_day`` the first day on which an intervention asked about may have started (the pack's last day is
    the last on which marks count). ``cards`` are the impact cards that staff wrote in earlier packs.
    """

    pack: Pack
    criteria: Criteria
    first_day: date
    cards: pd.DataFrame = field(default_factory=no_cards)

    @property
    def school(self) -> School:
        """The school's files."""
        return self.pack.school

    @property
    def last_day(self) -> date:
        """The last day up to which pupils are followed."""
        return self.pack.date_to

    @cached_property
    def span(self) -> Span:
        """The days covered, and the calendar."""
        return Span(self.school.calendar, self.first_day, self.last_day)

    @cached_property
    def days(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """The first and last day of a start that is asked about: those of the span, or of the term in it."""
        return days_chosen(self.criteria, self.span)

    @cached_property
    def register(self) -> Register:
        """Every session known up to the last day, of the whole school."""
        return self.pack.register.between(self.pack.register.first_date, self.last_day)

    @cached_property
    def counts(self) -> WeekCounts:
        """The register by pupil and school week."""
        return count_weeks(self.register)

    @cached_property
    def school_weeks(self) -> pd.DataFrame:
        """The whole school's attendance, one row per week (see ``weeks_of_school``): of those whom DfE counts, if it has any."""
        return weeks_of_school(self.register, beside_england=self.is_beside_england)

    @cached_property
    def is_beside_england(self) -> bool:
        """Whether anybody of the school in the last school year is of the ages that DfE's figures count."""
        return counts_anybody(Selection(), self.register.year_to_date(self.last_day))

    @cached_property
    def england_weeks(self) -> pd.DataFrame:
        """England's attendance, one row per week (``Comparators.england_weeks``).

        None without weekly files of DfE's, and none beside a school of other ages alone.
        """
        weeks = comparators_of(self.school).england_weeks()
        return weeks if self.is_beside_england else weeks.head(0)

    @cached_property
    def members(self) -> np.ndarray:
        """Whether each enrolment is of a pupil in the cohort (boolean, one per row of the register).

        Year groups are those of each enrolment's last school year, so that last year's leavers keep theirs.
        """
        chosen = np.ones(len(self.register.pupils), dtype=bool)
        for column, values in self.pack.cohort.where.items():
            chosen &= self.register.pupils[column].isin(list(values)).to_numpy(dtype=bool)
        return chosen

    @cached_property
    def whole_log(self) -> pd.DataFrame:
        """The interventions log (INTERVENTIONS, missing columns added); no row where the school exports none."""
        return known_columns(self.school.interventions, list(INTERVENTIONS.column_names))

    @cached_property
    def log(self) -> pd.DataFrame:
        """The rows of the interventions log that are asked about, whoever the pupil, and those for everyone."""
        return log_chosen(self.whole_log, self.criteria, self.days)

    @cached_property
    def starts(self) -> Starts:
        """Every row of the log placed in the register's weeks; those not asked about are left out, and say so."""
        return narrowed(place_starts(self.whole_log, self.counts), self.days, self.members)

    @cached_property
    def pupil_ids(self) -> pd.Series:
        """The identifiers of the cohort's pupils, one per enrolment (indexed as the register's pupils)."""
        return self.register.pupils.loc[self.members, "pupil_id"]

    @cached_property
    def names(self) -> list[str]:
        """The interventions for named pupils, in alphabetical order."""
        return names_chosen(self.log, self.pupil_ids, for_everyone=False)

    @cached_property
    def whole_school_names(self) -> list[str]:
        """The interventions for the whole school, in alphabetical order."""
        return names_chosen(self.log, self.pupil_ids, for_everyone=True)

    @cached_property
    def evaluations(self) -> dict[str, Evaluation]:
        """The evaluation of each intervention for named pupils, by name in alphabetical order."""
        window = self.criteria.window_weeks
        return {name: evaluate(Question(self.counts, self.starts, name, window)) for name in self.names}

    @cached_property
    def facts(self) -> pd.DataFrame:
        """What the log says of each intervention (one row each, ``log_facts.FACT_COLUMNS``: counts, days, weeks and pounds)."""
        own = self.log[~is_filled(self.log["pupil_id"]) | self.log["pupil_id"].isin(self.pupil_ids)]
        return log_facts(own, self.span)

    @cached_property
    def impacts(self) -> pd.DataFrame:
        """One row per intervention for named pupils, ranked by what is known: differences of fractions, sessions, pounds.

        ``evaluate.impact_table`` with the false discovery rates (``pooling.with_false_discovery``) and ``log_facts``.
        """
        table = with_false_discovery(impact_table(each.impact for each in self.evaluations.values()))
        # Without a row columns have no kind of their own.
        named = {"intervention": object}
        return table.astype(named).merge(
            self.facts.astype(named), on="intervention", how="left", validate="1:1"
        )

    @cached_property
    def ranked(self) -> list[Evaluation]:
        """The evaluations in the order of ``impacts``."""
        return [self.evaluations[name] for name in self.impacts["intervention"]]

    @cached_property
    def evaluated(self) -> dict[str, Evaluation]:
        """The evaluations of which there is an estimate, by name in the order of ``impacts``."""
        return {each.impact.intervention: each for each in self.ranked if each.expectation is not None}

    @cached_property
    def event_studies(self) -> dict[str, pd.DataFrame]:
        """Actual and expected attendance (fractions) of each intervention with an estimate, by name: one row per week."""
        return {name: event_study(each) for name, each in self.evaluated.items()}

    @cached_property
    def balances(self) -> dict[str, pd.DataFrame]:
        """How alike the groups of each intervention with an estimate were at its start, by its name.

        One row per feature; shares are fractions, and attendance is a fraction of possible sessions.
        """
        return {name: balance(each) for name, each in self.evaluated.items()}

    @cached_property
    def pupil_ranges(self) -> dict[str, pd.DataFrame]:
        """Where the pupils of each intervention with an estimate landed, by name (one row per pupil, fractions)."""
        return {name: pupil_ranges(each) for name, each in self.evaluated.items()}

    @cached_property
    def robustness(self) -> dict[str, pd.DataFrame]:
        """The same question asked otherwise of each intervention with an estimate, by name (one row per way, fractions)."""
        return {name: robustness(each, self.six_weeks[name]) for name, each in self.evaluated.items()}

    @cached_property
    def six_weeks(self) -> dict[str, Evaluation]:
        """The evaluation of the first six school weeks of each intervention, by name."""
        return {name: over_six_weeks(each) for name, each in self.evaluations.items()}

    @cached_property
    def judged_cards(self) -> pd.DataFrame:
        """The impact cards (rows) beside the log: when their pupils began, and whether each was written before that day."""
        return judge_cards(self.cards, self.whole_log, pd.Timestamp(self.last_day))

    @cached_property
    def study(self) -> Study:
        """The same evaluations with every pupil's course of an intervention."""
        return Study(
            self.register, self.counts, self.starts, self.whole_log, tuple(self.evaluations.values())
        )

    @cached_property
    def rounds(self) -> Rounds:
        """The estimates of each intervention term by term, for the pools."""
        return rounds_of(self.study)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """The rounds pooled by type, tier, barrier, group, lead time and dose (one row per pool, fractions; ``pools.pools``)."""
        return pools(self.rounds)

    @cached_property
    def suggestions(self) -> Suggestions:
        """What the log says helped pupils with each barrier, and how surely."""
        return suggest(self.rounds)

    @cached_property
    def schemes(self) -> list[tuple[str, pd.Timestamp, WholeSchool]]:
        """Each scheme for everyone with its start and what can be said of it, in the order of their starts."""
        gap = weekly_gap(self.school_weeks, self.england_weeks)
        own = self.log[self.log["intervention"].isin(self.whole_school_names)]
        starts = own.groupby("intervention")["start_date"].min().dropna().sort_values(kind="stable")
        return [
            (str(name), start, evaluate_whole_school(gap, start, self.criteria.window_weeks))
            for name, start in starts.items()
        ]

    @cached_property
    def is_untold(self) -> bool:
        """Whether nothing can be concluded: of no intervention, of no scheme for everyone and of no pool over terms."""
        verdicts = [*self.impacts["verdict"], *(found.judgement.verdict for _, _, found in self.schemes)]
        pooled = self.pools["verdict"] if self.names else ()
        return all(verdict == Verdict.TOO_FEW for verdict in (*verdicts, *pooled))

    @cached_property
    def before(self) -> "ImpactPaper | None":
        """The evaluation at the end of the half term before, of the same files; None if this is the first one they allow."""
        ends = [
            last for _, last in self.school.calendar.half_term_days if self.first_day <= last < self.last_day
        ]
        if not ends:
            return None
        earlier = pack_of(self.school, (self.first_day, ends[-1]), self.pack.cohort, self.pack.casebook)
        return ImpactPaper(earlier, self.criteria, self.first_day, self.cards)


def impact_paper(pack: Pack, criteria: Criteria) -> ImpactPaper:
    """Open the impact paper of a pack that covers the whole span asked for.

    Parameters
    ----------
    pack : Pack
        Interventions that started from its first day are asked about; pupils are followed to its last.
    criteria : Criteria
        Tier, name, term and window.

    Raises
    ------
    SettingsError
        Once it is read, if the tier, name or term is not known.
    """
    return ImpactPaper(pack, criteria, pack.date_from, cards_of(pack))


def cards_of(pack: Pack) -> pd.DataFrame:
    """Return the impact cards that staff wrote (one row each, see ``cards.card_table``), in the order of their numbers.

    One of which every cell was cleared is none.
    """
    rows = known_rows(pack.casebook, CARD_SHEET)
    said = {key: {name: rows[key].value(name) for name in CARD_WORDS} for key in sorted(rows, key=natural)}
    return card_table([{"card_id": key} | words for key, words in said.items() if any(words.values())])


@derived
def impact_so_far(pack: Pack) -> ImpactPaper:
    """Return the impact paper of everything known at the end of a pack's period, for the strip in that pack.

    The numbers are those of the impact paper that ends on the same day, for the same cohort.
    """
    return ImpactPaper(pack, Criteria(), pack.school.calendar.school_days[0])
