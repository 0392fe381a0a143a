"""Stands in for torchaudio, which is imported at the top of consumers but serves no text."""
