"""Caseloads: a sheet for each member of staff, about what is theirs to do and the pupils that their roles are told about."""
