"""The form of an answer in the words of a prompt: in two thirds of the tokens of its JSON Schema. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def show_form(schema: type[BaseModel]) -> str:
    """The form as TypeScript declares it, which models read often; the answer's own type comes last."""
    form = schema.model_json_schema()
    return "\n".join(_declare({**form.get("$defs", {}), schema.__name__: form}))


def _declare(forms: dict[str, Any]) -> Iterator[str]:
    for name, form in forms.items():
        fields = [
            f"{field}{'' if field in form['required'] else '?'}: {_type(about)}"
            for field, about in form["properties"].items()
        ]
        yield f"type {name} = {{{', '.join(fields)}}} // {' '.join(form['description'].split())}"


def _type(form: dict[str, Any]) -> str:
    said = form.get("description", "")
    most = form.get("maxLength", form.get("maxItems"))
    unit = " characters" if "maxLength" in form else ""
    notes = ", ".join(filter(None, [f"at most {most}{unit}" if most else "", said]))
    return _kind(form) + (f" /* {notes} */" if notes else "")


def _kind(form: dict[str, Any]) -> str:
    match form:
        case {"$ref": str(place)}:
            return place.rpartition("/")[2]
        case {"enum": list(values)}:
            return " | ".join(map(json.dumps, values))
        case {"anyOf": list(kinds)}:
            return " | ".join(map(_kind, kinds))
        case {"type": "array"}:
            return f"{_kind(form['items'])}[]"
        case _:
            return str(form["type"])
