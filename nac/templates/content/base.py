"""What the models of templates are made of.

They take what the vendor's JSON Schemas take: keys that those do not name are left alone, a whole number may be
written as 1.0, and what is not said to be null may be left out but not be null.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import InitErrorDetails, ValidationError

Json = Any


class Open(BaseModel):
    """A shape with room for keys that are not named here."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, defer_build=True)


class Closed(BaseModel):
    """A shape without."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
Some = Annotated[str, StringConstraints(min_length=1)]
Handlebars = Literal["handlebars"]
Language = Literal["handlebars", "jsonnet"]


def missing(*keys: str) -> ValidationError:
    """The error for keys that are needed because of what another key says."""
    return _refused(*(InitErrorDetails(type="missing", loc=(key,), input={}) for key in keys))


def too_short(key: str, value: object, **limit: int) -> ValidationError:
    """The error for a text or a list that has to be longer because of what another key says."""
    kind = "too_short" if isinstance(value, list) else "string_too_short"
    return _refused(InitErrorDetails(type=kind, loc=(key,), input=value, ctx={"field_type": "List", **limit}))


def _refused(*errors: InitErrorDetails) -> ValidationError:
    return ValidationError.from_exception_data("refused", list(errors))
