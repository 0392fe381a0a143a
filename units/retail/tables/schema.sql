-- An invented shop: brands, devices and products do not exist; cities do.
-- Money is in yuan, hours are local time of the shop.

CREATE TABLE accessory (
  name TEXT PRIMARY KEY
) STRICT;

CREATE TABLE kind (
  name TEXT PRIMARY KEY
) STRICT;

-- Which accessories make sense for which kind of device: nobody asks for a phone case for a laptop.
CREATE TABLE fits (
  accessory TEXT NOT NULL REFERENCES accessory (name),
  kind TEXT NOT NULL REFERENCES kind (name),
  PRIMARY KEY (accessory, kind)
) STRICT;

CREATE TABLE device (
  device_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  alias TEXT NOT NULL,
  kind TEXT NOT NULL REFERENCES kind (name)
) STRICT;

CREATE TABLE product (
  sku_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  alias TEXT NOT NULL,
  accessory TEXT NOT NULL REFERENCES accessory (name),
  brand TEXT NOT NULL,
  feature TEXT NOT NULL,
  price REAL NOT NULL CHECK (price > 0),
  promo REAL NOT NULL CHECK (promo > 0 AND promo <= price),
  restock_days INTEGER NOT NULL CHECK (restock_days > 0)
) STRICT;

CREATE TABLE compat (
  sku_id TEXT NOT NULL REFERENCES product (sku_id),
  device_id TEXT NOT NULL REFERENCES device (device_id),
  PRIMARY KEY (sku_id, device_id)
) STRICT;

-- A campaign lowers the price of every product to its `promo`; both days are included.
CREATE TABLE campaign (
  name TEXT PRIMARY KEY,
  starts TEXT NOT NULL,
  ends TEXT NOT NULL CHECK (ends >= starts)
) STRICT;

-- Orders before `cutoff` o'clock leave the same day, later ones the next day.
CREATE TABLE warehouse (
  name TEXT PRIMARY KEY,
  cutoff INTEGER NOT NULL CHECK (cutoff BETWEEN 0 AND 24)
) STRICT;

CREATE TABLE stock (
  sku_id TEXT NOT NULL REFERENCES product (sku_id),
  warehouse TEXT NOT NULL REFERENCES warehouse (name),
  qty INTEGER NOT NULL CHECK (qty >= 0),
  PRIMARY KEY (sku_id, warehouse)
) STRICT;

CREATE TABLE city (
  city_code TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  full_name TEXT NOT NULL UNIQUE,
  province TEXT NOT NULL
) STRICT;

-- A parcel that leaves on day d arrives on day d + `days` at `hour` o'clock. An empty `free_over` is never free.
CREATE TABLE lane (
  warehouse TEXT NOT NULL REFERENCES warehouse (name),
  city TEXT NOT NULL REFERENCES city (name),
  days INTEGER NOT NULL CHECK (days >= 0),
  hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
  fee REAL NOT NULL CHECK (fee >= 0),
  free_over REAL,
  PRIMARY KEY (warehouse, city)
) STRICT;

CREATE TABLE ordinal (
  n INTEGER PRIMARY KEY,
  letter TEXT NOT NULL UNIQUE,
  word TEXT NOT NULL UNIQUE
) STRICT;

-- Filled for each session with the orders of its customer; `status` is paid, shipped, signed or cancelled.
CREATE TABLE orders (
  order_no TEXT PRIMARY KEY,
  tail TEXT NOT NULL,
  product TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  amount REAL NOT NULL,
  city TEXT NOT NULL,
  status TEXT NOT NULL,
  ordered_at TEXT NOT NULL,
  shipped_at TEXT,
  signed_at TEXT,
  carrier TEXT,
  parcel_no TEXT,
  eta TEXT,
  return_by TEXT
) STRICT;
