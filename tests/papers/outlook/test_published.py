"""The page that may be published: counted one by one, withheld where few pupils are behind it."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.outlook.outlook import outlook_of
from attendance_lib.display import HandedNote, Sentences
from attendance_lib.papers.outlook import published
from tests.papers.outlook.two_years import MARKS, ROLL, opened, sessions_of


def with_level(pack, level=5):
    pack.school.settings.rules.suppression_level = level
    return pack


@pytest.fixture(scope="module")
def pack():
    return with_level(opened())


def october_with(count, crossed):
    """An October in which so many were under the line with chances in their order, and the first of them crossed."""
    places = np.arange(20 * count)
    tried = SimpleNamespace(
        week=6, is_asked=places >= 0, is_under=places >= 0, came=places < crossed, had_hindsight=False,
        said={"ours": 1 - places / 1000},
    )  # fmt: skip
    return published.October(tried, pd.Timestamp("2025-10-24"), pd.Timestamp("2026-07-20"))


def published_of(count, crossed, monkeypatch, level=5):
    marks = SimpleNamespace(at=lambda _: SimpleNamespace(
        absent_so_far=np.arange(20 * count)[::-1], possible_so_far=np.full(20 * count, 100)))  # fmt: skip
    monkeypatch.setattr(
        "attendance_lib.papers.outlook.proof.outlook_of",
        lambda _: SimpleNamespace(school=SimpleNamespace(marks=marks)),
    )
    school = SimpleNamespace(settings=SimpleNamespace(rules=SimpleNamespace(suppression_level=level)))
    frame = published.safe(SimpleNamespace(school=school), october_with(count, crossed))
    return frame[["named", "crossed", "stayed"]].to_numpy().tolist()


def test_it_is_told_at_the_end_of_the_first_half_term_of_last_year_to_its_last_day(pack):
    october = published.october_of(pack)
    assert (october.told_on, october.ended_on) == (pd.Timestamp("2025-10-23"), pd.Timestamp("2026-07-20"))


def test_the_rule_s_counts_are_counted_again_from_the_marks(pack):
    here = [n for n in range(72) if n >= 12]
    so_far, whole = (
        {n: sessions_of(n, "2025-09-01", last) for n in here} for last in ("2025-10-23", "2026-07-31")
    )
    under = [n for n in here if 10 * so_far[n][0] < so_far[n][1]]
    ids = outlook_of(pack).school.persons.pupils["pupil_id"].tolist()
    order = sorted(under, key=lambda n: (-so_far[n][0] / so_far[n][1], ids.index(f"{n:03d}")))
    named = len(here) // 20
    crossed = sum(10 * whole[n][0] >= whole[n][1] for n in order[:named])
    frame = published.counted(pack, published.october_of(pack)).frame
    assert frame.loc[1, ["named", "crossed", "stayed"]].tolist() == [named, crossed, named - crossed]


@pytest.mark.parametrize(
    ("crossed", "shown"), [(5, [40, 5, 35]), (4, [40, "c", "c"]), (37, [40, "c", "c"]), (0, [40, 0, 40])]
)
def test_counts_under_the_level_are_withheld_with_what_would_tell_them(crossed, shown, monkeypatch):
    assert published_of(40, crossed, monkeypatch) == [shown] * 2


def test_the_school_s_own_level_is_kept(monkeypatch):
    assert published_of(40, 9, monkeypatch, level=10) == [[40, "c", "c"]] * 2


def test_of_fewer_than_ten_named_nothing_is_said(monkeypatch):
    for row in published_of(8, 0, monkeypatch):
        assert row[1:] == ["c", "c"]


def test_the_page_names_nobody_and_says_what_is_withheld(pack):
    page = published.page_to_publish(pack)
    assert isinstance(page, HandedNote)
    text = json.dumps([each.payload() for each in published.parts(pack, published.october_of(pack))])
    assert not any(f"S{number:02d}" in text or f'"{number:03d}"' in text for number in range(72))
    assert "is withheld: too few pupils are behind it" in text


def test_it_is_the_same_whatever_has_come_this_year(pack):
    turned = MARKS.assign(
        code=MARKS["code"].mask(MARKS["date"] > "2026-09-30", MARKS["code"].map({"O": "/", "/": "O"}))
    )
    other = with_level(opened(marks=turned))
    first, second = (published.counted(each, published.october_of(each)).frame for each in (pack, other))
    pd.testing.assert_frame_equal(first, second)


def test_without_a_finished_year_there_is_no_page():
    this_year = MARKS[MARKS["date"] > pd.Timestamp("2026-08-01")]
    note = published.page_to_publish(with_level(opened(roll=ROLL, marks=this_year)))
    assert isinstance(note, Sentences)
    assert note.items[0].startswith("No page to publish was made")
