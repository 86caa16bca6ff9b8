"""Several indicators of one register, disclosed and in words."""
from __future__ import annotations

import html
from typing import Any, Tuple

from . import core
from .book import write_book
from .table import Table


class Report:
    """A finished report: figures after disclosure control, and a page of text made from them alone."""

    def __init__(self, handle: Any, arguments: Tuple[Any, ...]) -> None:
        self._handle = handle
        self._arguments = arguments

    @property
    def table(self) -> Table:
        """The figures; what is hidden has state ``suppressed`` and no value."""
        return Table(core.report_table(self._handle))

    def text(self, lang: str = "en", all: bool = False) -> str:
        """The page in English (``en``) or Danish (``da``); ``all`` for the long form."""
        return str(core.report_text(self._handle, lang, int(all)))

    def statement(self, lang: str = "en") -> str:
        """The one-page statement of a registered social enterprise: people and full-time jobs, share of staff, moves to
        ordinary jobs with another employer, retention, hours grown, support; computed from the register anew."""
        return str(core.report_statement(*self._arguments, lang))

    def definitions(self, lang: str = "en") -> str:
        """Name, definition and source of every indicator in the report."""
        return str(core.report_definitions(self._handle, lang))

    def to_json(self) -> str:
        """The figures as JSON."""
        return self.table.to_json()

    def to_xlsx(self, path: Any, lang: str = "en", all: bool = False) -> None:
        """Write a workbook: the page, the figures as typed cells, and what they mean with their sources.

        Parameters
        ----------
        path : path
            The file, written whole or not at all; the same report gives the same bytes.
        lang : {"en", "da"}
            Language of the words.
        all : bool
            The long page.

        Raises
        ------
        OSError
            The file cannot be written.
        Error
            The build has no workbooks: it needs libxlsxwriter.
        """
        write_book(self.table._handle, self.text(lang, all), lang, path)

    def to_pandas(self) -> Any:
        """The figures as a pandas DataFrame."""
        return self.table.to_pandas()

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.text())}</pre>"
