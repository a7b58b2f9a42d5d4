"""The outlook: who is likely to cross a line, how sure that is, and whom support would reach in time."""
