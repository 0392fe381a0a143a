"""What splits must not share: a graph and options in, a graph of its own for every split out.

`phrasings`, `values` and `paths` each share out one axis, by `shares`; `axes` brings them together.
A split's graph is made of the compiled one, not of the files once more: a guard may ask for a value
that the split never draws, and the columns of results know the values of all splits.
"""

from __future__ import annotations

from dialogue.holdout.axes import HeldOut, held_out

__all__ = ["HeldOut", "held_out"]
