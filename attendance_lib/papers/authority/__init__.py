"""The targeting support meeting with the local authority: pupils one by one, what is asked of whom, and a page without names."""
