CREATE TABLE device (name TEXT PRIMARY KEY) STRICT;
CREATE TABLE city (name TEXT PRIMARY KEY) STRICT;
CREATE TABLE product (
  letter TEXT PRIMARY KEY,
  device TEXT NOT NULL REFERENCES device (name),
  accessory TEXT NOT NULL
) STRICT;
CREATE TABLE delivery (
  letter TEXT NOT NULL REFERENCES product (letter),
  city TEXT NOT NULL REFERENCES city (name),
  arrives TEXT NOT NULL
) STRICT;
