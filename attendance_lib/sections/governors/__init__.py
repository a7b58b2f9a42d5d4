"""The half-termly report to governors: everything in it is published, so everything in it has passed one disclosure step."""
