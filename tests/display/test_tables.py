"""The tables of a workbook that are made of a paper's figures, sentences and meanings."""

import pytest

from attendance_lib.display.model import Table
from attendance_lib.display.workbook.book import write_workbook
from tests.display.workbook_payloads import GROUP_COLUMNS, GROUPS, PROPERTIES, row_under
from tests.workbook_tabs import tab


def test_the_summary_types_each_figure_by_its_own_kind(working):
    cells = [row_under(tab(working, "summary"), "Figure", below)["Value"] for below in (1, 2)]
    assert [(cell.value, cell.number_format) for cell in cells] == [(0.923, "0.0%"), (412, "#,##0")]
    assert row_under(tab(working, "summary"), "Figure")["Last year"].value == 0.93


def test_the_notes_hold_the_sentences_and_the_meanings(working):
    notes = [cell.value for cell in tab(working, "notes")["D"]]
    assert {"Attendance fell.", "=1+1", "Attended sessions of possible sessions."} <= set(notes)


def test_two_different_tables_of_one_name_are_a_fault():
    other = Table("groups", "Other", GROUPS.frame.iloc[:1], GROUP_COLUMNS).payload()
    with pytest.raises(ValueError, match="Two different tables are called 'groups'"):
        write_workbook([GROUPS.payload(), other], None, PROPERTIES)
