"""What the path of a file says about the code in it."""

import re
from collections.abc import Collection
from enum import StrEnum

MANIFEST = "Cargo.toml"

_TEST_FOLDER = re.compile(
    r"^(?:tests?|testing|testsuite|benches|bench|fuzz|fuzz_targets|testutils?|test_(?:utils?|helpers?))$|^tests[-_]|[-_]tests$"
)
_TEST_FILE = re.compile(
    r"^(?:tests?|benches|testutils?)\.rs$|^tests?_.*\.rs$|_(?:tests?|bench)\.rs$|\.tests?\.(?:.+\.)?rs$"
)
_EXAMPLE_FOLDERS = frozenset({"example", "examples"})


class Role(StrEnum):
    """What a file is for."""

    LIBRARY = "library"
    BINARY = "binary"
    BUILD = "build"
    EXAMPLE = "example"
    TEST = "test"


def role_of(path: str) -> Role:
    """Return what a Rust file is for, as far as Cargo's layout and custom tell."""
    *folders, name = path.split("/")
    if any(_TEST_FOLDER.search(folder) for folder in folders) or _TEST_FILE.search(name):
        return Role.TEST
    if not _EXAMPLE_FOLDERS.isdisjoint(folders):
        return Role.EXAMPLE
    if name == "build.rs" and "src" not in folders:
        return Role.BUILD
    if name == "main.rs" or folders[-1:] == ["bin"]:
        return Role.BINARY
    return Role.LIBRARY


def module_name(path: str) -> str | None:
    """Return the name of the module that a file is, None for the root of a crate."""
    folder, _, name = path.rpartition("/")
    if name == "mod.rs":
        return folder.rpartition("/")[2] or None
    return None if name in ("lib.rs", "main.rs", "build.rs") else name.removesuffix(".rs")


def is_manifest(path: str) -> bool:
    """Tell whether a file is a Cargo manifest."""
    return path.rpartition("/")[2] == MANIFEST


def is_crate_root(path: str) -> bool:
    """Tell whether a file is `src/lib.rs` or `src/main.rs` of some crate."""
    return f"/{path}".endswith(("/src/lib.rs", "/src/main.rs"))


def modules_around(path: str) -> list[tuple[str, str]]:
    """Return the files that the modules around a file may lie in, without the root of the crate.

    Each comes with the name of the module in it that leads to the file.
    """
    folder, _, name = path.rpartition("/")
    if name == "mod.rs":
        folder = folder.rpartition("/")[0]
    inner, candidates = module_name(path) or "", []
    while folder and folder != "src" and not folder.endswith("/src"):
        candidates += [(f"{folder}/mod.rs", inner), (f"{folder}.rs", inner)]
        folder, _, inner = folder.rpartition("/")
    return candidates


def top_module(path: str) -> str:
    """Return the name of the module in the root of the crate that leads to a file, "" for the root itself."""
    folder = crate_folder(path)
    if folder is None:
        return ""
    inside = path.removeprefix(f"{folder}/" if folder else "").removeprefix("src/")
    first, _, rest = inside.partition("/")
    return first if rest else module_name(path) or ""


def crate_folder(path: str) -> str | None:
    """Return the folder above the `src` that a file lies in, None where there is none."""
    parts = path.split("/")
    for index in range(len(parts) - 2, -1, -1):
        if parts[index] == "src":
            return "/".join(parts[:index])
    return None


def context_of(selected: Collection[str], present: Collection[str]) -> list[str]:
    """Return those of the present paths that say what is allowed in the selected files.

    These are crate roots, the files of the modules around them, and all manifests.
    """
    folders = {crate_folder(path) for path in selected}
    around = {module for path in selected for module, _ in modules_around(path)}
    return [
        path
        for path in present
        if is_manifest(path)
        or (
            path not in selected
            and (path in around or (is_crate_root(path) and crate_folder(path) in folders))
        )
    ]
