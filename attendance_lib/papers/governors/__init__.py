"""The half-termly report to governors, every table of which is safe to publish."""
