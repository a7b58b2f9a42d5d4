"""The five ethnic groups that statistics are published by, from the census's finer codes or their names.

Source: DfE, Common basic data set, ethnicity codes; ONS, Census 2021 groups (Chinese is among Asian).
"""

ASIAN, BLACK, MIXED, WHITE, OTHER = "Asian", "Black", "Mixed", "White", "Other"
NOT_KNOWN = "Not known"
CODE_LENGTH = 4
# The codes of those who declined or have not been asked.
UNKNOWN_CODES = frozenset({"REFU", "NOBT", "UNCL"})
CHINESE = "CHNE"
OF_FIRST_LETTER = {"A": ASIAN, "B": BLACK, "M": MIXED, "W": WHITE, "O": OTHER}
# Said in full, the group's own word comes first, as in "White - Irish" or "Any other ethnic group".
OF_FIRST_WORD = {
    "asian": ASIAN, "chinese": ASIAN, "indian": ASIAN, "pakistani": ASIAN, "bangladeshi": ASIAN,
    "black": BLACK, "caribbean": BLACK, "african": BLACK, "mixed": MIXED, "white": WHITE,
    "gypsy": WHITE, "gypsy/roma": WHITE, "traveller": WHITE, "arab": OTHER, "other": OTHER,
}  # fmt: skip
ORDER = (ASIAN, BLACK, MIXED, WHITE, OTHER, NOT_KNOWN)


def ethnic_group(written: str) -> str:
    """Return the published group of an ethnicity as the census records it or as a system spells it out.

    Examples
    --------
    >>> [ethnic_group(each) for each in ("WBRI", "CHNE", "REFU", "White - Irish", "Any other black background", "")]
    ['White', 'Asian', 'Not known', 'White', 'Black', 'Not known']
    """
    code = written.strip().upper()
    if code in UNKNOWN_CODES or not code:
        return NOT_KNOWN
    if code == CHINESE:
        return ASIAN
    if len(code) == CODE_LENGTH and code.isalpha() and code[0] in OF_FIRST_LETTER:
        return OF_FIRST_LETTER[code[0]]
    words = written.strip().lower().removeprefix("any other ").split()
    if words[:1] == ["ethnic"]:
        return OTHER
    return OF_FIRST_WORD.get(words[0].rstrip(",:-"), NOT_KNOWN) if words else NOT_KNOWN
