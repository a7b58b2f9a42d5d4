"""A school file drafted from a folder of exports: what each file is, and what the marks tell about the school."""
