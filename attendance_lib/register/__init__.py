"""The register as a grid of marks, and the one tally that everything is counted with."""
