"""What other packages bring: behaviours and noise, loaded only where somebody allows it by name."""

from __future__ import annotations

from dialogue.plugins.loading import load
from dialogue.plugins.package import BEHAVIOUR_GROUP, NOISE_GROUP, is_for, provider
from dialogue.plugins.plugin import Plugin

__all__ = ["BEHAVIOUR_GROUP", "NOISE_GROUP", "Plugin", "is_for", "load", "provider"]
