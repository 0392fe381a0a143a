"""The 详细地址 of Chinese addresses."""

from dialogue.providers.china.details.detail import GRAMMARS, draw_detail

__all__ = ["GRAMMARS", "draw_detail"]
