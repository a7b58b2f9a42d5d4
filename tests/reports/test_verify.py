"""A pack against its receipt: each kind of tampering is found, and filling in is told apart from it."""

import json
import shutil

import nbformat
import pytest
from openpyxl import load_workbook

from attendance_lib.errors import ChangedInputsError, RequestError
from attendance_lib.reports import run
from attendance_lib.reports.files import hashes_below, sha256
from attendance_lib.reports.receipt import Receipt, commit_of, read_receipt, write_receipt
from attendance_lib.reports.run import Run
from attendance_lib.reports.verify import verify_pack, write_again

PACK_ID = "pk0123456789ab"


@pytest.fixture(scope="module")
def whole_pack(tmp_path_factory, tiny_notebook, tiny_table):
    """A pack as a run leaves it, made without a kernel."""
    pack = tmp_path_factory.mktemp("whole") / "pack"
    pack.mkdir()
    notebook = tiny_notebook
    notebook.cells[2].outputs = [
        nbformat.v4.new_output("display_data", {"application/vnd.attendance+json": tiny_table})
    ]
    notebook.metadata["papermill"] = {"parameters": {"date_to": "2026-11-20"}}
    nbformat.write(notebook, pack / "tiny.ipynb")
    write_again(pack / "tiny.ipynb", pack, PACK_ID)
    (pack / "tiny.html").write_text("<p>page</p>")
    return pack


@pytest.fixture
def pack(whole_pack, project):
    """A copy of the pack to tamper with, its receipt naming the project's inputs."""
    copy = project.outputs / "pack"
    shutil.copytree(whole_pack, copy)
    inputs = {"params/demo.yml": sha256(project.params / "demo.yml")}
    write_receipt(
        Receipt(
            "tiny", {}, "2026-11-09", "2026-11-20", "all", {}, inputs, hashes_below(copy), [], {}, [],
            casebook={"pack_id": PACK_ID},
        ),
        copy,
    )  # fmt: skip
    return copy


def edit(pack, *changes):
    """Change cells of the sheet of actions: headings are in row 5, the rows of a1 and a2 in rows 6 and 7, then three blank ones."""
    book = load_workbook(pack / "tiny.xlsx")
    for cell, value in changes:
        book["Actions"][cell] = value
    book.save(pack / "tiny.xlsx")


def test_a_pack_as_it_was_made_has_no_fault(pack, project):
    assert verify_pack(pack, project).faults == verify_pack(pack, project).notes == ()


def test_the_sheet_is_laid_out_as_these_tests_think(pack):
    sheet = load_workbook(pack / "tiny.xlsx")["Actions"]
    assert [[cell.value for cell in row] for row in sheet["A5:D7"]] == [
        ["Action", "Pupil", "Status", "Absence"],
        ["a1", "p1", None, 0.25],
        ["a2", "p2", None, 0.1],
    ]


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (lambda pack: (pack / "tiny.html").write_text("other"), "tiny.html: changed since it was made"),
        (
            lambda pack: (pack / "tables" / "actions.csv").write_text("other"),
            "tables/actions.csv: changed since it was made",
        ),
        (lambda pack: (pack / "tiny.html").unlink(), "tiny.html: is missing"),
        (lambda pack: (pack / "tables" / "actions.csv").unlink(), "tables/actions.csv: is missing"),
        (lambda pack: (pack / "tiny.xlsx").unlink(), "tiny.xlsx: is missing"),
        (
            lambda pack: (pack / "tables" / "more.csv").write_text("x"),
            "tables/more.csv: is not part of the pack",
        ),
        (
            lambda pack: (pack / "tiny.xlsx").write_text("x"),
            "tiny.xlsx: is no longer a workbook that can be read",
        ),
        (
            lambda pack: edit(pack, ("B6", "p9")),
            "tiny.xlsx: sheet 'Actions' differs in cells that are not for filling in",
        ),
        (
            lambda pack: edit(pack, ("D7", 0.2)),
            "tiny.xlsx: sheet 'Actions' differs in cells that are not for filling in",
        ),
        (
            lambda pack: edit(pack, ("C5", "State")),
            "tiny.xlsx: sheet 'Actions' differs in cells that are not for filling in",
        ),
    ],
)
def test_each_kind_of_tampering_is_found_by_name(pack, project, tamper, fault):
    tamper(pack)
    assert verify_pack(pack, project).faults == (fault,)


def test_a_sheet_that_is_gone_is_found(pack, project):
    book = load_workbook(pack / "tiny.xlsx")
    del book["Actions"]
    book.save(pack / "tiny.xlsx")
    assert verify_pack(pack, project).faults == ("tiny.xlsx: sheet 'Actions' is missing",)


@pytest.mark.parametrize(
    "changes",
    [
        [("C6", "done"), ("C7", "open")],
        [
            ("A6", "a2"),
            ("B6", "p2"),
            ("C6", "done"),
            ("D6", 0.1),
            ("A7", "a1"),
            ("B7", "p1"),
            ("D7", 0.25),
        ],  # sorted
        [("B8", "p7"), ("C8", "open")],  # a row added at the foot
        [("D7", 0.1 + 1e-12)],  # the fifteenth digit, which a spreadsheet need not keep
        [("C6", None)],  # opened and saved: other bytes, the same cells
    ],
)
def test_a_workbook_that_was_only_filled_in_is_a_note(pack, project, changes):
    edit(pack, *changes)
    found = verify_pack(pack, project)
    assert (found.faults, found.notes) == ((), ("tiny.xlsx: filled in since it was made",))


def test_a_changed_workbook_beside_a_changed_notebook_is_a_fault(pack, project):
    edit(pack, ("C6", "done"))
    (pack / "tiny.ipynb").write_text("{}")
    faults = verify_pack(pack, project).faults
    assert faults[0] == "tiny.ipynb: changed since it was made"
    assert faults[1].startswith(
        "tiny.xlsx: changed, and tiny.ipynb, which tells what was in it, is not as it was made"
    )


def test_a_workbook_open_somewhere_is_a_note(pack, project):
    (pack / "~$tiny.xlsx").write_text("owner")
    found = verify_pack(pack, project)
    assert (found.faults, found.notes) == ((), ("~$tiny.xlsx: the workbook is open somewhere",))


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda path: path.unlink(), "input params/demo.yml: is no longer there"),
        (lambda path: path.write_text("x"), "input params/demo.yml: changed since the pack was made"),
    ],
)
def test_an_input_that_changed_since_is_a_note(pack, project, change, note):
    change(project.params / "demo.yml")
    found = verify_pack(pack, project)
    assert (found.faults, found.notes) == ((), (note,))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "receipt.json is damaged, or another version wrote it: it is not JSON"),
        ("[]", "it is not what belongs there"),
        ('{"format": 1}', r"'report' is missing, and 10 more faults"),
    ],
)
def test_a_receipt_that_cannot_be_read_is_refused(pack, project, text, message):
    (pack / "receipt.json").write_text(text)
    with pytest.raises(RequestError, match=message):
        verify_pack(pack, project)


def test_a_receipt_of_another_version_is_refused(pack):
    held = json.loads((pack / "receipt.json").read_text())
    (pack / "receipt.json").write_text(json.dumps(held | {"format": 99}))
    with pytest.raises(RequestError, match="another version wrote it: 'format' is not 1"):
        read_receipt(pack)


def test_a_folder_without_receipt_is_no_pack(tmp_path, project):
    with pytest.raises(RequestError, match="has no receipt.json, so it is not a pack"):
        verify_pack(tmp_path, project)


# The commit, read without git


@pytest.mark.parametrize(
    "files",
    [
        {"HEAD": "ref: refs/heads/main\n", "refs/heads/main": "abc123\n"},
        {
            "HEAD": "ref: refs/heads/main\n",
            "packed-refs": "# pack-refs\nfff refs/heads/other\nabc123 refs/heads/main\n",
        },
        {"HEAD": "abc123\n"},
    ],
)
def test_the_commit_is_read_from_the_git_folder(tmp_path, files):
    write_files(tmp_path / ".git", files)
    assert commit_of(tmp_path) == "abc123"


def test_the_commit_of_a_linked_work_tree_is_read_from_the_shared_folder(tmp_path):
    write_files(tmp_path / "main" / ".git", {"refs/heads/topic": "abc123\n"})
    write_files(
        tmp_path / "main" / ".git" / "worktrees" / "two",
        {"HEAD": "ref: refs/heads/topic\n", "commondir": "../..\n"},
    )
    write_files(tmp_path / "two", {".git": "gitdir: ../main/.git/worktrees/two\n"})
    assert commit_of(tmp_path / "two") == "abc123"


@pytest.mark.parametrize("files", [{}, {"HEAD": "ref: refs/heads/main\n"}])
def test_without_a_commit_there_is_none(tmp_path, files):
    write_files(tmp_path / ".git", files)
    assert commit_of(tmp_path) is None


def write_files(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


# A receipt that is whole but wrong


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"date_to": "2026-13-45"}, "'date_to' is no day written YYYY-MM-DD"),
        ({"date_to": "2026-11-01"}, "'date_from' is after 'date_to'"),
        ({"date_to": 20261120}, "'date_to' is no text"),
        ({"report": "../tiny"}, "'report' is not of the form that belongs there"),
        ({"outputs": {"../tiny.html": "0" * 64}}, "is no file of a pack"),
        ({"outputs": {"tiny.html": "0" * 63}}, "'outputs.tiny.html' is not of the form that belongs there"),
        ({"inputs": ["marks.csv"]}, "'inputs' is no set of names and values"),
        ({"cohort": ""}, "'cohort' is not what belongs there"),
        ({"parameters": {"cohort": "year_7"}}, "'cohort' is not the notebook's parameter of that name"),
        ({"parameters": {"date_to": "2026-11-19"}}, "'date_to' is not the notebook's parameter of that name"),
        ({"parameters": {"tier": None}}, "'parameters.tier"),
        ({"more": 1}, "'more' does not belong there"),
    ],
)
def test_a_receipt_whose_values_cannot_be_is_refused(pack, changed, fault):
    held = json.loads((pack / "receipt.json").read_text())
    (pack / "receipt.json").write_text(json.dumps(held | changed))
    with pytest.raises(RequestError) as refused:
        read_receipt(pack)
    assert fault in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("head", [b"\xff\xfe", b"ref: refs/heads/\0", b"<<<<<<< ours\n", b""])
def test_a_damaged_git_folder_tells_no_commit(tmp_path, head):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_bytes(head)
    assert commit_of(tmp_path) is None


def test_a_pack_whose_inputs_have_changed_is_not_made_again_and_that_is_said_first(
    pack, project, monkeypatch
):
    school = project.params / "demo.yml"
    school.write_text(school.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    monkeypatch.setattr(run, "run_report", None)
    with pytest.raises(ChangedInputsError) as told:
        run.rerun_differences(pack, project, Run())
    first, second = str(told.value).splitlines()
    assert first.endswith("not made again, for 1 input has changed or gone since it was made:")
    assert second == "input params/demo.yml: changed since the pack was made"
    assert told.value.exit_code == 14
