"""From a school's files to a ``School``: settings, schema, one reader for each layout, the gate."""
