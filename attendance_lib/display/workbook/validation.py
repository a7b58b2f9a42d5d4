"""What staff may type into the columns they fill in."""

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from attendance_lib.display.kinds import Kind
from attendance_lib.display.workbook.layout import Layout

FIRST_DATE = "36526"  # Excel's number of 1 January 2000
LIST_LIMIT = 255  # characters in a list written into the rule: Microsoft, Excel specifications and limits
PROMPT_LIMIT = 255
TITLE_LIMIT = 32


def add_validations(worksheet: Worksheet, layout: Layout) -> None:
    """Add a rule to each editable column, over its rows and the blank rows at the foot.

    Parameters
    ----------
    worksheet : openpyxl.worksheet.worksheet.Worksheet
        The sheet the table is on.
    layout : Layout
        What stands where; a table without rows gets no rule.

    Raises
    ------
    ValueError
        If a list of choices cannot be written into a rule: a fault in the section's column.
    """
    if layout.last_row < layout.first_row:
        return
    for index, column in enumerate(layout.table["columns"]):
        rule = validation(column) if column["editable"] else None
        if rule is not None:
            rule.add(layout.span(index))
            worksheet.add_data_validation(rule)


def validation(column: dict) -> DataValidation | None:
    """Return the rule of an editable column, or ``None`` where any text will do.

    Choices are a list, dates are on or after 1 January 2000, counts are whole numbers from 0,
    rates lie between 0 % and 100 %.
    """
    rule = _choice_rule(column) if column["choices"] else _typed_rule(Kind(column["kind"]))
    if rule is None:
        return None
    rule.allow_blank = rule.showErrorMessage = rule.showInputMessage = True
    rule.errorTitle = rule.promptTitle = column["heading"][:TITLE_LIMIT]
    rule.prompt = (column["meaning"] or rule.error)[:PROMPT_LIMIT]
    return rule


def _choice_rule(column: dict) -> DataValidation:
    choices = ",".join(column["choices"])
    if len(choices) > LIST_LIMIT or any("," in choice for choice in column["choices"]):
        raise ValueError(
            f"Column {column['name']!r}: {len(choices)} characters of choices do not fit a drop-down. "
            f"Use at most {LIST_LIMIT}, and no comma in a choice."
        )
    quoted = choices.replace('"', '""')
    return DataValidation(
        "list", f'"{quoted}"', error=f"Choose one of: {choices.replace(',', ', ')}."[:PROMPT_LIMIT]
    )


def _typed_rule(kind: Kind) -> DataValidation | None:
    rules = {
        Kind.DATE: ("date", "greaterThanOrEqual", FIRST_DATE, None, "Type a date such as 24/11/2026."),
        Kind.COUNT: ("whole", "greaterThanOrEqual", "0", None, "Type a whole number, 0 or more."),
        Kind.RATE: ("decimal", "between", "0", "1", "Type a per cent from 0% to 100%."),
        Kind.FLAG: ("list", None, '"yes"', None, "Choose yes, or leave the cell blank."),
    }
    if kind not in rules:
        return None
    type_, operator, low, high, error = rules[kind]
    return DataValidation(type_, low, high, operator=operator, error=error)
