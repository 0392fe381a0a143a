"""The command line: options in, the public API called, words and exit codes out."""

from __future__ import annotations

import click

import dialogue
from dialogue.cli import compose, export, graph, packs, paraphrase, review, twin, verify
from dialogue.cli.options import example
from dialogue.cli.program import Program


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example(
        "dialogue init shop",
        "dialogue show shop/graphs/shop.yaml",
        "dialogue compose shop/graphs/shop.yaml -n 10000",
    ),
)
@click.version_option(dialogue.__version__, prog_name="dialogue")
def main() -> None:
    """Compose labelled dialogues from small units: exact spans, state, tool calls and targets."""


_COMMANDS = (
    compose.compose,
    export.export,
    export.formats,
    export.tasks,
    review.import_,
    verify.verify,
    paraphrase.paraphrase,
    packs.show,
    graph.graph,
    packs.check,
    packs.schema,
    packs.init,
    twin.twin,
)
for command in _COMMANDS:
    main.add_command(command)
