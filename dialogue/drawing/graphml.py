"""GraphML, which yEd, Gephi, Cytoscape and networkx read.

Nodes have `title`, `kind` (start, unit, end) and, where there is one, `phase`; edges have `weight`,
`share` of all that leaves their source, and `when`, which is empty for a way that is always open.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from dialogue.drawing.format import Format

if TYPE_CHECKING:
    from dialogue.drawing.chart import Chart


def text(chart: Chart) -> str:
    """Return the chart as the text of a GraphML file."""
    import networkx as nx

    network: nx.DiGraph[str] = nx.DiGraph(title=chart.title)
    for node in chart.nodes:
        phase = {} if node.phase is None else {"phase": node.phase}
        network.add_node(node.name, title=node.title, kind=node.kind, **phase)
    for way in chart.ways:
        network.add_edge(
            chart.nodes[way.source].name,
            chart.nodes[way.target].name,
            weight=way.weight,
            share=way.share,
            when=way.when,
        )
    file = BytesIO()
    nx.write_graphml_xml(network, file)  # the same bytes whether lxml is there or not
    return file.getvalue().decode()


FORMAT = Format("graphml", ".graphml", "for yEd, Gephi, Cytoscape, networkx", text)
