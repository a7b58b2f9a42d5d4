"""The check of the exports: what was read, what a person should put right, and whether papers can be made."""
