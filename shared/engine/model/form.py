"""The form of an answer in the words of a prompt: in two thirds of the tokens of its JSON Schema. Pure."""

import json
from typing import Any

from pydantic import BaseModel


def show_form(schema: type[BaseModel]) -> str:
    """The form as TypeScript declares it, which models read often. A type with one use stands there; the answer's own
    type comes last.
    """
    form = schema.model_json_schema()
    forms = form.pop("$defs", {})
    used = json.dumps([form, forms])
    once = {name: forms[name] for name in forms if used.count(f'"#/$defs/{name}"') == 1}
    declared = {**{name: forms[name] for name in forms if name not in once}, schema.__name__: form}
    return "\n".join(f"type {name} = {_object(one, once)} // {_said(one)}" for name, one in declared.items())


def _object(form: dict[str, Any], once: dict[str, Any]) -> str:
    fields = [
        f"{field}{'' if field in form['required'] else '?'}: {_type(about, once)}"
        for field, about in form["properties"].items()
    ]
    return f"{{{', '.join(fields)}}}"


def _said(form: dict[str, Any]) -> str:
    return " ".join(form.get("description", "").split())


def _type(form: dict[str, Any], once: dict[str, Any]) -> str:
    most = form.get("maxLength", form.get("maxItems"))
    unit = " characters" if "maxLength" in form else ""
    inner = once.get(form.get("items", {}).get("$ref", "").rpartition("/")[2], {})
    notes = ", ".join(filter(None, [f"at most {most}{unit}" if most else "", _said(form), _said(inner)]))
    return _kind(form, once) + (f" /* {notes} */" if notes else "")


def _kind(form: dict[str, Any], once: dict[str, Any]) -> str:
    match form:
        case {"$ref": str(place)}:
            name = place.rpartition("/")[2]
            return _object(once[name], once) if name in once else name
        case {"enum": list(values)}:
            return " | ".join(map(json.dumps, values))
        case {"anyOf": list(kinds)}:
            return " | ".join(_kind(kind, once) for kind in kinds)
        case {"type": "array"}:
            return f"{_kind(form['items'], once)}[]"
        case _:
            return str(form["type"])
