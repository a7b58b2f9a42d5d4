"""What each paper says, in order: one function a section, from an opened pack to a thing to show."""
