"""A page for each head of year: whose pupils are on it, in which order, and what is left to write by hand."""

from attendance_lib.display import Heading, Sentences, Table
from attendance_lib.papers.fortnightly import heads_of_year as pages
from attendance_lib.papers.fortnightly.priority import priority_pupils

HEADS = (
    {"name": "Hal Nin", "role": "Head of Year 9", "year_groups": [9]},
    {"name": "Tia Two", "role": "Tutor", "year_groups": [9]},
)
MISSED = {
    "0001": {"I": ["2026-09-14", "2026-09-15", "2026-09-16", "2026-11-09", "2026-11-10"]},
    "0002": {"O": [f"2026-09-{day:02d}" for day in range(7, 12)]},
    "0003": {"I": [f"2026-09-{day:02d}" for day in range(7, 11)]},
}


def on_page(shown, year):
    return next(part for part in shown if isinstance(part, Table) and part.name == f"year_{year}")


def test_each_year_has_a_page_of_its_own_pupils_in_the_order_of_the_list(make_pack):
    shown = pages.heads_of_year(make_pack(MISSED, staff=HEADS)).shown
    headings = [part for part in shown if isinstance(part, Heading)]
    # Its head is named, a tutor is not; nobody is head of Year 10. The first page begins none.
    begin = {each.text: each.starts_page for each in headings}
    assert begin == {"Year 9: Hal Nin": False, "Year 10": True}
    assert on_page(shown, 9).frame["pupil_id"].tolist() == ["0001", "0002"]
    assert on_page(shown, 10).frame["pupil_id"].tolist() == ["0003"]
    # Two of the two pupils of Year 9, one of the two of Year 10.
    assert on_page(shown, 9).note.startswith("2 of 2 pupils are on the priority list")
    assert on_page(shown, 10).note.startswith("1 of 2 pupils is on the priority list")


def test_year_groups_without_a_named_head_follow_each_other_on_a_page(make_pack):
    """In a school that names none, six pages of three names each would be handed to nobody."""

    def begins(*staff):
        shown = pages.heads_of_year(make_pack(MISSED, staff=staff)).shown
        return [part.starts_page for part in shown if isinstance(part, Heading)]

    assert begins() == [False, False]
    assert begins({"name": "Pat Ten", "role": "Head of Year 10", "year_groups": [10]}) == [False, True]


def test_reasons_stand_without_their_points_and_what_is_agreed_is_left_to_write(worked_pack):
    table = on_page(pages.heads_of_year(worked_pack).shown, 9)
    assert table.frame["reasons"].tolist() == ["Now persistently absent; falling", "Persistently absent"]
    assert table.is_written_by_hand
    by_hand = [column.name for column in table.columns if column.editable]
    assert by_hand == ["to_do", "who", "by"]
    assert table.frame[by_hand].isna().all().all()


def test_whom_a_page_has_no_room_for_are_named_below_it(worked_pack, monkeypatch):
    monkeypatch.setattr(pages, "ON_A_PAGE", 1)
    shown = pages.heads_of_year(worked_pack).shown
    (others,) = [part for part in shown if isinstance(part, Sentences)]
    assert others.items == ("Also on the list, in its order: Byrne, Bo 9B.",)
    assert others.personal
    assert on_page(shown, 9).frame["pupil_id"].tolist() == ["0001"]


def test_where_nobody_is_on_the_list_the_list_says_so(make_pack):
    pack = make_pack()
    assert pages.heads_of_year(pack).shown[0].empty_text == priority_pupils(pack).empty_text
