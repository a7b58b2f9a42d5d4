"""The papers, a room each; what two of them share stands beside the rooms."""
