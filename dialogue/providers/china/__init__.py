"""People, places, times and numbers of China that hang together, as a provider for Faker.

`provider` has the methods; what they draw is in modules of its own: `regions`, their `place_names`,
`people`, `phones`, the `details` of an address, the `admin` part before them and the `forms` of
both, the `recipient` and the `layouts` of messages, `companies`, `plates`, `numbers`, `times`,
`money` and `quantities`; `facts` reads the data files.
"""

from __future__ import annotations

from dialogue.providers.china.provider import ChinaProvider

__all__ = ["ChinaProvider", "Provider"]

Provider = ChinaProvider
"""Faker's own name for it: `Faker("zh_CN", includes=["dialogue.providers.china"])`."""
