"""Each sheet, as every kind of file, searched for what its reader may not see; who may see what is written down here by hand."""

import json

import nbformat
import openpyxl
import pytest
from pypdf import PdfReader

from attendance_lib.display.notebook import payloads_of
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.schema import ACTIONS, CONTACTS, INTERVENTIONS, NOTICES
from attendance_lib.papers.caseloads import front_page, sheet
from attendance_lib.reports import handed
from attendance_lib.rules.readers import Fact

STAFF = (
    {"role": "Tutor", "name": "Tom One", "forms": ["9B"]},
    {"role": "Tutor", "name": "Tia Two", "forms": ["9A"]},
    {"role": "Head of Year 9", "name": "Hal Nine", "year_groups": [9]},
    {"role": "Head of Year 10", "name": "Hana Ten", "year_groups": [10]},
    {"role": "Pastoral team", "name": "Pat All"},
    {"role": "Attendance officer", "name": "Otis All"},
    {"role": "Attendance lead", "name": "Lea All"},
    {"role": "SENCo", "name": "Sena Needs"},
    {"role": "Designated safeguarding lead", "name": "Dana Safe"},
    {"role": "Family liaison officer", "name": "Finn Home"},
    {"role": "ELSA", "name": "Elsa Lit"},
    {"role": "Senior Leadership Team", "name": "Lou Team"},
    {"role": "Caretaker", "name": "Cy Keys"},
)
# What of Bo Byrne (9B, SEN support, a child in need, half of all sessions missed) tells each kind of fact, in any kind of file.
TELLS = {
    "who": ("Byrne",),
    "band": ("50% or below",),
    "reasons": ("Other unauthorised",),
    "plan": ("Kestrel club",),
    "contacts": ("2026-10-07", "7 Oct 26"),
    "notices": ("notice to improve 2 Nov",),
    "needs": ("SEN support",),
    "social care": ("child in need",),
    "own": ("Mend the north gate",),
}
MAY_SEE = {
    "Tom One": {"who", "band"},
    "Tia Two": set(),
    "Hal Nine": {"who", "band", "plan", "contacts", "notices"},
    "Hana Ten": set(),
    "Pat All": {"who", "band", "plan", "contacts"},
    "Otis All": {"who", "band", "reasons", "plan", "contacts", "notices"},
    "Lea All": {"who", "band", "reasons", "plan", "contacts", "notices", "needs"},
    "Sena Needs": {"who", "band", "plan", "contacts", "needs"},
    "Dana Safe": {"who", "band", "reasons", "plan", "contacts", "notices", "needs", "social care"},
    "Lou Team": {"who", "band", "plan"},
    "Cy Keys": {"who", "own"},
}
DAYS_AWAY = [
    f"2026-09-{day:02d}" for day in (*range(7, 12), *range(14, 19), *range(21, 26), *range(28, 31))
] + [f"2026-10-{day:02d}" for day in (1, 2, 5, 6, 7, 8, 9)]


@pytest.fixture(scope="module")
def pack(make_pack, make_log):
    """Bo misses 25 of 50 days (O), Ada 3 (I), Cy 4 (I); the logs are about Bo, but for one action of Ada's."""
    action = {"raised_on": "2026-11-10", "status": "open", "due_date": "2026-11-27"}
    return make_pack(
        {
            "0001": {"I": ["2026-09-14", "2026-09-15", "2026-09-16"]},
            "0002": {"O": DAYS_AWAY},
            "0003": {"I": [f"2026-09-{day:02d}" for day in range(7, 11)]},
        },
        people={"0002": {"child_in_need": True, "key_adult": None}},
        staff=STAFF,
        interventions=make_log(
            {"pupil_id": "0002", "intervention": "Kestrel club", "tier": "3", "start_date": "2026-10-12", "lead": "nobody here"},
            columns=INTERVENTIONS.column_names,
        ),
        contacts=make_log(
            {"contact_id": "C1", "pupil_id": "0002", "date": "2026-10-07", "outcome": "reason given"}, columns=CONTACTS.column_names
        ),
        notices=make_log(
            {"notice_id": "P1", "pupil_id": "0002", "parent": "Mrs Secret", "kind": "notice to improve", "issued_on": "2026-11-02",
             "status": "active"},
            columns=NOTICES.column_names,
        ),
        actions=make_log(
            {"action_id": "A1", "pupil_id": "0002", "action": "Mend the north gate", "owner": "caretaker", **action},
            {"action_id": "A2", "pupil_id": "0001", "action": "Ring Ada's aunt", "owner": "Tia Two", **action},
            columns=ACTIONS.column_names,
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def documents(pack):
    return front_page.sheets_handed(pack, "").record["documents"]


@pytest.fixture(scope="module")
def written(documents, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    handed.write_documents(documents, folder)
    return folder


def text_of(path):
    """All that can be read in a file, whatever it is kept as."""
    if path.suffix == ".pdf":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        return " ".join(f"{cell.value} {cell.comment.text if cell.comment else ''}" for cell in cells)
    if path.suffix == ".ipynb":
        return path.read_text("utf-8") + json.dumps(
            payloads_of(nbformat.read(path, as_version=4)), ensure_ascii=False
        )
    return path.read_text("utf-8")


def found_in(path):
    text = text_of(path)
    return {fact for fact, words in TELLS.items() if any(word in text for word in words)}


def folder_of(name, documents):
    return next(document["folder"] for document in documents if document["reader"] == name)


@pytest.mark.parametrize("name", MAY_SEE)
def test_no_file_of_a_sheet_tells_more_than_its_reader_may_see_and_the_page_tells_all_of_that(
    name, documents, written
):
    files = sorted(path for path in (written / folder_of(name, documents)).rglob("*") if path.is_file())
    assert {path.suffix for path in files} == {".html", ".pdf", ".xlsx", ".ipynb", ".csv", ".json"}
    for path in files:
        assert found_in(path) <= MAY_SEE[name], path.name
    whole = {
        path.suffix: found_in(path) for path in files if path.suffix in {".html", ".pdf", ".xlsx", ".ipynb"}
    }
    assert whole == dict.fromkeys(whole, MAY_SEE[name])


def test_a_parents_name_and_anothers_action_are_on_no_sheet_but_its_owners(documents, written):
    for document in documents:
        texts = [text_of(path) for path in (written / document["folder"]).rglob("*") if path.is_file()]
        assert not any("Mrs Secret" in text for text in texts), document["reader"]
        assert any("Ring Ada's aunt" in text for text in texts) == (document["reader"] == "Tia Two")


def test_who_is_told_of_nobody_and_has_nothing_to_do_gets_no_sheet(documents):
    readers = [document["reader"] for document in documents]
    assert readers == list(MAY_SEE)  # neither the family liaison officer nor the ELSA


def test_no_sheet_names_another_member_of_staff_but_who_leads(documents):
    for document in documents:
        others = [row["name"] for row in STAFF if row["name"] != document["reader"]]
        said = json.dumps(document["payloads"], ensure_ascii=False)
        assert not [name for name in others if name in said]


def test_two_roles_are_told_of_each_pupil_what_either_may_be_told_of_that_pupil(make_pack):
    staff = ({"role": "Tutor", "name": "Two Hats", "forms": ["9A"]}, {"role": "SENCo", "name": "two hats "})
    away = {"0001": {"I": ["2026-09-14", "2026-09-15", "2026-09-16"]}, "0002": {"O": DAYS_AWAY}}
    both = make_pack(away, staff=staff, people={"0002": {"key_adult": None}, "0001": {"key_adult": None}})
    (caseload,) = front_page.caseloads_of(both)
    assert caseload.member.role_names == "Tutor, SENCo"
    # Ada is in 9A and has no needs, Bo is in 9B with SEN support, Cy has an EHC plan.
    told = {fact: set(caseload.seen[fact]) for fact in (Fact.WHO, Fact.BAND, Fact.COUNTS, Fact.NEEDS)}
    assert told == {
        Fact.WHO: {"0001", "0002", "0003"}, Fact.BAND: {"0001", "0002", "0003"}, Fact.COUNTS: {"0002", "0003"},
        Fact.NEEDS: {"0002", "0003"},
    }  # fmt: skip
    table = sheet.own_pupils(caseload).frame.set_index("pupil_id")
    assert table.loc["0002", "absence_sessions"] == 50
    assert table.loc["0001", ["absence_sessions", "needs", "plan"]].tolist() == [None, None, None]


def test_who_is_told_of_own_tasks_alone_is_told_the_roles_facts_of_those_pupils(make_pack, make_log):
    course = {"intervention": "Kestrel club", "tier": "3", "start_date": "2026-10-12", "lead": "ELSA"}
    log = make_log({"pupil_id": "0002"} | course, columns=INTERVENTIONS.column_names)
    staff = (
        {"role": "ELSA", "name": "Elsa Lit"},
        {"role": "Attendance officer", "name": "Otis All", "year_groups": [10]},
    )
    pack = make_pack({"0002": {"O": DAYS_AWAY}}, staff=staff, interventions=log)
    (elsa, _) = front_page.caseloads_of(pack)
    told = {fact for fact, pupils in elsa.seen.items() if pupils == {"0002"}}
    # An ELSA is told band and plan, not how many sessions, nor why.
    assert told == {Fact.WHO, Fact.BAND, Fact.PLAN, Fact.OWN}
    row = sheet.own_pupils(elsa).frame.iloc[0]
    assert row[["pupil_name", "band", "plan"]].tolist() == [
        "Byrne, Bo",
        "50% or below",
        "Kestrel club since 12 Oct",
    ]
    assert "absence_sessions" not in [column.name for column in sheet.own_pupils(elsa).columns]


def test_a_sheet_that_tells_more_is_not_written(documents, tmp_path):
    tutor = next(document for document in documents if document["reader"] == "Tom One")
    less = tutor | {"seen": tutor["seen"] | {Fact.BAND.value: []}}
    with pytest.raises(
        DisclosureError, match="for Tom One: table 'own_pupils', row 1 tells band of attendance"
    ):
        handed.write_documents([less], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_chart_or_personal_sentences_are_on_no_sheet(documents, tmp_path):
    one = documents[0]
    for payload in ({"type": "chart", "name": "a"}, {"type": "sentences", "name": "b", "personal": True}):
        with pytest.raises(DisclosureError):
            handed.write_documents([one | {"payloads": [*one["payloads"], payload]}], tmp_path)


def test_the_packs_own_notebook_keeps_no_sheet(tmp_path, documents):
    held = {handed_mime(): {"documents": documents}, "text/plain": "14 sheets"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(outputs=[nbformat.v4.new_output("display_data", held)])]
    )
    path = tmp_path / "caseloads.ipynb"
    assert handed.take_documents(notebook, path) == documents
    assert "Byrne" not in path.read_text("utf-8")
    assert handed.take_documents(notebook, path) == []


def handed_mime():
    from attendance_lib.display.kinds import HANDED_MIME

    return HANDED_MIME


def test_folders_of_two_people_are_two():
    assert front_page.folder_names(["A. B", "A B", "a-b"]) == ["a-b", "a-b-2", "a-b-3"]
