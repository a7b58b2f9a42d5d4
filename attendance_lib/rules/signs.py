"""Which signs of Unicode no text of ours holds: names and notes come from files that anybody may have written.

A raw escape drives a terminal, a sign that turns the direction of writing makes "exe.jpg" of "gpj.exe", a sign without
width makes two names of one. This is the one place that says what becomes of them, for pages, papers, workbooks, tables,
pictures, messages and logs alike.
"""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LINE_END = "\n"
# Line ends of all sorts are meant: notes have several lines.
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls (but for tab and line feed), halves of a character and what Unicode keeps for itself: something stood there
# that cannot be shown, and a reader should see that.
UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# What cannot be seen and only misleads is taken out, so that a text reads as its letters stand. Marks and isolates of
# direction go too: the letters of Arabic and Hebrew have their direction in themselves, and each field is set apart from
# its neighbours on the page. A joiner or non-joiner stays beside other signs than ASCII's, since Persian and the scripts
# of India cannot be written without them, and emoji are joined by them. Tags stay where they make a flag.
UNSEEN = re.compile(
    "[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|(?<![^\x00-\x7f\u2000-\u206f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u2000-\u206f])"
    "|(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]"
)
HOSTILE = re.compile(
    f"{UNSHOWABLE.pattern}|[\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def harmless(text: str) -> str:
    r"""Return text in which nothing drives a terminal, turns the direction of writing or hides; line ends are line feeds.

    Examples
    --------
    >>> harmless("Zoë\x1b[31m"), harmless("\u202egpj.exe"), harmless("O'\u200bNeil"), harmless("rang\r\nhome")
    ('Zoë�[31m', 'gpj.exe', "O'Neil", 'rang\nhome')
    >>> harmless("می\u200cخواهم") == "می\u200cخواهم", harmless("Ann\u200ce")
    (True, 'Anne')
    """
    if text.isprintable():
        return text
    shown = UNSHOWABLE.sub(REPLACEMENT, LINE_ENDS.sub(LINE_END, text))
    return UNSEEN.sub(lambda found: found["flag"] or "", shown)


def one_line(text: str) -> str:
    r"""Return harmless text as one line, such as the name of a file in a message.

    Examples
    --------
    >>> one_line("marks\n.csv")
    'marks .csv'
    """
    return " ".join(harmless(text).split(LINE_END))


def escaped_in_json(text: str) -> str:
    r"""Return JSON in which signs that are not `harmless` are written as escapes, so that what it says stays the same.

    Examples
    --------
    >>> escaped_in_json('{"file": "a\u202eb"}')
    '{"file": "a\\u202eb"}'
    """
    return HOSTILE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
