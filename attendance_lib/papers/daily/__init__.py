"""The day: whom to call this morning, what has to be put right today, and what is new since in the afternoon."""
