"""The casebook's file: what becomes of it when it is damaged, cut, copied, forked, written at once or not writable at all."""

import pytest

from attendance_lib.casebook.book import Casebook, Found, Known, Published
from attendance_lib.casebook.chain import empty_store
from attendance_lib.casebook.disk import open_store
from attendance_lib.errors import CasebookError
from tests.casebook.desk import P1, URN


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty: 0 bytes"),
        (b"PK\x03\x04 a workbook", "is damaged"),
        (b"SQLite format 3\x00" + bytes(4080), "is damaged"),
    ],
)
def test_what_is_no_casebook_is_refused_with_the_remedy(read_desk, content, told):
    read_desk.book.path.write_bytes(content)
    for act in (read_desk.run, read_desk.book.state, read_desk.book.files_read):
        with pytest.raises(
            CasebookError,
            match=rf"casebook-990001.sqlite {told}.*rename the file beside it that ends in .previous",
        ):
            act()
    assert read_desk.book.path.read_bytes() == content
    assert len(read_desk.book.check()) == 1


def test_one_of_a_newer_version_is_refused(read_desk):
    store = open_store(read_desk.book.path.read_bytes(), "", (URN,))
    store.connection.execute("PRAGMA user_version = 2")
    read_desk.book.path.write_bytes(store.to_bytes())
    with pytest.raises(
        CasebookError, match=r"newer version \(format 2; this version reads up to 1\). Update"
    ):
        read_desk.run()


def test_another_schools_is_refused_and_one_of_an_earlier_number_is_not(read_desk):
    with pytest.raises(CasebookError, match="of the school with URN 990001, not of 990002. Move it"):
        Casebook(read_desk.book.path, "990002").state()
    assert Casebook(read_desk.book.path, "990002", (URN,)).state() == read_desk.book.state()


def test_one_that_is_gone_or_older_than_a_receipt_says_is_refused(read_desk):
    taken, older = read_desk.last, read_desk.book.file.previous.read_bytes()
    known = [Known(taken.revision, taken.head, "p1/receipt.json")]
    assert read_desk.book.check(known) == []
    read_desk.book.path.write_bytes(older)
    told = f"p1/receipt.json was written from revision {taken.revision} of the casebook, and .* its last revision is 2"
    with pytest.raises(CasebookError, match=told):
        read_desk.book.take_in(Found(), "now", known)
    read_desk.book.path.unlink()
    with pytest.raises(CasebookError, match="is not there. An older copy may have been put back"):
        read_desk.book.take_in(Found(), "now", known)
    assert not read_desk.book.path.exists()
    assert len(read_desk.book.check(known)) == 1


def test_one_that_is_lost_is_begun_anew_only_when_asked(read_desk):
    known = [Known(read_desk.last.revision, read_desk.last.head, "p1/receipt.json")]
    whole = read_desk.book.path.read_bytes()
    assert read_desk.book.accept_loss(known, "now").notices == ()
    assert read_desk.book.path.read_bytes() == whole
    read_desk.book.path.unlink()
    (told,) = read_desk.book.accept_loss(known, "now").notices
    assert "revisions that packs name are lost" in told.what
    assert read_desk.book.check(known) == []
    read_desk.run()
    assert read_desk.book.take_in(Found(), "now", known).revision == read_desk.last.revision
    assert told.what in [each.what for each in read_desk.book.state().notices]
    with pytest.raises(CasebookError, match="does not know it"):
        read_desk.book.take_in(Found(), "now", [Known(9, "another head", "p2/receipt.json")])


def test_a_revision_that_it_does_not_have_is_refused(read_desk):
    with pytest.raises(CasebookError, match="has 3 revisions and no revision 4"):
        read_desk.book.state(4)


def test_every_old_revision_stands_as_it_was(read_desk):
    states = {}
    for note in ("one", "two", "three"):
        read_desk.fill(P1, "A0021", note=note)
        read_desk.make(f"{note}.xlsx")
        states[read_desk.book.state().revision] = read_desk.book.state()
    assert {revision: read_desk.book.state(revision) for revision in states} == states


# Written at once, killed, full


# What was published


def test_what_was_published_is_kept_with_its_versions(read_desk):
    first = Published("governors", "2026-09-01", "2026-10-23", "", '{"counts": [1, "c"]}')
    other = Published("governors", "2026-09-01", "2026-12-18", "", '{"counts": [2]}')
    assert read_desk.book.publish(first, "1").version == 1
    revision = read_desk.book.state().revision
    read_desk.book.publish(other, "2")
    assert read_desk.book.publish(first, "3").version == 1
    again = Published("governors", "2026-09-01", "2026-10-23", "", '{"counts": [1, 9]}')
    assert read_desk.book.publish(again, "4").version == 2
    assert [(each.date_to, each.version, each.record) for each in read_desk.book.published()] == [
        ("2026-10-23", 1, '{"counts": [1, "c"]}'),
        ("2026-12-18", 1, '{"counts": [2]}'),
        ("2026-10-23", 2, '{"counts": [1, 9]}'),
    ]
    assert [each.version for each in read_desk.book.published(revision)] == [1]


def test_an_empty_casebook_is_whole():
    assert open_store(empty_store(URN).to_bytes(), "", (URN,)).entries == []
