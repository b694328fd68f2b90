"""The measures of the Rust files of a folder."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.architecture.metrics.measuring import measure
from rust_ai_ide.architecture.metrics.spaces import Mode, Space
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.source.folders import content_beneath, project_paths
from rust_ai_ide.source.git import Repository, TooLarge, list_files, read_blobs
from rust_ai_ide.source.isolation import IsolatedWorker, WorkFailed
from rust_ai_ide.source.syntax.parsing import MAX_BYTES, NotAnalysable

_SUFFIX = ".rs"
_TOGETHER = 40
_SECONDS = 30.0


class NothingToMeasure(RustAiIdeError):
    """There is no such file or folder, or it is no Rust source."""


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """The measures of a file, or None with a sentence that says why there are none."""

    path: str
    space: Space | None
    note: str = ""


def measure_tree(
    repository: Repository, tree: str, paths: Collection[str], worker: IsolatedWorker, report: Report = ignore
) -> Iterator[MeasuredFile]:
    """Measure those Rust files of a tree that have these paths, in children of `worker`, in the corrected mode."""
    blobs = {entry.path: entry.blob for entry in list_files(repository, tree) if entry.path in paths}
    found = dict(read_blobs(repository, set(blobs.values()), MAX_BYTES))
    contents = {blob: content for blob, content in found.items() if not isinstance(content, TooLarge)}
    names = [path for path in sorted(blobs) if blobs[path] in contents]
    for start in range(0, len(names), _TOGETHER):
        report(Progressed("Measuring files", start, len(names)))
        batch = [(path, contents[blobs[path]]) for path in names[start : start + _TOGETHER]]
        outcomes = worker.call_for_each(measure_all, batch, timeout=_SECONDS)
        for (path, _), outcome in zip(batch, outcomes, strict=True):
            yield MeasuredFile(path, None, str(outcome)) if isinstance(outcome, WorkFailed) else outcome


def measure_all(files: list[tuple[str, bytes]]) -> list[MeasuredFile]:
    """Measure each file, given with its path."""
    found = []
    for path, source in files:
        try:
            found.append(MeasuredFile(path, measure(source, path, Mode.CORRECTED)))
        except NotAnalysable as error:
            found.append(MeasuredFile(path, None, str(error)))
    return found


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
