"""The paper shows who was drawn, and prizes drawn again."""

import json

import pandas as pd
import pytest

from attendance_lib.display.kinds import DRAW_MIME
from attendance_lib.papers.incentives import sections
from attendance_lib.papers.incentives.opening import open_draw
from attendance_lib.reports.drawn import check_poster, poster_notebook, write_poster
from tests.papers.incentives.incentive_school import DAYS, PUPILS, RAFFLE_MARKS, WEEK, held, opened


@pytest.fixture(scope="module")
def drawn(raffle_pack, raffle):
    return open_draw(raffle_pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)


def test_the_paper_shows_who_was_drawn_and_the_record_is_kept(drawn):
    frame = sections.winners(drawn).frame
    assert frame["stands"].tolist() == ["prize", "prize", "reserve", "reserve"]
    bundle = sections.how_it_is_drawn(drawn)._repr_mimebundle_()
    record = json.loads(json.dumps(bundle[DRAW_MIME]))
    assert [each["pupil_id"] for each in record["draw"]["winners"]] == frame["pupil_id"].tolist()[:2]
    assert record["list"] == drawn.tickets.text


def test_a_prize_given_up_goes_to_the_first_reserve_with_the_reason(raffle_pack, raffle):
    logged = pd.DataFrame(
        {"draw": [raffle.tickets.draw, "raffle 2026-11-16 2026-11-20"], "place": [1, 2],
         "given_up_because": ["moved away", "other"], "date": pd.to_datetime(["2026-11-30"] * 2)}
    )  # fmt: skip
    pack = opened(RAFFLE_MARKS, joined={"04": WEEK[2]}, redraws=logged)
    draw = open_draw(pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)
    stands = sections.winners(draw).frame["stands"].tolist()
    assert stands == ["given up: moved away", "prize", "prize, moved up", "reserve"]
    assert len(sections.poster_lines(draw)) == 2


def test_a_redraw_of_a_place_that_was_not_drawn_is_told(raffle):
    on = pd.Timestamp("2026-11-30")
    given_up = {"draw": raffle.tickets.draw, "place": 9, "given_up_because": "x", "date": on}
    logged = pd.DataFrame([given_up])
    pack = opened(RAFFLE_MARKS, joined={"04": WEEK[2]}, redraws=logged)
    draw = open_draw(pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)
    assert any("names place 9, and 4 places were drawn" in item for item in sections.what_to_know(draw).items)


def test_each_family_is_told_its_own_tickets_and_how_the_draw_is_made(raffle):
    frame = sections.every_ticket(raffle).frame.set_index("pupil_id")["for_family"]
    # By number: 00 has ten tickets, 01 nine of ten (late once), and 07 was never there.
    days = "23 November 2026 to 27 November 2026"
    assert frame["00"] == f"Your child has tickets 1 to 10 of the 217 in the raffle of {days}."
    assert frame["01"] == f"Your child has tickets 11 to 19 of the 217 in the raffle of {days}."
    assert frame["07"] == f"Your child has no ticket in the raffle of {days}."
    assert not [words for words in frame for name in raffle.people["forename"] if name in words]
    own, how = sections.for_families(raffle).items
    assert "sheet Whose tickets" in own
    assert sections.in_groups(raffle.tickets.hash) in how
    assert "from the lottery" in how


def test_one_ticket_is_told_as_one(pot):
    frame = sections.every_ticket(pot).frame.set_index("pupil_id")
    one = frame[frame["tickets"] == 1].iloc[0]
    assert f"has ticket {one['first_ticket']} of the" in one["for_family"]


# The poster says first names and forms of those who may be named, and nothing besides


UNKNOWN = {"no_publicity": pd.array([None] * 24, dtype="boolean")}


def names_on_poster(draw):
    return sections.poster_lines(draw)


def with_winners(pupils, **columns):
    """A raffle in which only these pupils hold tickets: everybody else was never there."""
    away = {
        key: code for pupil in PUPILS if pupil not in pupils for key, code in held(pupil, DAYS, "I").items()
    }
    pack = opened(away, overrides=None, **columns)
    first = open_draw(pack, "raffle")
    return open_draw(pack, "raffle", "7", list_hash=first.tickets.hash)


def test_the_poster_says_first_names_and_forms():
    assert sorted(names_on_poster(with_winners(["03", "04"]))) == ["Fore03, 9A", "Fore04, 9A"]


def test_a_form_of_fewer_than_ten_is_named_by_school_alone():
    assert sorted(names_on_poster(with_winners(["03", "21"]))) == ["A pupil of Tiny School", "Fore03, 9A"]


def test_who_is_not_to_be_named_is_not_and_not_known_is_not_yes():
    flags = pd.array([False] * 3 + [True, None] + [False] * 19, dtype="boolean")
    assert names_on_poster(with_winners(["03", "04"], no_publicity=flags)) == ["A pupil of Tiny School"] * 2
    unknown = with_winners(["03", "04"], **UNKNOWN)
    assert names_on_poster(unknown) == ["A pupil of Tiny School"] * 2
    assert "has no column no_publicity" in sections.poster(unknown).items[-1]


def test_nothing_else_of_the_roll_can_be_read_from_the_poster(tmp_path):
    from pypdf import PdfReader

    draw = with_winners(["03", "21"])
    assert write_poster(sections.poster_of(draw), tmp_path) == []
    page = (tmp_path / "poster.html").read_text(encoding="utf-8")
    pdf = PdfReader(tmp_path / "poster.pdf")
    printed = (
        "".join(each.extract_text() for each in pdf.pages)
        + str(pdf.metadata)
        + str(pdf.xmp_metadata and pdf.xmp_metadata.dc_title)
    )
    for text in (page, printed):
        assert "Fore03, 9A" in text
        for pupil in draw.pack.school.pupils.itertuples():
            assert pupil.surname not in text
            assert pupil.pupil_id == "03" or pupil.forename not in text
        assert "9S" not in text
        assert "990003" not in text


@pytest.mark.parametrize(
    ("put", "beside"),
    [
        ("<p>Sur07</p>", "</main>"),
        ("<!-- Sur07 -->", "</main>"),
        ('<img alt="Sur07" src="data:,">', "</main>"),
        ("<script>let it = 'Sur07'</script>", "</main>"),
        ("<title>Sur07</title>", "</head>"),
        (" and Sur07", "</li>"),
    ],
)
def test_a_poster_that_says_anything_else_is_refused(put, beside):
    from attendance_lib.display.exporters import AttendanceHTMLExporter
    from attendance_lib.errors import DisclosureError

    said = sections.poster_of(with_winners(["03", "21"]))
    page, _ = AttendanceHTMLExporter().from_notebook_node(poster_notebook(said))
    check_poster(page, said)
    assert beside in page
    with pytest.raises(DisclosureError, match="besides its own lines"):
        check_poster(page.replace(beside, put + beside, 1), said)


def test_before_the_draw_there_is_no_poster(raffle, tmp_path):
    assert write_poster(sections.poster_of(raffle), tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_of_a_form_of_exactly_ten_the_winner_is_named():
    for in_form, named in ((10, "Fore03, 9A"), (9, "A pupil of Tiny School")):
        draw = with_winners(["03", "20"], form=["9A"] * in_form + ["9S"] * (24 - in_form))
        assert named in names_on_poster(draw)


def test_a_poster_is_checked_when_it_is_written(monkeypatch, tmp_path):
    """Whatever made the page say more, the pack is refused."""
    from attendance_lib.errors import DisclosureError
    from attendance_lib.reports import drawn

    write = drawn.write_html

    def with_a_surname(notebook, page):
        warnings = write(notebook, page)
        said = page.read_text(encoding="utf-8")
        page.write_text(said.replace("</main>", "<p>Sur07</p></main>"), encoding="utf-8")
        return warnings

    monkeypatch.setattr(drawn, "write_html", with_a_surname)
    with pytest.raises(DisclosureError):
        drawn.write_poster(sections.poster_of(with_winners(["03", "04"])), tmp_path)
