"""Tables worked out from the register. Every figure a paper shows is defined in one module here."""
