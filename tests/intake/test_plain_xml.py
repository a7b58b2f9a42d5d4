"""Plain records of an XML file are read by a pattern: the same must come out as from the parser, and the same be refused."""

import random
from xml.etree import ElementTree as Tree

import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.files import records as plain_xml
from attendance_lib.intake.files import records as xml_records
from attendance_lib.intake.files.records import read_xml_records

PLAIN = "<P><A>1</A><B>/</B></P>\n"
FIELDS = [
    "<A>1</A>", "<A> 1 </A>", "<A/>", "<A></A>", "<B>/</B>", "<B>x &amp; y</B>", "<B k='>'>2</B>", "<B>3\r\n4</B>",
    "<C>Siân</C>", "<C>a > b</C>", "<C><P>9</P></C>", "<C><A>7</A>8</C>", "<C><![CDATA[<P>5</P>]]></C>", "<C\n>6</C\n>",
]  # fmt: skip
BETWEEN = [
    "", "", "\n", "\r\n  ", "<![CDATA[<P><A>0</A></P>]]>", "<!-- <P><A>0</A></P> -->", "<?x </P> ?>", "<Q><A>1</A></Q>",
    "stray",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _plain_at_once(monkeypatch):
    """Let the pattern begin after the first record, and make its records come in pieces of a few."""
    monkeypatch.setattr(xml_records, "FIRST_CHARACTERS", 0)
    monkeypatch.setattr(plain_xml, "PIECE_CHARACTERS", 100)


def invented(chance, between):
    """Return a document of records like one another, with an odd one here and there."""
    usual = chance.sample(FIELDS, 3)
    parts = []
    for _ in range(chance.randint(1, 40)):
        fields = usual if chance.random() < 0.8 else chance.sample(FIELDS, 2)
        by_name = {field[1]: field for field in fields}
        parts.append(f"<P>{chance.choice(['', ' ']).join(by_name.values())}</P>" + chance.choice(between))
    return f'<?xml version="1.0"?><R>{"".join(parts)}</R>'


def by_tree(text, tag):
    """Return the records of one name as the standard library's tree has them, each a dict of what is not empty."""
    found = [
        {field.tag: (field[-1].tail if len(field) else field.text) or "" for field in record}
        for record in Tree.fromstring(text)
        if record.tag == tag
    ]
    return [{name: value for name, value in record.items() if value} for record in found]


@pytest.mark.parametrize("seed", range(150))
def test_records_come_out_as_the_tree_has_them(seed):
    chance = random.Random(seed)
    text = invented(chance, BETWEEN if seed % 3 == 0 else BETWEEN[:5])
    for records in read_xml_records(text, "a.xml"):
        names, *rows = records.cells.tolist()
        read = [{name: value for name, value in zip(names, row, strict=True) if value} for row in rows]
        assert read == by_tree(text, records.name)


def test_a_file_of_plain_records_is_hardly_parsed():
    text = "<R>\n" + PLAIN * 100 + "</R>"
    walk = xml_records._Walk(text, xml_records._Collector("a.xml"))
    walk.to_the_end()
    assert walk.collector.tables["P"].count == 100
    assert walk.fed < 10 * len(PLAIN)


@pytest.mark.parametrize(("opens", "closes"), [("<!-- ", "-->"), ("<![CDATA[", "]]>"), ("<?x ", "?>")])
def test_records_where_tags_are_text_are_no_records(opens, closes):
    text = "<R>" + PLAIN * 3 + opens + "</P>" + PLAIN * 3 + closes + PLAIN + "</R>"
    assert len(read_xml_records(text, "a.xml")[0].cells) == 1 + 4


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ("<P><A>\x01</A></P>", "not well-formed XML .* at line 52"),
        ("<P><A>\uffff</A></P>", "not well-formed XML .* at line 52"),
        ("<P><A>]]></A></P>", "not well-formed XML .* at line 52"),
        ("<P><A>1</B></P>", "not well-formed XML .* at line 52"),
        ("<P><A>&lol;</A></P>", "not well-formed XML .* at line 52"),
        ("</P>", "not well-formed XML .* at line 52"),
        ("<P><A>1</A><A>2</A></P>", "names the field 'A' twice"),
        ("<P><A>" + "x" * 1_000_001 + "</A></P>", "a field is longer than 1,000,000 characters"),
        ("<P>" + "<A>" * 200, "more than 100 deep"),
        ("<!DOCTYPE x>", "not well-formed XML|declares a document type"),
    ],
)
def test_what_the_parser_refuses_is_refused_after_plain_records_too(odd, message):
    with pytest.raises(InputError, match=message):
        read_xml_records("<R>\n" + PLAIN * 50 + odd + PLAIN * 50 + "</R>", "a.xml")


def test_a_record_without_end_is_refused_at_the_part_that_makes_it_too_long():
    with pytest.raises(InputError, match="a record has more than 500 fields"):
        read_xml_records("<R>" + PLAIN + "<P>" + "<A/>" * 2_000_000, "a.xml")
