"""From a request to a pack: check, execute the notebook, render, write the receipt. Imports no analysis."""
