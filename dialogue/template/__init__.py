"""Phrasings: Jinja2 that renders to ropes, texts that know which of their stretches say which slot.

A `template` is Jinja2 in a `sandbox` with `filters` that keep labels; its `syntax` says what it
reads, `glance` says the same of simple ones and `plain` renders them, both without Jinja2, and an
`audit` by `probe` proves that no span is lost.
A `rope` carries each `label` through every method of `str` (`display`, `placeholder`).
"""

from __future__ import annotations

from dialogue.template.audit import Samples, alphabet, audit
from dialogue.template.failure import RenderError
from dialogue.template.label import Label, Piece
from dialogue.template.rope import LabelledFloat, LabelledInt, RecordRope, Rope, concat
from dialogue.template.sandbox import Environment
from dialogue.template.template import Template, compile_template

__all__ = [
    "Environment",
    "Label",
    "LabelledFloat",
    "LabelledInt",
    "Piece",
    "RecordRope",
    "RenderError",
    "Rope",
    "Samples",
    "Template",
    "alphabet",
    "audit",
    "compile_template",
    "concat",
]
