"""What a run says of the casebook: which pack a print is of, what a new pack is written from, and what its receipt says."""

from dataclasses import dataclass
from types import SimpleNamespace

import nbformat
import pytest

from attendance_lib.reports.desk import WrittenFrom, facts_of, facts_of_document, print_in, prints_in
from attendance_lib.reports.files import sha256
from attendance_lib.reports.printed import Facts

FACTS = Facts("990001", "caseloads", "2026-11-09", "2026-11-20", "whole_school", "")
STATE = SimpleNamespace(revision=7, head="ab12", entries=40, basis=5)


@dataclass
class Reading:
    """What the casebook says of one file that it took in."""

    path: str


TAKEN = SimpleNamespace(
    readings=[Reading("a.xlsx")], notices=[SimpleNamespace(line="a.xlsx: this column is none of the pack's")]
)
READ = WrittenFrom("outputs/larkmoor-990001/casebook-990001.sqlite@7", STATE, TAKEN)


def printed(number):
    return SimpleNamespace(pack_id=number)


def test_a_receipt_says_which_pack_it_is_of():
    receipt = SimpleNamespace(
        school={"urn": "990001", "name": "Larkmoor"}, report="caseloads", date_from="2026-11-09", date_to="2026-11-20",
        cohort="whole_school", parameters={"date_from": "2026-11-09", "cohort": "all"},
    )  # fmt: skip
    assert facts_of(receipt) == FACTS


def test_a_document_is_told_from_its_pack_by_its_folder_after_the_pack_s_own_values():
    assert facts_of_document(FACTS, "tom-one").values == "tom-one"
    assert facts_of_document(FACTS._replace(values="draw=one"), "tom-one").values == "draw=one tom-one"
    assert facts_of_document(FACTS, "tom-one")._replace(values="") == FACTS


def test_a_pack_is_given_the_casebook_s_path_and_tells_its_name_alone():
    assert READ.parameters == {"casebook": "outputs/larkmoor-990001/casebook-990001.sqlite@7"}
    assert READ.shown == {"casebook": "casebook-990001.sqlite@7"}
    assert READ.basis == 5


def test_a_pack_without_a_casebook_is_given_none_and_prints_from_nothing():
    nothing = WrittenFrom()
    assert (nothing.parameters, nothing.shown, nothing.basis) == ({}, {}, 0)
    assert nothing.receipt("a.xlsx", {}) == {}


def test_the_receipt_of_what_was_read_names_revision_head_readings_and_the_pack():
    assert READ.receipt("a.xlsx", {"a.xlsx": printed("P1")}) == {
        "file": "outputs/larkmoor-990001/casebook-990001.sqlite",
        "revision": 7,
        "head": "ab12",
        "entries": 40,
        "basis": 5,
        "pack_id": "P1",
        "readings": [{"path": "a.xlsx"}],
        "told": ["a.xlsx: this column is none of the pack's"],
    }


@pytest.mark.parametrize("written", [WrittenFrom(), READ])
def test_documents_stand_in_the_receipt_beside_the_pack_s_own_workbook(written):
    prints = {
        "own.xlsx": printed("P1"),
        "tom-one/sheet.xlsx": printed("P2"),
        "tia-two/sheet.xlsx": printed("P3"),
    }
    told = written.receipt("own.xlsx", prints)
    assert told["pack_id"] == "P1"
    assert told["documents"] == {"tom-one/sheet.xlsx": "P2", "tia-two/sheet.xlsx": "P3"}


@pytest.fixture
def pack(tmp_path):
    """A pack of two workbooks whose notebooks are there as they were made, and one whose notebook was changed since."""
    for name in ("own", "tom-one/sheet", "tia-two/sheet"):
        path = tmp_path / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', encoding="utf-8")
    return tmp_path


def receipt_of(pack, prints):
    notebooks = {path.relative_to(pack).as_posix(): sha256(path) for path in pack.rglob("*.ipynb")}
    return SimpleNamespace(
        school={"urn": "990001"}, report="caseloads", date_from="2026-11-09", date_to="2026-11-20", cohort="whole_school",
        parameters={}, casebook={"basis": 3}, prints=dict.fromkeys(prints, "P"), workbook="own.xlsx",
        outputs=notebooks | dict.fromkeys(prints, "sha"),
    )  # fmt: skip


def test_prints_are_read_from_the_notebooks_that_are_as_they_were_made(pack, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "attendance_lib.reports.desk.print_in",
        lambda notebook, facts, basis: asked.append((facts.values, basis)) or "print",
    )
    receipt = receipt_of(pack, ["own.xlsx", "tom-one/sheet.xlsx", "tia-two/sheet.xlsx"])
    (pack / "tia-two/sheet.ipynb").write_text("changed", encoding="utf-8")
    assert prints_in(pack, receipt) == {"own.xlsx": "print", "tom-one/sheet.xlsx": "print"}
    assert asked == [("", 3), ("tom-one", 3)]


def test_a_notebook_without_a_sheet_to_fill_in_prints_nothing(pack):
    notebook = nbformat.read(pack / "own.ipynb", as_version=4)
    notebook.metadata["papermill"] = {"parameters": {"date_to": "2026-11-20"}}
    assert print_in(notebook, FACTS, 3) is None
