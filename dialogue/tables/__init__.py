"""The tables of a domain: schema.sql and CSV files in, checked queries over them out.

`tables` opens a folder (`files`, `schema`, `row`, `csvfile`) into a `database` that authors can
only read; a `query` is a `statement` checked once and run many times, with a `clock` of its own.
"""

from __future__ import annotations

from dialogue.tables.query import Query, QueryError
from dialogue.tables.tables import Tables

__all__ = ["Query", "QueryError", "Tables"]
