"""The poster says first names and forms of those who may be named, and nothing besides."""

import pandas as pd
import pytest

from attendance_lib.papers.incentives import poster
from attendance_lib.papers.incentives.opening import open_draw
from attendance_lib.reports.drawn import check_poster, poster_notebook, write_poster
from tests.papers.incentives.incentive_school import DAYS, PUPILS, held, opened

UNKNOWN = {"no_publicity": pd.array([None] * 24, dtype="boolean")}


def names_on_poster(draw):
    return poster.poster_lines(draw)


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
    assert "has no column no_publicity" in poster.poster(unknown).items[-1]


def test_nothing_else_of_the_roll_can_be_read_from_the_poster(tmp_path):
    from pypdf import PdfReader

    draw = with_winners(["03", "21"])
    assert write_poster(poster.poster_of(draw), tmp_path) == []
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

    said = poster.poster_of(with_winners(["03", "21"]))
    page, _ = AttendanceHTMLExporter().from_notebook_node(poster_notebook(said))
    check_poster(page, said)
    assert beside in page
    with pytest.raises(DisclosureError, match="besides its own lines"):
        check_poster(page.replace(beside, put + beside, 1), said)


def test_before_the_draw_there_is_no_poster(raffle, tmp_path):
    assert write_poster(poster.poster_of(raffle), tmp_path) == []
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
        drawn.write_poster(poster.poster_of(with_winners(["03", "04"])), tmp_path)
