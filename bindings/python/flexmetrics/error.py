"""Errors: what was wrong, and where."""
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Optional

from . import core

if TYPE_CHECKING:
    from .table import Table


#: What the library's sentences call things, and what they are called here.
_WORDS = [(r"^fm_\w+: ", ""), (r"\bn_\w+ must be given, and ", ""), (r"call fm_spell_(\w+) first", r"call \1() first"),
          (r"\bFM_NO_DATE\b|\bFM_SPELL_OPEN\b", "missing"),
          (r"\bFM_SPELL_(?:BY_|OVERLAP_|FROM_)?([A-Z_]+)\b", lambda m: f'"{m[1].lower()}"')]


def in_words(message: str) -> str:
    """A sentence of the library without its C names."""
    for pattern, said in _WORDS:
        message = re.sub(pattern, said, message)
    return message


class Error(ValueError):
    """A call failed.

    Attributes
    ----------
    message : str
        One sentence: what was wrong and what was expected.
    status : str
        Name of the status, such as ``"FM_ERR_VALUE"``; ``code`` is its number.
    row, line, column_index : int or None
        Row in the table (from 0), line in the file (from 1), column (from 0).
    column, table, detail : str
        Names, and the short code for searching such as ``"FM-D01"``; empty when there is none.
    """

    def __init__(self, message: str, code: int = 0, status: str = "", row: int = -1, line: int = -1,
                 column_index: int = -1, column: str = "", table: str = "", detail: str = "") -> None:
        message = in_words(message)
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.row: Optional[int] = row if row >= 0 else None
        self.line: Optional[int] = line if line >= 0 else None
        self.column_index: Optional[int] = column_index if column_index >= 0 else None
        self.column = column
        self.table = table
        self.detail = detail


class DataError(Error):
    """The data have errors, so no register was made; ``problems`` lists them all as a Table."""

    def __init__(self, message: str, problems: "Table") -> None:
        super().__init__(message, 12, "FM_ERR_DATA")
        self.problems = problems


core.set_error_class(Error)
