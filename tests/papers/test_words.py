"""The fixed words of every paper: words that say nothing are not among them, and the sentences can be read without effort."""

import ast
import re
from pathlib import Path

import pytest
import readability

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(ROOT.glob("attendance_lib/papers/**/*.py"))
EMPTY_WORDS = re.compile(
    r"\b(things?|cautious|basis|fall out next|leverage|utilise|in order to|regarding|told|joined)\b",
    re.IGNORECASE,
)
# Where people are told something, two can be told apart, or somebody joined the school, the words say what happened.
SAID_OF_PEOPLE = re.compile(
    r"\b(told apart|(authority|governors|parents) (were |are |is |is to be |were not )?told|school told|not told\.|role is told"
    r"|told about nobody|told of (own tasks|each pupil)|told 7 of own|may be told of|to be told; it|is told( 7)?$"
    r"|joined (after the first day|within the period))",
    re.IGNORECASE,
)
FEWEST_WORDS, LONGEST_SENTENCE = 6, 48
# Of Flesch and Kincaid: the school year, in America; 5 is that of those who are 10 to 11.
MOST_GRADE = 5


def fixed_texts(source):
    """The texts of a module that are no documentation, of those with figures in them the words between."""
    tree = ast.parse(source)
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    inner = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    } - {id(node) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)}
    for node in ast.walk(tree):
        if id(node) in documented or id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sentences_in(text):
    """The sentences of a text that are long enough to be hard to read."""
    said = (each.strip() for each in re.split(r"(?<=[.!?:;])\s+", text))
    return [each for each in said if len(re.findall(r"[A-Za-z']+", each)) >= FEWEST_WORDS and "{" not in each]


def texts_of(path):
    return [text for text in fixed_texts(path.read_text(encoding="utf-8")) if " " in text.strip()]


def grade_of(sentences):
    lines = [" ".join(re.findall(r"[\w'.]*\w|[.,!?:]", sentence)) for sentence in sentences]
    return readability.getmeasures("\n".join(lines), lang="en")["readability grades"]["Kincaid"]


def test_the_words_of_a_module_are_found_without_its_documentation():
    source = '"""A thing."""\nX = "Some fixed words."\ndef f(n):\n    """A thing."""\n    return f"{n} pupils are here."\n'
    assert list(fixed_texts(source)) == ["Some fixed words.", "7 pupils are here."]


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(ROOT / "attendance_lib/papers").as_posix()
)
def test_no_word_that_says_nothing_is_in_a_paper(path):
    said = [SAID_OF_PEOPLE.sub("", text) for text in texts_of(path)]
    assert [text for text in said if EMPTY_WORDS.search(text)] == []


def test_a_word_that_says_what_people_did_is_no_empty_one():
    meant = (
        "Persistent absence, as governors were told",
        "the two cannot be told apart",
        "joined within the period",
    )
    empty = ("Nothing is told of them", "6 joined it", "a chance to be told")
    assert [bool(EMPTY_WORDS.search(SAID_OF_PEOPLE.sub("", text))) for text in (*meant, *empty)] == [
        False
    ] * 3 + [True] * 3


def test_the_sentences_of_the_papers_are_read_without_effort():
    sentences = [each for path in FILES for text in texts_of(path) for each in sentences_in(text)]
    assert len(sentences) > 500
    assert grade_of(sentences) <= MOST_GRADE
    too_long = [each for each in sentences if len(each.split()) > LONGEST_SENTENCE]
    assert too_long == []


def test_the_measure_tells_the_words_of_an_authority_from_ours():
    hard = "Persistent absenteeism necessitates multidisciplinary intervention commensurate with statutory responsibilities."
    assert grade_of([hard]) > MOST_GRADE
