"""The tables beside every paper: CSVs by what their data package says of them, sheets by what their tabs say."""

import csv
import html
import json
import re
from contextlib import closing

import pytest
from openpyxl import load_workbook

from attendance_lib.display.shown import TABS
from attendance_lib.reports.papers import MadeBy, papers_made_by
from tests.workbook_tabs import tabs_of


def rows_of(folder, resource):
    """The rows of a CSV, each a text by column."""
    with (folder / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("paper", papers_made_by(MadeBy.RUN), indirect=True)
def test_the_key_of_every_table_tells_its_rows_apart_and_is_never_empty(paper):
    packages = sorted(paper.parent.rglob("datapackage.json"))
    assert packages
    for package in packages:
        for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]:
            schema, rows = resource["schema"], rows_of(package.parent, resource)
            keys = [tuple(row[name] for name in schema.get("primaryKey", ())) for row in rows]
            assert len(set(keys)) == len(keys), resource["name"]
            assert not [key for key in keys if set(key) & set(schema["missingValues"])], resource["name"]


@pytest.mark.parametrize("paper", papers_made_by(MadeBy.RUN), indirect=True)
def test_the_tab_of_every_sheet_to_work_in_is_a_name_and_no_broken_off_sentence(paper):
    titles = {
        resource["name"].replace("-", "_"): resource["title"].rstrip(".?")
        for package in paper.parent.rglob("datapackage.json")
        for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]
    }
    for path in paper.parent.rglob("*.xlsx"):
        with closing(load_workbook(path, read_only=True)) as book:
            # A published workbook is read by machines too: its sheets have the names of its files.
            tabs = tabs_of(book) if "columns" in book.sheetnames else {}
        # The key figures' sheet and that of the notes are no table of the paper, and are called by what they hold.
        for name, tab in tabs.items() - {("summary", "Key figures"), ("notes", "Notes and definitions")}:
            title = titles[name]
            whole = {
                TABS.get(name),
                name.replace("_", " ").capitalize(),
                title,
                re.split(r"[:,?] ", title)[0],
            }
            assert tab in whole, f"{path.name}: {tab}"


@pytest.mark.parametrize("paper", papers_made_by(MadeBy.RUN), indirect=True)
def test_a_sheet_that_the_page_sends_its_reader_to_is_in_the_workbook(paper):
    tabs = set()
    for path in paper.parent.rglob("*.xlsx"):
        with closing(load_workbook(path, read_only=True)) as book:
            tabs.update(book.sheetnames)
    page = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", paper.read_text(encoding="utf-8"))).split())
    for said in re.findall(r"workbook(?:'s|,) sheet ([^.]+)", page):
        assert any(said.startswith(tab) for tab in tabs), said
