"""The measures of the Rust files of a folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.architecture.metrics.measuring import measure
from rust_ai_ide.architecture.metrics.spaces import Mode, Space
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.source.folders import content_beneath, project_paths
from rust_ai_ide.source.syntax.parsing import MAX_BYTES, NotAnalysable

_SUFFIX = ".rs"


class NothingToMeasure(RustAiIdeError):
    """There is no such file or folder, or it is no Rust source."""


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """The measures of a file, or None with a sentence that says why there are none."""

    path: str
    space: Space | None
    note: str = ""


def measure_project(path: Path, mode: Mode, report: Report = ignore) -> Iterator[MeasuredFile]:
    """Measure a Rust file, or the Rust files of a folder that git does not ignore. Raises NothingToMeasure."""
    if path.is_dir():
        folder, names = path, project_paths(path, lambda name: name.endswith(_SUFFIX))
    elif path.is_file() and path.suffix == _SUFFIX:
        folder, names = path.parent, [path.name]
    else:
        raise NothingToMeasure(f"{path} is neither a folder nor a file of Rust source; check the path.")
    if not names:
        raise NothingToMeasure(f"There is no Rust source in {path}.")
    for number, name in enumerate(names):
        report(Progressed("Measuring files", number, len(names)))
        try:
            yield MeasuredFile(name, measure(content_beneath(folder, name, MAX_BYTES + 1), name, mode))
        except FileNotFoundError:
            continue  # tracked, but deleted in the work tree
        except OSError as error:
            yield MeasuredFile(name, None, f"The file could not be read: {error.strerror or error}.")
        except NotAnalysable as error:
            yield MeasuredFile(name, None, str(error))
