"""What the words of the papers mean, in words that are easy, and the same in the docs."""

from attendance_lib.rules.glossary import GLOSSARY, in_markdown
from tests.papers.test_words import MOST_GRADE, ROOT, grade_of, sentences_in


def test_the_glossary_is_easy_and_stands_in_the_docs_as_it_is_declared():
    assert (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8") == in_markdown()
    assert len({term.word for term in GLOSSARY}) == len(GLOSSARY)
    assert grade_of([each for term in GLOSSARY for each in sentences_in(term.meaning)]) <= MOST_GRADE
