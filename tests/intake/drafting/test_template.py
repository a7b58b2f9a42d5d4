"""The template of a school file and its schema: nothing that nobody said, and every key."""

import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml

from attendance_lib.errors import SettingsError
from attendance_lib.intake.drafting.school import template_text
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.template import blanks_in, schema_text
from attendance_lib.intake.settings.yaml import BLANK

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "params" / "demo.yml"


def schema():
    return json.loads((ROOT / "params" / "school.schema.json").read_text(encoding="utf-8"))


def demo_as_editors_see_it():
    """The demo's school file as an editor reads it: dates are text."""
    return json.loads(json.dumps(yaml.safe_load(DEMO.read_text(encoding="utf-8")), default=str))


def test_the_template_in_the_project_is_a_draft_of_nothing():
    assert (ROOT / "params" / "template.yml").read_text(encoding="utf-8") == template_text()


def test_every_blank_of_the_template_is_known_as_one_when_it_is_left_in():
    blanks = set(re.findall(r"<[^<>]*>", template_text())) - {"<blank>"}
    assert "<YYYY-MM-DD>" in blanks
    assert [blank for blank in blanks if not BLANK.fullmatch(blank)] == []
    assert not BLANK.fullmatch("<script>alert(1)</script>")


def test_the_template_holds_no_value_of_a_school(tmp_path):
    """Uncommented line by line, all that it holds are blanks, the program's own defaults, and the law's day."""
    live = [re.sub(r"^# ?", "", line, count=1) for line in template_text().splitlines()[4:]]
    values = list(leaves(yaml.safe_load("\n".join(live))))
    told = {value for value in values if not re.fullmatch(r"<[^<>]*>", str(value))}
    assert told == {date(2024, 8, 19), True, 0, 5, 20, 6}


def leaves(value):
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    elif value is not None:
        yield value


def test_every_blank_that_is_left_is_refused_by_its_line(tmp_path):
    path = tmp_path / "school.yml"
    path.write_text(template_text(), encoding="utf-8")
    with pytest.raises(
        SettingsError, match="key 'school.name': '<text>' is a blank that is still to be filled in"
    ):
        load_settings(path)
    assert blanks_in(template_text()).startswith("To fill in: name (line 7), urn (line 8), phase (line 12)")


def test_every_key_of_the_school_file_is_in_the_template():
    keys = {name for each in schema()["$defs"].values() for name in each["properties"]} | set(
        schema()["properties"]
    )
    written = set(re.findall(r"([a-zA-Z_]+):", template_text()))
    # A rule without an end has none: named here since the one-line forms show what must be there alone.
    assert keys - written == set()


def test_the_schema_in_the_project_is_that_of_the_declarations():
    assert (ROOT / "params" / "school.schema.json").read_text(encoding="utf-8") == schema_text()


def test_every_property_says_what_it_is():
    parts = [schema(), *schema()["$defs"].values()]
    silent = [
        name for part in parts for name, each in part["properties"].items() if not each.get("description")
    ]
    assert silent == []


def test_the_schema_takes_the_demo_s_file():
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    assert [error.message for error in validator.iter_errors(demo_as_editors_see_it())] == []


@pytest.mark.parametrize(
    "change",
    [
        {"school": {}}, {"exports": {"pupils": []}}, {"calender": {}}, {"rules": {"suppression_level": 4}},
        {"hand_over": {"published": None}},
    ],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(change):
    said = demo_as_editors_see_it() | change
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(said))
