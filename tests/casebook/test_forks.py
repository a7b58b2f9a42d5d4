"""Two machines that each wrote on, pupils whose entries are erased, packs from before the casebook, and the export."""

import json
import random
import shutil
from copy import deepcopy
from dataclasses import replace
from datetime import date

import pytest

from attendance_lib.casebook.book import Casebook, Found, Known, OldPack, Published
from attendance_lib.casebook.sheets import LogSheet
from attendance_lib.errors import CasebookError
from tests.casebook.desk import LOGGED, P1, P2, URN, Desk, paper_of
from tests.casebook.trial import Trial


def elsewhere(desk_of_two, tmp_path) -> Desk:
    """The same school on another machine, so far with the same casebook and files."""
    folder = tmp_path / "PC7"
    folder.mkdir()
    shutil.copy(desk_of_two.book.path, folder)
    other = Desk(
        folder,
        json.loads(json.dumps(desk_of_two.log)),
        dict(desk_of_two.files),
        desk_of_two.clock,
        desk_of_two.packs,
    )
    other.copy(P1, P1)
    return other


def bring(desk_of_two, other, name=f"casebook-{URN}-PC7.sqlite"):
    shutil.copy(other.book.path, desk_of_two.folder / name)


def test_what_another_machine_took_in_is_taken_over_and_told(desk_of_two, tmp_path):
    other = elsewhere(desk_of_two, tmp_path)
    other.fill(P1, "A0021", note="from there")
    other.run()
    desk_of_two.fill(P1, "A0022", note="from here")
    desk_of_two.run()
    bring(desk_of_two, other)
    desk_of_two.run()
    assert [desk_of_two.shown(row, "note") for row in ("A0021", "A0022")] == ["from there", "from here"]
    said = "casebook-990001-PC7.sqlite: another machine wrote into this copy of the casebook; "
    assert said in desk_of_two.told()
    there = Known(other.last.revision, other.last.head, "there")
    assert desk_of_two.book.check([there, Known(2, desk_of_two.book.state(2).head, "")]) == []
    content = desk_of_two.book.path.read_bytes()
    desk_of_two.run()
    assert desk_of_two.book.path.read_bytes() == content


@pytest.mark.parametrize("name", ["casebook-990001 (1).sqlite", "casebook-990001 - conflicted copy.sqlite"])
def test_a_copy_of_what_is_here_adds_nothing(desk_of_two, tmp_path, name):
    other = elsewhere(desk_of_two, tmp_path)
    desk_of_two.fill(P1, "A0021", note="from here")
    desk_of_two.run()
    content = desk_of_two.book.path.read_bytes()
    bring(desk_of_two, other, name)
    desk_of_two.run()
    assert desk_of_two.book.path.read_bytes() == content


def test_a_copy_that_has_all_that_is_here_and_more_is_gone_on_from(desk_of_two, tmp_path):
    other = elsewhere(desk_of_two, tmp_path)
    other.fill(P1, "A0021", note="from there")
    other.run()
    bring(desk_of_two, other)
    desk_of_two.files = other.files
    desk_of_two.run()
    assert desk_of_two.book.state(other.last.revision) == other.book.state()
    assert desk_of_two.book.check([Known(other.last.revision, other.last.head, "")]) == []


def test_what_differs_between_two_machines_is_listed_until_a_later_pack(desk_of_two, tmp_path):
    other = elsewhere(desk_of_two, tmp_path)
    other.fill(P1, "A0021", note="first there")
    other.make(P2)
    other.fill(P2, "A0021", note="then there")
    other.run()
    desk_of_two.fill(P1, "A0021", note="here")
    desk_of_two.run()
    bring(desk_of_two, other)
    desk_of_two.files = {}
    desk_of_two.run()
    assert sorted(desk_of_two.said("A0021", "note")) == ["here", "then there"]
    desk_of_two.make("p3/fortnightly.xlsx")
    desk_of_two.fill("p3/fortnightly.xlsx", "A0021", note="settled")
    desk_of_two.run()
    assert desk_of_two.said("A0021", "note") == ["settled"]


def test_a_pack_made_on_the_other_machine_comes_back_here(desk_of_two, tmp_path):
    other = elsewhere(desk_of_two, tmp_path)
    other.make(P2)
    desk_of_two.fill(P1, "A0022", owner="MP")
    desk_of_two.run()
    bring(desk_of_two, other)
    other.fill(P2, "A0021", note="on the other's pack")
    desk_of_two.files[P2] = other.files[P2]
    desk_of_two.run()
    assert desk_of_two.said("A0021", "note") == ["on the other's pack"]


def test_the_same_words_read_on_both_machines_are_one_statement(desk_of_two, tmp_path):
    desk_of_two.fill(P1, "A0021", note="same")
    desk_of_two.add(P1, pupil_id="002105", action="Visit", owner="KS")
    other = elsewhere(desk_of_two, tmp_path)
    other.add(P1, pupil_id="002106", action="Ring the nurse")
    other.files[P1].rows.sort(key=lambda row: row.cells["What"] or "~", reverse=False)
    for each in (other, desk_of_two):
        each.run()
    bring(desk_of_two, other)
    desk_of_two.run()
    assert desk_of_two.said("A0021", "note") == ["same"]
    added = sorted(desk_of_two.shown(key, "action") for key in desk_of_two.rows() if "/" in key)
    assert added == ["Ring the nurse", "Visit"]


def test_two_actions_that_got_one_number_on_two_machines_are_two(desk_of_two, tmp_path):
    other = elsewhere(desk_of_two, tmp_path)
    desk_of_two.add(P1, pupil_id="002105", action="Visit")
    other.add(P1, pupil_id="002106", action="Ring the nurse", note="soon")
    for each in (other, desk_of_two):
        each.run()
    bring(desk_of_two, other)
    desk_of_two.files = {}
    desk_of_two.run()
    added = {
        key: (desk_of_two.shown(key, "action"), desk_of_two.shown(key, "note"))
        for key in desk_of_two.rows()
        if "/" in key
    }
    assert added == {"2026-09-18/1": ("Visit", ""), "2026-09-18/2": ("Ring the nurse", "soon")}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_two_machines_did_nothing_that_stood_on_either_is_gone(tmp_path, seed):
    here = Trial(tmp_path / "here", random.Random(seed).randrange)
    play(here, 12)
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    there = deepcopy(here)
    there.desk.folder, there.words = tmp_path / "there", here.words + 10_000
    shared = here.desk.book.state().revision
    for number, each in enumerate((here, there), 1):
        each.dice = random.Random(seed + 100 * number).randrange
        play(each, 25)
    stood = [said_since(each.desk.book, shared) for each in (here, there)]
    bring(here.desk, there.desk)
    here.desk.run()
    stands = said_since(here.desk.book, 0)
    assert stood[0] <= stands
    # A row that the other machine numbered may have another number here.
    assert {said for said in stood[1] if "/" not in said[0]} <= stands
    assert {said[1:] for said in stood[1]} <= {said[1:] for said in stands}
    assert here.desk.book.check() == []
    content = here.desk.book.path.read_bytes()
    here.desk.run()
    assert here.desk.book.path.read_bytes() == content


def play(trial, operations):
    for _ in range(operations):
        trial.act()
    trial.run()


def said_since(book, revision) -> set[tuple[str, str, str]]:
    """What stands of what was said after a revision: row, column, words."""
    return {
        (key, name, saying.value)
        for key, row in book.state().rows["actions"].items()
        for name, cell in row.cells.items()
        for saying in cell.standing
        if saying.revision > revision
    }


def test_a_log_that_changes_in_the_very_run_that_takes_a_copy_over_answers_nothing_of_it(
    desk_of_two, tmp_path
):
    other = elsewhere(desk_of_two, tmp_path)
    other.fill(P1, "A0021", owner="MP")
    other.run()
    desk_of_two.fill(P1, "A0022", note="from here")
    desk_of_two.run()
    desk_of_two.log["A0021"]["owner"] = "TB"
    bring(desk_of_two, other)
    desk_of_two.run()
    assert sorted(desk_of_two.said("A0021", "owner")) == ["MP", "TB"]


def test_the_log_that_another_machine_read_is_no_change_of_ours(desk_of_two, tmp_path):
    other = elsewhere(desk_of_two, tmp_path)
    other.log["A0021"]["owner"] = "from an older log"
    other.run()
    desk_of_two.fill(P1, "A0021", owner="MP")
    desk_of_two.run()
    bring(desk_of_two, other)
    desk_of_two.run()
    assert sorted(desk_of_two.said("A0021", "owner")) == ["MP", "from an older log"]
    assert desk_of_two.book.state().rows["actions"]["A0021"].cells["owner"].logged == "KS"


def test_what_was_published_elsewhere_is_known(desk_of_two, tmp_path):
    other = elsewhere(desk_of_two, tmp_path)
    for number, each in enumerate((desk_of_two, other)):
        each.book.publish(Published("governors", "2026-09-01", "2026-10-23", "", str(number)), "now")
    bring(desk_of_two, other)
    desk_of_two.run()
    assert [(each.version, each.record) for each in desk_of_two.book.published()] == [
        (1, "0"),
        (2, "1"),
    ]


def test_a_copy_that_is_damaged_is_told_and_left(desk_of_two):
    (desk_of_two.folder / f"casebook-{URN}-PC7.sqlite").write_bytes(b"nothing")
    desk_of_two.run()
    assert "this copy of the casebook was not taken over" in desk_of_two.told()


def test_the_casebook_of_a_longer_number_is_no_copy(desk_of_two):
    (desk_of_two.folder / f"casebook-{URN}2.sqlite").write_bytes(b"nothing")
    desk_of_two.run()
    assert desk_of_two.last.notices == ()


# Erasing


# Packs from before the casebook


def old_pack(desk_of_two, day, path, **cells):
    """A pack as it was made before there was a casebook, printing these actions."""
    state = Desk(desk_of_two.folder / f"scratch{day:%j}", cells)
    state.folder.mkdir(exist_ok=True)
    state.run()
    pack = replace(state.printed(state.book.state(), day), basis=0)
    return pack, paper_of(pack), path


@pytest.fixture
def olds(tmp_path):
    """Two old packs: the second prints what was written in the first."""
    desk_of_two = Desk(
        tmp_path, {"A0021": {"pupil_id": "LZ2103", "action": "Ring home", "owner": "KS", "status": "open"}}
    )
    row = dict(desk_of_two.log["A0021"])
    first = old_pack(desk_of_two, date(2026, 9, 18), P1, A0021=row)
    second = old_pack(desk_of_two, date(2026, 10, 2), P2, A0021=row | {"note": "no reply"})
    desk_of_two.files = {P1: first[1], P2: second[1]}
    desk_of_two.fill(P1, "A0021", note="no reply")
    return desk_of_two, first, second


def begin(desk_of_two, *olds):
    packs = [
        OldPack(pack, path, paper_of(pack).returned(path).sha256, (desk_of_two.files[path].returned(path),))
        for pack, _, path in olds
    ]
    return desk_of_two.book.take_in(Found((), desk_of_two.logs(), packs=tuple(packs)), "now")


def test_old_packs_are_taken_in_and_the_log_that_they_explain_changes_nothing(olds):
    desk_of_two, *packs = olds
    desk_of_two.fill(P2, "A0021", owner="MP")
    begin(desk_of_two, *packs)
    assert (desk_of_two.said("A0021", "note"), desk_of_two.said("A0021", "owner")) == (["no reply"], ["MP"])
    cell = desk_of_two.book.state().rows["actions"]["A0021"].cells["owner"]
    assert (cell.logged, cell.is_to_enter) == ("KS", True)
    assert desk_of_two.book.check() == []


def test_a_log_that_no_old_pack_explains_is_newer(olds):
    desk_of_two, *packs = olds
    desk_of_two.fill(P2, "A0021", owner="MP")
    desk_of_two.log["A0021"]["owner"] = "TB"
    begin(desk_of_two, *packs)
    assert desk_of_two.said("A0021", "owner") == ["TB"]


def test_an_old_workbook_answers_no_later_print(olds):
    desk_of_two, *packs = olds
    desk_of_two.fill(P1, "A0021", owner="late")
    desk_of_two.fill(P2, "A0021", owner="MP")
    begin(desk_of_two, *packs)
    assert desk_of_two.said("A0021", "owner") == ["MP"]


def test_after_old_packs_the_next_run_writes_nothing(olds):
    desk_of_two, *packs = olds
    begin(desk_of_two, *packs)
    content = desk_of_two.book.path.read_bytes()
    desk_of_two.run()
    assert desk_of_two.book.path.read_bytes() == content


def test_a_casebook_begun_anew_knows_its_packs_by_their_tokens(desk_of_two):
    desk_of_two.fill(P1, "A0021", note="no reply")
    pack = desk_of_two.make(P2)
    desk_of_two.fill(P2, "A0021", note="rang back")
    desk_of_two.run()
    known = [Known(desk_of_two.last.revision, desk_of_two.last.head, "a receipt")]
    desk_of_two.book.path.unlink()
    old = OldPack(pack, P2, paper_of(pack).returned(P2).sha256, (desk_of_two.files[P2].returned(P2),))
    found = Found((), desk_of_two.logs(), packs=(old,))
    with pytest.raises(CasebookError, match="is not there"):
        desk_of_two.book.take_in(found, "now", known)
    desk_of_two.book.accept_loss(known, "now")
    taken = desk_of_two.book.take_in(found, "now", known)
    assert [(each.pack_id, each.known_by) for each in taken.readings] == [(pack.pack_id, "tokens")]
    assert desk_of_two.said("A0021", "note") == ["rang back"]


def test_what_one_run_began_another_does_not_begin_again(olds):
    desk_of_two, *packs = olds
    begin(desk_of_two, *packs)
    content = desk_of_two.book.path.read_bytes()
    begin(desk_of_two, *packs)
    assert desk_of_two.book.path.read_bytes() == content


# Export


def test_all_of_it_can_be_exported(desk_of_two):
    desk_of_two.fill(P1, "A0021", note="no reply")
    desk_of_two.copy(P1, "copy.xlsx")
    desk_of_two.fill("copy.xlsx", "A0021", note="rang back")
    desk_of_two.run()
    tables = {
        table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        for table in desk_of_two.book.export()
    }
    notes = [(row["place"], row["value"], row["path"]) for row in tables["values"] if row["column"] == "note"]
    assert notes == [(1, "rang back", "copy.xlsx"), (2, "no reply", P1)]
    assert (
        [row["entries"] for row in tables["revisions"]][-1]
        == len(tables["entries"])
        == desk_of_two.book.state().entries
    )
    assert [row["what"] for row in tables["revisions"]] == ["take-in", "pack", "take-in"]
    assert [row["path"] for row in tables["readings"]] == [P1, P1, "copy.xlsx"]
    assert len(tables["printed"]) == 2 + 4


def test_an_empty_casebook_is_exported_as_empty_tables(tmp_path):
    assert all(table.rows == () for table in Casebook(tmp_path / "x.sqlite", URN).export())


def test_a_log_of_another_sheet_is_kept_too(desk_of_two):
    log = LogSheet("contacts", LOGGED, {"C1": {"pupil_id": "LZ2103", "action": "phone"}}, "pupil_id")
    desk_of_two.book.take_in(Found(logs=(log,)), "now")
    assert desk_of_two.book.state().rows["contacts"]["C1"].value("action") == "phone"
