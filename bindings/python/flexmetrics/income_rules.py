"""Words of the definitional choices, and arrays as the library takes them: what every function on incomes shares."""
from __future__ import annotations

import array
import math
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .error import Error
from .run import Progress

if TYPE_CHECKING:
    from typing_extensions import Literal, TypedDict

    class Rules(TypedDict, total=False):
        """Choices of a definition; the words of the command's options."""

        preset: str
        quantile: Literal["avg", "left", "right", "interp"]
        poor: Literal["lt", "le"]
        share: Literal["fractional", "step"]
        gini: Literal["population", "n_minus_1", "unit_block"]
        nonpos: Literal["error", "drop", "limit", "floor"]
        nonpos_floor: float
        negative: Literal["keep", "error", "drop", "zero"]
        missing: Literal["drop", "error"]
        density: Literal["silverman", "osier"]
        line: float
        line_share: float
        line_kind: Literal["national", "domain", "absolute", "national_mean", "domain_mean"]
        percent: bool

    class How(Rules, total=False):
        """Rules, and how the call runs."""

        threads: Optional[int]
        progress: Progress

#: Words of each choice, in the order of the library's numbers.
CHOICES: Dict[str, Tuple[str, ...]] = {
    "quantile": ("avg", "left", "right", "interp"),
    "poor": ("lt", "le"),
    "share": ("fractional", "step"),
    "gini": ("population", "n_minus_1", "unit_block"),
    "nonpos": ("error", "drop", "limit", "floor"),
    "negative": ("keep", "error", "drop", "zero"),
    "missing": ("drop", "error"),
    "density": ("silverman", "osier"),
    "line_kind": ("national", "domain", "absolute", "national_mean", "domain_mean"),
}
_NUMBERS = ("line", "line_share", "nonpos_floor")
DESIGN_CHOICES: Dict[str, Tuple[str, ...]] = {
    "se": ("taylor", "replicates", "bootstrap", "none"),
    "lonely": ("fail", "remove", "adjust", "average"),
    "fpc_kind": ("count", "share"),
    "replicate_kind": ("other", "brr", "fay", "jk1", "jkn", "boot"),
    "bootstrap": ("auto", "rao_wu", "multinomial", "poisson"),
}


def word_of(name: str, value: Any, words: Sequence[str]) -> str:
    """The word itself; an error that lists the words when it is none of them."""
    if value not in words:
        raise ValueError(f"{name}: expected one of {', '.join(words)}, got {value!r}")
    return str(value)


def check_rules(rules: Mapping[str, Any]) -> Dict[str, Any]:
    """The rules that are given, with their words and numbers checked."""
    out: Dict[str, Any] = {}
    for name, value in rules.items():
        if name in CHOICES:
            out[name] = None if value is None else word_of(name, value, CHOICES[name])
        elif name in _NUMBERS:
            out[name] = None if value is None else float(value)
        elif name == "percent":
            out[name] = None if value is None else bool(value)
        elif name == "preset":
            out[name] = None if value is None else str(value)
        else:
            raise TypeError(f"unknown rule {name!r}; there are preset, percent, {', '.join([*CHOICES, *_NUMBERS])}")
    return {name: value for name, value in out.items() if value is not None}


def rule_numbers(rules: Mapping[str, Any]) -> Dict[str, Any]:
    """Rules as the functions on arrays take them: a word is its number. A line alone is an absolute one."""
    checked = check_rules(rules)
    if "line" in checked:
        checked.setdefault("line_kind", "absolute")
    return {name: CHOICES[name].index(value) if name in CHOICES else int(value) if name == "percent" else value
            for name, value in checked.items()}


def doubles(values: Any, name: str) -> Any:
    """A contiguous buffer of doubles: lent as it is where it is one, copied from other numbers; None is NaN."""
    if isinstance(values, (array.array, memoryview)) and memoryview(values).format == "d":
        return values
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        raise TypeError(f"{name}: expected a column of numbers, got {type(values).__name__}")
    if type(getattr(values, "dtype", None)).__module__.startswith("pandas"):
        try:
            values = values.to_numpy("float64", na_value=math.nan)
        except (TypeError, ValueError):
            raise TypeError(f"{name}: expected numbers, got {values.dtype}") from None
    elif hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if hasattr(values, "dtype") and values.dtype.kind != "O":
        import numpy

        if values.dtype.kind not in "iuf" or values.ndim != 1:
            raise TypeError(f"{name}: expected one dimension of numbers, got {values.ndim} of {values.dtype}")
        return numpy.ascontiguousarray(values, "float64")
    try:
        return array.array("d", [math.nan if v is None else v for v in values])
    except TypeError:
        raise TypeError(f"{name}: expected numbers, found other values among them") from None


def units(values: Any, name: str, n: int) -> Any:
    """A number for each of the `n` rows that tells strata or units apart: integers as they are where they fit."""
    if hasattr(values, "to_numpy") and type(values).__module__.startswith("pandas"):
        values = values.to_numpy() if getattr(values.dtype, "kind", "O") in "iu" and not values.isna().any() else values
    if getattr(getattr(values, "dtype", None), "kind", "O") in "iu" and hasattr(values, "__array_interface__"):
        import numpy

        if len(values) == n > 0 and values.ndim == 1 and -2**31 <= values.min() and values.max() < 2**31:
            return numpy.ascontiguousarray(values, "int32")
    return numbered(values, name, n)[0]


def numbered(values: Any, name: str, n: int) -> Tuple[Any, List[Any]]:
    """A whole number from 0 for each of the `n` rows, and the values they stand for."""
    if not hasattr(values, "__len__") or isinstance(values, (str, bytes)):
        raise TypeError(f"{name}: expected a column of numbers or texts, got {type(values).__name__}")
    if len(values) != n:
        raise ValueError(f"{name}: {len(values)} for {n} values")
    if getattr(getattr(values, "dtype", None), "kind", "O") in "iuU" and hasattr(values, "__array_interface__"):
        import numpy

        labels, places = numpy.unique(values, return_inverse=True)
        return places.astype("int32"), list(labels.tolist())
    items = values.tolist() if hasattr(values, "tolist") else list(values)
    numbers: Dict[Any, int] = {}
    out = array.array("i", [numbers.setdefault(v, len(numbers)) for v in items])
    for v in numbers:
        if v is None or type(v).__name__ in ("NAType", "NaTType") or v != v:
            raise Error(f"{name}: expected a value in every row", 6, "FM_ERR_VALUE", row=out.index(numbers[v]),
                        column=name)
    return out, list(numbers)


def like(values: Any, given: Any) -> Any:
    """Numbers as a numpy array where a numpy array or a frame's column was given, else as a list."""
    if not (hasattr(given, "dtype") or hasattr(given, "to_numpy")):
        return list(values)
    import numpy

    return numpy.array(values, "float64")
