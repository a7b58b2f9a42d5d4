"""The attendance support action plan: a file copy for the school and a family copy to be handed over, and the sheet of plans."""
