"""The governors' reports of a life, as their readers hold them all, with what was behind each: for the one who attacks them."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from attendance_lib.disclosure.read_back import Record, checked
from attendance_lib.disclosure.tables import PublicTable
from attendance_lib.papers.governors import opening
from attendance_lib.papers.governors.published import Published
from attendance_lib.papers.governors.workings import Workings
from attendance_lib.reports.published import RECORD, TABLES
from attendance_lib.reports.receipt import read_receipt
from tests.intruder.trial import Made, Outcome, attack_series, made_of

# The short paper's cells: the tables are made safe as the whole paper's are, and few of them shown.
CELLS = (
    """
from attendance_lib.papers.governors import front_page, headline
from attendance_lib.papers.governors.opening import open_governors

report = open_governors(
    school_file, date_from, date_to, cohort, cohorts_file=cohorts_file, previous_pack=previous_pack
)
front_page.masthead(report)
""".strip(),
    "headline.headline(report)",
    "headline.disclosure(report)",
)
BASE = "all"


@dataclass
class Readers:
    """All reports that were published, in order; pupils join and leave, so the reader is told what is behind each rate."""

    made: list[Made] = field(default_factory=list)
    sessions: dict[date, int] = field(default_factory=dict)
    year_groups: list[tuple[date, dict[int, int]]] = field(default_factory=list)

    def take_in(self, patch: pytest.MonkeyPatch) -> None:
        """Take in each report that is made safe in this process from now on."""
        publish = opening.publish_tables

        def taken_in(own: list[PublicTable], workings: Workings) -> Published:
            report = publish(own, workings)
            self.made.append(made_of(report, own, workings, BASE, is_told=True))
            self._note(workings)
            return report

        patch.setattr(opening, "publish_tables", taken_in)

    def _note(self, workings: Workings) -> None:
        register = workings.pack.register
        self.sessions |= {
            day.date(): int(count) for day, count in register.sessions.groupby("date").size().items()
        }
        enrolled = workings.pack.enrolled.year_to_date
        years = enrolled.pupils[(enrolled.codes > 2).any(axis=1)]["year_group"].value_counts()
        self.year_groups.append((workings.pack.date_to, {int(year): int(n) for year, n in years.items()}))

    def read_again(self, pack: Path, school: Path) -> None:
        """Take in a report that another process made: made once more here, it must publish the same."""
        receipt = read_receipt(pack)
        earlier = receipt.text_parameter("previous_pack")
        opening.open_governors(str(school), receipt.date_from, receipt.date_to, previous_pack=earlier)
        told = checked(json.loads((pack / TABLES / RECORD).read_text(encoding="utf-8")))
        assert counts_of(told) == counts_of(self.made[-1].record), pack.name

    def attacked(self, size: int) -> Outcome:
        """What comes of it when one reader has all reports."""
        return attack_series(self.made, size, self.sessions)


def counts_of(record: Record) -> list[str]:
    """The counts of a record in an order of their own."""
    return sorted(str(count) for count in record.counts)
