"""What our providers have in common: the weights and the stream of the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faker.providers import BaseProvider

if TYPE_CHECKING:
    from random import Random


class SessionProvider(BaseProvider):
    """A provider that draws from the session's stream alone."""

    # Faker sets it on its own providers only. Its general methods, such as `random_element`, belong
    # to the provider that was added last: without it they would take all weights for equal.
    __use_weighting__ = True

    @property
    def rng(self) -> Random:
        """The session's stream."""
        rng: Random = self.generator.random
        return rng
