-- The tables that the bot looks things up in; beside this file lies one CSV for each.
-- They are opened read-only for every run, and checked against these constraints.

CREATE TABLE tea (
  sku TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  short TEXT NOT NULL,
  price INTEGER NOT NULL CHECK (price > 0),   -- yuan a box
  stock INTEGER NOT NULL CHECK (stock >= 0)   -- boxes
) STRICT;

CREATE TABLE city (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  full_name TEXT NOT NULL
) STRICT;

-- Where the shop sends to. A city without a lane is one that it does not send to.
CREATE TABLE lane (
  city TEXT PRIMARY KEY REFERENCES city (name),
  days INTEGER NOT NULL CHECK (days > 0),
  fee INTEGER NOT NULL CHECK (fee >= 0)       -- yuan
) STRICT;
