"""The Excel workbook of a paper: for working in, or for publishing.

``write_workbook`` takes payloads only (see ``display/model.py``), so its figures are those of the page.
"""
