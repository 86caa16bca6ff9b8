"""Tables as workbooks (.xlsx)."""
from __future__ import annotations

import os
from typing import Any

from . import core


def write_book(handle: Any, page: str, lang: str, path: Any) -> None:
    """Write a workbook to a file, whole or not at all."""
    target = os.fspath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        raise OSError(f"{target}: a workbook is written to a plain file")
    part = target + ".part"
    with open(part, "wb"):  # raises by the file's name what mostly fails
        pass
    try:
        core.table_xlsx(handle, page, lang, part)
        os.replace(part, target)
    finally:
        if os.path.exists(part):
            os.remove(part)
