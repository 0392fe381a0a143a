"""The script that one would write without this library: `python benchmarks/plain.py 1000`."""

import json
import sys

from faker import Faker
from jinja2 import Template

fake = Faker("zh_CN")
template = Template(
    "{{ name }}，{{ phone }}，{{ province }}{{ city }}{{ district }}{{ street }}，{{ postcode }}"
)
for _ in range(int(sys.argv[1])):
    record = {
        "name": fake.name(),
        "phone": fake.phone_number(),
        "postcode": fake.postcode(),
        "province": fake.province(),
        "city": fake.city_name(),
        "district": fake.district(),
        "street": fake.street_name(),
    }
    record["text"] = template.render(record)
    print(json.dumps(record, ensure_ascii=False))
