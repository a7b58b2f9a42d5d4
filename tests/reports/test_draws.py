"""A draw in a run: the list is written down first, what was written stands, and verification draws again."""

import json
from datetime import date

import nbformat
import pytest

from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.reports import run
from attendance_lib.reports.desk import Desk
from attendance_lib.reports.draws import lists_of
from attendance_lib.reports.receipt import read_receipt
from attendance_lib.reports.run import Run, rerun_differences, run_report
from attendance_lib.reports.shelves import Shelves
from attendance_lib.reports.verify import verify_pack
from tests.casebook_school import execute_here
from tests.reports.conftest import tiny_notebook

INCENTIVES = """
incentives:
  public_value: "the lottery"
  raffle:
    - {from: 2026-09-01, prizes: 1, reserves: 1, most_tickets: 10}
"""
PARAMETERS = """
school_file: str = "params/demo.yml"  # the school file
date_from: str = "2026-11-16"  # first day
date_to: str = "2026-11-20"  # last day
cohort: str = "all"  # a cohort's name
cohorts_file: str = "params/cohorts.yml"  # named cohorts
draw: str = "raffle"  # which
public_value: str = ""  # as it was made public
list_file: str = ""  # the list written first
list_hash: str = ""  # its hash
""".strip()
# What the paper's own notebook does with a register, done with a file of tickets.
SHOW = """
from datetime import date
from pathlib import Path

from attendance_lib.display import DrawNote
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.papers.incentives.opening import as_first_written
from attendance_lib.rules.draw import TicketList, record_of

incentives = load_settings(Path(school_file)).incentives
rule = incentives.words_on(draw, date.fromisoformat(date_from))
holders = tuple(Path("tickets.txt").read_text().split())
made = TicketList(f"{draw} {date_from} {date_to}", rule, 1, 1, holders)
tickets = as_first_written(made, list_file, list_hash)
known = record_of(tickets, public_value, ())
more = {"kind": draw, "first": date_from, "next_first": "2026-11-23", "next_rule": incentives.words_on(draw, date(2026, 11, 23))}
poster = {"title": "Winners", "school": "S", "period": "P", "date": date_to, "lines": ["Ada, 7A"] if public_value else []}
DrawNote("how", ("A.",), record={"list": tickets.text, "draw": known | more, "poster": poster})
""".strip()
WEEK = {"date_from": date(2026, 11, 16), "date_to": date(2026, 11, 20)}


@pytest.fixture
def raffle(project, request_for, monkeypatch):
    """Run the raffle of the tiny project with values of its parameters; the lines said are in ``raffle.said``.

    Its notebook is executed in this process.
    """
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(run, "execute", execute_here)
    school = project.params / "demo.yml"
    school.write_text(school.read_text(encoding="utf-8") + INCENTIVES, encoding="utf-8")
    notebook = tiny_notebook(PARAMETERS)
    notebook.cells = [*notebook.cells[:2], nbformat.v4.new_code_cell(SHOW, id="show")]
    nbformat.write(notebook, project.root / "notebooks" / "incentives.ipynb")
    (project.root / "tickets.txt").write_text("p1 p1 p2 p3", encoding="utf-8")

    def make(replace=False, **values):
        make.said = []
        request = request_for(report="incentives", values=values, replace=replace, **WEEK)
        return run_report(request, Run(say=make.said.append))

    return make


def change(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_the_list_is_written_first_and_then_drawn_from_though_tickets_are_amended(project, raffle):
    first = raffle()
    told = json.loads((first / "draw.json").read_text(encoding="utf-8"))
    assert (told["public_value"], told["tickets"]) == ("", 4)
    assert not (first / "poster.html").exists()
    (project.root / "tickets.txt").write_text("p9 p9 p9", encoding="utf-8")
    second = raffle(public_value="4 8 15")
    assert (second / "list.txt").read_bytes() == (first / "list.txt").read_bytes()
    assert "p9" not in (second / "draw.json").read_text(encoding="utf-8")
    assert {"poster.html", "poster.pdf"} <= set(read_receipt(second).outputs)
    # The list made again is the one that was written.
    assert (raffle(replace=True) / "list.txt").read_bytes() == (second / "list.txt").read_bytes()


def test_a_draw_without_a_list_written_first_is_refused(project, raffle):
    with pytest.raises(RequestError, match="No list of the draw 'raffle 2026-11-16 2026-11-20' was written"):
        raffle(public_value="4 8 15")
    assert not list((project.outputs).rglob("receipt.json"))


def test_a_rule_changed_after_the_list_is_refused_with_both(project, raffle):
    raffle()
    change(project.params / "demo.yml", "prizes: 1", "prizes: 2")
    with pytest.raises(
        SettingsError, match=r"was changed after .* It was: .* 1 prize and .* It is: .* 2 prizes and"
    ):
        raffle(public_value="4 8 15")


def test_a_public_value_named_otherwise_after_the_list_is_refused(project, raffle):
    raffle()
    change(project.params / "demo.yml", '"the lottery"', '"a dice of mine"')
    with pytest.raises(SettingsError, match="was changed after it was written down"):
        raffle(public_value="4 8 15")


def test_a_rule_that_begins_with_the_next_period_is_refused_once_that_was_announced(project, raffle):
    raffle()
    later = "    - {from: 2026-11-%s, prizes: 5, reserves: 1, most_tickets: 10}\n"
    school = project.params / "demo.yml"
    text = school.read_text(encoding="utf-8")
    school.write_text(text + later % "23", encoding="utf-8")
    with pytest.raises(SettingsError, match="that begins on 2026-11-23 was changed"):
        raffle(replace=True)
    school.write_text(text + later % "30", encoding="utf-8")
    assert raffle(replace=True)


def test_a_list_changed_in_its_pack_is_refused(raffle):
    first = raffle()
    change(first / "list.txt", "4 p3", "4 p1")
    with pytest.raises(Exception, match="is not the list of the draw") as said:
        raffle(public_value="4 8 15")
    assert type(said.value).__name__ == "InputError"


def test_a_list_that_is_gone_must_come_out_the_same(project, raffle):
    first = raffle()
    (first / "list.txt").unlink()
    assert raffle(public_value="4 8 15")
    (project.root / "tickets.txt").write_text("p1 p1 p2", encoding="utf-8")
    with pytest.raises(Exception, match="the list as the registers have it now is not the list"):
        raffle(public_value="4 8 16")


def test_another_value_is_told_with_the_one_before_and_all_are_kept(project, raffle):
    raffle()
    raffle(public_value="4 8 15")
    assert raffle.said == []
    raffle(public_value="16 23 42")
    assert any("was held before with 4 8 15" in line for line in raffle.said)
    settings = load_settings(project.params / "demo.yml")
    desk = Desk(Shelves(settings, project.outputs), print, "2026-11-30")
    assert [each["public_value"] for each in lists_of(desk, "incentives")] == ["", "4 8 15", "16 23 42"]
    assert "p1" not in json.dumps(lists_of(desk, "incentives"))


def test_verification_draws_again_and_fails_where_one_byte_of_the_list_differs(project, raffle):
    raffle()
    pack = raffle(public_value="4 8 15")
    found = verify_pack(pack, project)
    assert found.faults == ()
    assert any("drawn with 4 8 15: compare the list's hash" in note for note in found.notes)
    assert rerun_differences(pack, project, Run()) == []
    change(pack / "list.txt", "4 p3", "4 p2")
    faults = verify_pack(pack, project).faults
    assert any(fault.startswith("draw: the list's hash does not follow") for fault in faults)
    change(pack / "list.txt", "4 p2\n", "4 p3\n\n")
    assert any(
        fault.startswith("draw: the list is not as it was written")
        for fault in verify_pack(pack, project).faults
    )


def test_a_winner_put_into_record_and_receipt_is_found_all_the_same(project, raffle):
    from attendance_lib.reports.files import sha256

    raffle()
    pack = raffle(public_value="4 8 15")
    record = json.loads((pack / "draw.json").read_text(encoding="utf-8"))
    before = read_receipt(pack).outputs["draw.json"]
    record["winners"][0]["pupil_id"] = "p9"
    (pack / "draw.json").write_text(json.dumps(record), encoding="utf-8")
    change(pack / "receipt.json", before, sha256(pack / "draw.json"))
    assert [fault.partition(":")[2][:12] for fault in verify_pack(pack, project).faults] == [" who has won"]


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{}"])
def test_a_damaged_record_is_a_fault_and_no_traceback(project, raffle, content):
    pack = raffle()
    (pack / "draw.json").write_bytes(content)
    assert any("draw" in fault for fault in verify_pack(pack, project).faults)
