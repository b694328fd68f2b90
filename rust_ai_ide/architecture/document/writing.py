"""Makes the document of a folder: what is generated now, put into what is written there."""

from pathlib import Path

from rust_ai_ide.architecture.decisions.records import records_of
from rust_ai_ide.architecture.document.keeping import Kept, renewed
from rust_ai_ide.architecture.document.sections import Described, sections
from rust_ai_ide.architecture.document.summaries import first_sentence
from rust_ai_ide.architecture.folder import NoRules, rules_of_folder, structure_of_folder
from rust_ai_ide.architecture.rules import Rules
from rust_ai_ide.architecture.types.structure import Structure
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Report, ignore
from rust_ai_ide.observability.markdown import markdown_text
from rust_ai_ide.source.folders import content_beneath, write_whole

_LARGEST = 8 * 1024 * 1024
_FIRST_BYTES = 16 * 1024


class DocumentUnusable(RustAiIdeError):
    """A document cannot be read or written."""


def describe(project: Path, document: Path | None, report: Report = ignore) -> Described:
    """Return what there is to tell about a project, for a document at a path; None for none."""
    structure = structure_of_folder(project, report)
    folder = ""
    if document is not None and document.resolve().is_relative_to(project.resolve()):
        folder = document.resolve().parent.relative_to(project.resolve()).as_posix()
    return Described(structure, _rules(project), records_of(project), _summaries(project, structure), folder)


def make_document(
    described: Described, title: str, document: Path | None, *, overwrite: bool = False
) -> Kept:
    """Return the document at a path with its generated parts made anew, or a new one.

    Raises DocumentUnusable, DocumentDamaged or WrittenInside.
    """
    before = _read(document) if document is not None else ""
    start = before or (
        f"# {markdown_text(title)}\n\n"
        "What lies between the marks is generated, and made anew each time. What you write around it stays.\n"
    )
    return renewed(start, sections(described), overwrite=overwrite)


def write_document(document: Path, text: str) -> None:
    """Write a document. Raises DocumentUnusable."""
    try:
        document.parent.mkdir(parents=True, exist_ok=True)
        write_whole(document, text)
    except OSError as error:
        raise DocumentUnusable(f"{document} cannot be written: {error.strerror}.") from error


def _read(document: Path) -> str:
    try:
        with document.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise DocumentUnusable(f"{document} is larger than 8 MB.")
        return content.decode("utf-8").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise DocumentUnusable(f"{document} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DocumentUnusable(f"{document} is not UTF-8 text.") from error


def _rules(project: Path) -> Rules | None:
    try:
        return rules_of_folder(project)
    except NoRules:
        return None


def _summaries(project: Path, structure: Structure) -> dict[str, str]:
    found = {}
    files = {node.place.file for node in structure.model.module_graph.nodes if node.place}
    for file in sorted(files):
        try:
            found[file] = first_sentence(content_beneath(project, file, _FIRST_BYTES))
        except OSError:
            continue  # gone since it was read
    return found
