"""Errors that people can act on: each with the code that a scheduler reads, and words that say what to do."""

import errno

import pytest

from attendance_lib import errors
from attendance_lib.errors import (
    AttendanceError,
    InputError,
    counted,
    in_number,
    nearest,
    quoted,
    refused_by_system,
    system_reason,
    system_remedy,
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("RequestError", 2), ("SettingsError", 10), ("InputError", 11), ("CasebookError", 11), ("DisclosureError", 12),
        ("NotebookError", 13), ("ChangedInputsError", 14),
    ],
)  # fmt: skip
def test_exit_codes_are_those_that_schedulers_know(name, code):
    assert getattr(errors, name)("why").exit_code == code


def test_no_error_of_a_user_ends_like_a_fault_or_like_a_difference():
    kinds = [
        each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, AttendanceError)
    ]
    codes = {each.exit_code for each in kinds if each is not AttendanceError}
    assert codes.isdisjoint({0, 1, errors.FAULT})


def test_every_problem_of_the_inputs_is_a_line():
    refused = InputError("marks.csv: no dates.", "pupils.csv: row 3 has no form.")
    assert refused.problems == ("marks.csv: no dates.", "pupils.csv: row 3 has no form.")
    assert str(refused).splitlines() == list(refused.problems)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Free some space there"),
        (errno.EACCES, "Let this account read and write there"),
        (errno.EEXIST, "Move away what stands in its place"),
        (errno.ENAMETOOLONG, "Choose a folder with a shorter path"),
        (errno.EIO, "Check the drive"),
        (None, "Check the drive"),
    ],
)
def test_what_the_system_refuses_comes_with_what_to_do(number, remedy):
    assert system_remedy(number).startswith(remedy)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", b"outputs/a.html"),
            "outputs/a.html: No space left on device. ",
        ),
        (OSError(errno.EPIPE, "Broken pipe"), "a file, or what this command prints: Broken pipe. "),
        (
            OSError(errno.EBADF, "Bad file descriptor", 3),
            "a file, or what this command prints: Bad file descriptor. ",
        ),
    ],
)
def test_the_file_is_named_where_there_is_one(error, said):
    assert str(refused_by_system(error)).startswith(said)


def test_an_error_without_words_says_at_least_its_kind():
    assert system_reason(TimeoutError()) == "TimeoutError"


def test_a_word_is_set_against_those_allowed():
    assert nearest("fortnighty", ["fortnightly", "daily"]) == "Did you mean 'fortnightly'?"
    assert nearest("", ["a", "b"]) == "Use one of: a, b."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a 'b' \"c\"", "'a 'b' \"c\"'"),
        ("O'Neill", '"O\'Neill"'),
        ("", "''"),
        ("\x1b[31m", "'(U+001B)[31m'"),
        (None, "None"),
    ],
)
def test_a_value_is_shown_as_it_stands_and_drives_no_terminal(value, shown):
    assert quoted(value) == shown


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 marks"), (1, "1 mark"), (2, "2 marks"), (1234567, "1,234,567 marks")]
)
def test_counts_have_their_words(count, words):
    assert counted(count, "mark") == words
    assert words.endswith(in_number(count, "mark"))
