"""From JSON to frozen dataclasses: fields that are not known are passed over, so that newer servers are understood."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

RAW = "raw"
"""A field of this name holds the whole object as the server wrote it."""


class DecodeError(ValueError):
    """A value that is missing or of another kind; the text says where."""


def decode(kind: type[T], data: Any) -> T:
    """`data` as an instance of the dataclass `kind`. Raises DecodeError."""
    return cast("T", _decode(kind, data, ""))


def _decode(kind: Any, data: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not types.NoneType)
        return None if data is None else _decode(inner, data, where)
    if origin is tuple:
        return _sequence(arguments, data, where)
    if origin is not None and issubclass(origin, Mapping):
        entries = _checked(data, Mapping, "an object", where).items()
        return {str(name): _decode(arguments[1], value, f"{where}.{name}") for name, value in entries}
    if hasattr(kind, "__dataclass_fields__"):
        return _dataclass(kind, data, where)
    return data if kind is Any else _SIMPLE[kind](data, where)


def _sequence(arguments: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    values = _checked(data, list, "a list", where)
    return tuple(_decode(arguments[0], value, f"{where}[{index}]") for index, value in enumerate(values))


@cache
def _shape(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(kind)
    return tuple(
        (one.name, hints[one.name], one.default is MISSING and one.default_factory is MISSING) for one in fields(kind)
    )


def _dataclass(kind: Any, data: Any, where: str) -> Any:
    told = _checked(data, Mapping, "an object", where)
    values: dict[str, Any] = {}
    for name, hint, required in _shape(kind):
        if name == RAW:
            values[name] = told
        elif name in told:
            values[name] = _decode(hint, told[name], f"{where}.{name}")
        elif required:
            raise DecodeError(f"{where}.{name} is missing".lstrip("."))
    return kind(**values)


def _checked(data: Any, kind: Any, words: str, where: str) -> Any:
    if not isinstance(data, kind):
        raise DecodeError(f"{where or 'the answer'} is not {words}".lstrip("."))
    return data


def _text(data: Any, where: str) -> str:
    return cast("str", _checked(data, str, "a text", where))


def _truth(data: Any, where: str) -> bool:
    return cast("bool", _checked(data, bool, "true or false", where))


def _number(data: Any, where: str) -> float:
    if isinstance(data, bool):
        raise DecodeError(f"{where} is not a number".lstrip("."))
    return float(_checked(data, int | float, "a number", where))


def _whole(data: Any, where: str) -> int:
    number = _number(data, where)
    if number != int(number):
        raise DecodeError(f"{where} is not a whole number".lstrip("."))
    return int(number)


def _moment(data: Any, where: str) -> datetime:
    written = _text(data, where)
    try:
        return datetime.fromisoformat(written.replace("Z", "+00:00"))  # Python 3.10 does not know Z
    except ValueError:
        raise DecodeError(f"{where} is not a time".lstrip(".")) from None


_SIMPLE: dict[Any, Callable[[Any, str], Any]] = {
    str: _text,
    bool: _truth,
    int: _whole,
    float: _number,
    datetime: _moment,
}
