"""The tables of the governor report as they are before the disclosure step; no section may show them."""
