"""The rows that staff added to a sheet of a pack: what is known of them, and the number that a new one gets."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass

from attendance_lib.casebook.chain import Draft
from attendance_lib.casebook.ledger import Ledger, Pack, Reading, RowNote
from attendance_lib.casebook.matching import AddedRows
from attendance_lib.casebook.rule import value_at
from attendance_lib.casebook.sheets import PrintedRow, PrintedSheet, canonical
from attendance_lib.casebook.spelling import folded, folded_key


@dataclass(frozen=True)
class Additions:
    """The rows that staff added to a sheet of a pack, as one reading of a file meets them."""

    ledger: Ledger
    pack: Pack
    reading: Reading
    printed: PrintedSheet
    is_gone: Callable[[Reading], bool]

    def known(self) -> AddedRows:
        """Return what is known of them."""
        rows = self.ledger.rows[self.printed.name].items()
        notes = {key: note for key, note in rows if note.pack_id == self.pack.pack_id}
        return AddedRows(
            {
                key: set(map(folded_key, {note.about} | self.ever_said(key, self.printed.about)))
                for key, note in notes.items()
            },
            {
                key: set(map(folded, {note.words} | self.ever_said(key, self.printed.words)))
                for key, note in notes.items()
            },
            dict(self.tokens_of(self.reading.line)),
            self.gone_tokens(),
            self.give_number,
            self.known_row,
        )

    def ever_said(self, key: str, column: str) -> set[str]:
        """Return everything ever said in a column of a row."""
        return self.ledger.ever_said((self.printed.name, key, column))

    def tokens_of(self, line: int) -> dict[str, str]:
        """Return the keys that tokens had in a file."""
        return self.ledger.added[line].get(self.printed.name, {})

    def gone_tokens(self) -> dict[str, tuple[str, ...]]:
        """Return the keys that tokens had in files of this pack that are no longer there."""
        lasts = {reading.line: reading for reading in self.ledger.of_pack(self.pack.pack_id)}
        gone = [line for line, last in lasts.items() if line != self.reading.line and self.is_gone(last)]
        found = defaultdict(tuple)
        for line in gone:
            for token, key in self.tokens_of(line).items():
                found[token] += (key,)
        return found

    def give_number(self, about: str, words: str) -> str:
        """Give a row that staff added the next number of the pack's last day."""
        day, name = self.pack.date_to, self.printed.name
        given = (key.rpartition("/") for key in self.ledger.rows[name])
        numbers = [int(number) for start, _, number in given if start == day and number.isdigit()]
        key = f"{day}/{max(numbers, default=0) + 1}"
        note = canonical(asdict(RowNote("pack", self.pack.pack_id, about, words)))
        self.ledger.add(Draft("row", name, key, value=note, reading=self.reading.entry))
        return key

    def known_row(self, key: str) -> PrintedRow | None:
        """Return a row of the casebook that this pack did not print, as it stood when the pack was made."""
        name = self.printed.name
        fits = [each for each in self.ledger.rows[name] if folded_key(each) == folded_key(key)]
        if key not in fits and len(fits) != 1:
            return None
        row_key = key if key in fits else fits[0]
        columns = (column.name for column in self.printed.columns)
        cells = (value_at(self.ledger, (name, row_key, column), self.pack.basis) for column in columns)
        return PrintedRow("", row_key, tuple(cells))
