"""The CSVs beside every paper, read by what their data package says of them and by nothing of the library's."""

import csv
import json

import pytest

from attendance_lib.reports.papers import MadeBy, papers_made_by


def rows_of(folder, resource):
    """The rows of a CSV, each a text by column."""
    with (folder / resource["path"]).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("paper", papers_made_by(MadeBy.RUN), indirect=True)
def test_the_key_of_every_table_tells_its_rows_apart_and_is_never_empty(paper):
    packages = sorted(paper.parent.rglob("datapackage.json"))
    assert packages
    for package in packages:
        for resource in json.loads(package.read_text(encoding="utf-8"))["resources"]:
            schema, rows = resource["schema"], rows_of(package.parent, resource)
            keys = [tuple(row[name] for name in schema.get("primaryKey", ())) for row in rows]
            if "primaryKey" not in schema:
                continue
            assert len(set(keys)) == len(keys), resource["name"]
            assert not [key for key in keys if set(key) & set(schema["missingValues"])], resource["name"]
