"""The 详细地址 of Chinese addresses."""

from dialogue.providers.china.details.detail import GRAMMARS, draw_detail
from dialogue.providers.china.details.place import County

__all__ = ["GRAMMARS", "County", "draw_detail"]
