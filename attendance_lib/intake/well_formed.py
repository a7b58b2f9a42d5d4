"""Whether XML is well formed and declares no document type, asked of a parser that keeps nothing."""

from xml.parsers import expat


class WellFormed:
    """A parser to which XML is given piece by piece.

    Examples
    --------
    >>> [WellFormed().feed(text).at_end() for text in (b"<a><b/></a>", b"<a><b></a>", b"<!DOCTYPE a><a/>")]
    [True, False, False]
    """

    def __init__(self) -> None:
        self.is_broken = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._break

    def _break(self, *_: object) -> None:
        self.is_broken = True

    def feed(self, piece: bytes) -> "WellFormed":
        """Take the next piece; after what is not well formed no more is looked at."""
        self._parse(piece, is_last=False)
        return self

    def at_end(self) -> bool:
        """Return whether all that was given is well formed and whole, without a document type."""
        self._parse(b"", is_last=True)
        return not self.is_broken

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        if not self.is_broken:
            try:
                self.parser.Parse(piece, is_last)
            except expat.ExpatError:
                self.is_broken = True
