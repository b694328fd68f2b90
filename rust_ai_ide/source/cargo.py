"""Reads Cargo manifests as data: packages, their targets and dependencies. Cargo itself is never run."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from rust_ai_ide.source.paths import shown

MANIFEST = "Cargo.toml"
_LARGEST_MANIFEST = 1024 * 1024
_DEFAULT_EDITION = "2015"
_TARGET_FOLDERS = {"bin": "src/bin", "example": "examples", "test": "tests", "bench": "benches"}
_DEPENDENCY_TABLES = {"dependencies": "normal", "dev-dependencies": "dev", "build-dependencies": "build"}

Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A crate of a package: a lib, bin, example, test, bench or build; `root` is its first file."""

    kind: str
    name: str
    root: str
    edition: str

    @property
    def crate_name(self) -> str:
        """The name as code writes it."""
        return self.name.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Dependency:
    """A dependency as `package`'s code sees it: by `name`; `folder` is where a path dependency lies.

    `kind` is normal, dev or build; `line` is where the manifest names it, 0 where that was not found.
    """

    name: str
    package: str
    folder: str | None
    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class Package:
    """One package; `folder` is "" at the top. `features` are those it declares, with what each turns on.

    Optional dependencies that no feature names as `dep:…` are features, too.
    """

    name: str
    folder: str
    edition: str
    targets: tuple[Target, ...]
    dependencies: tuple[Dependency, ...]
    features: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def manifest(self) -> str:
        """The path of its manifest."""
        return _join(self.folder, MANIFEST)


@dataclass(frozen=True, slots=True)
class Workspace:
    """All packages of a tree, ordered by folder, and what could not be read, in words."""

    packages: tuple[Package, ...]
    notes: tuple[str, ...]


def read_workspace(manifests: Mapping[str, bytes], files: Collection[str]) -> Workspace:
    """Return the packages that the manifests of a tree (contents by path) describe.

    `files` are all paths of the tree. Members of workspaces and path dependencies are followed; manifests
    that nothing leads to, like those of test fixtures, are left out with a note, as broken ones are.
    """
    notes: list[str] = []
    tables: dict[str, Table] = {}
    for path in sorted(manifests):
        table = _parsed(path, manifests[path], notes)
        if table is not None:
            tables[_folder_of(path)] = table
    reached = _reached(tables, notes)
    left = len(tables) - len(reached)
    if left:
        notes.append(f"{left} manifests that belong to no workspace here were left out.")
    packages = []
    listed = _Listing(files)
    for folder in sorted(reached):
        if isinstance(tables[folder].get("package"), dict):
            shared = _shared_table(folder, tables)
            text = manifests[_join(folder, MANIFEST)].decode("utf-8", "replace")
            packages.append(_package(folder, tables[folder], shared, text, listed, notes))
    return Workspace(tuple(packages), tuple(notes))


def _parsed(path: str, content: bytes, notes: list[str]) -> Table | None:
    if len(content) > _LARGEST_MANIFEST:
        notes.append(f"{shown(path)} is too large for a manifest and was left out.")
        return None
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = "it nests too deeply" if isinstance(error, RecursionError) else shown(str(error))[:200]
        notes.append(f"{shown(path)} could not be read: {reason}.")
        return None


def _reached(tables: Mapping[str, Table], notes: list[str]) -> set[str]:
    """Return the folders of packages that belong together with a topmost manifest."""
    tops = [folder for folder in tables if not any(parent in tables for parent in _parents(folder))]
    reached: set[str] = set()
    waiting = list(tops)
    while waiting:
        folder = waiting.pop()
        if folder in reached:
            continue
        reached.add(folder)
        waiting += _members(folder, tables)
        shared = _shared_table(folder, tables)
        for dependency in _dependencies(folder, tables[folder], shared, "", notes):
            if dependency.folder is not None and dependency.folder in tables:
                waiting.append(dependency.folder)
    return reached


def _members(folder: str, tables: Mapping[str, Table]) -> Iterable[str]:
    workspace = _table(tables[folder], "workspace")
    excluded = [_join(folder, name) for name in _strings(workspace.get("exclude"))]
    for pattern in _strings(workspace.get("members")):
        whole = _join(folder, pattern)
        for other in tables:
            is_excluded = any(other == out or other.startswith(f"{out}/") for out in excluded)
            if _matches(other, whole) and not is_excluded:
                yield other


def _matches(folder: str, pattern: str) -> bool:
    # A star stays within one part of the path, as in cargo.
    parts, wanted = folder.split("/"), pattern.split("/")
    if "**" in wanted:
        return fnmatchcase(folder, pattern)
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _shared_table(folder: str, tables: Mapping[str, Table]) -> Table:
    """Return the [workspace] table that a package inherits from."""
    for parent in (folder, *_parents(folder)):
        if isinstance(tables.get(parent, {}).get("workspace"), dict):
            return {"folder": parent, **tables[parent]["workspace"]}
    return {}


def _package(
    folder: str, table: Table, shared: Table, text: str, files: "_Listing", notes: list[str]
) -> Package:
    about = table["package"]
    name = about.get("name")
    if not isinstance(name, str) or not name:
        name = PurePosixPath(folder).name or "unnamed"
        notes.append(f"{shown(_join(folder, MANIFEST))} names no package.")
    edition = about.get("edition", _DEFAULT_EDITION)
    if isinstance(edition, dict):
        edition = _table(shared, "package").get("edition", _DEFAULT_EDITION)
    edition = edition if isinstance(edition, str) else _DEFAULT_EDITION
    targets = _targets(folder, name, table, edition, files)
    if not targets:
        notes.append(f"The package {shown(name)} has no source files here.")
    dependencies = tuple(_dependencies(folder, table, shared, text, notes))
    return Package(name, folder, edition, targets, dependencies, _features(table))


def _features(table: Table) -> dict[str, tuple[str, ...]]:
    declared = {name: tuple(_strings(parts)) for name, parts in _table(table, "features").items()}
    named = {part for parts in declared.values() for part in parts}
    platforms = [value for value in _table(table, "target").values() if isinstance(value, dict)]
    for source in (table, *platforms):
        for key in _DEPENDENCY_TABLES:
            for name, about in _table(source, key).items():
                is_optional = isinstance(about, dict) and about.get("optional") is True
                if is_optional and f"dep:{name}" not in named:
                    declared.setdefault(name, ())
    return declared


def _targets(folder: str, name: str, table: Table, edition: str, files: "_Listing") -> tuple[Target, ...]:
    found: dict[str, Target] = {}

    def add(kind: str, target: str, root: str, own_edition: object) -> None:
        path = _join(folder, root)
        if path in files and path not in found:
            chosen = own_edition if isinstance(own_edition, str) else edition
            found[path] = Target(kind, target, path, chosen)

    library = _table(table, "lib")
    add("lib", _text(library, "name", name), _text(library, "path", "src/lib.rs"), library.get("edition"))
    for kind, place in _TARGET_FOLDERS.items():
        entries = table.get(kind)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                own = entry["name"]
                places = [f"{place}/{own}.rs", f"{place}/{own}/main.rs"]
                if kind == "bin":
                    places.append("src/main.rs")
                for root in [entry["path"]] if isinstance(entry.get("path"), str) else places:
                    add(kind, own, root, entry.get("edition"))
        switch = {"bin": "autobins", "example": "autoexamples", "test": "autotests", "bench": "autobenches"}[
            kind
        ]
        if table["package"].get(switch) is False:
            continue
        if kind == "bin":
            add("bin", name, "src/main.rs", None)
        for own, root in _found_targets(_join(folder, place), files):
            add(kind, own, f"{place}/{root}", None)
    build = table["package"].get("build", "build.rs")
    if isinstance(build, str):
        add("build", "build-script", build, None)
    return tuple(found.values())


class _Listing:
    """The paths of a tree, to ask for one, or for those in a folder."""

    def __init__(self, paths: Collection[str]) -> None:
        self._known, self._ordered = frozenset(paths), sorted(paths)

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def below(self, folder: str) -> list[str]:
        """Return the paths in a folder and in those inside it, in order."""
        # What follows "/" in the alphabet ends the folder.
        return self._ordered[
            bisect_left(self._ordered, f"{folder}/") : bisect_left(self._ordered, f"{folder}0")
        ]


def _found_targets(place: str, files: _Listing) -> Iterable[tuple[str, str]]:
    for path in files.below(place):
        inside = path.removeprefix(f"{place}/")
        own, _, rest = inside.partition("/")
        if not rest and own.endswith(".rs"):
            yield own.removesuffix(".rs"), inside
        elif rest == "main.rs":
            yield own, inside


def _dependencies(
    folder: str, table: Table, shared: Table, text: str, notes: list[str]
) -> Iterable[Dependency]:
    platforms = [value for value in _table(table, "target").values() if isinstance(value, dict)]
    for source in (table, *platforms):
        for key, kind in _DEPENDENCY_TABLES.items():
            for name, value in _table(source, key).items():
                base, about = folder, value if isinstance(value, dict) else {}
                if about.get("workspace") is True:
                    inherited = _table(shared, "dependencies").get(name)
                    base, about = (
                        shared.get("folder", folder),
                        inherited if isinstance(inherited, dict) else {},
                    )
                path = about.get("path")
                yield Dependency(
                    name.replace("-", "_"),
                    _text(about, "package", name),
                    _join(base, path) if isinstance(path, str) else None,
                    kind,
                    _line_of(name, text),
                )


def _line_of(name: str, text: str) -> int:
    found = re.search(rf'^\s*(?:"{re.escape(name)}"|{re.escape(name)})\s*[.=]', text, re.MULTILINE)
    found = found or re.search(rf"^\s*\[[^\]\n]*dependencies\.{re.escape(name)}\]", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 0


def _join(folder: str, path: str) -> str:
    """Join paths inside the tree; what climbs out of it comes back as a path that names nothing."""
    parts: list[str] = folder.split("/") if folder else []
    if path.startswith("/"):
        return "/"
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return "/"
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _parents(folder: str) -> Iterable[str]:
    while folder:
        folder = _folder_of(folder)
        yield folder


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _text(table: Table, key: str, otherwise: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) and value else otherwise


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
