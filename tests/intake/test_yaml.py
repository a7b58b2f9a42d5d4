import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance_lib.errors import SettingsError
from attendance_lib.intake.settings.yaml import TrapError, load_document, load_strict, plain_value, unwritable


def load(tmp_path, text):
    path = tmp_path / "school.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return load_strict(path)


def test_plain_values_are_read_as_what_they_are(tmp_path):
    read = load(tmp_path, 'a: 7\nb: 0.5\nc: true\nd: "007"\ne: two words\nf: [7A, -3]\ng: {h: 2026-11-20}\n')
    assert {**read, "g": str(read["g"]["h"])} == {
        "a": 7, "b": 0.5, "c": True, "d": "007", "e": "two words", "f": ["7A", -3], "g": "2026-11-20",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "0012345",
            r"line 1, key 'urn': '0012345' starts with a zero.*Write it in quotes: urn: \"0012345\"\.",
        ),
        ("010", "starts with a zero"),
        ("0x1F", "hexadecimal"),
        ("0o17", "octal"),
        ("8:45", r"'8:45' is read as a number in base 60.*urn: \"8:45\""),
        ("2025_26", r"underscore that YAML drops.*urn: \"2025_26\""),
        ("NO", r"'NO' is read as true or false.*urn: \"NO\""),
        ("On", "read as true or false"),
        ("yes", "read as true or false"),
        ("True", "Write true or false in small letters"),
        ("20/11/2026", "not a date in ISO form. Write year, month, day, as in 2026-11-20"),
        ("2026-1-5", "not a date in ISO form"),
        ("20 Nov 2026", "not a date in ISO form"),
        ("2026-02-30", "not a date in the calendar"),
        ("2026-11-20 08:00", "date with a time"),
        ("1e5", "not a plain number"),
        (".5", "not a plain number"),
        (".inf", "not a plain number"),
        ("", r"key 'urn': '' is an empty value"),
        ("~", "empty value"),
        ("null", "empty value"),
        ("&x 1", r"an anchor \(&name\) is not allowed"),
        ("*x", r"an alias \(\*name\) is not allowed"),
        ("!!str 1", r"a tag \(!name\) is not allowed"),
    ],
)
def test_a_value_that_yaml_would_guess_is_refused_with_the_remedy(tmp_path, written, message):
    with pytest.raises(SettingsError, match=message):
        load(tmp_path, f"urn: {written}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "line 2, key 'a': the key is written twice"),
        ("a:\n\tb: 1\n", "line 2: there is a tab"),
        ("NO: 1\n", "'NO' cannot be a key"),
        ("7: 1\n", "'7' cannot be a key"),
        ("<<: {a: 1}\n", "'<<' cannot be a key"),
        ("[a]: 1\n", "cannot be a key"),
        ("- a\n", "holds no settings"),
        ("", "holds no settings"),
        ("a: [1\nb: 2\n", "line 2: this cannot be read"),
        ("a: 1\n---\nb: 2\n", "another document"),
        ("[" * 500, "nested too deeply"),
        (b"a: \xff\n", "line 1: the file is not UTF-8"),
        ("a: 1\nb: \x07\n", "line 2: there is a character"),
        (b"a: 1\n" * 250_000, "too large for settings"),
    ],
)
def test_a_file_that_is_not_plain_settings_is_refused(tmp_path, text, message):
    with pytest.raises(SettingsError, match=message):
        load(tmp_path, text)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match="nowhere.yml: there is no such file"):
        load_strict(tmp_path / "nowhere.yml")


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    with pytest.raises(SettingsError, match=r"(?s)key 'a\[1\]'.*key 'b\.c'"):
        load(tmp_path, "a: [1, 01]\nb: {c: NO}\n")


def test_more_than_twenty_problems_are_counted(tmp_path):
    with pytest.raises(SettingsError, match=r"\.\.\. and 5 more problems"):
        load(tmp_path, "".join(f"k{number}: NO\n" for number in range(25)))


def test_every_key_keeps_its_line(tmp_path):
    path = tmp_path / "a.yml"
    path.write_text("a:\n  b:\n    - 1\n    - 2\n", encoding="utf-8")
    assert load_document(path).line_of(("a", "b", 1)) == 4


@given(st.text(alphabet="0123456789-+.:_/exonTZ ", max_size=12))
def test_a_plain_value_is_itself_or_refused(written):
    try:
        value = plain_value(written)
    except (TrapError, ValueError):
        return
    assert isinstance(value, str) or (str(value).lower() == written or float(written) == value)


# Characters that no sheet, page or file name holds


@pytest.mark.parametrize("code", [0x00, 0x07, 0x09, 0x0A, 0x1B, 0x7F, 0x85, 0x9F, 0x2028, 0x2029, 0x202A, 0x202E,
                                  0x2066, 0x2069, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])  # fmt: skip
@pytest.mark.parametrize("text", ['name: "a{}b"', '"a{}b": name', 'schools: [{{name: "{}"}}]'])
def test_a_character_that_cannot_be_written_is_refused_by_its_number_wherever_it_stands(tmp_path, code, text):
    with pytest.raises(
        SettingsError, match=f"line 1, key .*holds character U\\+{code:04X}, which papers cannot show"
    ) as found:
        load(tmp_path, text.format(f"\\u{code:04x}") + "\n")
    assert chr(code) not in str(found.value)


@pytest.mark.parametrize(
    "code", [0x20, 0x7E, 0xA0, 0x2027, 0x202F, 0x2065, 0x206A, 0xD7FF, 0xE000, 0xFFFD, 0x4E94, 0x1F600]
)
def test_every_other_character_is_kept(tmp_path, code):
    assert unwritable(chr(code)) == ""
    assert load(tmp_path, f'name: "a\\U{code:08x}b"\n') == {"name": f"a{chr(code)}b"}


def test_the_heading_of_an_export_may_have_a_line_break(tmp_path):
    assert load(tmp_path, 'columns: {code: "Mark\\ncode"}\n') == {"columns": {"code": "Mark\ncode"}}


def test_a_file_that_cannot_be_opened_is_refused_with_the_remedy(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "school.yml").write_text("a: 1")
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(
        SettingsError, match=r"school.yml: the file cannot be opened \(Permission denied\). Let this"
    ):
        load_strict(tmp_path / "school.yml")


def test_a_backslash_in_double_quotes_is_named_with_what_to_write(tmp_path):
    for path in ("C:\\Users\\pupils.csv", "exports\\new.csv", "exports\\xls.csv", "exports\\marks.csv"):
        with pytest.raises(
            SettingsError, match="line 1.*: in double quotes a backslash begins a special character"
        ) as refused:
            load(tmp_path, f'path: "{path}"\n')
        assert "Write / for" in str(refused.value)
    assert load(tmp_path, "path: 'exports\\new.csv'\n") == {"path": "exports\\new.csv"}


def test_a_file_saved_as_windows_1252_names_its_first_letter_and_how_to_save_it(tmp_path):
    with pytest.raises(
        SettingsError, match=r"line 2: the file is not UTF-8 text; saved as Windows-1252.*'é'.*in Notepad"
    ):
        load(tmp_path, "a: 1\nname: École cafétéria\n".replace("É", "E").encode("cp1252"))


def test_a_blank_of_the_template_is_refused_and_a_heading_may_look_like_one(tmp_path):
    with pytest.raises(SettingsError, match="key 'name': '<text>' is a blank that is still to be filled in"):
        load(tmp_path, 'name: "<text>"\n')
    assert load(tmp_path, 'columns: {form: "<Reg>"}\n') == {"columns": {"form": "<Reg>"}}
