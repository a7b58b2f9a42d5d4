"""The school file: what it may say, how it is read strictly, and the calendar and sources that follow from it."""
