"""The architecture of a folder on disk."""

from pathlib import Path

from rust_ai_ide.architecture.model import OPEN, ArchitectureModel
from rust_ai_ide.architecture.profiles import Profile
from rust_ai_ide.architecture.rules import Rules
from rust_ai_ide.architecture.settings import TABLE, RulesInvalid, rules_from_toml
from rust_ai_ide.architecture.sources import architecture_of_files, structure_of_files
from rust_ai_ide.architecture.types.structure import Structure
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Report, Warned, ignore
from rust_ai_ide.source.cargo import MANIFEST
from rust_ai_ide.source.folders import SETTINGS_FILE, content_beneath, project_paths
from rust_ai_ide.source.syntax.parsing import MAX_BYTES


class NoProject(RustAiIdeError):
    """There is no such folder, or no Cargo package in it."""


class NoRules(RustAiIdeError):
    """A project says nothing about who may use whom."""


def architecture_of_folder(
    folder: Path, report: Report = ignore, profile: Profile = OPEN
) -> ArchitectureModel:
    """Return the architecture of a folder, without the files that git ignores. Raises NoProject."""
    model = architecture_of_files(_files(folder, report), report, profile)
    _check(model, folder)
    return model


def structure_of_folder(folder: Path, report: Report = ignore) -> Structure:
    """Return the architecture of a folder with its types and functions. Raises NoProject."""
    structure = structure_of_files(_files(folder, report), report)
    _check(structure.model, folder)
    return structure


def _files(folder: Path, report: Report) -> dict[str, bytes]:
    if not folder.is_dir():
        raise NoProject(f"There is no folder {folder}; check the path.")
    files: dict[str, bytes] = {}
    for path in project_paths(folder, _is_wanted):
        try:
            files[path] = content_beneath(folder, path, MAX_BYTES + 1)
        except FileNotFoundError:
            continue  # tracked, but deleted in the work tree
        except OSError as error:
            report(Warned(f"{path} was left out: {error.strerror or error}."))
    return files


def _check(model: ArchitectureModel, folder: Path) -> None:
    if not model.crates:
        raise NoProject(f"There is no Cargo package in {folder}.")


def rules_of_folder(folder: Path) -> Rules:
    """Return the rules of a project. Raises NoRules where it has none, and RulesInvalid for what is not understood."""
    file = folder / SETTINGS_FILE
    try:
        rules = rules_from_toml(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        rules = Rules()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise RulesInvalid(f"{file} cannot be read: {reason}.") from error
    if rules.is_empty:
        raise NoRules(
            f'{file} has no rules to check; write some under [{TABLE}], for instance `cycles = "forbid"`.'
        )
    return rules


def _is_wanted(path: str) -> bool:
    return path.endswith((".rs", f"/{MANIFEST}")) or path == MANIFEST
