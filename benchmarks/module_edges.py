"""Compare the edges between modules that we find with what the compiler resolved.

    python -m benchmarks.module_edges [/path/to/crate …]

Each folder holds one library crate that compiles alone; without folders, some of Debian's packages are brought. The
truth is what rustc prints of the library, built with its default features, once all names are resolved: an edge goes
from the module that holds a path, also one that a macro made, to the module of the item that the whole path means.
A method call names no module and makes no edge. Ours are those of `architecture_of_files`, but for test code.
Modules that the build leaves out are not judged. Build scripts are not run.

Prints for each crate how many of the compiler's edges we found, in all and as `resolved` or `via-glob`, and how many
of ours are right. A crate that rustc cannot compile alone is named as left out.
"""

import argparse
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from benchmarks import crates
from benchmarks.compiled import LeftOut, compiled
from rust_ai_ide.architecture.profiles import Profile
from rust_ai_ide.architecture.sources import architecture_of_files
from rust_ai_ide.source.cargo import MANIFEST, Target, read_workspace

CRATES = (
    "base64",
    "bytes",
    "json",
    "libm",
    "memchr",
    "num-traits",
    "regex-syntax",
    "serde",
    "similar",
    "ttf-parser",
    "unicode-bidi",
    "xml-rs",
)
SECONDS = 180.0
BUILT = Profile("linux", "default")
_CERTAIN = frozenset({"resolved", "via-glob"})


@dataclass(frozen=True)
class Agreement:
    """Numbers of edges: the compiler's, ours, ours that are certain, and how many of each of ours are right."""

    compiler: int = 0
    ours: int = 0
    certain: int = 0
    right: int = 0
    certain_right: int = 0

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(*map(sum, zip(astuple(self), astuple(other), strict=True)))


def compare(folder: Path, seconds: float) -> Agreement:
    """Return how far we agree on the library of a folder. Raises LeftOut."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and (path.suffix == ".rs" or path.name == MANIFEST)
    }
    library = library_of(files)
    truth = compiled(folder, library, tomllib.loads(files[MANIFEST].decode()), seconds)
    ours = dict(edges_of(files, library))
    judged = {edge for edge in ours if truth.modules.issuperset(edge)}
    certain = {edge for edge in judged if ours[edge] in _CERTAIN}
    return Agreement(
        len(truth.edges), len(judged), len(certain), len(judged & truth.edges), len(certain & truth.edges)
    )


def library_of(files: Mapping[str, bytes]) -> Target:
    """Return the library of the package at the top. Raises LeftOut."""
    manifests = {path: content for path, content in files.items() if Path(path).name == MANIFEST}
    for package in read_workspace(manifests, files).packages:
        for target in package.targets:
            if package.folder == "" and target.kind == "lib":
                return target
    raise LeftOut("it has no library at its top")


def edges_of(files: Mapping[str, bytes], library: Target) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield our edges inside a library, by the paths of modules from its top, with their certainty."""
    model = architecture_of_files(files, profile=BUILT)
    (top,) = (crate.id for crate in model.crates if crate.root == library.root)
    inside = {node.id: node.id[len(top) + 2 :] for node in model.modules if node.crate == top}
    for edge in model.edges:
        if edge.source in inside and edge.target in inside and not edge.is_test:
            yield (inside[edge.source], inside[edge.target]), edge.certainty


def row(name: str, sums: Agreement) -> str:
    """Return a line of the table."""
    shares = [
        (sums.right, sums.compiler),
        (sums.certain_right, sums.compiler),
        (sums.certain_right, sums.certain),
        (sums.right, sums.ours),
    ]
    cells = (f"{part:5} of {whole:<5}{f'{part / whole:7.1%}' if whole else '':7}" for part, whole in shares)
    return f"{name:26}" + "".join(f"  {cell}" for cell in cells)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long rustc may take for a crate")
    arguments = parser.parse_args()
    together = Agreement()
    heads = ("found", "found, certain", "certain and right", "ours and right")
    print(f"{'':26}" + "".join(f"  {head:>21}" for head in heads))
    for folder in arguments.folders or map(crates.bring, CRATES):
        name = folder.resolve().name
        try:
            agreement = compare(folder, arguments.seconds)
        except LeftOut as reason:
            print(f"{name:26}  left out: {reason}", flush=True)
            continue
        print(row(name, agreement), flush=True)
        together += agreement
    print(row("together", together))


if __name__ == "__main__":
    main()
