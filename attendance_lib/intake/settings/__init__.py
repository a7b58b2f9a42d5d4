"""The school file: what may be in it, how it is read strictly, and the calendar and sources that follow from it."""
