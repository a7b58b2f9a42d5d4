"""Packages imported without a part that they can do without."""

import sys

import pytest

from attendance_lib.imports import imports_without

# A module of Python's own that nothing here imports.
UNNEEDED = "this"


@pytest.fixture
def unknown(monkeypatch):
    monkeypatch.delitem(sys.modules, UNNEEDED, raising=False)


@pytest.mark.usefixtures("unknown")
def test_within_the_block_the_part_is_not_there_and_after_it_is():
    with imports_without(UNNEEDED), pytest.raises(ImportError):
        __import__(UNNEEDED)
    assert UNNEEDED not in sys.modules
    assert __import__(UNNEEDED).__name__ == UNNEEDED


@pytest.mark.usefixtures("unknown")
def test_an_import_that_fails_within_the_block_leaves_the_part_to_be_imported_later():
    with pytest.raises(ZeroDivisionError), imports_without(UNNEEDED):
        raise ZeroDivisionError("what was imported failed")
    assert UNNEEDED not in sys.modules


def test_a_part_that_was_imported_before_stays_as_it_is(monkeypatch):
    held = object()
    monkeypatch.setitem(sys.modules, UNNEEDED, held)
    with imports_without(UNNEEDED):
        assert sys.modules[UNNEEDED] is held
    assert sys.modules[UNNEEDED] is held
