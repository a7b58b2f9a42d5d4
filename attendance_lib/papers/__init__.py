"""The papers, a room each; what two of them share lies next to the rooms."""
