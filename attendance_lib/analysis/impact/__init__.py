"""What can and what cannot be said about the effect of an intervention."""
