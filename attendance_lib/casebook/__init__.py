"""The casebook: what staff wrote and what was published, append-only, one SQLite file a school."""
