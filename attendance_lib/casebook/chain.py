"""The casebook in memory: entries that are only ever added, each hanging on the one before by its hash.

Everything is an entry: what was said, each row, each pack and reading, each notice and revision. Two things are too long for
one, and may have to be emptied: the rows that a pack printed, and the sheets of a file that was read. They stand in tables
of their own, and an entry holds their digests. So no table is off the chain.
"""

import hashlib
import secrets
import sqlite3
import zlib
from dataclasses import dataclass
from typing import NamedTuple

from attendance_lib.casebook.sheets import canonical

APPLICATION_ID = 0x41544342  # "ATCB"
FORMAT = 1
SALT_BYTES = 16
SCHEMA = """
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE entry (
    entry INTEGER PRIMARY KEY, revision INTEGER NOT NULL, kind TEXT NOT NULL, reading INTEGER REFERENCES entry,
    sheet TEXT NOT NULL, row_key TEXT NOT NULL, col TEXT NOT NULL, basis INTEGER NOT NULL,
    base TEXT, value TEXT, raw TEXT, salt TEXT, digest TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE printed (
    pack INTEGER NOT NULL REFERENCES entry, sheet TEXT NOT NULL, token TEXT NOT NULL, row_key TEXT NOT NULL,
    cells TEXT, salt TEXT, digest TEXT NOT NULL, PRIMARY KEY (pack, sheet, token));
CREATE TABLE content (reading INTEGER PRIMARY KEY REFERENCES entry, sheets BLOB, salt TEXT, digest TEXT NOT NULL);
"""
TABLES = ("meta", "entry", "printed", "content")


class Entry(NamedTuple):
    """One entry as it stands in the file. ``base``, ``value``, ``raw`` and ``salt`` are None once erased."""

    entry: int
    revision: int
    kind: str
    reading: int | None
    sheet: str
    row_key: str
    col: str
    basis: int
    base: str | None
    value: str | None
    raw: str | None
    salt: str | None
    digest: str
    prev: str
    hash: str

    @property
    def cell(self) -> tuple[str, str, str]:
        """The cell that it is about: sheet, row key, column.

        Examples
        --------
        >>> empty_store("990001").add(Draft("set", "actions", "A1", "note", "rang")).cell
        ('actions', 'A1', 'note')
        """
        return self.sheet, self.row_key, self.col


class PrintedLine(NamedTuple):
    """One row of a pack as it stands in the file: ``cells`` is JSON, None once erased."""

    pack: int
    sheet: str
    token: str
    row_key: str
    cells: str | None
    salt: str | None
    digest: str


@dataclass(frozen=True)
class Draft:
    """An entry before it is added."""

    kind: str
    sheet: str = ""
    row_key: str = ""
    col: str = ""
    value: str = ""
    base: str | None = None
    raw: str | None = None
    basis: int = 0
    reading: int | None = None


def digest_of(salt: str, *content: str | bytes | None) -> str:
    """Return the hash of salted content, in hexadecimal.

    Examples
    --------
    >>> digest_of("a", "b") == digest_of("a", "b"), digest_of("a", "b") == digest_of("ab", "")
    (True, False)
    """
    held = [each.hex() if isinstance(each, bytes) else each for each in content]
    return hashlib.sha256(canonical([salt, *held]).encode("utf-8", "surrogatepass")).hexdigest()


def hash_of(entry: Entry) -> str:
    """Return the hash that an entry must have: over all but its content, for which its digest stands.

    Examples
    --------
    >>> from dataclasses import replace
    >>> first = Store(empty_store("990001").connection).add(Draft("set", "actions", "A1", "note", "rang"))
    >>> hash_of(first) == first.hash, hash_of(first._replace(row_key="A2")) == first.hash
    (True, False)
    """
    return digest_of(
        entry.prev,
        canonical([*entry[:8], entry.digest]),
    )


class Store:
    """A casebook in memory; ``is_changed`` once anything was added since it was opened."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.entries = [Entry(*row) for row in connection.execute("SELECT * FROM entry ORDER BY entry")]
        self.opened = self.begun = len(self.entries)

    @property
    def is_changed(self) -> bool:
        """Whether anything was added since it was opened.

        Examples
        --------
        >>> store = empty_store("990001")
        >>> store.add(Draft("set", "actions", "A1", "note", "rang")).entry, store.is_changed
        (1, True)
        """
        return len(self.entries) > self.opened

    @property
    def revision(self) -> int:
        """The last whole revision.

        Examples
        --------
        >>> store = empty_store("990001")
        >>> store.add(Draft("set", "actions", "A1", "note", "rang")).revision, store.revision  # in the making, not yet whole
        (1, 0)
        """
        return self.entries[self.begun - 1].revision if self.begun else 0

    @property
    def meta(self) -> dict[str, str]:
        """What the file says of itself.

        Examples
        --------
        >>> store = empty_store("990001")
        >>> store.meta["urn"], store.meta["format"] == str(FORMAT)
        ('990001', True)
        """
        return dict(self.connection.execute("SELECT key, value FROM meta ORDER BY key"))

    @property
    def genesis(self) -> str:
        """What the first entry hangs on.

        Examples
        --------
        >>> empty_store("990001").genesis == empty_store("990001").genesis  # no two casebooks begin alike
        False
        """
        return digest_of("", canonical(self.meta))

    def add(self, draft: Draft) -> Entry:
        """Add an entry to the revision in the making.

        Examples
        --------
        >>> store = empty_store("990001")
        >>> one, other = (store.add(Draft("set", "actions", "A1", "note", value)) for value in ("rang", "wrote"))
        >>> one.prev == store.genesis, other.prev == one.hash
        (True, True)
        """
        salt, prev = secrets.token_hex(SALT_BYTES), self.entries[-1].hash if self.entries else self.genesis
        digest = digest_of(salt, draft.base, draft.value, draft.raw)
        bare = Entry(
            len(self.entries) + 1, self.revision + 1, draft.kind, draft.reading, draft.sheet, draft.row_key, draft.col,
            draft.basis, draft.base, draft.value, draft.raw, salt, digest, prev, "",
        )  # fmt: skip
        entry = bare._replace(hash=hash_of(bare))
        self.connection.execute(f"INSERT INTO entry VALUES ({', '.join('?' * len(entry))})", entry)
        self.entries.append(entry)
        return entry

    def close_revision(self, made_at: str, what: str) -> None:
        """End the revision in the making, if anything was added to it.

        Examples
        --------
        >>> store = empty_store("990001")
        >>> store.add(Draft("set", "actions", "A1", "note", "rang")).kind
        'set'
        >>> for _ in range(2):  # the second time nothing was added
        ...     store.close_revision("2026-11-20T16:00:00+00:00", "take-in")
        >>> store.revision, [entry.kind for entry in store.entries]
        (1, ['set', 'revision'])
        """
        if len(self.entries) > self.begun:
            self.add(Draft("revision", value=canonical({"made_at": made_at, "what": what})))
            self.begun = len(self.entries)

    def add_printed(self, pack: int, lines: list[PrintedLine]) -> None:
        """Add the rows that a pack printed; its entry holds ``printed_digest`` of them."""
        self.connection.executemany(
            "INSERT INTO printed VALUES (?, ?, ?, ?, ?, ?, ?)", [line._replace(pack=pack) for line in lines]
        )

    def add_content(self, reading: int, content: tuple[bytes, str, str]) -> None:
        """Add the sheets of a file that was read, with salt and digest; the reading's entry holds the digest."""
        self.connection.execute("INSERT INTO content VALUES (?, ?, ?, ?)", (reading, *content))

    def printed(self, pack: int) -> list[PrintedLine]:
        """Return the rows that a pack printed, in order.

        Examples
        --------
        >>> store = empty_store("990001")
        >>> store.add_printed(1, [printed_line("actions", token, "A1", "[]") for token in ("002", "001")])
        >>> [line.token for line in store.printed(1)], store.printed(2)
        (['001', '002'], [])
        """
        found = self.connection.execute("SELECT * FROM printed WHERE pack = ? ORDER BY sheet, token", (pack,))
        return [PrintedLine(*row) for row in found]

    def content(self, reading: int) -> tuple[bytes, str, str]:
        """Return the sheets of a file that was read, with salt and digest.

        Examples
        --------
        >>> store, kept = empty_store("990001"), packed("[]")
        >>> store.add_content(1, kept)
        >>> store.content(1) == kept
        True
        """
        return self.connection.execute(
            "SELECT sheets, salt, digest FROM content WHERE reading = ?", (reading,)
        ).fetchone()

    def contents_kept(self) -> frozenset[str]:
        """Return the digests of all sheets that are kept and were not erased.

        Examples
        --------
        >>> store, kept = empty_store("990001"), packed("[]")
        >>> store.add_content(1, kept)
        >>> store.contents_kept() == {kept[-1]}
        True
        """
        found = self.connection.execute("SELECT digest FROM content WHERE sheets IS NOT NULL")
        return frozenset(digest for (digest,) in found)

    def become(self, other: "Store") -> None:
        """Go on from another casebook, which has all that this one has.

        Examples
        --------
        >>> here, there = empty_store("990001"), empty_store("990001")
        >>> said = there.add(Draft("set", "actions", "A1", "note", "rang"))
        >>> here.become(there)
        >>> [entry.value for entry in here.entries], here.is_changed
        (['rang'], True)
        """
        self.connection, self.entries = other.connection, list(other.entries)
        self.begun = len(self.entries)

    def to_bytes(self) -> bytes:
        """Return the whole file.

        Examples
        --------
        >>> empty_store("990001").to_bytes()[:15]
        b'SQLite format 3'
        """
        return self.connection.serialize()


def printed_line(sheet: str, token: str, row_key: str, cells: str) -> PrintedLine:
    """Return a row of a pack with its salt and digest, before its pack has an entry.

    Examples
    --------
    >>> line = printed_line("actions", "001", "A1", "[]")
    >>> line.digest == digest_of(line.salt, "actions", "001", "A1", "[]")
    True
    """
    salt = secrets.token_hex(SALT_BYTES)
    return PrintedLine(0, sheet, token, row_key, cells, salt, digest_of(salt, sheet, token, row_key, cells))


def printed_digest(lines: list[PrintedLine]) -> str:
    """Return the digest by which a pack's entry holds its rows, in whatever order they are given.

    Examples
    --------
    >>> lines = [printed_line("actions", token, key, "[]") for token, key in (("001", "A1"), ("002", "A2"))]
    >>> printed_digest(lines) == printed_digest(lines[::-1]), printed_digest(lines) == printed_digest(lines[:1])
    (True, False)
    """
    return digest_of("", *sorted(line.digest for line in lines))


def packed(sheets: str) -> tuple[bytes, str, str]:
    """Return the sheets of a file as they are kept: packed, with salt and digest.

    Examples
    --------
    >>> blob, salt, digest = packed("[]")
    >>> zlib.decompress(blob), digest == digest_of(salt, blob)
    (b'[]', True)
    """
    salt, blob = secrets.token_hex(SALT_BYTES), zlib.compress(sheets.encode("utf-8", "surrogatepass"), 9)
    return blob, salt, digest_of(salt, blob)


def empty_store(urn: str) -> Store:
    """Return a new casebook of a school: nothing is in it.

    Examples
    --------
    >>> store = empty_store("990001")
    >>> store.entries, store.revision, store.is_changed
    ([], 0, False)
    """
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.executescript(SCHEMA)
    told = {"urn": urn, "format": str(FORMAT), "book": secrets.token_hex(SALT_BYTES)}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(told.items()))
    guard(connection)
    return Store(connection)


def guard(connection: sqlite3.Connection) -> None:
    """Refuse every change and removal of what was added.

    Examples
    --------
    >>> empty_store("990001").connection.execute("DELETE FROM meta")
    Traceback (most recent call last):
    sqlite3.IntegrityError: the casebook is only ever added to
    """
    connection.executescript(
        "".join(
            f"CREATE TRIGGER no_{verb}_of_{table} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the casebook is only ever added to'); END;\n"
            for table in TABLES
            for verb in ("UPDATE", "DELETE")
        )
    )


def unguard(connection: sqlite3.Connection) -> None:
    """Let rows be changed, which only erasure does.

    Examples
    --------
    >>> store = empty_store("990001")
    >>> unguard(store.connection)
    >>> store.connection.execute("DELETE FROM meta WHERE key = 'urn'").rowcount  # which a casebook refuses otherwise
    1
    """
    connection.executescript(
        "".join(f"DROP TRIGGER no_{verb}_of_{table};\n" for table in TABLES for verb in ("UPDATE", "DELETE"))
    )
