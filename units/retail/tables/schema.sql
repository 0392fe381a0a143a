-- An invented shop for accessories: brands, devices, products and campaigns do not exist; cities do.
-- Money is in yuan, times are local times of the shop. scripts/retail.py builds what is computed.

-- What is sold and for what.

CREATE TABLE brand (
  name TEXT PRIMARY KEY,
  alias TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE accessory (
  name TEXT PRIMARY KEY,
  warranty_months INTEGER NOT NULL CHECK (warranty_months > 0)
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
  kind TEXT NOT NULL REFERENCES kind (name),
  typed TEXT AS (replace(name, ' ', ''))
) STRICT;

CREATE TABLE product (
  product_id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  alias TEXT NOT NULL UNIQUE,
  accessory TEXT NOT NULL REFERENCES accessory (name),
  brand TEXT NOT NULL REFERENCES brand (name),
  feature TEXT NOT NULL,
  price REAL NOT NULL CHECK (price > 0),
  promo REAL NOT NULL CHECK (promo > 0 AND promo <= price),
  restock_days INTEGER NOT NULL CHECK (restock_days > 0),
  typed TEXT AS (replace(name, ' ', ''))
) STRICT;

-- What is in a box: a product in one of its colours; a product that comes in one way has none.
CREATE TABLE sku (
  sku_id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL REFERENCES product (product_id),
  colour TEXT,
  alias TEXT CHECK ((colour IS NULL) = (alias IS NULL)),
  UNIQUE (product_id, colour)
) STRICT;

-- A product fits a device as it is, or only with an adapter.
CREATE TABLE compat (
  product_id TEXT NOT NULL REFERENCES product (product_id),
  device_id TEXT NOT NULL REFERENCES device (device_id),
  adapter TEXT,
  PRIMARY KEY (product_id, device_id)
) STRICT;

-- Properties that customers ask about, and what the shop knows of them.
CREATE TABLE property (
  name TEXT PRIMARY KEY,
  alias TEXT NOT NULL
) STRICT;

CREATE TABLE asked (
  accessory TEXT NOT NULL REFERENCES accessory (name),
  property TEXT NOT NULL REFERENCES property (name),
  PRIMARY KEY (accessory, property)
) STRICT;

CREATE TABLE detail (
  product_id TEXT NOT NULL REFERENCES product (product_id),
  property TEXT NOT NULL REFERENCES property (name),
  text TEXT NOT NULL,
  PRIMARY KEY (product_id, property)
) STRICT;

CREATE TABLE suits (
  product_id TEXT NOT NULL REFERENCES product (product_id),
  purpose TEXT NOT NULL REFERENCES purpose (name),
  PRIMARY KEY (purpose, product_id)
) STRICT;

CREATE TABLE purpose (
  name TEXT PRIMARY KEY,
  alias TEXT NOT NULL UNIQUE
) STRICT;

-- What people say they would spend on an accessory that is recommended without a model.
CREATE TABLE budget (
  accessory TEXT NOT NULL REFERENCES accessory (name),
  amount TEXT NOT NULL,
  alias TEXT NOT NULL,
  PRIMARY KEY (accessory, amount)
) STRICT;

-- How an accessory is used, and what to try when it fails.
CREATE TABLE guide (
  accessory TEXT NOT NULL REFERENCES accessory (name),
  topic TEXT NOT NULL,
  alias TEXT NOT NULL,
  steps TEXT NOT NULL,
  PRIMARY KEY (accessory, topic)
) STRICT;

CREATE TABLE fault (
  accessory TEXT NOT NULL REFERENCES accessory (name),
  name TEXT NOT NULL,
  alias TEXT NOT NULL,
  advice TEXT NOT NULL,
  PRIMARY KEY (accessory, name)
) STRICT;

-- What it costs.

-- A campaign lowers the price of every product to its `promo`; both days are included.
CREATE TABLE campaign (
  name TEXT PRIMARY KEY,
  alias TEXT NOT NULL UNIQUE,
  starts TEXT NOT NULL,
  ends TEXT NOT NULL CHECK (ends >= starts),
  rule TEXT NOT NULL,
  gift TEXT
) STRICT;

-- Coupons to be had on the page: `off` from `least` on; without an accessory for everything.
CREATE TABLE coupon (
  name TEXT PRIMARY KEY,
  accessory TEXT REFERENCES accessory (name),
  least REAL NOT NULL CHECK (least > off),
  off REAL NOT NULL CHECK (off > 0),
  starts TEXT NOT NULL,
  ends TEXT NOT NULL CHECK (ends >= starts)
) STRICT;

-- Ways to pay; `instalments` names the numbers of months, from `least` on.
CREATE TABLE payment (
  name TEXT PRIMARY KEY,
  alias TEXT NOT NULL,
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  instalments TEXT,
  least REAL CHECK ((instalments IS NULL) = (least IS NULL))
) STRICT;

CREATE TABLE level (
  name TEXT PRIMARY KEY,
  points INTEGER NOT NULL UNIQUE CHECK (points >= 0),
  perk TEXT NOT NULL
) STRICT;

-- What the shop promises, in days.
CREATE TABLE policy (
  topic TEXT PRIMARY KEY,
  days INTEGER NOT NULL CHECK (days > 0)
) STRICT;

-- How it gets there.

-- Orders before `cutoff` o'clock leave the same day, later ones the next day. Returns go to
-- `receiver` at `address`; no exchange has subscribers with such a `phone`.
CREATE TABLE warehouse (
  name TEXT PRIMARY KEY,
  cutoff INTEGER NOT NULL CHECK (cutoff BETWEEN 0 AND 24),
  address TEXT NOT NULL,
  receiver TEXT NOT NULL,
  phone TEXT NOT NULL
) STRICT;

CREATE TABLE stock (
  sku_id TEXT NOT NULL REFERENCES sku (sku_id),
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
  PRIMARY KEY (city, warehouse)
) STRICT;

-- Where customers live: to other cities nothing can be sent, they can only be asked about.
CREATE VIEW reached AS SELECT * FROM city WHERE name IN (SELECT city FROM lane);

-- Where people ask about: one of all cities, but more often one where a warehouse is, or where it is
-- doubtful that anybody sends to.
CREATE VIEW place AS
  SELECT * FROM city
  UNION ALL SELECT city.* FROM city JOIN ordinal WHERE name || '仓' IN (SELECT name FROM warehouse)
  UNION ALL SELECT city.* FROM city JOIN ordinal ON n <= 2 WHERE name NOT IN (SELECT city FROM lane);

-- An empty `extra` is a carrier that the shop does not work with; `collect`: the receiver may pay it.
CREATE TABLE carrier (
  name TEXT PRIMARY KEY,
  alias TEXT NOT NULL,
  extra REAL CHECK (extra >= 0),
  collect INTEGER NOT NULL CHECK (collect IN (0, 1))
) STRICT;

CREATE TABLE ordinal (
  n INTEGER PRIMARY KEY,
  letter TEXT NOT NULL UNIQUE,
  word TEXT NOT NULL UNIQUE
) STRICT;

-- The customer of a session. These tables are filled for each session.

-- `status` is paid, shipped, signed or cancelled; `price` what one piece cost on that day. A refund is
-- asked (the shop looks at it), returning (the parcel is on its way back) or paid.
-- An invoice is asked or issued.
CREATE TABLE orders (
  order_no TEXT PRIMARY KEY,
  tail TEXT NOT NULL,
  product TEXT NOT NULL,
  price REAL NOT NULL,
  quantity INTEGER NOT NULL,
  amount REAL NOT NULL,
  city TEXT NOT NULL,
  status TEXT NOT NULL,
  ordered_at TEXT NOT NULL,
  shipped_at TEXT,
  signed_at TEXT,
  signed_by TEXT,
  carrier TEXT,
  parcel_no TEXT,
  courier TEXT,
  eta TEXT,
  return_by TEXT,
  refund TEXT,
  refund_at TEXT,
  refund_to TEXT,
  invoice TEXT,
  invoice_at TEXT
) STRICT;

CREATE TABLE event (
  order_no TEXT NOT NULL,
  at TEXT NOT NULL,
  place TEXT NOT NULL,
  what TEXT NOT NULL
) STRICT;

CREATE TABLE voucher (
  code TEXT PRIMARY KEY,
  least REAL NOT NULL,
  off REAL NOT NULL,
  expires TEXT NOT NULL
) STRICT;

CREATE TABLE member (
  points INTEGER NOT NULL,
  joined TEXT NOT NULL
) STRICT;
