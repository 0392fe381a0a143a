"""Tables: schema and CSV files, queries, what authors' SQL may not do, session tables."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING

import pytest

from dialogue.problem import ContentError, Position
from dialogue.tables import QueryError, Tables, csvfile
from dialogue.tables.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = """\
-- What the shop sells.
CREATE TABLE city (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;
CREATE TABLE product (
  sku TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  price REAL CHECK (price > 0),
  qty INTEGER,
  city TEXT REFERENCES city,
  UNIQUE (name, city)
) STRICT;
CREATE TABLE orders (
  order_no TEXT PRIMARY KEY,
  sku TEXT REFERENCES product (sku),
  amount REAL NOT NULL
) STRICT;
CREATE INDEX by_city ON product (city);
CREATE VIEW cheap AS
  SELECT sku, name FROM product WHERE price < 100;
CREATE VIEW bought AS SELECT o.order_no, p.name FROM orders o JOIN product p USING (sku);
"""
CITY = "code,name\nsz,深圳\nbj,北京\n"
PRODUCT = """\
sku,name,price,qty,city
A1,内存条 16G,299,3,sz
B2,手机壳,39.5,,bj
C3,"保护壳, 透明",25,10,sz
"""
FILES = {"schema.sql": SCHEMA, "city.csv": CITY, "product.csv": PRODUCT}
NAMES = "known: bought, cheap, city, orders, product"
FUNCTIONS = (
    "known: abs, avg, char, coalesce, count, cume_dist, date, datetime, dense_rank, first_value, "
    "glob, group_concat and 51 more"
)


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Tables]:
    def open_pack(
        *, session: tuple[str, ...] = ("orders",), **changed: str | bytes | None
    ) -> Tables:
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        files = FILES | {name.replace("__", "."): text for name, text in changed.items()}
        for name, text in files.items():
            if isinstance(text, bytes):
                (folder / name).write_bytes(text)
            elif text is not None:
                (folder / name).write_bytes(text.encode())
        return Tables.open(folder, "units/retail/tables", frozenset(session))

    return open_pack


@pytest.fixture
def tables(pack: Callable[..., Tables]) -> Tables:
    return pack()


def at(line: int) -> Position:
    return Position("domain.yaml", 40 + line, 7)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(ContentError) as caught:
        call()
    return str(caught.value).replace("units/retail/tables/", "")


def rows(tables: Tables, sql: str, **arguments: object) -> tuple[dict[str, object], ...]:
    return tables.prepare(sql, arguments, at).rows(arguments)


# --- opening -----------------------------------------------------------------------------------


def test_tables_views_and_their_columns_are_known(tables: Tables) -> None:
    assert dict(tables.columns) == {
        "city": ("code", "name"),
        "product": ("sku", "name", "price", "qty", "city"),
        "orders": ("order_no", "sku", "amount"),
        "cheap": ("sku", "name"),
        "bought": ("order_no", "name"),
    }
    assert [tables.size(name) for name in ("city", "product", "orders", "cheap")] == [2, 3, 0, 2]
    with pytest.raises(ValueError, match="expected a table but got table='x'"):
        tables.size("x")


def test_no_folder_means_no_tables(tmp_path: Path) -> None:
    tables = Tables.open(tmp_path / "nowhere", "tables", frozenset())
    assert not tables.columns
    assert rows(tables, "SELECT value FROM json_each(:x)", x=[2, 1]) == ({"value": 1}, {"value": 2})
    (tmp_path / "empty").mkdir()
    assert not Tables.open(tmp_path / "empty", "tables", frozenset()).columns


def test_cells_are_typed_empty_ones_null_and_text_is_nfc(pack: Callable[..., Tables]) -> None:
    tables = pack(
        city__csv='\ufeffname,code\r\nCafe\u0301,sz\r\n"a ""b""\nc",bj\r\n',
        product__csv="sku,name,price,qty,city\nA1,n,39,-3,\n",
    )
    assert rows(tables, "SELECT code, name FROM city") == (
        {"code": "bj", "name": 'a "b"\nc'},
        {"code": "sz", "name": "Café"},
    )
    (row,) = rows(tables, "SELECT price, typeof(price) AS t, qty, city FROM product")
    assert row == {"price": 39.0, "t": "real", "qty": -3, "city": None}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "CREATE TABLE a (x TEXT) STRICT;\n\nCREATE TABLE b (\n  x TEXT,,\n) STRICT;",
            ("schema.sql:4:1: syntax error near ','\n  fix: correct the SQL at or before ','"),
        ),
        (
            "CREATE TABLE a (x TEXT) STRICT;\nINSERT INTO a VALUES ('x');\nDROP TABLE a",
            (
                "schema.sql:2:1: 'INSERT' in schema.sql\n"
                "  fix: write only CREATE TABLE, CREATE INDEX and CREATE VIEW\n"
                "schema.sql:3:1: 'DROP' in schema.sql\n"
                "  fix: write only CREATE TABLE, CREATE INDEX and CREATE VIEW"
            ),
        ),
        (
            (
                "CREATE TABLE a (x TEXT) STRICT;\nCREATE TRIGGER t "
                "AFTER INSERT ON a BEGIN SELECT 1; END"
            ),
            (
                "schema.sql:2:1: 'CREATE TRIGGER' in schema.sql\n"
                "  fix: write only CREATE TABLE, CREATE INDEX and CREATE VIEW\n"
                "schema.sql:2:1: 'END' in schema.sql\n"
                "  fix: write only CREATE TABLE, CREATE INDEX and CREATE VIEW"
            ),
        ),
        (
            "CREATE TABLE\n a (x TEXT)",
            (
                "schema.sql:2:1: table 'a' is not STRICT\n"
                "  fix: write STRICT after the closing parenthesis"
            ),
        ),
        (
            "CREATE TABLE a (\n x VARCHAR) STRICT;",
            (
                "schema.sql:2:1: column 'x' of 'a' has type 'VARCHAR'\n"
                "  fix: use TEXT, INTEGER, REAL or ANY"
            ),
        ),
        (
            "CREATE TABLE a (\n x BLOB) STRICT;",
            (
                "schema.sql:2:1: column 'x' of 'a' has type 'BLOB'\n"
                "  fix: use TEXT, INTEGER, REAL or ANY"
            ),
        ),
        (
            "CREATE TABLE a (\n x INTEGER PRIMARY KEY\n AUTOINCREMENT) STRICT;",
            (
                "schema.sql:3:1: AUTOINCREMENT goes on counting from session to session\n"
                "  fix: leave it out"
            ),
        ),
        (
            "CREATE TABLE a (x TEXT,\n y TEXT REFERENCES c) STRICT;",
            "schema.sql:2:1: foreign key to unknown table 'c'\n  fix: known: a",
        ),
        (
            "CREATE TABLE a (x TEXT,\n y TEXT REFERENCES a (x)) STRICT;",
            (
                "schema.sql:2:1: a foreign key of 'a' points to columns that are no key\n"
                "  fix: point it to a PRIMARY KEY or UNIQUE column of the other table"
            ),
        ),
        (
            "CREATE TABLE a (x TEXT\n CHECK (x > random())) STRICT;",
            (
                f"schema.sql:2:1: function 'random' is not allowed in SQL\n"
                f"  fix: did you mean 'rank'? {FUNCTIONS}"
            ),
        ),
        (
            (
                "CREATE TABLE a (x TEXT) STRICT;\n"
                "CREATE VIEW v AS\n SELECT x, zeroblob(9), date('now')\n"
                " FROM a;\nCREATE VIEW w AS SELECT\n y FROM a;"
            ),
            (
                f"schema.sql:3:1: date('now') reads the machine's clock\n"
                f"  fix: write :now in place of it\n"
                f"schema.sql:3:1: function 'zeroblob' is not allowed in SQL\n"
                f"  fix: did you mean 'glob'? {FUNCTIONS}\n"
                f"schema.sql:6:1: unknown column 'y'\n  fix: known: x"
            ),
        ),
    ],
)
def test_schema_problems(tmp_path: Path, sql: str, expected: str) -> None:
    (tmp_path / "schema.sql").write_text(sql)
    session = frozenset({"a", "b"})
    assert refused(lambda: Tables.open(tmp_path, "units/retail/tables", session)) == expected


def test_files_and_tables_must_match(pack: Callable[..., Tables]) -> None:
    assert refused(lambda: pack(prodct__csv="a\n", orders__csv="order_no\n", cheap__csv="a\n")) == (
        "cheap.csv:1:1: no table 'cheap' in schema.sql\n"
        "  fix: remove the file: a view takes no rows\n"
        "orders.csv:1:1: 'orders' is a session table and has a file\n"
        "  fix: remove the file\n"
        "prodct.csv:1:1: no table 'prodct' in schema.sql\n"
        "  fix: did you mean 'product'? known: city, orders, product"
    )


def test_a_table_needs_rows_from_somewhere(pack: Callable[..., Tables]) -> None:
    assert refused(lambda: pack(session=())) == (
        "schema.sql:14:1: table 'orders' has no file\n"
        "  fix: add orders.csv, or fill the table with `into`"
    )


def test_files_need_a_schema(tmp_path: Path) -> None:
    (tmp_path / "city.csv").write_text(CITY)
    assert refused(lambda: Tables.open(tmp_path, "units/retail/tables", frozenset())) == (
        "schema.sql:1:1: no schema.sql beside the CSV files\n"
        "  fix: declare each table: CREATE TABLE … STRICT"
    )


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        (
            "sku,nme,price,qty,price\n",
            (
                "product.csv:1:1: no column 'city'\n"
                "  fix: add it to the header; its cells may be empty\n"
                "product.csv:1:1: no column 'name'\n"
                "  fix: add it to the header; its cells may be empty\n"
                "product.csv:1:5: unknown column 'nme' of table 'product'\n"
                "  fix: did you mean 'name'? known: city, name, price, qty, sku\n"
                "product.csv:1:19: column 'price' comes twice\n  fix: keep one of them"
            ),
        ),
        ("", "product.csv:1:1: no header\n  fix: name the columns in the first line"),
        (
            'sku,name,price,qty,city\nA,a, b,1,1,\n"B\nb",b,1,1,\nC,c\n',
            (
                "product.csv:2:1: row of 6 cells under a header of 5\n"
                "  fix: quote cells that hold a comma\n"
                "product.csv:5:1: row of 2 cells under a header of 5\n"
                "  fix: add the missing commas"
            ),
        ),
        (
            "sku,name,price,qty,city\n\nA,a,1,1,\n",
            ("product.csv:2:1: blank line\n  fix: remove it"),
        ),
        (
            (
                "sku,name,price,qty,city\n"
                'A,"内\n存",9元,007,\nB,b,1e999,1.5,\nC,c,1,9223372036854775808,\n'
            ),
            (
                "product.csv:3:4: '9元' in column 'price' is not a number\n"
                "  fix: write it like 12 or 12.50, or make the column TEXT\n"
                "product.csv:3:7: '007' in column 'qty' is not a whole number\n"
                "  fix: write digits only, without leading zeros, or make the column TEXT\n"
                "product.csv:4:5: '1e999' in column 'price' is not a number\n"
                "  fix: write it like 12 or 12.50, or make the column TEXT\n"
                "product.csv:4:11: '1.5' in column 'qty' is not a whole number\n"
                "  fix: write digits only, without leading zeros, or make the column TEXT\n"
                "product.csv:5:7: '9223372036854775808' in column 'qty' has more than 64 bits\n"
                "  fix: make the column TEXT"
            ),
        ),
        (
            f"sku,name,price,qty,city\nA,{'长' * 12000},1,1,\n",
            (
                f"product.csv:2:3: '{'长' * 29}…' in column 'name' is longer than 32,768 bytes\n"
                "  fix: shorten it"
            ),
        ),
        (
            f"sku,name,price,qty,city\nA,{'x' * 20000},1,1,{'x' * 20000}\n",
            "product.csv:2:1: the row is longer than 32,768 bytes\n  fix: shorten it",
        ),
        (
            (
                "sku,name,price,qty,city\n"
                "A,a,1,1,sz\nB,,1,1,\nC,c,-1,1,\nA,d,1,1,\nE,a,1,1,sz\n,f,1,1,\n"
            ),
            "product.csv:7:1: column 'sku' is empty\n  fix: fill it: it is the table's key",
        ),
        (
            ("sku,name,price,qty,city\nA,a,1,1,sz\nB,,1,1,\nC,c,-1,1,\nA,d,1,1,\nE,a,1,1,sz\n"),
            (
                "product.csv:3:3: column 'name' is empty\n"
                "  fix: fill it, or drop NOT NULL in schema.sql\n"
                "product.csv:4:1: check fails: price > 0\n"
                "  fix: correct the row, or the CHECK in schema.sql\n"
                "product.csv:5:1: 'A' is in column 'sku' already\n"
                "  fix: keep one of the rows, or tell them apart\n"
                "product.csv:6:3: 'a', 'sz' are in columns 'name', 'city' already\n"
                "  fix: keep one of the rows, or tell them apart"
            ),
        ),
        (
            "city,sku,name,price,qty\nsz,A,a,1,1\ngz,B,b,1,1\n,C,c,1,1\n",
            (
                "product.csv:3:1: 'gz' in column 'city' is not in 'city'\n"
                "  fix: add it to city.csv, or correct it"
            ),
        ),
        (
            'sku,name,price,qty,city\nA,a,1,1,\nB,"b,1,1,\nC,c,1,1,\n',
            (
                "product.csv:3:1: a quotation starts in this row and never ends\n"
                "  fix: close it with a double quote"
            ),
        ),
        (
            'sku,name,price,qty,city\nA,"a"b,1,1,\n',
            (
                "product.csv:2:1: text after a closing quote\n"
                "  fix: write a quote within quotes twice"
            ),
        ),
        (
            "sku,name,price,qty,city\nA,a\0,1,1,\n",
            "product.csv:2:4: a NUL character\n  fix: save the file as UTF-8 text",
        ),
        (
            "sku,name,price,qty,city\nA,深".encode() + "圳".encode("gbk") + b",1,1,\n",
            "product.csv:2:4: not UTF-8\n  fix: save the file as UTF-8",
        ),
    ],
)
def test_file_problems(pack: Callable[..., Tables], product: str | bytes, expected: str) -> None:
    assert refused(lambda: pack(product__csv=product)) == expected


def test_problems_of_all_files_come_at_once(pack: Callable[..., Tables]) -> None:
    text = refused(
        lambda: pack(
            schema__sql=SCHEMA + "DROP TABLE city;",
            city__csv="code,nam\n",
            product__csv="sku\n",
        )
    )
    places = {line.split(": ")[0] for line in text.splitlines() if not line.startswith("  fix")}
    assert places == {"schema.sql:23:1", "city.csv:1:6", "city.csv:1:1", "product.csv:1:1"}


def test_a_hundred_problems_of_a_file_are_enough(pack: Callable[..., Tables]) -> None:
    bad = "sku,name,price,qty,city\n" + "".join(f"s{i},n{i},x,1,\n" for i in range(500))
    lines = refused(lambda: pack(product__csv=bad)).splitlines()
    assert len(lines) == 2 * 101
    assert "product.csv:102:11: more than 100 problems in this file" in lines


def test_large_files_are_refused(
    pack: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert csvfile.MAX_FILE_BYTES == 64 * 1024 * 1024
    monkeypatch.setattr(csvfile, "MAX_FILE_BYTES", 1024 * 1024)
    big = PRODUCT + "".join(f"s{i},{'n' * 100}{i},1,1,\n" for i in range(10_000))
    assert refused(lambda: pack(product__csv=big)) == (
        "product.csv:1:1: larger than 1 MB\n  fix: keep fewer rows or columns"
    )


def test_links_do_not_lead_out_of_the_pack(pack: Callable[..., Tables], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(CITY)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "city.csv").symlink_to(tmp_path / "secret")
    assert refused(lambda: pack(city__csv=None)) == (
        "city.csv:1:1: not a file inside the pack\n  fix: put the file itself here"
    )


def test_an_old_sqlite_is_named(
    pack: Callable[..., Tables], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.0")
    assert refused(pack) == (
        "schema.sql:1:1: SQLite 3.36.0 has no STRICT tables\n"
        "  fix: run a Python whose sqlite3 module has SQLite 3.37 or newer"
    )


# --- preparing ---------------------------------------------------------------------------------

CLOCK = "reads the machine's clock\n  fix: write :now in place of it"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", "41:7: no statement\n  fix: write one SELECT"),
        ("SELECT sku\nFROM", "42:7: the SQL ends too early\n  fix: finish the statement"),
        (
            "SELECT name AS x, 'FROM'\nFROM product\nWHERE FROM",
            "43:7: syntax error near 'FROM'\n  fix: correct the SQL at or before 'FROM'",
        ),
        (
            "SELECT\n 'abc",
            (
                "42:7: unrecognized token ''abc'\n"
                "  fix: close the quotation, or remove the character"
            ),
        ),
        (
            "SELECT 1\nFROM prodct",
            f"42:7: unknown table 'prodct'\n  fix: did you mean 'product'? {NAMES}",
        ),
        (
            "SELECT\n p.nme FROM product p",
            (
                "42:7: unknown column 'p.nme'\n"
                "  fix: did you mean 'name'? known: city, name, price, qty, sku"
            ),
        ),
        (
            "SELECT q.name FROM product",
            ("41:7: unknown column 'q.name'\n  fix: check the name before the dot in 'q.name'"),
        ),
        (
            "SELECT\n name FROM product, city",
            (
                "42:7: column 'name' is in more than one table\n"
                "  fix: write the table before it, as in product.name"
            ),
        ),
        (
            "SELECT sku FROM product\nWHERE city = :plce AND qty > ?",
            (
                "42:7: parameter '?' has no name\n  fix: write parameters as :name\n"
                "domain.yaml:42:7: unknown parameter ':plce'\n"
                "  fix: did you mean 'place'? known: now, place"
            ),
        ),
        (
            "SELECT 1;\nSELECT 2;",
            "42:7: a second statement starts with 'SELECT'\n  fix: write one SELECT",
        ),
        (
            "SELECT 1 AS a, 2 AS a",
            "41:7: column 'a' comes twice\n  fix: name one of them differently with AS",
        ),
        (
            'SELECT sku FROM product WHERE name = "手机壳"',
            (
                '41:7: "手机壳" in double quotes is not a known name\n'
                "  fix: write text in single quotes, and AS before a new name"
            ),
        ),
        ("ATTACH 'x.db' AS x", ("41:7: a query starts with 'ATTACH'\n  fix: write one SELECT")),
        (
            "PRAGMA table_info(city)",
            ("41:7: a query starts with 'PRAGMA'\n  fix: write one SELECT"),
        ),
        ("EXPLAIN SELECT 1", ("41:7: a query starts with 'EXPLAIN'\n  fix: write one SELECT")),
        (
            "INSERT INTO city VALUES (1, 2)",
            "41:7: a query starts with 'INSERT'\n  fix: write one SELECT",
        ),
        (
            "WITH a AS (SELECT 1)\nDELETE FROM city",
            "42:7: 'DELETE' in a query\n  fix: write one SELECT",
        ),
        (
            "WITH a AS (SELECT 1)\nUPDATE city SET name = 'x' RETURNING name",
            "42:7: 'UPDATE' in a query\n  fix: write one SELECT",
        ),
        (
            "SELECT name FROM pragma_table_info('city')",
            f"41:7: unknown table 'pragma_table_info'\n  fix: {NAMES}",
        ),
        ("SELECT sql FROM sqlite_master", (f"41:7: unknown table 'sqlite_master'\n  fix: {NAMES}")),
        (
            "SELECT count(*) FROM sqlite_schema",
            f"41:7: unknown table 'sqlite_schema'\n  fix: {NAMES}",
        ),
        (
            "SELECT load_extension('x'),\n random() FROM city",
            (
                f"41:7: function 'load_extension' is not allowed in SQL\n  fix: {FUNCTIONS}\n"
                f"domain.yaml:42:7: function 'random' is not allowed in SQL\n"
                f"  fix: did you mean 'rank'? {FUNCTIONS}"
            ),
        ),
        (
            "SELECT zeroblob(9)",
            (
                f"41:7: function 'zeroblob' is not allowed in SQL\n"
                f"  fix: did you mean 'glob'? {FUNCTIONS}"
            ),
        ),
        (
            "SELECT printf('%.*c', 1000000000, 'x')",
            (
                f"41:7: function 'printf' is not allowed in SQL\n"
                f"  fix: did you mean 'instr'? {FUNCTIONS}"
            ),
        ),
        (
            "SELECT last_insert_rowid()",
            f"41:7: function 'last_insert_rowid' is not allowed in SQL\n  fix: {FUNCTIONS}",
        ),
        ("SELECT foo(1)", (f"41:7: function 'foo' is not allowed in SQL\n  fix: {FUNCTIONS}")),
        (
            "SELECT 1,\n current_timestamp",
            (
                "42:7: function 'current_timestamp' is not allowed in SQL\n"
                "  fix: write :now in place of it"
            ),
        ),
        ("SELECT datetime('NOW')", f"41:7: datetime('now') {CLOCK}"),
        (
            "SELECT datetime()",
            (
                "41:7: datetime() without a time reads the machine's clock\n"
                "  fix: give it a time, such as :now"
            ),
        ),
        (
            "SELECT strftime('%Y')",
            (
                "41:7: strftime() without a time reads the machine's clock\n"
                "  fix: give it a time, such as :now"
            ),
        ),
        (
            "SELECT date(:now, '+1 day', 'localtime')",
            (
                "41:7: 'localtime' in date() reads the machine's zone\n"
                "  fix: leave it out: times are local already"
            ),
        ),
        ("SELECT '\0'", "41:7: a NUL character in SQL\n  fix: write one SELECT"),
    ],
)
def test_query_problems(tables: Tables, sql: str, expected: str) -> None:
    assert refused(lambda: tables.prepare(sql, {"place"}, at)) == f"domain.yaml:{expected}"


def test_several_problems_of_a_query_come_at_once(tables: Tables) -> None:
    sql = "SELECT random(),\n date('now')\nFROM city\nWHERE code = :plce"
    assert [p.at.line for p in _problems(tables, sql)] == [41, 42, 44]


def _problems(tables: Tables, sql: str) -> tuple:
    with pytest.raises(ContentError) as caught:
        tables.prepare(sql, {"place"}, at)
    return caught.value.problems


def test_a_query_knows_columns_tables_and_parameters(tables: Tables) -> None:
    query = tables.prepare(
        "WITH 壳 AS (SELECT sku FROM CHEAP WHERE name LIKE :词)\n"
        "SELECT c.name AS 城市, count(*) AS n FROM product p JOIN city c ON c.code = p.city\n"
        "JOIN 壳 USING (sku) WHERE :now > '2026' GROUP BY 1; -- done",
        {"词", "unused"},
        at,
    )
    assert query.columns == ("城市", "n")
    assert query.tables == {"product", "cheap", "city"}
    assert query.parameters == ("now", "词")
    assert query.rows({"词": "%壳%", "now": "2026-03-14 15:20", "more": 1}) == (
        {"城市": "北京", "n": 1},
        {"城市": "深圳", "n": 1},
    )


def test_a_query_written_twice_reads_the_same_tables(tables: Tables) -> None:
    sql = "SELECT sku FROM product"
    assert [tables.prepare(sql, (), at).tables for _ in range(2)] == [{"product"}] * 2


def test_count_and_case_still_name_the_table(tables: Tables) -> None:
    assert tables.prepare("SELECT count(*) AS n FROM PRODUCT", (), at).tables == {"product"}
    assert tables.prepare("SELECT 1 AS n", (), at).tables == frozenset()


# --- running -----------------------------------------------------------------------------------


def test_arguments_are_bound_by_their_kind(tables: Tables) -> None:
    sql = "SELECT typeof(:x) AS t, :x AS x"
    assert rows(tables, sql, x=["内存", 1]) == ({"t": "text", "x": '["内存",1]'},)
    assert rows(tables, sql, x=True) == ({"t": "integer", "x": 1},)
    assert rows(tables, sql, x=1.0) == ({"t": "real", "x": 1.0},)
    assert rows(tables, sql, x=None) == ({"t": "null", "x": None},)
    query = tables.prepare(sql, {"x"}, at)
    kinds = [query.rows({"x": x})[0]["t"] for x in (1, 1.0, True, "1")]
    assert kinds == ["integer", "real", "integer", "text"]


def test_a_subclass_of_text_is_bound_as_plain_text(tables: Tables) -> None:
    class Labelled(str):
        def __str__(self) -> str:
            return "something else"

    (row,) = rows(tables, "SELECT :x AS x, :y AS y", x=Labelled("深圳"), y=[Labelled("北京")])
    assert row == {"x": "深圳", "y": '["北京"]'}
    assert type(row["x"]) is str


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "no value for ':x'\n  fix: give 'x' an argument"),
        (
            {"x": object()},
            (
                "':x' cannot be bound: object\n"
                "  fix: pass text, a number, a boolean or a list of them"
            ),
        ),
        ({"x": 2**63}, "a number has more than 64 bits\n  fix: pass it as text"),
        ({"x": "x" * 40_000}, ("a value is longer than 32,768 bytes\n  fix: build shorter text")),
        (
            {"x": "now"},
            (
                "date('now') reads the machine's clock\n"
                "  fix: pass a time of the session, such as :now"
            ),
        ),
        (
            {"x": "Subsec"},
            (
                "date('Subsec') reads the machine's clock\n"
                "  fix: pass a time of the session, such as :now"
            ),
        ),
    ],
)
def test_arguments_that_do_not_do(
    tables: Tables, arguments: dict[str, object], message: str
) -> None:
    query = tables.prepare("SELECT date(:x) AS d", {"x"}, at)
    with pytest.raises(QueryError) as caught:
        query.rows(arguments)
    assert str(caught.value) == message
    assert f"{caught.value.what}\n  fix: {caught.value.fix}" == message


def test_arguments_cannot_bring_in_clock_or_zone(tables: Tables) -> None:
    query = tables.prepare("SELECT strftime('%H', :x, :y) AS h", {"x", "y"}, at)
    assert query.rows({"x": "2026-03-14 15:20", "y": "+1 hour"}) == ({"h": "16"},)
    with pytest.raises(QueryError, match=r"'UTC' in strftime\(\) reads the machine's zone"):
        query.rows({"x": "2026-03-14 15:20", "y": "UTC"})
    with pytest.raises(QueryError, match=r"strftime\('NOW'\) reads the machine's clock"):
        query.rows({"x": "NOW", "y": "+1 hour"})


@pytest.mark.parametrize(
    "sql",
    ["SELECT random()", "SELECT sql FROM sqlite_master", "DELETE FROM city", "PRAGMA user_version"],
)
def test_sql_that_nobody_prepared_is_refused_when_it_runs(tables: Tables, sql: str) -> None:
    with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited"):
        tables._database.read(sql, {})


def test_date_functions_answer_as_those_of_sqlite(tables: Tables) -> None:
    bare = sqlite3.connect(":memory:")
    for call in (
        "date(:now, 'start of month', '+1 month', '-1 day')",
        "time(:now)",
        "datetime(:now, '+90 minutes')",
        "julianday(:now)",
        "strftime('%w %H:%M', :now)",
        "CAST(strftime('%s', :now) AS INTEGER)",
        "date(NULL)",
        "date('nonsense')",
        f"strftime('{'%Y' * 200}', :now)",
    ):
        now = {"now": "2026-03-14 15:20"}
        expected = bare.execute(f"SELECT {call}", now).fetchone()[0]
        assert rows(tables, f"SELECT {call} AS x", **now) == ({"x": expected},)
    assert rows(tables, "SELECT unixepoch(:now) AS x", now="1970-01-02 00:00") == ({"x": 86400},)
    bare.close()


def test_rows_without_order_are_sorted_by_all_columns(tables: Tables) -> None:
    sql = "SELECT value AS x, key AS k FROM json_each(:x)"
    mixed = ["b", 2, None, "a", 1.5, "啊", 2, None]
    found = rows(tables, sql, x=mixed)
    assert [(row["x"], row["k"]) for row in found] == [
        (None, 2), (None, 7), (1.5, 4), (2, 1), (2, 6), ("a", 3), ("b", 0), ("啊", 5),
    ]  # fmt: skip
    by_key = rows(tables, sql + " ORDER BY key DESC", x=mixed)
    assert [row["k"] for row in by_key] == [7, 6, 5, 4, 3, 2, 1, 0]


def test_a_selection_is_sorted_by_all_columns_whatever_their_collation(
    pack: Callable[..., Tables],
) -> None:
    schema = "CREATE TABLE tea (name TEXT COLLATE NOCASE, n INTEGER, price REAL) STRICT;"
    cells = "name,n,price\nb,1,2\nB,2,\na,3,3\n,4,1\na,3,\n"
    tables = pack(schema__sql=schema, tea__csv=cells, city__csv=None, product__csv=None, session=())
    sql = tables.selection("tea", ["n", "name"], "n <> :n")
    found = rows(tables, sql, n=0)
    whole = rows(tables, "SELECT * FROM tea WHERE n <> :n", n=0)
    assert found == tuple({"n": row["n"], "name": row["name"]} for row in whole)
    assert [row["n"] for row in found] == [4, 2, 3, 3, 1]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT value AS x FROM (SELECT value FROM json_each(:x) ORDER BY key)",
        "SELECT value AS x FROM json_each(:x) -- ORDER BY key",
        "SELECT value AS x FROM json_each(:x) WHERE 'ORDER BY x' <> ''",
        "SELECT max(value) OVER (ORDER BY key ROWS CURRENT ROW) AS x FROM json_each(:x)",
    ],
)
def test_only_the_outermost_order_counts(tables: Tables, sql: str) -> None:
    assert [row["x"] for row in rows(tables, sql, x=[3, 1, 2])] == [1, 2, 3]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        (
            (
                "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) "
                "SELECT max(n) AS m FROM r"
            ),
            (
                "the query takes more than 1,000,000 steps\n"
                "  fix: join on keys, or end a recursion with LIMIT"
            ),
        ),
        (
            "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r",
            "the query gives more than 10,000 rows\n  fix: narrow it with WHERE or LIMIT",
        ),
        (
            "WITH RECURSIVE r(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM r) SELECT s FROM r",
            "a value is longer than 32,768 bytes\n  fix: build shorter text",
        ),
        (
            (
                "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 20000)"
                " SELECT group_concat(n) AS s FROM r"
            ),
            "a value is longer than 32,768 bytes\n  fix: build shorter text",
        ),
        (
            "SELECT date('no' || 'w') AS d",
            (
                "date('now') reads the machine's clock\n"
                "  fix: pass a time of the session, such as :now"
            ),
        ),
        ("SELECT X'00' AS b", ("column 'b' holds bytes, not text\n  fix: return CAST(b AS TEXT)")),
        ("SELECT 9e999 AS f", "column 'f' is infinite\n  fix: divide or multiply less"),
        (
            "SELECT json('{') AS j",
            "the query failed: malformed JSON\n  fix: correct the SQL or what it is given",
        ),
    ],
)
def test_queries_that_go_over_a_limit(tables: Tables, sql: str, message: str) -> None:
    query = tables.prepare(sql, (), at)
    for _ in range(2):
        with pytest.raises(QueryError) as caught:
            query.rows({})
        assert str(caught.value) == message
    assert rows(tables, "SELECT 1 AS x") == ({"x": 1},)


def test_ten_thousand_rows_are_allowed(tables: Tables) -> None:
    sql = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT :m) SELECT n FROM r"
    query = tables.prepare(sql, {"m"}, at)
    assert len(query.rows({"m": 10_000})) == 10_000
    with pytest.raises(QueryError):
        query.rows({"m": 10_001})


def test_the_step_limit_does_not_depend_on_what_ran_before(tables: Tables) -> None:
    sql = (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r LIMIT :m) "
        "SELECT max(n) AS m FROM r"
    )

    def fits(query: object, size: int) -> bool:
        try:
            query.rows({"m": size})  # type: ignore[attr-defined]
        except QueryError:
            return False
        return True

    low, high = 40_000, 120_000
    while high - low > 1:
        middle = (low + high) // 2
        fresh = tables.prepare(f"/* {middle} */ {sql}", {"m"}, at)
        low, high = (middle, high) if fits(fresh, middle) else (low, middle)
    assert 40_000 < low < 119_999
    for warm in range(1, 500, 100):
        used = tables.prepare(sql, {"m"}, at)
        assert fits(used, warm)
        assert fits(used, low)
        assert not fits(used, high)


def test_results_are_remembered_unless_a_session_table_is_read(tables: Tables) -> None:
    kept = tables.prepare("SELECT name FROM cheap WHERE sku <> :x", {"x"}, at)
    assert kept.rows({"x": "B2"}) is kept.rows({"x": "B2"})
    assert kept.rows({"x": "B2"}) is not kept.rows({"x": "C3"})
    for sql in ("SELECT count(*) AS n FROM orders", "SELECT count(*) AS n FROM bought"):
        query = tables.prepare(sql, (), at)
        assert "orders" in query.tables
        assert query.rows({}) == ({"n": 0},)
        tables.fill("orders", [{"order_no": "1", "sku": "A1", "amount": 1}])
        assert query.rows({}) == ({"n": 1},)
        tables.clear()
        assert query.rows({}) == ({"n": 0},)


def test_what_is_remembered_is_bounded(tables: Tables) -> None:
    query = tables.prepare("SELECT :x AS x", {"x"}, at)
    first = query.rows({"x": 0})
    for x in range(1, 20_000):
        query.rows({"x": x})
    assert query.rows({"x": 0}) is first
    query.rows({"x": -1})
    query.rows({"x": -2})
    assert query.rows({"x": 0}) is first
    assert query.rows({"x": 1}) == ({"x": 1},)
    assert len(query._memo) <= 20_000  # type: ignore[arg-type]


# --- session tables ----------------------------------------------------------------------------

ORDER = {"order_no": "1", "sku": "A1", "amount": 299}


def test_fill_replaces_the_rows(tables: Tables) -> None:
    query = tables.prepare("SELECT * FROM orders", (), at)
    tables.fill("orders", [ORDER, {"order_no": "2", "amount": 5.5, "unknown": "ignored"}])
    assert query.rows({}) == (
        {"order_no": "1", "sku": "A1", "amount": 299.0},
        {"order_no": "2", "sku": None, "amount": 5.5},
    )
    tables.fill("orders", [{**ORDER, "order_no": "3", "sku": None}])
    assert query.rows({}) == ({"order_no": "3", "sku": None, "amount": 299.0},)
    assert tables.size("orders") == 1
    tables.clear()
    assert query.rows({}) == ()
    tables.fill("orders", [])
    assert query.rows({}) == ()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"amount": None},
            (
                "row 2 for 'orders': column 'amount' is empty\n"
                "  fix: fill it, or drop NOT NULL in schema.sql"
            ),
        ),
        (
            {"order_no": "1"},
            (
                "row 2 for 'orders': '1' is in column 'order_no' already\n"
                "  fix: keep one of the rows, or tell them apart"
            ),
        ),
        (
            {"amount": "many"},
            (
                "row 2 for 'orders': 'many' in column 'amount' is not REAL\n"
                "  fix: give a value of the column's type"
            ),
        ),
        (
            {"sku": "Z9"},
            (
                "'Z9' in column 'sku' of 'orders' is not in 'product'\n"
                "  fix: point to a row that is there; fill 'product' before 'orders'"
            ),
        ),
        (
            {"sku": object()},
            (
                "a row for 'orders' holds a value of type object\n"
                "  fix: give text, numbers, booleans or lists"
            ),
        ),
    ],
)
def test_fill_keeps_the_constraints(
    tables: Tables, changed: dict[str, object], message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        tables.fill("orders", [ORDER, {**ORDER, "order_no": "2", **changed}])
    assert str(caught.value) == message
    assert tables.size("orders") == 0
    tables.fill("orders", [ORDER])
    assert tables.size("orders") == 1


def test_only_session_tables_are_filled(tables: Tables) -> None:
    with pytest.raises(ValueError, match="expected a session table but got table='city'"):
        tables.fill("city", [])


def test_authors_cannot_use_the_statements_of_fill(tables: Tables) -> None:
    tables.fill("orders", [ORDER])
    tables.fill("orders", [ORDER])
    for sql in ('DELETE FROM "orders"', 'WITH a AS (SELECT 1) DELETE FROM "orders"'):
        with pytest.raises(ContentError):
            tables.prepare(sql, (), at)
    assert tables.size("orders") == 1


def test_a_statement_that_left_the_cache_is_refused_or_allowed_as_before(tables: Tables) -> None:
    query = tables.prepare("SELECT count(*) AS n FROM orders", (), at)
    for number in range(1500):
        rows(tables, f"SELECT {number} AS x")
    tables.fill("orders", [ORDER])
    assert query.rows({}) == ({"n": 1},)


def test_answers_do_not_depend_on_the_hash_seed(
    pack: Callable[..., Tables], tmp_path: Path
) -> None:
    pack()
    script = textwrap.dedent("""
        import json, sys
        from pathlib import Path
        from dialogue.problem import ContentError, Position
        from dialogue.tables import Tables
        tables = Tables.open(Path(sys.argv[1]), "t", frozenset({"orders"}))
        at = lambda line: Position("d", line)
        query = tables.prepare("SELECT p.*, c.code FROM product p, city c", (), at)
        print(json.dumps([dict(tables.columns), sorted(query.tables), query.rows({})]))
        try:
            tables.prepare("SELECT foo(random(), zeroblob(1)), date('now') WHERE :a=:b", (), at)
        except ContentError as error:
            print(error)
    """)
    found = set()
    for seed in ("0", "1", "2"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "tables")],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        found.add(done.stdout)
    assert len(found) == 1
    assert json.loads(found.pop().splitlines()[0])[1] == ["city", "product"]


def test_any_thread_may_close_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    owners = [Database()]
    thread = threading.Thread(target=owners.clear)
    thread.start()
    thread.join()
    assert not owners
    assert not told
