"""The trust file: what it may say, and that a slip in it is refused by its line."""

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.intake.settings.trust_file import load_trust


def test_a_trust_sees_protected_counts_unless_its_file_says_otherwise(tmp_path):
    path = tmp_path / "trust.yml"
    path.write_text('name: "Copse"\nschools: ["*.yml"]\n')
    assert load_trust(path).sees == "protected"
    path.write_text('name: "Copse"\nsees: counts\n')
    assert (load_trust(path).sees, load_trust(path).schools) == ("counts", ())


def test_a_trust_file_with_an_unknown_key_is_refused_by_its_line(tmp_path):
    path = tmp_path / "trust.yml"
    path.write_text('name: "Copse"\nsee: counts\n')
    with pytest.raises(SettingsError, match="line 2, key 'see'"):
        load_trust(path)
