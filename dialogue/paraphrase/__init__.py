"""Rewordings of phrasings: asked of a model or of people, judged, and added where they belong.

A `manuscript` is a unit as its author wrote it; each `assignment` is what is to be reworded of it.
One of the `sources` answers, the `rules` judge every answer by its `wording` in its `context`, and
an `addition` writes those that pass, or nothing.
"""
