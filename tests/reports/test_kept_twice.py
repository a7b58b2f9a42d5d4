"""What was published is kept beside the school file and in the casebook: what the one misses comes back from the other."""

import pytest

from attendance_lib.casebook.book import Casebook, Published
from attendance_lib.errors import DisclosureError
from attendance_lib.reports.gate import KeptTwice
from attendance_lib.reports.published import history_of

REPORT, URN = "governors", "990004"


class Place:
    """A school file and a folder of packs, in which papers are published."""

    def __init__(self, folder, packs="packs", *, may_begin=True):
        self.folder, self.lines = folder, []
        (folder / packs).mkdir(exist_ok=True)
        self.book = Casebook(folder / packs / f"casebook-{URN}.sqlite", URN)
        self.history = history_of(folder / "school.yml", URN, REPORT)
        self.kept = KeptTwice(self.history, self.book, REPORT, self.lines.append, may_begin=may_begin)

    def publish(self, *texts):
        for text in texts:
            self.kept.put_back()
            record = self.folder / "disclosure.json"
            record.write_text(text)
            self.kept.keep(record, Published(REPORT, "2026-09-03", "2026-10-23", "all", ""), "now")

    @property
    def texts(self):
        return [path.read_text() for path in self.history.records()]

    @property
    def in_casebook(self):
        return [each.record for each in self.book.published()]


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    place.publish("first", "second", "first again")
    assert place.texts == place.in_casebook == ["first", "second", "first again"]
    assert place.lines == []
    return place


def test_the_casebook_keeps_number_and_hash_of_every_version(place):
    told = place.book.published()
    assert [each.name for each in told] == [path.name for path in place.history.records()]
    assert [each.version for each in told] == [1, 2, 3]


@pytest.mark.parametrize("lost", [(0,), (1,), (2,), (0, 1, 2)])
def test_what_is_gone_from_the_folder_comes_back_from_the_casebook(place, lost):
    before = [path.name for path in place.history.records()]
    for number in lost:
        (place.history.folder / before[number]).unlink()
    place.kept.put_back()
    assert [path.name for path in place.history.records()] == before
    (line,) = place.lines
    assert line.startswith(f"{len(lost)} record{'s' if len(lost) > 1 else ''} of published papers put back")


def test_packs_that_go_to_another_folder_take_with_them_what_was_published(place):
    other = Place(place.folder, "elsewhere")
    other.publish("third")
    assert other.in_casebook == ["first", "second", "first again", "third"]
    assert other.lines == ["3 records of earlier published papers added to the casebook."]
    for path in other.history.files():
        path.unlink()
    place.kept.put_back()
    assert place.texts == ["first", "second", "first again"]


def test_two_casebooks_and_no_folder_make_the_union(place):
    other = Place(place.folder, "elsewhere")
    other.publish("third")
    for path in other.history.files():
        path.unlink()
    for each in (place, other):
        each.kept.put_back()
    assert place.texts == ["first", "second", "first again", "third"]


def test_a_file_that_is_not_what_the_casebook_says_stops_and_can_be_moved_away(place):
    lost = place.history.records()[2]
    lost.unlink()
    stranger = place.folder / "stranger.json"
    stranger.write_text("of another school")
    place.history.add(stranger)
    with pytest.raises(DisclosureError, match=r"0003_.*json is not what .* move it away"):
        place.kept.put_back()
    place.history.files()[2].unlink()
    place.kept.put_back()
    assert place.texts == ["first", "second", "first again"]


def test_a_file_that_was_changed_stops_and_can_be_moved_away(place):
    changed = place.history.records()[1]
    changed.write_text("changed")
    with pytest.raises(DisclosureError, match="0002_.*json is not what"):
        place.kept.put_back()
    changed.unlink()
    place.kept.put_back()
    assert place.texts == ["first", "second", "first again"]


def test_what_two_machines_published_at_once_is_all_kept(place):
    # The other machine wrote its third into its copy of the casebook; this one has its own third already.
    place.book.publish(Published(REPORT, "", "", "", "of the other", "0003_0000000000000000.json"), "now")
    for _ in range(2):
        place.kept.put_back()
    assert place.texts == ["first", "second", "first again", "of the other"]


def test_what_a_copy_of_the_casebook_holds_counts_too(place, tmp_path):
    copy = Casebook(place.book.path.with_name(f"casebook-{URN}-PC7.sqlite"), URN)
    copy.publish(Published(REPORT, "", "", "", "of the other", "0003_0000000000000000.json"), "now")
    (place.book.path.parent / f"casebook-{URN}-PC8.sqlite").write_bytes(b"nothing")
    place.kept.put_back()
    assert place.texts[3:] == ["of the other"]


def test_a_casebook_that_packs_name_and_that_is_lost_is_not_begun_by_a_published_paper(place):
    place.book.path.unlink()
    bereft = Place(place.folder, may_begin=False)
    bereft.publish("third")
    assert bereft.texts == ["first", "second", "first again", "third"]
    assert not bereft.book.path.exists()
    assert "though packs name it" in bereft.lines[0]


def test_records_of_another_report_are_not_mixed_in(place):
    place.book.publish(Published("impact", "", "", "", "another", "0004_0000000000000000.json"), "now")
    place.kept.put_back()
    assert place.texts == ["first", "second", "first again"]
