"""Specs in, what can be walked out: names resolved, templates parsed, SQL prepared.

`graphs` loads a graph and, by `domains`, the folder of its domain: its `clocks`, `slots` and
`views`, then its `units` with their `phrasings` and `expressions`. `references` checks the names in
them and `reach` the ways of a graph; `samples` gives every name a text to try phrasings with.
"""
