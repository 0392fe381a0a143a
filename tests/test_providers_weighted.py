"""Weights come out as they were written."""

from collections import Counter
from random import Random

from dialogue.providers.weighted import pick, spread


def test_each_element_comes_as_often_as_it_weighs() -> None:
    assert spread({"a": 3, "b": 0, "c": 1}) == ("a", "a", "a", "c")
    rng = Random(7)
    drawn = Counter(pick(rng, spread({"a": 7, "b": 2, "c": 1})) for _ in range(5000))
    assert 3400 < drawn["a"] < 3600
    assert 900 < drawn["b"] < 1100
    assert 430 < drawn["c"] < 570


def test_a_pick_takes_one_number_of_the_stream() -> None:
    ours, theirs = Random(7), Random(7)
    pick(ours, "abc")
    theirs.random()
    assert ours.getstate() == theirs.getstate()
