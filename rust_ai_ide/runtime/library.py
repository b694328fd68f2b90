"""The model folders of this machine: those that come with the product, and those in the data directory."""

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

from rust_ai_ide.home import data_directory
from rust_ai_ide.runtime.errors import InvalidConfig, ModelNotFound
from rust_ai_ide.runtime.manifest import NAME, Manifest, read_manifest, record_files, verify_files
from rust_ai_ide.runtime.weights import read_shapes

SHIPPED = Path(__file__).resolve().parents[2] / "models"
_GOOD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def own_folder() -> Path:
    """Return the folder of the models that were added here."""
    folder = data_directory() / "models"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def known_models() -> dict[str, tuple[Path, Manifest]]:
    """Return folder and manifest of every model by id, in the order of their ids. Broken folders are left out."""
    found = {}
    for root in (SHIPPED, own_folder()):
        for folder in sorted(root.iterdir()) if root.is_dir() else ():
            if (folder / NAME).is_file() and not folder.is_symlink():
                try:
                    manifest = read_manifest(folder)
                except InvalidConfig:
                    continue
                found[manifest.id] = (folder, manifest)
    return dict(sorted(found.items()))


def find_model(wanted: str) -> tuple[Path, Manifest]:
    """Return the model with this id; a name alone means its latest version. Raises ModelNotFound."""
    known = known_models()
    if wanted in known:
        return known[wanted]
    versions = [value for key, value in known.items() if value[1].name == wanted]
    if not versions:
        have = ", ".join(known) or "none yet"
        raise ModelNotFound(f"There is no model {wanted[:80]!r}. Known: {have}.")
    return max(versions, key=lambda item: _version_order(item[1].version))


def check_identifier(name: str, version: str) -> None:
    """Check that a new model can have this name and version. Raises InvalidConfig."""
    for field, value in (("name", name), ("version", version)):
        if not _GOOD_NAME.fullmatch(value):
            raise InvalidConfig(
                f"{value[:80]!r} cannot be a {field}: use letters, digits, '.', '_' and '-'.", field
            )
    if f"{name}@{version}" in known_models():
        raise InvalidConfig(f"There is a model {name}@{version} already; choose another version.", "version")


def register_path(path: str) -> Manifest:
    """Add the model in a folder of this machine, given by its whole path; return its manifest. Raises InvalidConfig."""
    source = Path(path.strip()).expanduser()
    if not path.strip() or not source.is_absolute() or not source.is_dir():
        raise InvalidConfig("Give the whole path of a folder on this machine.", "folder")
    if not (source / NAME).is_file():
        raise InvalidConfig(
            f"{source} has no {NAME}; convert the model first, see the guide on models.", "folder"
        )
    return register_folder(source, replace(read_manifest(source), files={}))


def register_folder(source: Path, manifest: Manifest) -> Manifest:
    """Add a model folder to the library under the manifest's name and version; the source stays as it is.

    Files are linked where the file system allows and copied elsewhere. Returns the manifest with every file's hash.
    Raises InvalidConfig for a name that is taken or unusable, or files that do not make a model.
    """
    check_identifier(manifest.name, manifest.version)
    if manifest.encryption is not None:
        raise InvalidConfig(f"{manifest.id} is encrypted; decrypt it where it was encrypted first.", "folder")
    try:
        files = record_files(source)
    except OSError as error:
        raise InvalidConfig(f"{source} cannot be read: {error.strerror}.", "folder") from error
    complete = replace(manifest, files=files)
    target = own_folder() / f"{manifest.name}@{manifest.version}"
    made = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    try:
        for name in files:
            link_or_copy((source / name).resolve(), made / name)
        complete.write(made)
        read_manifest(made)
        verify_files(made, complete)
        read_shapes(made)
        made.rename(target)
    except OSError as error:
        raise InvalidConfig(f"{manifest.id} cannot be added: {error.strerror}.", "folder") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return complete


def delete_model(wanted: str) -> Manifest:
    """Delete a model that was added here; return what its manifest said. One that came with the product stays.

    Raises ModelNotFound, InvalidConfig.
    """
    folder, manifest = find_model(wanted)
    if folder.parent != own_folder():
        raise InvalidConfig(f"{manifest.id} came with the product and cannot be deleted.", "model")
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise InvalidConfig(f"{manifest.id} cannot be deleted: {error.strerror}.", "model") from error
    return manifest


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`, or a copy of it on another file system."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _version_order(version: str) -> list[tuple[int, int | str]]:
    parts = re.findall(r"\d+|[^\d.]+", version)
    return [(1, int(part)) if part.isdigit() else (0, part) for part in parts]
