"""What a pack knows of one member's work: what is theirs to do, and the pupils that their roles are told about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.action_log import CLOSED
from attendance_lib.analysis.caseloads import contacts_owed
from attendance_lib.analysis.staff import Member, case_leads, courses_led, is_meant, pupils_of, seen_by
from attendance_lib.display import Column, Highlight, Kind, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.cases import NOTHING_AGREED, listed_actions, pupils_known
from attendance_lib.papers.shared import pupil_names
from attendance_lib.rules.readers import FACT_OF, Fact, Seen

# What a sheet shows of pupils, and what is left of a table for one reader


def for_reader(
    frame: pd.DataFrame, columns: Iterable[Column], seen: Seen
) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """Return a table as its reader may see it: cells that may not be told are emptied, and columns of which none may left out.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per thing about a pupil, with ``pupil_id``.
    columns : iterable of Column
        Those of the table.
    seen : Seen
        The pupils about whom the reader may be told each kind of fact.

    Examples
    --------
    >>> from attendance_lib.display import Kind
    >>> columns = (Column("pupil_name", "Pupil"), Column("absence_sessions", "Missed", Kind.COUNT), Column("needs", "Needs"))
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "2"], "pupil_name": ["Ada", "Ben"], "absence_sessions": [30, 40], "needs": "K"})
    >>> seen = {Fact.WHO: {"1", "2"}, Fact.COUNTS: {"1"}, Fact.NEEDS: set()}
    >>> frame, kept = for_reader(pupils, columns, seen)
    >>> frame["absence_sessions"].tolist(), [column.name for column in kept]
    ([30, None], ['pupil_name', 'absence_sessions'])
    """
    told = {column.name: frame["pupil_id"].isin(seen[FACT_OF[column.name]]) for column in columns}
    kept = tuple(column for column in columns if told[column.name].any() or frame.empty)
    shown_cells = {
        column.name: frame[column.name].astype(object).where(told[column.name], None) for column in kept
    }
    return frame.assign(**shown_cells), kept


def own_table(table: Table, seen: Seen) -> Table:
    """Return a table as its reader may see it (see ``for_reader``)."""
    frame, columns = for_reader(table.frame, table.columns, seen)
    header = table.row_header if table.row_header in {column.name for column in columns} else ""
    return replace(table, frame=frame, columns=columns, row_header=header)


COLUMNS = (
    *shown("pupil_name", "form"),
    Column("band", "Band", meaning="The band of attendance, year to date", personal=True, width=14),
    figure("absence_sessions", heading="Missed", width=8),
    figure("possible_sessions", heading="of", width=6),
    *shown("pattern", "code_groups"),
    figure(
        "plan", meaning="What runs for the pupil; that nothing is agreed for one over a line",
        highlights=(Highlight("equals", NOTHING_AGREED, Tone.ALERT),),
    ),
    figure("led_by"),
    Column("next_review_date", "Next review", Kind.DATE, meaning="Of the plan or the support", personal=True, shown=False),
    *shown("untouched_days", "last_contact_date"),
    Column("notices", "Notices open", meaning="Notices and contracts of this school year", personal=True, width=16),
    Column("needs", "Needs", meaning="Special educational needs", personal=True, width=15),
    Column("social_care", "Safeguarding", meaning="What the pupils file says of social care and risk", personal=True, width=20),
    *shown("pupil_id", "year_group"),
)  # fmt: skip

OVERDUE_REVIEW, REVIEW_DUE = "Overdue", "Due"


@dataclass(frozen=True, eq=False)
class Caseload:
    """What a pack knows of one member's work."""

    member: Member
    pack: Pack

    @cached_property
    def actions(self) -> pd.DataFrame:
        """The actions that are the member's to do, or were done since the last pack: rows of ``agreed.listed_actions``."""
        found = listed_actions(self.pack)
        return found[is_meant(self.member, found["owner"], found["pupil_id"], self.pack)].reset_index(
            drop=True
        )

    @cached_property
    def open_actions(self) -> pd.DataFrame:
        """Those rows of ``actions`` that are not closed, whatever day they are due."""
        return self.actions[~self.actions["status"].isin(CLOSED)]

    @cached_property
    def courses(self) -> pd.DataFrame:
        """The plans and interventions that the member leads: rows of ``staff.courses_of``."""
        return courses_led(self.member, self.pack)

    @cached_property
    def reviews(self) -> pd.DataFrame:
        """Those rows of ``courses`` whose review is overdue or due within two school weeks, the earliest first."""
        due = self.courses[self.courses["is_review_overdue"] | self.courses["is_review_due"]]
        named = due.merge(everyone_named(self.pack), on="pupil_id", how="left", validate="m:1")
        standing = np.where(named["is_review_overdue"], OVERDUE_REVIEW, REVIEW_DUE)
        told = named.assign(reviewed=named["what"], standing=standing)
        return told.sort_values(["review_date", "pupil_id", "what"], ignore_index=True)

    @cached_property
    def led(self) -> frozenset[str]:
        """The pupils on roll who are over a line and whose case the member leads (identifiers)."""
        cases = pupils_known(self.pack)
        cases = cases[cases["is_over"]]
        meant = is_meant(self.member, case_leads(cases["pupil_id"], self.pack), cases["pupil_id"], self.pack)
        return frozenset(cases["pupil_id"][meant])

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """The homes of ``led`` that nobody has reached for many school days: rows of ``caseloads.contacts_owed``, named."""
        owed = contacts_owed(pd.Series(sorted(self.led), dtype=object), self.pack)
        return owed.merge(everyone_named(self.pack), on="pupil_id", how="left", validate="1:1")

    @cached_property
    def own(self) -> frozenset[str]:
        """The pupils of whom something is the member's own to do: an open action, running support, a case."""
        running = self.courses[self.courses["is_running"]]["pupil_id"]
        return frozenset(self.actions["pupil_id"].dropna().astype(str)) | frozenset(running) | self.led

    @cached_property
    def seen(self) -> Seen:
        """The pupils about whom the member may be told each kind of fact."""
        return seen_by(self.member, self.own, self.pack)

    @cached_property
    def answers_for(self) -> frozenset[str]:
        """The pupils for whom the roles answer, and those of ``own``."""
        return self.own.union(*(pupils_of(role, self.pack) for role in self.member.roles))

    @cached_property
    def pupils(self) -> pd.DataFrame:
        """The pupils of ``answers_for`` who give concern: rows of ``pupils_known``, in an order that says no more than it may."""
        known = pupils_known(self.pack)
        kept = known[known["pupil_id"].isin(self.answers_for) & known["is_concern"]]
        may_count = kept["pupil_id"].isin(self.seen[Fact.COUNTS])
        told = kept.assign(
            bare_first=kept["is_bare"] & kept["pupil_id"].isin(self.seen[Fact.PLAN]),
            missed=kept["absence_sessions"].where(may_count, 0),
        )
        by = ["band_place", "bare_first", "missed", "pupil_name", "pupil_id"]
        return told.sort_values(by, ascending=[False, False, False, True, True], ignore_index=True)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """Those rows of ``pupils`` who are over a line and of whose plans the member may know: of others no count tells any."""
        return self.pupils[
            self.pupils["is_over"] & self.pupils["pupil_id"].isin(self.seen[Fact.PLAN] | self.led)
        ]

    @property
    def counts_n(self) -> bool:
        """Whether a role of the member's is to clear N marks."""
        return any(reader.counts_n for reader in self.member.readers)

    @property
    def has_work(self) -> bool:
        """Whether there is anything to tell."""
        return bool(len(self.actions) or len(self.courses) or self.answers_for)


@derived
def everyone_named(pack: Pack) -> pd.DataFrame:
    """Return name and form of everybody on the roll file, one row per ``pupil_id``."""
    pupils = pack.school.pupils.drop_duplicates("pupil_id", keep="last")
    ids = pupils["pupil_id"].astype(str)
    return pd.DataFrame({"pupil_id": ids, "pupil_name": pupil_names(pupils), "form": pupils["form"]}).astype(
        object
    )
