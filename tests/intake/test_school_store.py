"""A school kept as it was read: given back as it was, from the same inputs alone, and never in anybody's way."""

import errno
import hashlib
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake import school as reading
from attendance_lib.intake import school_store
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.packed_tables import readable_array
from attendance_lib.intake.school import read_school
from attendance_lib.intake.school_store import SchoolStore, key_of, open_school
from attendance_lib.intake.settings.loading import load_settings

ROOT = Path(__file__).resolve().parents[2]
LOGS = {
    "actions.csv": "action_id,pupil_id,raised_on,action,owner,due_date,status,completed_on,note\n"
    "A1,001,2026-09-14,Ring home,HoY 7,2026-09-25,open,,Zoë: “later”\n"
    "A2,,2026-09-14,Order certificates,SENCo,,open,,\n",
    "interventions.csv": "pupil_id,intervention,tier,start_date,cost\n"
    "002,Breakfast club,2,2026-09-14,12.5\n,Letters,1,2026-09-14,\n",
    "lessons.csv": "pupil_id,date,period,code,minutes_late\n001,2026-09-14,1,/,\n002,2026-09-14,1,L,3\n",
}
WITH_LOGS = [("exports:\n", "exports:\n" + "".join(f'  {name[:-4]}: {{path: "{name}"}}\n' for name in LOGS))]
MINUTES = 8


@pytest.fixture
def settings(school_folder):
    return load_settings(school_folder / "school.yml")


@pytest.fixture
def store(tmp_path):
    return SchoolStore(tmp_path / "packs" / ".kept")


@pytest.fixture
def kept(settings, store):
    """The school, read and kept."""
    return open_school(settings, store, keeps=True)


@pytest.fixture
def reads(monkeypatch):
    """Counts how often exports are read."""
    made = []

    def counted(settings):
        made.append(settings)
        return read_school(settings)

    monkeypatch.setattr(reading, "read_school", counted)
    return made


def differences(one: School, other: School) -> list[str]:
    """What of two schools is not the very same: values, types, missing values, order, names."""
    return [
        each.name
        for each in fields(School)
        if not is_same(getattr(one, each.name), getattr(other, each.name))
    ]


def is_same(one: object, other: object) -> bool:
    if not isinstance(one, pd.DataFrame):
        return type(one) is type(other) and one == other
    pd.testing.assert_frame_equal(
        one, other, check_exact=True, check_index_type="exact", check_column_type="exact", check_freq=True
    )
    return [repr(dtype) for dtype in one.dtypes] == [repr(dtype) for dtype in other.dtypes]


# The very same


CHANGES = {
    "plain": {},
    "logs": LOGS,
    "no mark is late": {"marks.csv": ("L,8", "/,")},
    "a pupil is of no year": {"pupils.csv": ("O'Neill,Null,8,8A", "O'Neill,Null,X,")},
    "entered ahead": {
        "marks.csv": ("003,2026-09-14,PM,I,\n", "003,2026-09-14,PM,I,\n003,2026-12-01,AM,C,\n")
    },
    "in doubt": {
        "marks.csv": ("003,2026-09-14,PM,I,\n", "003,2026-09-14,PM,I,\n" + "001,2026-09-14,AM,N,\n" * 2)
    },
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_school_comes_back_as_it_was_read_in_every_value_and_type(name, read_changed, school_folder, store):
    read_changed(CHANGES[name], WITH_LOGS if name == "logs" else ())
    settings = load_settings(school_folder / "school.yml")
    read = open_school(settings, store, keeps=True)
    assert store.place(settings).is_file()
    found = store.find(settings, key_of(settings))
    assert differences(read, found) == []
    assert differences(read_school(settings), found) == []


def test_the_cases_above_hold_what_they_are_named_after(read_changed):
    assert len(read_changed(CHANGES["entered ahead"]).planned_marks) == 1
    assert len(read_changed(CHANGES["in doubt"]).doubtful_marks) == 1


def test_the_demo_school_comes_back_as_it_was_read(store):
    if not (ROOT / "outputs" / "demo_exports" / ".made").exists():
        pytest.skip("make demo writes its exports")
    settings = load_settings(ROOT / "params" / "demo.yml")
    read = open_school(settings, store, keeps=True)
    assert differences(read, store.find(settings, key_of(settings))) == []


def test_what_is_opened_is_as_free_to_be_changed_as_what_was_read(kept, settings, store):
    found = store.find(settings, key_of(settings))
    found.marks["minutes_late"].to_numpy(dtype=float, na_value=np.nan)[:] = 0
    found.marks.loc[0, "minutes_late"] = 5
    found.pupils.loc[0, "surname"] = "Another"
    assert differences(kept, store.find(settings, key_of(settings))) == []


def test_a_path_of_the_school_file_written_otherwise_opens_the_same(
    kept, school_folder, store, monkeypatch, reads
):
    monkeypatch.chdir(school_folder)
    found = open_school(load_settings(Path("school.yml")), store)
    assert not reads
    assert [file.path for file in found.log.files] == ["pupils.csv", "marks.csv"]
    assert [file.path for file in kept.log.files] == [
        str(school_folder / name) for name in ("pupils.csv", "marks.csv")
    ]


# Read once


def test_exports_are_read_once(settings, store, reads):
    first = open_school(settings, store, keeps=True)
    assert [len(reads), differences(first, open_school(settings, store)), len(reads)] == [1, [], 1]


@pytest.fixture
def held(settings, store, monkeypatch):
    """The school, read, kept and held in this process."""
    monkeypatch.setattr(school_store, "_HELD", {})
    return open_school(settings, store, keeps=True, holds=True)


def test_a_school_that_is_held_is_neither_read_nor_opened_again(held, settings, store, reads, monkeypatch):
    monkeypatch.setattr(SchoolStore, "find", lambda *_: pytest.fail("opened"))
    again = open_school(settings, store)
    assert (differences(again, held), reads) == ([], [])
    assert again.marks is held.marks


def test_a_school_that_is_held_is_read_again_once_an_export_has_changed(held, settings, store, reads):
    marks = next(path for path in map(Path, (file.path for file in held.log.files)) if "marks" in path.name)
    marks.write_bytes(marks.read_bytes() + b"\n")
    open_school(settings, store)
    assert len(reads) == 1


def test_a_school_that_is_held_names_its_files_as_whoever_asks(held, settings, store, monkeypatch):
    monkeypatch.chdir(settings.file.parent)
    here = load_settings(Path(settings.file.name))
    assert not Path(open_school(here, store).log.files[0].path).is_absolute()
    assert Path(held.log.files[0].path).is_absolute()


def test_without_a_store_and_from_an_empty_one_exports_are_read_and_nothing_is_kept(settings, store, reads):
    assert differences(open_school(settings, None), open_school(settings, store)) == []
    assert (len(reads), store.folder.exists()) == (2, False)


def test_a_refused_school_is_refused_as_ever_and_not_kept(school_folder, settings, store):
    (school_folder / "marks.csv").write_text("pupil_id,date\n001,2026-09-14\n")
    with pytest.raises(InputError, match=r"marks\.csv"):
        open_school(settings, store, keeps=True)
    (school_folder / "marks.csv").unlink()
    with pytest.raises(SettingsError, match="there is no file"):
        open_school(settings, store, keeps=True)
    assert not store.folder.exists()


# The same inputs


def test_a_changed_export_is_read(kept, school_folder, settings, store):
    path = school_folder / "marks.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("002,2026-09-14,AM,L,8", "002,2026-09-14,AM,L,9")
    )
    assert open_school(settings, store).marks["minutes_late"].dropna().tolist() == [MINUTES + 1]


def test_a_change_of_the_same_length_at_the_same_time_is_seen(kept, school_folder, settings, store):
    path = school_folder / "marks.csv"
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"L,8", b"L,7"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert open_school(settings, store).marks["minutes_late"].dropna().tolist() == [MINUTES - 1]


def test_an_export_that_is_put_beside_the_others_is_read(kept, school_folder, settings, store):
    (school_folder / "marks2.csv").write_text("pupil_id,date,session,code\n001,2026-09-15,AM,/\n")
    assert [file.rows for file in open_school(settings, store).log.files] == [3, 6, 1]
    assert [file.rows for file in kept.log.files] == [3, 6]


def test_an_export_of_another_name_is_read_for_messages_name_it(kept, school_folder, settings, store):
    (school_folder / "marks.csv").rename(school_folder / "marks_b.csv")
    assert open_school(settings, store).log.files[1].path.endswith("marks_b.csv")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("end: 2026-12-18", "end: 2026-12-17"),
        ('name: "Tiny School"', 'name: "Tiny"'),
        ("[7, 8]", "[7, 8, 9]"),
    ],
)
def test_a_changed_school_file_is_another_key(kept, settings, store, reads, old, new):
    path = settings.file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    changed = load_settings(path)
    assert changed != settings
    assert open_school(changed, store).settings == changed
    assert len(reads) == 1


def test_another_version_of_the_library_or_a_package_reads_for_itself(kept, settings, store, monkeypatch):
    before = key_of(settings)
    others = {"library_hash": lambda: "0" * 64, "_version": lambda package: "9", "MAGIC": b"2"}
    for name, other in others.items():
        with monkeypatch.context() as patch:
            patch.setattr(school_store, name, other)
            assert key_of(settings) != before, name
    assert key_of(settings) == before


def test_the_library_s_own_code_is_part_of_its_version(monkeypatch, tmp_path):
    place = tmp_path / "intake" / "school_store.py"
    place.parent.mkdir()
    for path in (place, tmp_path / "errors.py"):
        path.write_text("")
    monkeypatch.setattr(school_store, "__file__", str(place))
    found = {school_store.library_hash()}
    for name, content in (
        ("intake/a.py", "1"),
        ("intake/a.py", "2"),
        ("rules/b.csv", "2"),
        ("errors.py", "2"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
        found.add(school_store.library_hash())
    assert len(found) == 5


def test_what_changes_while_it_is_read_is_not_kept(school_folder, settings, store, monkeypatch):
    def slow(settings):
        school = read_school(settings)
        (school_folder / "marks.csv").write_text("pupil_id,date,session,code\n001,2026-09-14,AM,N\n")
        return school

    monkeypatch.setattr(reading, "read_school", slow)
    open_school(settings, store, keeps=True)
    assert not store.folder.exists()


# Damaged


def place_in(store):
    (place,) = store.folder.iterdir()
    return place


def sealed(body: bytes) -> bytes:
    """A body under a digest that is right."""
    return school_store.MAGIC + hashlib.sha256(body).digest() + body


def with_head(content: bytes, change) -> bytes:
    """A file whose head is changed, its digest right again."""
    body = content[len(school_store.MAGIC) + school_store.DIGEST_BYTES :]
    length = int.from_bytes(body[:8], "little")
    arrays = body[8 + school_store._with_padding(length) :]
    head = json.loads(body[8 : 8 + length])
    change(head)
    text = json.dumps(head).encode()
    return sealed(len(text).to_bytes(8, "little") + school_store._padded(text) + arrays)


def column(head, name):
    return next(each for each in head["tables"]["marks"]["columns"] if each["name"] == name)


def arrays_of(head, dtype, length=None):
    head["arrays"][0] = [dtype, head["arrays"][0][1] if length is None else length]


HEADS = {
    "objects": lambda head: arrays_of(head, "|O"),
    "text": lambda head: arrays_of(head, "<U1"),
    "no type": lambda head: arrays_of(head, "nonsense"),
    "too long": lambda head: arrays_of(head, "|i1", 10**12),
    "negative": lambda head: arrays_of(head, "|i1", -16),
    "uneven": lambda head: arrays_of(head, "<i8"),
    "one array less": lambda head: head["arrays"].pop(),
    "one array more": lambda head: head["arrays"].append(["|i1", 0]),
    "fewer texts": lambda head: column(head, "pupil_id").update(texts=[]),
    "fewer codes": lambda head: column(head, "code").update(texts=[]),
    "other rows": lambda head: head["tables"]["marks"].update(rows=5),
    "other form": lambda head: column(head, "date").update(form="masked"),
    "unknown form": lambda head: column(head, "date").update(form="pickle"),
    "unknown masked type": lambda head: column(head, "minutes_late").update(masked="category"),
    "no masked type": lambda head: column(head, "minutes_late").update(masked="datetime64[ns]"),
    "no table": lambda head: head["tables"].pop("marks"),
    "no log": lambda head: head.pop("log"),
    "more": lambda head: head.update(more=1),
    "a day that is none": lambda head: head.update(last_register_day="2026-02-30"),
    "another key": lambda head: head.update(key="0" * 64),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_that_does_not_fit_is_not_trusted_though_its_digest_is_right(
    kept, settings, store, reads, name
):
    place = place_in(store)
    place.write_bytes(with_head(place.read_bytes(), HEADS[name]))
    assert differences(open_school(settings, store), kept) == []
    assert len(reads) == 1


def test_a_head_that_fits_is_trusted(kept, settings, store, reads):
    """The helper of the test above changes nothing but what it is told to."""
    place = place_in(store)
    place.write_bytes(with_head(place.read_bytes(), lambda head: None))
    assert (differences(open_school(settings, store), kept), reads) == ([], [])


def test_a_number_below_that_of_the_missing_text_is_not_trusted(kept, settings, store, reads):
    place = place_in(store)
    changed = {}
    content = bytearray(with_head(place.read_bytes(), changed.update))
    # The first array is of numbers of the pupils' identifiers, 0 to 2.
    start = content.index(bytes([0, 1, 2]) + bytes(13))
    content[start] = 254
    place.write_bytes(sealed(bytes(content[len(school_store.MAGIC) + school_store.DIGEST_BYTES :])))
    assert (differences(open_school(settings, store), kept), len(reads)) == ([], 1)


def test_a_flipped_bit_anywhere_is_seen(kept, settings, store):
    place = place_in(store)
    content = place.read_bytes()
    for at in [*range(0, len(content), 97), len(content) - 1]:
        place.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert store.find(settings, key_of(settings)) is None, at
    place.write_bytes(content)
    assert store.find(settings, key_of(settings)) is not None


@pytest.mark.parametrize("length", [0, 1, 31, 32, 63, 64, 71, 72, 200, -17, -1])
def test_a_file_cut_short_is_read_anew_and_put_right(kept, settings, store, reads, length):
    place = place_in(store)
    content = place.read_bytes()
    place.write_bytes(content[:length])
    assert differences(open_school(settings, store, keeps=True), kept) == []
    assert (len(reads), place.read_bytes()) == (1, content)


def test_a_file_with_more_behind_it_is_not_trusted(kept, settings, store, reads):
    place = place_in(store)
    body = place.read_bytes()[len(school_store.MAGIC) + school_store.DIGEST_BYTES :]
    place.write_bytes(sealed(body + bytes(16)))
    assert (differences(open_school(settings, store), kept), len(reads)) == ([], 1)


def test_a_file_of_another_form_is_not_trusted(kept, settings, store, reads):
    place = place_in(store)
    place.write_bytes(place.read_bytes().replace(b"read, 1", b"read, 0", 1))
    assert (differences(open_school(settings, store), kept), len(reads)) == ([], 1)


def test_no_object_is_ever_made_of_bytes():
    for dtype in ("O", "U1", "S1", "V4", "i4,O", "m8[s]", "c16"):
        with pytest.raises((ValueError, TypeError)):
            readable_array(memoryview(bytes(16)), dtype)


# Whose it is, and who may read it


def test_only_this_account_may_read_it_whatever_the_umask(settings, store):
    outer = os.umask(0)
    try:
        open_school(settings, store, keeps=True)
    finally:
        os.umask(outer)
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(place_in(store).stat().st_mode) == 0o600


def test_a_file_of_another_account_and_a_link_are_not_opened(
    kept, settings, store, reads, monkeypatch, tmp_path
):
    with monkeypatch.context() as patch:
        patch.setattr(os, "getuid", lambda: store.folder.stat().st_uid + 1)
        assert store.find(settings, key_of(settings)) is None
    place = place_in(store)
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    assert store.find(settings, key_of(settings)) is None
    place.unlink()
    os.mkfifo(place)
    key = key_of(settings)
    # To open it would be to wait for somebody who writes into it.
    monkeypatch.setattr(Path, "open", lambda *given, **named: pytest.fail("it was opened"))
    assert store.find(settings, key) is None


# What cannot be written


def test_where_the_folder_cannot_be_made_papers_are_made_without(settings, store, kept, reads):
    for path in store.folder.iterdir():
        path.unlink()
    store.folder.rmdir()
    store.folder.write_text("in the way")
    assert differences(open_school(settings, store, keeps=True), kept) == []
    assert store.folder.read_text() == "in the way"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("where", ["mkstemp", "write", "replace"])
def test_what_the_system_refuses_is_left_and_nothing_of_it_stays(settings, store, monkeypatch, number, where):
    def refuse(*given, **named):
        raise OSError(number, os.strerror(number))

    class Full:
        def __init__(self, descriptor, mode):
            os.close(descriptor)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        write = refuse

    with monkeypatch.context() as patch:
        if where == "mkstemp":
            patch.setattr(school_store, "mkstemp", refuse)
        elif where == "write":
            patch.setattr(os, "fdopen", Full)
        else:
            patch.setattr(Path, "replace", refuse)
        school = open_school(settings, store, keeps=True)
    assert differences(school, read_school(settings)) == []
    assert not store.folder.exists() or list(store.folder.iterdir()) == []


def test_what_cannot_be_given_back_as_it_is_is_not_kept(settings, store, kept):
    place_in(store).unlink()
    marks = kept.marks
    for odd in (
        marks.assign(more=[[1]] * len(marks)),
        marks.assign(more=pd.Series([1, "1", "a", "b", "c", "d"], dtype=object)),
        marks.assign(more=pd.Series(["a", None, "b", "c", "d", "e"], dtype=object)),
        marks.assign(more=marks["date"].dt.to_period("D")),
        marks.assign(more=marks["date"].dt.tz_localize("Europe/London")),
        marks.assign(more=pd.Categorical([1, 2, 1, 2, 1, 2])),
        marks.set_index("date"),
        marks.iloc[1:],
        marks.rename(columns={"code": 5}),
        marks.rename(columns={"code": "date"}),
    ):
        store.keep(replace(kept, marks=odd), key_of(settings))
        assert list(store.folder.iterdir()) == []
    store.keep(replace(kept, marks=marks.copy()), key_of(settings))
    assert place_in(store)


# Bounds


def schools(folder, count):
    """As many school files, each beside the exports of one school."""
    for number in range(count):
        path = folder / f"school_{number}.yml"
        path.write_text((folder / "school.yml").read_text(encoding="utf-8"), encoding="utf-8")
        yield load_settings(path)


def test_a_few_schools_are_kept_and_the_oldest_go(school_folder, store):
    several = list(schools(school_folder, school_store.MAX_SCHOOLS + 2))
    for number, each in enumerate(several):
        open_school(each, store, keeps=True)
        os.utime(store.place(each), (1_000_000 + number, 1_000_000 + number))
    assert [store.place(each).exists() for each in several] == [
        False,
        False,
        *[True] * school_store.MAX_SCHOOLS,
    ]


def test_no_more_than_so_many_bytes_are_kept(school_folder, store, monkeypatch):
    one, two, three = schools(school_folder, 3)
    open_school(one, store, keeps=True)
    size = store.place(one).stat().st_size
    os.utime(store.place(one), (1_000_000, 1_000_000))
    monkeypatch.setattr(school_store, "MAX_BYTES", 2 * size - 1)
    open_school(two, store, keeps=True)
    assert [store.place(each).exists() for each in (one, two)] == [False, True]
    monkeypatch.setattr(school_store, "MAX_BYTES", size - 1)
    open_school(three, store, keeps=True)
    assert [store.place(each).exists() for each in (two, three)] == [True, False]
    assert store.find(two, key_of(two)) is None


def test_a_new_reading_takes_the_place_of_the_old_one(kept, school_folder, settings, store):
    (school_folder / "marks2.csv").write_text("pupil_id,date,session,code\n001,2026-09-15,AM,/\n")
    open_school(settings, store, keeps=True)
    assert len(list(store.folder.iterdir())) == 1


def test_what_a_killed_run_left_goes_with_the_next_run_even_where_that_reads_nothing(kept, settings, store):
    (store.folder / ".new-left").write_bytes(b"Surname")
    open_school(settings, store)
    assert (store.folder / ".new-left").exists()
    open_school(settings, store, keeps=True)
    assert [path.suffix for path in store.folder.iterdir()] == [school_store.SUFFIX]


def test_a_run_that_is_stopped_while_it_writes_leaves_nothing(settings, store, monkeypatch):
    def stopped(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        open_school(settings, store, keeps=True)
    assert list(store.folder.iterdir()) == []


def test_a_run_whose_half_written_file_another_run_cleared_does_without(settings, store, monkeypatch):
    replaced = Path.replace

    def cleared(path, target):
        SchoolStore(path.parent).recover()
        return replaced(path, target)

    monkeypatch.setattr(Path, "replace", cleared)
    assert len(open_school(settings, store, keeps=True).marks) == 6
    assert list(store.folder.iterdir()) == []


# Two runs at once


def test_two_runs_at_once_find_what_is_whole_or_nothing(settings, store, kept):
    key = key_of(settings)

    def write(number):
        store.keep(kept, key)

    def find(number):
        return store.find(settings, key)

    with ThreadPoolExecutor(6) as pool:
        written = [pool.submit(write, number) for number in range(40)]
        found = [pool.submit(find, number).result() for number in range(40)]
        assert [each.result() for each in written] == [None] * 40
    assert all(each is not None and differences(each, kept) == [] for each in found)
    assert [path.suffix for path in store.folder.iterdir()] == [school_store.SUFFIX]


# Types apart from machines
