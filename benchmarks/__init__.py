"""Benchmarks: what composing costs beside the least that the same sessions could cost."""
