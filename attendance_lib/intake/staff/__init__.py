"""What staff type into a pack's workbook: its headings, and how a cell becomes a day, a word or a choice."""
