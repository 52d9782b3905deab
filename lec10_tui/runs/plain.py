"""Strict JSON both ways: NaN and infinities are written so that nothing but JSON stands in a file."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

_TAG = "$float"
_NAMES = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def exact(value: Any) -> Any:
    """`value` with every non-finite float as {"$float": "nan"}, so that `restored` gives it back.

    Tuples become lists and numpy scalars Python's; raises ValueError for what JSON can't hold.
    """
    return _walk(value, lambda number: {_TAG: repr(number)})


def readable(value: Any) -> Any:
    """`value` with every non-finite float as null, for files that other programs read."""
    return _walk(value, lambda number: None)


def restored(value: Any) -> Any:
    """What `exact` was given."""
    if isinstance(value, dict):
        if value.keys() == {_TAG} and isinstance(value[_TAG], str) and value[_TAG] in _NAMES:
            return _NAMES[value[_TAG]]
        return {name: restored(item) for name, item in value.items()}
    if isinstance(value, list):
        return [restored(item) for item in value]
    return value


def dumps(value: Any, *, indent: int | None = None, ascii: bool = True) -> str:
    """JSON text of a value that `exact` or `readable` made."""
    return json.dumps(value, allow_nan=False, indent=indent, ensure_ascii=ascii)


def loads(text: str | bytes) -> Any:
    """The value of JSON text (bytes are UTF-8); raises ValueError for anything else, NaN and deep nests included."""
    if isinstance(text, bytes):
        text = text.decode("utf-8")
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _refuse(token: str) -> float:
    raise ValueError(f"{token} is not JSON")


def _walk(value: Any, non_finite: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else non_finite(float(value))
    if isinstance(value, (list, tuple)):
        return [_walk(item, non_finite) for item in value]
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str) or name == _TAG:
                raise ValueError(f"{name!r} can't name a value in JSON: names are text")
        return {name: _walk(item, non_finite) for name, item in value.items()}
    raise ValueError(f"{type(value).__name__} is not a plain value: text, numbers, lists and mappings are")
