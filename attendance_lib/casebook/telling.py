"""Telling staff what is odd about a sheet that came back: its columns, its days, and the rows that were moved or say too little."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from attendance_lib.casebook.matching import FoundColumns, FoundRow, RowMatcher, repeated_keys
from attendance_lib.casebook.sheets import PrintedSheet, ReturnedRow, ReturnedSheet
from attendance_lib.casebook.spelling import written
from attendance_lib.errors import counted
from attendance_lib.intake.dates import Order

KEPT = "is kept, and nothing is done with it"


@dataclass(frozen=True)
class Teller:
    """Tells what is odd about one sheet of a file: ``say`` tells staff, ``keep`` keeps a word that is said of no cell."""

    say: Callable[..., None]
    keep: Callable[..., None]
    sheet: ReturnedSheet
    printed: PrintedSheet
    columns: FoundColumns

    def tell_columns(self) -> None:
        """Tell which columns are reworded, none of ours, or missing."""
        name, printed = self.printed.name, self.printed.by_name
        for column in self.columns.reworded:
            heading = heading_of(self.sheet, self.columns.positions[column])
            self.say(
                f"this column is read as '{printed[column].heading}', whose place it has",
                cell=(name, "", heading),
            )
        for at in self.columns.extra:
            if any(written(row.cells[at]) for row in self.sheet.rows):
                self.say(
                    f"this column is none of the pack's; it {KEPT}",
                    cell=(name, "", heading_of(self.sheet, at)),
                )
        for column in self.columns.missing:
            what = "this column is not in the file; what was said in it stays"
            self.say(what, cell=(name, "", printed[column].heading))

    def tell_orders(self, orders: Mapping[str, Order | None]) -> None:
        """Tell in which columns the month was taken to come first, since it makes another day of what a colleague typed."""
        for name in (name for name, order in orders.items() if order is Order.MONTH_FIRST):
            what = "days typed here as text are read with the month first, since one of them can be read in no other way"
            self.say(
                what,
                "Check them; type day, month and year.",
                cell=(self.printed.name, "", self.printed.by_name[name].heading),
            )

    def tell_marks(self, matcher: RowMatcher) -> None:
        """Tell which rows were moved without their hidden marks: a part of the table was sorted, and cells may have stayed."""
        moved = [str(row.number) for row in self.sheet.rows if matcher.contradicts(row)]
        if moved:
            what = f"rows {', '.join(moved)} were moved in part, as by sorting some columns only; each was read as its number says"
            remedy = "Check that what stands in each row belongs to its number; sort the whole table."
            self.say(what, remedy, cell=(self.printed.name, "", ""))

    def tell_bare(self, rows: list[ReturnedRow]) -> None:
        """Keep, as one word, and tell, what stands in rows that say nothing of whom or what: no actions are made of them."""
        if rows:
            place = "row " + " to ".join(dict.fromkeys(str(row.number) for row in (rows[0], rows[-1])))
            words = {text: None for row in rows for cell in row.cells if (text := written(cell))}
            text = ", ".join(words)
            self.keep((self.printed.name, place, ""), text)
            what = f"{counted(len(rows), 'row says', 'rows say')} neither whom nor what it is about; what stands there {KEPT}"
            self.say(
                what, "Write what is to be done.", cell=(self.printed.name, "", ""), row=place, value=text
            )

    def tell_nowhere(self, found: FoundRow) -> None:
        """Keep, and tell, what stands in a row that names no cell of any table, where statements are settled."""
        text = " | ".join(filter(None, map(written, found.row.cells)))
        self.keep((self.printed.name, place_of(found), ""), text)
        what = f"this row is none of those to be settled; it {KEPT}"
        remedy = "Write it in the table itself."
        self.say(what, remedy, cell=(self.printed.name, "", ""), row=place_of(found), value=text)

    def tell_rows(self, rows: list[FoundRow]) -> None:
        """Tell which rows stand twice, and which printed ones were used for another matter."""
        name = self.printed.name
        for key in repeated_keys(rows):
            numbers = " and ".join(str(each.row.number) for each in rows if each.key == key)
            what = f"rows {numbers} are both {key}; what they say is kept side by side"
            self.say(what, "Clear the number of one if it is another matter.", cell=(name, key, ""))
        for found in rows:
            if found.how == "template":
                what = f"the row was written over for another matter, known as {found.key}"
                self.say(
                    what,
                    "Next time write it in a blank row.",
                    cell=(name, found.key, ""),
                    row=place_of(found),
                )


def place_of(found: FoundRow) -> str:
    """Say where a row stands in its file."""
    return f"row {found.row.number}"


def heading_of(sheet: ReturnedSheet, at: int) -> str:
    """Return a column's heading, or which column it is where it has none."""
    return written(sheet.headings[at]) or f"number {at + 1}"
