"""`rust-ai-ide architecture`: the options. What it does is in `rust_ai_ide.architecture`, loaded when it runs."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rust_ai_ide.cli.numbers import share
from rust_ai_ide.cli.parsing import Parser
from rust_ai_ide.cli.progress import tell_warnings

if TYPE_CHECKING:
    from rust_ai_ide.architecture.profiles import Profile

FORMATS = ("markdown", "json", "dot", "mermaid", "svg")
_PLATFORMS = ("linux", "macos", "windows")
_FEW_CRATES = 3
_CLEAN, _BROKEN = 0, 1


def add_arguments(parser: Parser) -> None:
    """Declare what can be done, and the options of each."""
    parser.usual, parser.words = "show", ("show", "check", "diff", "document", "patterns")
    kinds = parser.add_subparsers(title="what to do", metavar="WHAT", required=True)
    show = kinds.add_parser("show", help="print crates, modules and who uses whom; the word can be left out")
    _add_path(show)
    show.add_argument(
        "--level",
        choices=("crate", "module"),
        help="what the nodes are; default: modules where there are fewer than three crates but for tests",
    )
    show.add_argument("--format", choices=FORMATS, default="markdown", help="default: %(default)s")
    show.add_argument("--tests", action="store_true", help="with test code")
    show.add_argument("--external", action="store_true", help="with crates from outside of the workspace")
    _add_profile(show)
    show.set_defaults(work=_show)
    check = kinds.add_parser("check", help="fail where modules use others against the project's rules")
    _add_path(check)
    check.add_argument("--baseline", metavar="FILE", help="the violations that are accepted for now")
    check.add_argument(
        "--write-baseline",
        metavar="FILE",
        help="accept all violations that there are, and list them in a file",
    )
    check.add_argument(
        "--strict",
        action="store_true",
        help="also fail where accepted violations are gone, or have more places than when they were accepted",
    )
    check.add_argument("--json", action="store_true", help="write JSON")
    _add_profile(check)
    check.set_defaults(work=_check)
    diff = kinds.add_parser("diff", help="print how the modules of one commit differ from those of another")
    diff.add_argument("before", metavar="BEFORE", help="a branch, tag or commit")
    diff.add_argument("after", metavar="AFTER", nargs="?", default="HEAD", help="default: %(default)s")
    diff.add_argument("--project", metavar="PATH", default=".", help="the repository; default: here")
    diff.add_argument("--json", action="store_true", help="write JSON")
    _add_profile(diff)
    diff.set_defaults(work=_diff)
    document = kinds.add_parser(
        "document", help="write a document about the architecture, and renew its generated parts later"
    )
    _add_path(document)
    document.add_argument("--into", metavar="FILE", help="the document, as Markdown; default: it is printed")
    document.add_argument("--html", metavar="FILE", help="also write it as a page with its pictures")
    document.add_argument(
        "--title", metavar="TEXT", help="of a new document; default: the name of the folder"
    )
    document.add_argument(
        "--overwrite",
        action="store_true",
        help="make parts anew that somebody wrote in; what is lost, is lost",
    )
    document.add_argument(
        "--check", action="store_true", help="write nothing, and fail where the document is not up to date"
    )
    document.set_defaults(work=_document)
    patterns = kinds.add_parser("patterns", help="print patterns and anti-patterns, with what tells them")
    _add_path(patterns)
    patterns.add_argument("--format", choices=("text", "json"), default="text", help="default: %(default)s")
    patterns.add_argument(
        "--least",
        type=share,
        default=0.6,
        metavar="CONFIDENCE",
        help="how sure to be at least, from 0 to 1; default: %(default)s",
    )
    patterns.set_defaults(work=_patterns)


def run(arguments: argparse.Namespace) -> int:
    """Do it; raises RustAiIdeError where that fails."""
    code: int = arguments.work(arguments)
    return code


def _add_path(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", nargs="?", default=".", help="a folder; default: here")


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--platform", choices=_PLATFORMS, default="", help="leave out what is not for it; default: all are in"
    )
    parser.add_argument(
        "--features",
        metavar="NAMES",
        help="leave out what needs others: default, all, or names parted by commas; default: all ways are in",
    )


def _profile(arguments: argparse.Namespace) -> "Profile":
    from rust_ai_ide.architecture.profiles import Profile

    return Profile(arguments.platform, arguments.features)


def _show(arguments: argparse.Namespace) -> int:
    from rust_ai_ide.architecture.choosing import Choice, chosen
    from rust_ai_ide.architecture.drawing import draw
    from rust_ai_ide.architecture.exporting import to_dot, to_json, to_mermaid
    from rust_ai_ide.architecture.folder import architecture_of_folder
    from rust_ai_ide.architecture.model import CRATES, MODULES
    from rust_ai_ide.architecture.summary import to_markdown

    folder = Path(arguments.path)
    model = architecture_of_folder(folder, tell_warnings, _profile(arguments))
    crates = chosen(model.crate_graph, Choice()).nodes
    usual = MODULES if len(crates) < _FEW_CRATES else CRATES
    level = {"crate": CRATES, "module": MODULES}.get(arguments.level, usual)
    graph = chosen(model.graph(level), Choice(arguments.tests, arguments.external))
    cycles = model.cycles(level)
    if arguments.format == "markdown":
        text = to_markdown(model, graph, cycles, f"Architecture of {folder.resolve().name}")
    elif arguments.format == "svg":
        text = draw(graph, circles=cycles) + "\n"
    else:
        text = {"json": to_json, "dot": to_dot, "mermaid": to_mermaid}[arguments.format](graph)
    sys.stdout.write(text)
    return _CLEAN


def _check(arguments: argparse.Namespace) -> int:
    from rust_ai_ide.architecture.accepted import compared, read_accepted, write_accepted
    from rust_ai_ide.architecture.folder import architecture_of_folder, rules_of_folder
    from rust_ai_ide.architecture.rules import violations
    from rust_ai_ide.architecture.verdict import to_json, to_text

    folder = Path(arguments.path)
    rules = rules_of_folder(folder)
    model = architecture_of_folder(folder, tell_warnings, _profile(arguments))
    found = violations(model.module_graph, model.module_cycles, rules)
    if arguments.write_baseline is not None:
        write_accepted(Path(arguments.write_baseline), found)
        sys.stdout.write(f"{arguments.write_baseline} accepts {len(found):,} violations.\n")
        return _CLEAN
    accepted = read_accepted(Path(arguments.baseline)) if arguments.baseline is not None else {}
    comparison = compared(found, accepted)
    sys.stdout.write(to_json(comparison) if arguments.json else to_text(comparison))
    is_changed = arguments.strict and (comparison.stale or comparison.grown)
    return _BROKEN if comparison.new or is_changed else _CLEAN


def _patterns(arguments: argparse.Namespace) -> int:
    from rust_ai_ide.architecture.folder import structure_of_folder
    from rust_ai_ide.architecture.patterns.detecting import examine
    from rust_ai_ide.architecture.patterns.telling import to_json, to_text

    found = examine(structure_of_folder(Path(arguments.path), tell_warnings), arguments.least)
    is_text = arguments.format == "text"
    sys.stdout.write(to_text(found.patterns, arguments.least) if is_text else to_json(found))
    return _CLEAN


def _diff(arguments: argparse.Namespace) -> int:
    from rust_ai_ide.architecture.drift import drift, to_json, to_text
    from rust_ai_ide.architecture.sources import build_architecture
    from rust_ai_ide.source.git import open_repository, tree_of

    repository = open_repository(Path(arguments.project))
    trees = [tree_of(repository, revision) for revision in (arguments.before, arguments.after)]
    profile = _profile(arguments)
    before, after = (
        build_architecture(repository, tree, None, tell_warnings, profile=profile) for tree in trees
    )
    found = drift(before, after)
    sys.stdout.write(to_json(found) if arguments.json else to_text(found))
    return _CLEAN


def _document(arguments: argparse.Namespace) -> int:
    from rust_ai_ide.architecture.document.page import to_html
    from rust_ai_ide.architecture.document.writing import describe, make_document, write_document

    folder = Path(arguments.path)
    into = Path(arguments.into) if arguments.into is not None else None
    title = arguments.title or f"Architecture of {folder.resolve().name}"
    described = describe(folder, into, tell_warnings)
    kept = make_document(described, title, into, overwrite=arguments.overwrite)
    if arguments.check:
        for name in kept.changed:
            sys.stdout.write(f"The part {name} is not up to date.\n")
        return _BROKEN if kept.changed else _CLEAN
    if into is not None and kept.changed:
        write_document(into, kept.text)
    if arguments.html is not None:
        write_document(Path(arguments.html), to_html(kept.text, described.structure.model, title))
    if into is None and arguments.html is None:
        sys.stdout.write(kept.text)
    return _CLEAN
