"""Prepared weights draw what Faker itself would."""

from collections import OrderedDict
from random import Random

import pytest
from faker.providers import BaseProvider

from dialogue.providers import open_faker
from dialogue.providers.weighted import Weighted


class Stock(BaseProvider):
    __use_weighting__ = True


@pytest.mark.parametrize("weights", [{"a": 1}, {"a": 5, "b": 3, "c": 0.1}, {1: 70, 2: 20, 3: 10}])
def test_a_weighted_draw_is_that_of_fakers_own_random_element(weights: dict[object, float]) -> None:
    ours, theirs = Random(7), Random(7)
    stock, weighted = Stock(open_faker("zh_CN", theirs)), Weighted(weights)
    for _ in range(200):
        assert weighted.draw(ours) == stock.random_element(OrderedDict(weights))
    assert ours.getstate() == theirs.getstate()
