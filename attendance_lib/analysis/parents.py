"""Who a pupil's parents are, from the export of parents; which of them an entry of the notices log means.

Rows of one parent are merged where they agree. Where they differ both values stand side by side, with what is to be settled;
nothing is guessed.
"""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.intake.values import without_unseen
from attendance_lib.pack.pack import Pack, derived

PARENT_COLUMNS = (
    "pupil_id", "parent_id", "parent", "relation", "has_responsibility", "lives_with", "addresses", "interpreter", "doubt",
)  # fmt: skip
WORDS = ("name", "relation", "interpreter")
FACTS = ("has_responsibility", "lives_with", "addresses")
SHOWN_AS = {
    "name": "name",
    "relation": "relation",
    "interpreter": "interpreter",
    "has_responsibility": "parental responsibility",
    "lives_with": "whom the child lives with",
    "addresses": "number of addresses",
}


def plain_name(written: object) -> str:
    """Return a name without further blanks and without what nobody can see: by these one parent would be two.

    Examples
    --------
    >>> plain_name(" A.  Byrne"), plain_name(None)
    ('A. Byrne', '')
    """
    return "" if pd.isna(written) else " ".join(str(without_unseen(str(written))).split())


@derived
def parents_of(pack: Pack) -> pd.DataFrame:
    """Return the parents of each pupil, one row per pupil and parent, in the order of the export.

    Returns
    -------
    pandas.DataFrame
        PARENT_COLUMNS: ``parent`` is the name (the identifier where none is given or two parents share it), ``addresses`` how
        many are held (missing if not said, or said in two ways), ``doubt`` what is to be settled, empty where all is plain.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = {"pupil_id": "1", "parent_id": "P1", "name": "A. Byrne", "relation": "mother", "interpreter": "", "lives_with": True}
    >>> rows = pd.DataFrame([row | {"has_responsibility": True, "addresses": addresses} for addresses in (1, 2)])
    >>> parents_of(SimpleNamespace(results={}, school=SimpleNamespace(parents=rows)))[["parent", "doubt"]].values.tolist()
    [['A. Byrne', 'Settle what rows of this parent say differently: number of addresses: 1 or 2']]
    """
    given = pack.school.parents
    if given is None or given.empty:
        return pd.DataFrame(columns=list(PARENT_COLUMNS))
    rows = given.assign(**{name: given[name].map(plain_name) for name in (*WORDS, "parent_id", "pupil_id")})
    of_one: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in rows.to_dict("records"):
        of_one.setdefault((row["pupil_id"], row["parent_id"]), []).append(row)
    merged = [_merged(key, same) for key, same in of_one.items()]
    return _told_apart(pd.DataFrame(merged))[list(PARENT_COLUMNS)]


def _merged(key: tuple[str, str], same: list[dict[str, object]]) -> dict[str, object]:
    """Return the one row of a pupil's parent, from every row that the export has of the two."""
    pupil_id, parent_id = key
    merged: dict[str, object] = {"pupil_id": pupil_id, "parent_id": parent_id}
    doubts = []
    for name in (*WORDS, *FACTS):
        values = _distinct([row[name] for row in same])
        first, *others = values or [None]
        merged[name] = first
        if others:
            merged[name] = " / ".join(values) if name in WORDS else None
            doubts.append(f"{SHOWN_AS[name]}: {' or '.join(map(_said, values))}")
    if merged["has_responsibility"] is False and merged["lives_with"] is False:
        doubts.append("neither parental responsibility nor the child living there: is this a parent in law?")
    settle = f"Settle what rows of this parent say differently: {'; '.join(doubts)}" if doubts else ""
    return merged | {"parent": merged["name"] or parent_id, "doubt": settle}


def _said(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _distinct(values: list[object]) -> list[object]:
    """Return what a column says of one parent, each once; names without regard to capitals."""
    said = [value for value in values if not pd.isna(value) and value != ""]
    return list({str(value).casefold(): value for value in reversed(said)}.values())[::-1]


def _told_apart(merged: pd.DataFrame) -> pd.DataFrame:
    """Give parents of one pupil who share a name their identifiers, and ask whether they are one person."""
    folded = merged["parent"].str.casefold()
    twice = pd.DataFrame({"pupil_id": merged["pupil_id"], "name": folded}).duplicated(keep=False)
    asked = "Two parents of this child have one name: say whether they are one person (parent_id)."
    return merged.assign(
        parent=merged["parent"].where(~twice, merged["parent"] + " (" + merged["parent_id"] + ")"),
        doubt=merged["doubt"].where(~twice, asked),
    )


@derived
def known_notices(pack: Pack) -> pd.DataFrame | None:
    """Return NOTICES with each parent's name as the list of parents has it, and ``is_listed``; None where none is exported.

    An entry means a parent of the list by the name, whatever its capitals and blanks, or by the identifier.
    """
    notices = pack.school.notices
    if notices is None:
        return None
    meant = dict(_spellings(parents_of(pack)))
    written = notices["parent"].map(plain_name)
    keys = zip(notices["pupil_id"].astype(str), map(str.casefold, written), strict=True)
    found = list(map(meant.get, keys))
    parent = [name or said for name, said in zip(found, written, strict=True)]
    return notices.assign(
        parent=pd.Series(parent, index=notices.index, dtype=object), is_listed=[bool(each) for each in found]
    )


def _spellings(parents: pd.DataFrame) -> Iterator[tuple[tuple[str, str], str]]:
    columns = (parents[each] for each in ("pupil_id", "parent_id", "parent"))
    for pupil_id, parent_id, name in zip(*columns, strict=True):
        yield (pupil_id, parent_id.casefold()), name
        yield (pupil_id, name.casefold()), name
