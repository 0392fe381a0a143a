"""Specs in, what can be walked out: names resolved, templates parsed, SQL prepared."""
