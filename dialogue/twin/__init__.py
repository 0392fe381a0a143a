"""From examples to a pack: what is said and meant in, units, slots and a graph out.

    twin(["example.jsonl"], Path("units/parcels"))

`readers` take the formats, `alignment` finds the values in the words, `inference` how each is
drawn (`languages` know what values look like), `phrasing` and `draft` make units and a graph,
`pack` writes them as YAML, and `proof` renders every example by what was written.
"""

from __future__ import annotations

from dialogue.twin.twin import Made, Options, twin

__all__ = ["Made", "Options", "twin"]
