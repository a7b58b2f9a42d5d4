"""What was published is kept twice, beside the school file and in the casebook: what the one misses comes back from the other.

So neither packs in another folder, nor a tidied one, nor a paper made again let a later paper forget what readers hold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from attendance_lib.casebook.book import Casebook, Published
from attendance_lib.errors import DisclosureError, counted
from attendance_lib.reports.history import RecordFolder


@dataclass(frozen=True)
class KeptTwice:
    """The records of a report in the folder and in the casebook; ``say`` tells what was put back.

    ``may_begin`` says that a casebook which is not there may be begun: not where packs name one that is lost.
    """

    folder: RecordFolder
    book: Casebook
    report: str
    say: Callable[[str], None]
    may_begin: bool = True

    def put_back(self) -> None:
        """Put back into the folder what only the casebook holds.

        Raises
        ------
        DisclosureError
            If the two contradict each other: what readers hold would not be known.
        CasebookError
            If the casebook cannot be read.
        """
        told = self.book.published_in_any_copy(self.report)
        held = {path.name: path.read_bytes() for path in self.folder.files()}
        texts = {each.record.encode() for each in told}
        for each in told:
            self._check(each, held, texts)
        missing = [each for each in told if each.record.encode() not in held.values()]
        for each in missing:
            self.folder.put_back(each.name, each.record.encode())
        if missing:
            count = counted(len(missing), "record", "records")
            self.say(f"{count} of published papers put back from the casebook into {self.folder.folder}.")

    def _check(self, told: Published, held: dict[str, bytes], texts: set[bytes]) -> None:
        """Refuse a file in the place of a record that the casebook holds, if neither is anywhere in the other."""
        here = next((name for name in held if name.split("_")[0] == told.name.split("_")[0]), None)
        if here and told.record.encode() not in held.values() and held[here] not in texts:
            raise DisclosureError(
                f"{self.folder.folder / here} is not what {self.book.path} says was published then, so it is not known what "
                "governors hold and no further report can be made safe. If the file was changed or is of another school, "
                "move it away: the next run puts back what the casebook holds. If the casebook is of another school, "
                "put the right one back."
            )

    def keep(self, record: Path, told: Published, made_at: str) -> None:
        """Keep the record of a paper that is about to leave the school, and in the casebook what only the folder holds.

        Parameters
        ----------
        record : pathlib.Path
            Its file.
        told : Published
            Which paper it is; record and name are filled in here.
        made_at : str
            When (ISO).
        """
        self.folder.add(record)
        if not (self.may_begin or self.book.path.exists()):
            self.say(
                f"{self.book.path} is not there, though packs name it: what is published is kept in {self.folder.folder} only."
            )
            return
        known = {each.record for each in self.book.published()}
        new = [path for path in self.folder.records() if path.read_bytes().decode() not in known]
        for path in new:
            days = told.report_key if path.read_bytes() == record.read_bytes() else (self.report, "", "", "")
            self.book.publish(Published(*days, path.read_bytes().decode(), path.name), made_at)
        if len(new) > 1:
            self.say(
                f"{counted(len(new) - 1, 'record', 'records')} of earlier published papers added to the casebook."
            )
