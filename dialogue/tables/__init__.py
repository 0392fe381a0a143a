"""The tables of a domain: schema.sql and CSV files in, checked queries over them out.

`tables` opens a folder (`files`, `schema`, `csvfile`, `cell`) into a `database` that authors can
only read; a `query` is a `statement` checked once and run many times. The `dates` functions of SQL
know neither the clock nor the zone of the machine.
"""

from __future__ import annotations

from dialogue.tables.query import Query, QueryError
from dialogue.tables.tables import Tables

__all__ = ["Query", "QueryError", "Tables"]
