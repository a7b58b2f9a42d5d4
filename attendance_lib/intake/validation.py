"""From a strict YAML document to frozen models, with every problem as one line a person can act on."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from attendance_lib.errors import nearest, quoted
from attendance_lib.intake.strict_yaml import Document, Key, dotted, problems_error
from attendance_lib.rules.year_groups import FIRST_YEAR_GROUP, LAST_YEAR_GROUP

Item = TypeVar("Item")
Model = TypeVar("Model", bound=BaseModel)

Many = Annotated[tuple[Item, ...], Field(strict=False)]
Text = Annotated[str, StringConstraints(min_length=1)]
# Long enough for any school; a folder, a page's head and a workbook's properties hold it.
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
YearGroup = Annotated[int, Field(ge=FIRST_YEAR_GROUP, le=LAST_YEAR_GROUP)]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]

WANTED = {
    "string_type": 'must be text. Write it in quotes: {key}: "{value}"',
    "int_type": "must be a whole number. Write digits without quotes",
    "date_type": "must be a date. Write year, month, day without quotes, as in 2026-11-20",
    "bool_type": "must be true or false. Write true or false without quotes",
    "tuple_type": "must be a list. Write it in square brackets, as in [7, 8]",
    "dict_type": "must be a set of 'key: value' lines. Write each on its own line below the key",
    "model_type": "must be a set of 'key: value' lines. Write each on its own line below the key",
    "literal_error": "must be {expected}. Write one of these",
    "string_too_short": "is empty. Give a value, or leave the key out",
    "string_too_long": "is longer than {max_length} characters. Shorten it",
    "too_short": "is an empty list. Give at least {min_length}",
    "greater_than_equal": "must be at least {ge}. Correct the number",
    "less_than_equal": "must be at most {le}. Correct the number",
    "string_pattern_mismatch": "does not have the form {pattern}. Correct it",
    "value_error": "{error}. Correct it",
}


class Settled(BaseModel):
    """What every part of the settings shares: no unknown key, no guessed type, no change once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def validated(model: type[Model], document: Document) -> Model:
    """Return a document as a model.

    Raises
    ------
    SettingsError
        One line for each problem: file, line, key, value, what it must be or the nearest known key.
    """
    try:
        return model.model_validate(document.values, context={"file": document.path})
    except ValidationError as error:
        details = error.errors(include_url=False)
    raise problems_error([_line(document, model, detail) for detail in details])


def at(document: Document, key: Key) -> str:
    """Say where a key stands: file, line and dotted key."""
    return f"{document.path}, line {document.line_of(key)}, key '{dotted(key)}'"


def _line(document: Document, model: type[BaseModel], detail: ErrorDetails) -> str:
    key = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "missing":
        return f"{at(document, key)}: it is missing. Add it."
    if detail["type"] == "extra_forbidden":
        return f"{at(document, key)}: there is no such setting. {nearest(str(key[-1]), _keys_of(model, key[:-1]))}"
    words = {**detail.get("ctx", {}), "value": detail["input"], "key": key[-1] if key else ""}
    wanted = WANTED.get(detail["type"], "{message}. Correct it").format(**words, message=detail["msg"])
    return f"{at(document, key)}: {_shown(detail['input'])} {wanted}."


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "it"
    return (
        quoted(value)
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )


def _keys_of(model: type[BaseModel], key: Key) -> list[str]:
    """Return the names allowed in the part of the settings that a key leads to."""
    for part in key:
        if isinstance(part, str) and part in (by_name := _fields_by_key(model)):
            model = _model_in(by_name[part]) or model
    return list(_fields_by_key(model))


def _fields_by_key(model: type[BaseModel]) -> dict[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the model inside an annotation such as ``tuple[ExportSource, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found), None)
