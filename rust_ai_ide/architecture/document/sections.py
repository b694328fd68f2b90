"""What is generated for the architecture document: a part of Markdown for each question, by its name."""

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rust_ai_ide.architecture.choosing import Choice, chosen
from rust_ai_ide.architecture.decisions.records import Records
from rust_ai_ide.architecture.exporting import to_mermaid
from rust_ai_ide.architecture.graph import Graph, collapse, without
from rust_ai_ide.architecture.metrics.coupling import couplings, type_counts, unstable_edges
from rust_ai_ide.architecture.model import CRATES, MODULES, ArchitectureModel, Crate
from rust_ai_ide.architecture.patterns.detecting import DETECTORS, detect
from rust_ai_ide.architecture.patterns.model import ANTI_PATTERN, PATTERN
from rust_ai_ide.architecture.rules import Rules, violations
from rust_ai_ide.architecture.summary import counted, crate_lines, cycle_lines, use_lines
from rust_ai_ide.architecture.types.structure import Structure
from rust_ai_ide.observability.markdown import markdown_code, markdown_message, markdown_text

_MOST_DRAWN = 40
_MOST_ROWS = 20
_CYCLES = "circular-dependencies"  # which have a part of their own
_FEW_CRATES = 3
_BESIDE = {"example": "example", "test": "test crate", "bench": "benchmark", "build": "build script"}


@dataclass(frozen=True, slots=True)
class Described:
    """All that the document tells about a project. `summaries` are first sentences of modules, by file.

    `rules` are None where the project has none. `folder` is the one that the document lies in, for links.
    """

    structure: Structure
    rules: Rules | None
    records: Records
    summaries: Mapping[str, str]
    folder: str = ""


def sections(described: Described) -> dict[str, str]:
    """Return the generated parts by name, in the order of the document. Each ends with a line break."""
    model = described.structure.model
    parts = {
        "overview": _overview(model),
        "map": _map(model),
        "modules": _modules(described),
        "uses": use_lines(_product(model, level_of(model))),
        "cycles": cycle_lines(model.cycles(MODULES), with_edges=False),
        "rules": _rules(described),
        "coupling": _coupling(described.structure),
        "patterns": _patterns(described.structure),
        "decisions": _decisions(described),
    }
    return {name: "\n".join(lines).strip("\n") + "\n" for name, lines in parts.items()}


def level_of(model: ArchitectureModel) -> str:
    """Return the level at which a project is drawn: crates where it has at least three."""
    return MODULES if len(_crates(model)) < _FEW_CRATES else CRATES


def drawn(model: ArchitectureModel) -> Graph:
    """Return the graph that the document draws."""
    return collapse(_product(model, level_of(model)), _MOST_DRAWN)


def _crates(model: ArchitectureModel) -> list[Crate]:
    return [crate for crate in model.crates if crate.kind not in _BESIDE]


def _product(model: ArchitectureModel, level: str) -> Graph:
    """Return what a project is made of, without tests, examples and what is there to build it."""
    crates = {crate.id for crate in _crates(model)}
    return without(chosen(model.graph(level), Choice()), lambda node: node.crate not in crates)


def _overview(model: ArchitectureModel) -> Iterator[str]:
    crates = _crates(model)
    outside = [node for node in model.crate_graph.nodes if node.kind == "external"]
    beside = Counter(_BESIDE[crate.kind] for crate in model.crates if crate.kind in _BESIDE)
    yield "## Overview"
    yield ""
    yield (
        f"{counted(len(crates), 'crate')} with {counted(sum(crate.modules for crate in crates), 'module')}, "
        f"and {counted(len(outside), 'crate')} from outside."
    )
    if beside:
        listed = ", ".join(counted(count, noun) for noun, count in sorted(beside.items()))
        yield f"Left out below: {listed}."
    yield ""
    yield from crate_lines(crates)


def _map(model: ArchitectureModel) -> Iterator[str]:
    level = level_of(model)
    folded = len(_product(model, level).nodes) - len(drawn(model).nodes)
    yield "## Map"
    yield ""
    yield f"What uses what among the {level}. An arrow points to what is used."
    if folded:
        yield f"{counted(folded, 'module')} are folded into those around them."
    yield from ("", "```mermaid", to_mermaid(drawn(model)).rstrip("\n"), "```")


def _modules(described: Described) -> Iterator[str]:
    yield "## Modules"
    nodes = [
        node
        for node in _product(described.structure.model, MODULES).nodes
        if node.place is not None and node.id.count("::") <= 1
    ]
    told = [(node, described.summaries.get(node.place.file, "")) for node in nodes if node.place]
    rows = [(node, summary) for node, summary in told if summary and node.place and node.place.line == 1]
    yield ""
    if not rows:
        yield "No module says in its first lines (`//!`) what it is for."
        return
    yield from ("| Module | What it is for, in its own words |", "|---|---|")
    for node, summary in rows:
        yield f"| {markdown_code(node.id)} | {markdown_message(summary)} |"
    if len(rows) < len(nodes):
        yield ""
        silent = len(nodes) - len(rows)
        yield f"{silent} of {len(nodes)} crates and modules of their top level do not say what they are for."


def _rules(described: Described) -> Iterator[str]:
    yield "## Rules"
    yield ""
    if described.rules is None:
        yield "The project has no rules about who may use whom."
        return
    rules, model = described.rules, described.structure.model
    for number, row in enumerate(rules.layers, 1):
        yield f"{number}. {' beside '.join(markdown_code(pattern.text) for pattern in row)}"
    if rules.layers:
        yield from ("", "Each layer may use those below it, never those above.", "")
    for one in rules.forbidden:
        because = f": {markdown_text(one.because)}" if one.because else ""
        yield f"- {markdown_code(one.source.text)} must not use {markdown_code(one.target.text)}{because}"
    if rules.forbids_cycles:
        yield "- There must be no cycles."
    found = violations(model.module_graph, model.module_cycles, rules)
    yield ""
    yield f"{counted(len(found), 'use')} stand against them." if found else "All of the code keeps to them."


def _coupling(structure: Structure) -> Iterator[str]:
    found, graph = couplings(structure.model.module_graph, type_counts(structure), depth=1)
    edges = unstable_edges(found, graph, least=0.2)
    leaned = sorted((one for one in found if one.afferent), key=lambda one: (-one.afferent, one.id))
    yield "## Coupling"
    yield ""
    yield "What most others lean on, in the top level of modules:"
    yield ""
    yield from (
        "| Module | Used by | Uses | Instability | Abstractness | Distance |",
        "|---|---:|---:|---:|---:|---:|",
    )
    for one in leaned[:_MOST_ROWS]:
        values = " | ".join(_shown(value) for value in (one.instability, one.abstractness, one.distance))
        yield f"| {markdown_code(one.id)} | {one.afferent} | {one.efferent} | {values} |"
    if edges:
        yield from ("", "Uses that lead to what is less stable:", "")
        for one_edge in edges[:_MOST_ROWS]:
            edge = one_edge.edge
            yield f"- {markdown_code(edge.source)} uses {markdown_code(edge.target)}, less stable by {one_edge.by:.2f}"


def _patterns(structure: Structure) -> Iterator[str]:
    found = [each for each in detect(structure) if each.pattern != _CYCLES]
    kinds = {detector.id: (detector.kind, detector.title) for detector in DETECTORS}
    yield "## Patterns"
    if not found:
        yield from ("", "None was found that is sure enough to be named.")
    for kind, title in ((PATTERN, "What the code shows"), (ANTI_PATTERN, "What may be worth a change")):
        of_kind = [each for each in found if kinds[each.pattern][0] == kind]
        if of_kind:
            yield from ("", f"{title}:", "")
        for each in of_kind[:_MOST_ROWS]:
            name, sure = kinds[each.pattern][1], f"{each.confidence:.0%} sure"
            yield f"- {name} in {markdown_code(each.subject)}, {sure}: {markdown_text(each.evidence[0][0])}"
        if len(of_kind) > _MOST_ROWS:
            yield f"- and {len(of_kind) - _MOST_ROWS} more"


def _decisions(described: Described) -> Iterator[str]:
    yield "## Decisions"
    yield ""
    if not described.records.records:
        yield "No decision is recorded."
    for record in described.records.records:
        link = posixpath.relpath(record.path, described.folder or ".")
        about = ", ".join(part for part in (record.status, record.date) if part)
        yield f"- [{record.number:04} {markdown_text(record.title)}](<{link}>)" + (
            f" ({markdown_text(about)})" if about else ""
        )


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
