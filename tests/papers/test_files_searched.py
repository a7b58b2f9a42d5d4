"""Every kind of file that leaves one reader's hands for another's, searched for what that reader may not see."""

import io
import re
import zipfile
from datetime import date

import pytest
from pypdf import PdfReader

from attendance_lib.display import Handed
from attendance_lib.papers.authority import anonymous
from attendance_lib.papers.plan.opening import open_plans
from attendance_lib.reports import handed
from tests.papers.authority.conftest import pack as meeting  # noqa: F401 (a fixture)
from tests.papers.authority.test_anonymous import PUBLISHED
from tests.papers.caseloads.test_who_sees_what import text_of
from tests.papers.plan.conftest import plan_log  # noqa: F401 (a fixture)
from tests.papers.plan.one_plan import AWAY, PLAN, SECRET, copies_in

# Of the pupil's own what the family is not told, and all that tells of another pupil with a plan.
NOT_THE_FAMILY_S = (*SECRET.values(), "SP1", "0001", "Abara", "SENCo", "Illness", "unauthorised", "9A")
OF_ANOTHER = ("Byrne", "0002", "SP2", "Head of Year 9", "Kestrel club")


def everything_in(path):
    """All that a file says to the eye or to whoever looks into it."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
            texts = [
                parts.read(name).decode("utf-8", "ignore")
                for name in parts.namelist()
                if name.endswith((".xml", ".rels"))
            ]
        # Its styles are numbered as pupils are, in marks that say nothing.
        return re.sub(r"<w:[^>]*>", " ", " ".join(texts))
    if path.suffix == ".pdf":
        made = PdfReader(path)
        # Where pypdf's reader lies in memory is written after the number of each object: no part of the file.
        outline = " ".join(str(each).replace(f", {id(made)})", ")") for each in made.outline)
        return f"{text_of(path)} {outline} {made.metadata}"
    return text_of(path)


@pytest.fixture
def copies(make_pack, plan_log, tmp_path):  # noqa: F811
    """The files of both copies of 0001's plan; 0002 has one too."""
    other = PLAN | {
        "plan_id": "SP2",
        "pupil_id": "0002",
        "lead": "Head of Year 9",
        "school_does": "Kestrel club",
    }
    opened = open_plans(make_pack(AWAY, plans=plan_log(PLAN, other)), "")
    handed.write_documents(list(copies_in(opened).values()), tmp_path)
    return tmp_path / "copies"


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_a_family_copy_tells_the_family_its_own_and_nothing_else(copies, kind):
    said = everything_in(copies / f"0001-family.{kind}")
    assert "Packs a bag" in said
    assert [words for words in (*NOT_THE_FAMILY_S, *OF_ANOTHER) if words in said] == []


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_a_file_copy_tells_all_of_one_pupil_and_leads_nowhere(copies, kind):
    said = everything_in(copies / f"0001-file.{kind}")
    assert "mother drinks" in said
    assert [words for words in OF_ANOTHER if words in said] == []
    assert "../" not in said.replace("../customXml", "")


def test_no_file_of_the_meeting_s_page_without_names_names_anybody(meeting, tmp_path):  # noqa: F811
    days = anonymous.published_days(PUBLISHED, date(2026, 11, 20))
    page = Handed(
        "anonymous",
        "meeting",
        "anybody",
        tuple(anonymous.parts(meeting, days)),
        seen=None,
        leaves_school=True,
    )
    handed.write_documents([page.payload()], tmp_path)
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert {path.suffix for path in files} == {".html", ".pdf", ".xlsx", ".ipynb", ".csv", ".json"}
    for path in files:
        said = everything_in(path)
        found = [name for name in ("Abara", "Byrne", "Cole", "0001", "SP2", "sleep", "Club") if name in said]
        assert found == [], path.name
