"""The register inspection: what in a school's marks is wrong or worth a question, one row a thing to fix."""
