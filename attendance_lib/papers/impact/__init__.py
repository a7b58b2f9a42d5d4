"""The impact paper: what can and what cannot be said of each intervention."""
