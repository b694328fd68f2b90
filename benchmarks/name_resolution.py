"""See how many of rust-analyzer's tests of name resolution our names agree with.

    git clone --depth 1 https://github.com/rust-lang/rust-analyzer
    python -m benchmarks.name_resolution rust-analyzer [--verbose]

Each test holds the files of a crate or several, and lists the names that each module of the first one knows. A test
passes where we know every name that has a meaning there, none that has none, and none that other modules of the test
know alone. Which of several things of one name is meant, and in which namespace, is not compared. Tests that define or
call macros, or are about them, are counted apart; so are those that import what an enum holds.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.architecture.modules import Module
from rust_ai_ide.architecture.names import Resolver
from rust_ai_ide.architecture.sources import structure_of_files

FOLDER = Path("crates/hir-def/src/nameres")
_TEST = re.compile(
    r'#\[test\]\s*(?:#\[[^\]]*\]\s*)*fn (?P<name>\w+)\(\) \{\s*check\(\s*r(?P<a>#*)"(?P<code>.*?)"(?P=a),\s*'
    r'expect!\[\[r(?P<b>#*)"(?P<scopes>.*?)"(?P=b)\]\],?\s*\);',
    re.DOTALL,
)
_FILE = re.compile(r"^\s*//- ?(?P<path>/\S+)(?P<about>.*)$")
_NAME = re.compile(r"^- (?P<name>\S+) : (?P<what>.*)$")
_MACRO = re.compile(
    r"macro_rules!|\bmacro \w|\w!\s*[\[({;]|#\[\w+::|proc_macro|#\[macro_use|#\[derive|\(legacy\)"
)
_ENUM = re.compile(r"\benum\b")
_NOTHING = "_"
_EDITION = "2021"


@dataclass(frozen=True)
class Fixture:
    """A test: the files by path, and the names that each module knows with what they mean."""

    name: str
    files: dict[str, bytes]
    scopes: dict[tuple[str, ...], dict[str, str]]
    kind: str


def fixtures(checkout: Path) -> Iterator[Fixture]:
    """Yield the tests of a checkout that list scopes."""
    folder = checkout / FOLDER
    for file in [folder / "tests.rs", *sorted((folder / "tests").glob("*.rs"))]:
        for test in _TEST.finditer(file.read_text()):
            is_macro = file.stem == "macros" or _MACRO.search(test["code"]) or "macro" in test["scopes"]
            kind = "with macros" if is_macro else "with enums" if _ENUM.search(test["code"]) else "plain"
            yield Fixture(
                f"{file.stem}::{test['name']}", files_of(test["code"]), scopes_of(test["scopes"]), kind
            )


def files_of(code: str) -> dict[str, bytes]:
    """Return the files of a test as a workspace, each crate in a folder of its own, the judged one in `first`.

    Files lie together in a test, so each folder has all of them.
    """
    files: dict[str, list[str]] = {}
    crates: dict[str, tuple[str, str, list[str], str]] = {}
    folder, path = "first", "/lib.rs"
    if not _FILE.search(code.strip().partition("\n")[0]):
        code = f"//- /lib.rs\n{code}"
    for line in code.splitlines():
        header = _FILE.match(line)
        if header is None:
            files.setdefault(path, []).append(line)
            continue
        about = dict(part.partition(":")[::2] for part in header["about"].split())
        path = header["path"]
        if not crates or "crate" in about:
            name = about.get("crate", "first").partition("@")[0]
            folder = "first" if not crates else f"of_{name}"
            depends = [each.partition(":")[0] for each in about.get("deps", "").split(",") if each]
            crates[folder] = (name, path, depends, about.get("edition", _EDITION))
        files.setdefault(path, [])
    made = {f"{each}{path}": "\n".join(lines).encode() for each in crates for path, lines in files.items()}
    by_name = {name: folder for folder, (name, *_) in crates.items()}
    for folder, (name, root, depends, edition) in crates.items():
        known = [each for each in depends if each in by_name]
        made[f"{folder}/Cargo.toml"] = (
            f'[package]\nname = "{name}"\nedition = "{edition}"\n[lib]\nname = "{name}"\npath = "{root[1:]}"\n'
            "[dependencies]\n" + "".join(f'{each} = {{ path = "../{by_name[each]}" }}\n' for each in known)
        ).encode()
    made["Cargo.toml"] = b'[workspace]\nmembers = ["first", "of_*"]\n'
    return made


def scopes_of(text: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Return what each module knows: by name, what the name means there, "_" for nothing."""
    scopes: dict[tuple[str, ...], dict[str, str]] = {}
    names: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        found = _NAME.match(line)
        if found and found["name"] != _NOTHING:
            names[found["name"].removeprefix("r#")] = found["what"].strip()
        elif line.startswith("crate"):
            names = scopes.setdefault(tuple(part.removeprefix("r#") for part in line.split("::")[1:]), {})
        elif line and not line.startswith("-"):
            names = {}  # a block, which is no module
    return scopes


def faults(fixture: Fixture) -> list[str]:
    """Return what we see otherwise, in words."""
    structure = structure_of_files(fixture.files)
    (crate,) = (crate.id for crate in structure.model.crates if crate.root.startswith("first/"))
    modules = {module.path: module for module in reversed(structure.crates[crate])}
    every = {name for names in fixture.scopes.values() for name in names}
    found = [f"{'::'.join(('crate', *path))} is not there" for path in fixture.scopes if path not in modules]
    for path, names in fixture.scopes.items():
        for name in sorted(every) if path in modules else ():
            is_known = knows(structure.resolver, modules[path], name)
            if is_known != (names.get(name, _NOTHING) != _NOTHING):
                found.append(f"{'::'.join(('crate', *path))}: {name} is {'' if is_known else 'not '}known")
    return found


def knows(resolver: Resolver, module: Module, name: str) -> bool:
    """Tell whether a name means something in a module."""
    found = resolver.lookup(module, name, 0, position="end")
    return found is not None and found.certainty != "presumed"


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--verbose", action="store_true", help="tell of each fault")
    arguments = parser.parse_args()
    passed, whole = Counter[str](), Counter[str]()
    for fixture in fixtures(arguments.checkout):
        told = faults(fixture)
        whole[fixture.kind] += 1
        passed[fixture.kind] += not told
        if told and arguments.verbose:
            print(f"{fixture.name} ({fixture.kind})", *told, sep="\n  ")
    for kind in sorted(whole):
        print(f"{kind:12} {passed[kind]:3} of {whole[kind]:3}  {passed[kind] / whole[kind]:6.1%}")
    print(f"{'together':12} {passed.total():3} of {whole.total():3}  {passed.total() / whole.total():6.1%}")


if __name__ == "__main__":
    main()
