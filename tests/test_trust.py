"""A trust of twelve invented schools, two of them broken and one tiny: one run, and what comes of it in every file."""

import csv
import errno
import json
import shutil
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from attendance_lib import cli
from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.intake.school_counts import read_counts, read_trust
from attendance_lib.intake.settings.trust_file import Trust
from attendance_lib.papers.trust.from_school import counts_from
from attendance_lib.reports import many_schools
from attendance_lib.reports.due_run import Made
from attendance_lib.reports.many_schools import see_to
from attendance_lib.reports.project import Project
from attendance_lib.reports.receipt import read_receipt
from attendance_lib.reports.run import Run
from attendance_lib.reports.trust import TrustRequest, run_trust, schools_named
from attendance_lib.reports.verify import verify_pack
from tests.made_once import made_once
from tests.trust_schools import TO, TRUST, calendar, clock, write_school, write_trust

ROOT = Path(__file__).parents[1]
MONDAY = date(2026, 2, 2)
PACK = Path("copse-trust", "trust", "2025-09-03_2026-01-30")
HERE = [each for each in TRUST if not each.broken]
DEMO = ROOT / "params" / "demo_trust"


def request_in(folder, sees="counts"):
    trust = Trust(name="Copse Trust", sees=sees)
    files = tuple(sorted((folder / "schools").glob("*.yml")))
    return TrustRequest(Project(ROOT), trust, files, folder / "schools", folder / "out", MONDAY, TO, memory=0)


def run_in(folder, *, counting=counts_from, **asked):
    """Run the trust in this process; return the exit code, what people were told and what was shown."""
    said, shown = [], []
    engine = partial(map, partial(see_to, counting=counting, clock=clock))
    run = Run(say=said.append, clock=clock)
    code = run_trust(request_in(folder, **asked), engine, run, shown.append)
    return SimpleNamespace(code=code, said=said, shown=shown)


def make_trust(folder):
    write_trust(folder / "schools")
    told = run_in(folder)
    (folder / "told.json").write_text(json.dumps(vars(told)), encoding="utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory, worker_id):
    return made_once("trust", tmp_path_factory, worker_id, make_trust)


@pytest.fixture(scope="session")
def told(made):
    return SimpleNamespace(**json.loads((made / "told.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def pack(made):
    return made / "out" / PACK


# The schools


def test_two_broken_schools_are_named_and_the_others_go_on(told):
    """The exit code is that of the first in the order of the files: of Kauri Primary, whose export is refused."""
    assert told.code == 11
    assert "Kauri Primary: failed, exit code 11" in told.said
    assert "larch_academy: failed, exit code 10" in told.said
    assert [line for line in told.shown if line.endswith("counts made")] == [
        f"{each.name}: counts made" for each in HERE
    ]


def test_no_line_that_is_told_names_a_pupil(told):
    assert not [line for line in [*told.said, *told.shown] if "Surname" in line or "yesterday" in line]


def test_the_counts_are_those_of_the_exports(made):
    """Counted again from the marks by code that shares nothing with the library: Gorse Academy, all aged 5 to 15."""
    school = TRUST[6]
    with (made / "schools" / school.urn / "marks.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] >= "2025-09-03"]
    possible, missed = Counter(row["pupil_id"] for row in rows), Counter()
    for row in rows:
        missed[row["pupil_id"]] += row["code"] in ("I", "O")
    told = read_counts(counts_folder(made) / f"{school.urn}.json").as_they_are.to_date
    assert (told.enrolments, told.possible_sessions) == (len(possible), sum(possible.values()))
    assert told.absence_sessions == sum(missed.values())
    assert told.persistently_absent_enrolments == sum(
        10 * missed[each] >= possible[each] for each in possible
    )
    assert told.severely_absent_enrolments == sum(2 * missed[each] >= possible[each] for each in possible)


def counts_folder(made):
    return made / "out" / "copse-trust" / "counts" / "2026-01-30"


def test_registers_that_nobody_took_are_counted_by_form_and_session(made):
    """93 school days since September, two registers a day of each form; the last forty sessions lose some."""
    days = sum(date(2025, 9, 1) <= day <= TO for day in calendar().school_days)
    beech = read_counts(counts_folder(made) / "200002.json")
    assert (beech.registers_due, beech.registers_missed) == (days * 2 * 6, 7)


def test_a_school_s_file_is_small_holds_no_row_of_a_pupil_and_is_for_this_account_alone(made):
    for path in counts_folder(made).glob("2*.json"):
        assert path.stat().st_size < 3_000
        assert path.stat().st_mode & 0o077 == 0
        assert "pupil_id" not in path.read_text()


def test_the_demo_of_the_notebook_is_what_these_schools_send(made):
    """So that it is never out of date; what it was made from is left out, being another on another day."""
    found, held = (read_trust(folder) for folder in (counts_folder(made), DEMO))
    assert found[0] == held[0]
    assert [clear(each) for each in found[1]] == held[1]


def clear(school):
    from dataclasses import replace

    return replace(school, made_from="")


def test_a_school_of_few_sends_what_it_withholds_as_c(made, tmp_path):
    shutil.copytree(made / "schools", tmp_path / "schools")
    for path in (tmp_path / "schools").glob("*.yml"):
        path.unlink() if path.stem not in ("ash_primary", "cedar_primary") else None
    assert run_in(tmp_path, sees="protected").code == 0
    ash, cedar = (read_counts(counts_folder(tmp_path) / f"{urn}.json") for urn in ("200001", "200003"))
    assert (ash.to_date.severely_absent_enrolments, cedar.to_date.severely_absent_enrolments) == ("c", "c")
    assert cedar.to_date.enrolments == 12
    assert ash.as_they_are is None
    # What it tells is kept with what the school's governors are told, so that neither betrays the other.
    (record,) = (tmp_path / "schools" / "published" / "200001" / "governors").glob("0001_*.json")
    assert json.loads(record.read_text())["counts"]


# The paper


def test_the_paper_is_a_published_pack_as_it_was_made(pack):
    receipt = read_receipt(pack)
    assert receipt.report == "trust"
    assert receipt.school == {"name": "Copse Trust", "urn": ""}
    assert {
        "trust.html",
        "trust.pdf",
        "trust.xlsx",
        "trust.ipynb",
        "tables/disclosure.json",
    } <= receipt.outputs.keys()
    assert not verify_pack(pack, Project(ROOT)).faults
    assert receipt.warnings == []


def test_its_receipt_and_notebook_name_no_folder_of_this_machine(made, pack):
    for name in ("receipt.json", "trust.ipynb", "trust.html"):
        assert f"{made.parent.name}/{made.name}" not in (pack / name).read_text(encoding="utf-8")


def rows_of(pack, table):
    with (pack / "tables" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_schools_stand_by_name_and_never_by_rank(pack):
    for table in ("change", "expected", "flags"):
        names = [row["school"] for row in rows_of(pack, table)]
        assert names == sorted(names) == [each.name for each in HERE]
    columns = {name for table in pack.glob("tables/*.csv") for name in rows_of(pack, table.stem)[0]}
    assert not [name for name in columns if "rank" in name]


def test_the_planted_truths_are_found_and_no_other(pack):
    """Dogwood misses less than a year ago and Ivy more; Beech, Gorse and Ivy miss more than pupils like theirs."""
    changed = {row["school"]: row["change_words"] for row in rows_of(pack, "change")}
    moved = {name: words for name, words in changed.items() if words != "no clear change"}
    assert moved == {"Dogwood Primary": "less absence", "Ivy Academy": "more absence"}
    beyond = {row["school"] for row in rows_of(pack, "expected") if row["place"] == "more than chance"}
    assert {"Beech Primary", "Ivy Academy"} <= beyond
    assert "Cedar Primary" not in beyond


def test_the_tiny_school_is_within_chance_though_its_rate_is_twice_the_others(pack):
    rows = {row["school"]: row for row in rows_of(pack, "expected")}
    assert float(rows["Cedar Primary"]["absence_rate"]) > 2 * float(rows["Fir Primary"]["absence_rate"])
    assert rows["Cedar Primary"]["place"] == "within chance"


def test_what_schools_did_and_what_helped_and_how_they_differ_is_told(pack):
    support = {row["school"]: row["supported"] for row in rows_of(pack, "severe_support")}
    assert list(support) == [each.name for each in HERE if each.helped]
    assert support["Gorse Academy"] == "9"
    assert ("Gorse Academy", "Mentoring") in [
        (row["school"], row["intervention"]) for row in rows_of(pack, "practice")
    ]
    closing = {row["rule_says"]: row["whose"] for row in rows_of(pack, "definitions")}
    assert (closing["09:00"], closing["09:30"]) == ("Dogwood Primary", "Ivy Academy")
    assert {row["school"]: row["missed"] for row in rows_of(pack, "registers")}["Gorse Academy"] == "12"


def test_one_intervention_in_several_schools_is_put_together_and_few_pupils_are_in_no_pool(pack):
    rows = {row["intervention"]: row for row in rows_of(pack, "pooled")}
    assert (rows["Mentoring"]["said"], rows["Mentoring"]["schools"]) == ("likely helped", "5")
    assert (rows["Panel"]["schools"], rows["Panel"]["schools_in_all"], rows["Panel"]["estimate"]) == (
        "0",
        "5",
        "",
    )


def test_who_is_missing_is_told_with_why_and_no_file(pack):
    assert rows_of(pack, "missing") == [
        {"school": "Kauri Primary", "why": "Its exports were refused"},
        {"school": "larch_academy", "why": "Its school file cannot be used"},
    ]


def test_no_few_are_told(pack):
    for table in ("flags", "phases", "severe_support"):
        for row in rows_of(pack, table):
            counts = [
                value for name, value in row.items() if name.endswith(("_enrolments", "supported", "without"))
            ]
            assert not [value for value in counts if value in ("1", "2", "3", "4")]


def test_the_notebook_holds_each_part_in_order(pack):
    cells = nbformat.read(pack / "trust.ipynb", as_version=4).cells
    headings = [cell.source for cell in cells if cell.source.startswith("## ")]
    assert headings[:2] == [
        "## Each school beside its own last year",
        "## Each school beside what is expected of its pupils",
    ]


# The run


def test_the_record_of_the_run_tells_of_each_school_what_it_took(made):
    record = made / "out" / "copse-trust" / "run.json"
    assert record.stat().st_mode & 0o077 == 0
    told = json.loads(record.read_text(encoding="utf-8"))
    assert [each["name"] for each in told["schools"]][-2:] == ["Kauri Primary", "larch_academy"]
    assert told["schools_in_all"] == len(told["schools"]) == 12
    assert all(each["seconds"] > 0 and each["peak_mb"] > 50 for each in told["schools"][:10])
    assert "Surname" not in json.dumps(told)


@pytest.fixture
def copy(made, tmp_path):
    """The trust as it was run, to be run again."""
    for name in ("schools", "out"):
        shutil.copytree(made / name, tmp_path / name, copy_function=shutil.copy2)
    return tmp_path


def test_what_is_made_is_not_made_again(copy):
    before = (copy / "out" / PACK / "receipt.json").stat().st_mtime_ns
    again = run_in(copy)
    assert [line for line in again.shown if line.endswith("counts kept")] == [
        f"{each.name}: counts kept" for each in HERE
    ]
    assert (copy / "out" / PACK / "receipt.json").stat().st_mtime_ns == before


def test_a_full_disk_at_one_school_is_told_and_the_next_run_makes_that_school_alone(copy, monkeypatch):
    for path in (copy / "schools").glob("*.yml"):
        if path.stem not in ("elm_primary", "fir_primary"):
            path.unlink()
    place = counts_folder(copy) / "200005.json"
    place.unlink()
    (copy / "out" / PACK / "receipt.json").unlink()
    shutil.rmtree(copy / "out" / PACK)
    write = many_schools.write_counts

    def on_a_full_disk(told, path):
        if path.name == place.name:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(told, path)

    monkeypatch.setattr(many_schools, "write_counts", on_a_full_disk)
    monkeypatch.setattr("attendance_lib.reports.trust.make_paper", lambda request, run: request.folder)
    full = run_in(copy)
    assert full.code == 2
    assert (
        f"Elm Primary: {place}: No space left on device. Free some space there, or choose another folder"
        in "\n".join(full.said)
    )
    assert not place.exists()
    assert read_trust(counts_folder(copy))[0].missing[0].name == "Elm Primary"
    monkeypatch.setattr(many_schools, "write_counts", write)
    after = run_in(copy)
    assert [line for line in after.shown if line.endswith("counts made")] == ["Elm Primary: counts made"]
    assert place.exists()


def test_a_school_whose_registers_end_early_is_missing_and_says_until_when(tmp_path):
    path = write_school(tmp_path, TRUST[2])
    marks = tmp_path / TRUST[2].urn / "marks.csv"
    lines = marks.read_text().splitlines(keepends=True)
    marks.write_text("".join(line for line in lines if ",2026-01-3" not in line))
    done = see_to(task_of(tmp_path, path), counts_from, clock)
    assert (done.exit_code, done.counts) == (11, "")
    last = "the last register taken is of 2026-01-29"
    (said,) = done.said
    assert said == f"{last}, and the trust's paper waits for marks of 2026-01-30. Export the marks again."


def task_of(folder, path, **more):
    return many_schools.SchoolTask(
        Project(ROOT), path, folder / "out", MONDAY, TO, "counts", folder / "counts", **{"memory": 0} | more
    )


def test_a_fault_of_the_program_at_one_school_is_told_by_its_kind_alone(tmp_path):
    def faulty(asked):
        raise KeyError("Ada Lovelace")

    done = see_to(task_of(tmp_path, write_school(tmp_path, TRUST[2])), faulty, clock)
    assert (done.exit_code, done.why) == (70, "A fault of this program")
    assert done.said[-1].endswith("stopped by KeyError, a fault of the library.")
    assert "Ada" not in str(done)


def test_too_little_memory_is_told_with_the_option(tmp_path):
    def hungry(asked):
        raise MemoryError

    done = see_to(task_of(tmp_path, write_school(tmp_path, TRUST[2])), hungry, clock)
    assert done.exit_code == 2
    assert done.said[-1].endswith("needs more than the memory of a worker. Raise --memory.")


def test_a_school_s_due_papers_are_made_before_its_counts(tmp_path, monkeypatch):
    asked = []
    makes = lambda arguments, folder: asked.append(arguments) or Made(0)  # noqa: E731 - one line of the test
    monkeypatch.setattr(many_schools, "make_in_a_process", makes)
    path = write_school(tmp_path, TRUST[2])
    path.write_text(path.read_text().replace("pastoral, governors,", "pastoral,"))
    done = see_to(task_of(tmp_path, path), counts_from, clock)
    assert [arguments[1] for arguments in asked] == ["governors"]
    assert [line.split()[:2] for line in done.papers] == [["made", "governors"]]
    assert (done.exit_code, done.counts) == (0, "made")


# A school that made its counts itself


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """The file that attendance impact export writes in a school."""
    folder = tmp_path_factory.mktemp("sent")
    path = write_school(folder, TRUST[2])
    asked = ["--school", str(path), "--to", "2026-01-30", "--sees", "counts", "--out", str(folder / "out")]
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(ROOT)
        assert cli.main(["impact", "export", *asked]) == 0
    return folder / "out" / "200003.json"


def test_the_exported_file_is_what_the_trust_would_have_made_of_the_school(sent, made):
    here, there = (clear(read_counts(path)) for path in (sent, counts_folder(made) / sent.name))
    assert here == there
    assert sent.stat().st_mode & 0o077 == 0
    assert not [word for word in ("Surname", "Forename", "pupil_id") if word in sent.read_text()]


def test_a_file_of_counts_is_taken_in_as_it_was_sent(sent, tmp_path):
    done = see_to(task_of(tmp_path, sent), counts_from, clock)
    assert (done.name, done.urn, done.exit_code, done.counts) == ("Cedar Primary", "200003", 0, "taken in")
    assert (tmp_path / "counts" / "200003.json").read_bytes() == sent.read_bytes()


def damaged(text):
    return text[: len(text) // 2]


def of_last_layout(text):
    return json.dumps(
        {name: value for name, value in json.loads(text).items() if name != "effects"} | {"layout": 1}
    )


def of_another_day(text):
    return json.dumps(json.loads(text) | {"up_to": "2026-01-23"})


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damaged, "it is not JSON"),
        (of_last_layout, "Make it again in the school"),
        (of_another_day, "holds counts up to 2026-01-23, and the trust's paper is up to 2026-01-30"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_left_out_and_the_others_go_on(sent, tmp_path, spoil, said):
    other = write_school(tmp_path, TRUST[3])
    spoiled = tmp_path / "cedar_primary.json"
    spoiled.write_text(spoil(sent.read_text(encoding="utf-8")), encoding="utf-8")
    first, second = (see_to(task_of(tmp_path, path), counts_from, clock) for path in (spoiled, other))
    assert (first.name, first.exit_code, first.counts) == ("cedar_primary", 11, "")
    assert first.why == "The counts that it sent were refused"
    assert str(spoiled) in first.said[0]
    assert said in first.said[0]
    assert (second.exit_code, second.counts) == (0, "made")


# What is asked for


def test_schools_are_named_by_patterns_or_by_the_trust_file_each_once(tmp_path):
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).touch()
    trust_file = tmp_path / "trust.yml"
    trust_file.write_text('name: "Copse"\nschools: ["*.yml", "a.yml"]\n')
    named, files = schools_named(trust_file, ())
    assert (named.name, named.sees, [path.name for path in files]) == (
        "Copse",
        "protected",
        ["a.yml", "b.yml"],
    )
    assert [path.name for path in schools_named(None, (str(tmp_path / "b*"),))[1]] == ["b.yml"]
    for name in ("300001.json", "trust.json"):
        (tmp_path / name).touch()
    assert [path.name for path in schools_named(None, (str(tmp_path / "*.json"),))[1]] == ["300001.json"]
    with pytest.raises(RequestError, match="there is no such school file"):
        schools_named(None, (str(tmp_path / "c.yml"),))
    with pytest.raises(RequestError, match="No school is named"):
        schools_named(None, ())


def test_two_schools_of_one_urn_are_refused(tmp_path):
    write_school(tmp_path / "schools", TRUST[2])
    path = tmp_path / "schools" / "cedar_primary.yml"
    shutil.copy(path, path.with_name("cedar_again.yml"))
    with pytest.raises(SettingsError, match="have one URN, 200003"):
        run_in(tmp_path)


def test_without_any_counts_there_is_no_paper(tmp_path):
    write_school(tmp_path / "schools", TRUST[11])
    told = run_in(tmp_path)
    assert (told.code, told.said[-1]) == (
        10,
        "No school of Copse Trust has sent counts, so its paper is not made.",
    )


def test_attendance_run_says_what_makes_the_trust_s_paper(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert cli.main(["run", "trust"]) == 2
    assert "attendance trust makes it" in capsys.readouterr().err


def test_the_command_settles_what_is_not_given(monkeypatch, tmp_path):
    write_school(tmp_path, TRUST[2])
    asked = []
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(
        "attendance_lib.reports.trust.run_trust",
        lambda request, engine, run, show: asked.append((request, engine)) or 0,
    )
    school = str(tmp_path / "cedar_primary.yml")
    assert (
        cli.main(["trust", "--schools", school, "--on", "2026-02-02", "--workers", "3", "--memory", "1.5"])
        == 0
    )
    ((request, engine),) = asked
    assert (request.to, request.out, request.trust.name) == (TO, ROOT / "outputs", "Schools together")
    assert (engine.workers, request.memory) == (3, 3 * 2**29)
