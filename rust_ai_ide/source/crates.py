"""Brings the sources of Rust crates from Debian's own packages (`librust-*-dev`): unpacks them, never installs.

apt works on state of its own under the given folder, so this needs no rights and leaves the system's lists alone.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Progressed, Report, Warned, ignore

_PACKAGE = re.compile(r"librust-[a-z0-9][a-z0-9.+-]*-dev")
_DEPENDENCY = re.compile(r"librust-([a-z0-9.-]+?)(?:-\d[\d.]*)?(?:\+[a-z0-9.-]+)?-dev")
_SUITE = re.compile(r"[a-z][a-z0-9-]*")
_AT_ONCE = 50
_MINUTES = 60
_REGISTRY = Path("usr/share/cargo/registry")


class CratesUnavailable(RustAiIdeError):
    """The packages of crates cannot be listed, downloaded or unpacked here."""


class CratePackages:
    """The crates that this machine's apt sources offer; `state` holds apt's lists and what was downloaded."""

    def __init__(self, state: Path, suite: str = "", sources: Path | None = None) -> None:
        """Use the suite that apt is set to, another of the same mirror, or a list of sources of one's own.

        Raises CratesUnavailable.
        """
        for program in ("apt-get", "apt-cache", "dpkg-deb"):
            if shutil.which(program) is None:
                raise CratesUnavailable(
                    f"{program} was not found; crates are brought on Debian and its relatives only, "
                    "so give a folder of crates with --corpus instead."
                )
        state = state.resolve()
        self._archives = state / "archives"
        for folder in ("lists/partial", "cache/archives/partial", "archives"):
            (state / folder).mkdir(parents=True, exist_ok=True)
        self._options = [
            f"-oDir::State::Lists={state / 'lists'}",
            f"-oDir::Cache={state / 'cache'}",
            "-oDir::State::status=/dev/null",
            "-oAPT::Sandbox::User=",
            "-oAPT::Get::List-Cleanup=0",
        ]
        if suite:
            sources = state / "suite.list"
            sources.write_text(_source_of(suite), encoding="utf-8")
        if sources:
            self._options += [f"-oDir::Etc::sourcelist={sources.resolve()}", "-oDir::Etc::sourceparts=-"]

    def by_use(self) -> list[str]:
        """Return the names of all crates, those that most other packages depend on first."""
        if not any((self._archives.parent / "lists").glob("*Packages*")):
            self._run("apt-get", "-qq", "update")
        names: set[str] = set()
        uses: Counter[str] = Counter()
        for line in self._run("apt-cache", "dumpavail").splitlines():
            key, _, value = line.partition(": ")
            if key == "Package":
                package = value
                if _PACKAGE.fullmatch(package):
                    names.add(package)
            elif key == "Depends" and package in names:
                uses.update(set(_DEPENDENCY.findall(value)))
        crates = (name.removeprefix("librust-").removesuffix("-dev") for name in names)
        return sorted(crates, key=lambda crate: (-uses[crate], crate))

    def bring(self, crates: Sequence[str], into: Path, report: Report = ignore) -> int:
        """Unpack the crates as `into/NAME-VERSION` and return how many folders were added.

        What is there already is kept. A package that fails is warned about. Raises CratesUnavailable where none came.
        """
        into.mkdir(parents=True, exist_ok=True)
        packages = [f"librust-{crate.lower().replace('_', '-')}-dev" for crate in crates]
        added = failed = 0
        for start in range(0, len(packages), _AT_ONCE):
            report(Progressed("Downloading crates", start, len(packages)))
            some = packages[start : start + _AT_ONCE]
            failed += self._download([name for name in some if not self._archive(name)], report)
            for name in some:
                archive = self._archive(name)
                added += self._unpack(archive, into) if archive else 0
        if packages and failed == len(packages):
            raise CratesUnavailable("No crate could be downloaded; check that apt-get can reach its mirror.")
        return added

    def _archive(self, package: str) -> Path | None:
        return next(iter(sorted(self._archives.glob(f"{package}_*.deb"))), None)

    def _download(self, packages: list[str], report: Report) -> int:
        """Return how many could not be downloaded."""
        if not packages:
            return 0
        try:
            self._run("apt-get", "-qq", "download", *packages, folder=self._archives)
        except CratesUnavailable as error:
            if len(packages) == 1:
                report(Warned(str(error)))
                return 1
            # One unknown name makes apt refuse all of them.
            return sum(self._download([package], report) for package in packages)
        return 0

    def _unpack(self, archive: Path, into: Path) -> int:
        scratch = archive.with_suffix(".unpacked")
        try:
            self._run("dpkg-deb", "-x", str(archive), str(scratch), with_options=False)
            added = 0
            for crate in sorted((scratch / _REGISTRY).glob("*/")):
                target = into / crate.name
                if not crate.is_symlink() and not target.exists():
                    crate.rename(target)
                    added += 1
            return added
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _run(
        self, program: str, *arguments: str, folder: Path | None = None, with_options: bool = True
    ) -> str:
        command = [program, *(self._options if with_options else ()), *arguments]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
        environment.update({name: os.environ[name] for name in _proxies() if name in os.environ})
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, check=False, timeout=60 * _MINUTES
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CratesUnavailable(f"{program} did not do its work: {error}.") from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise CratesUnavailable(f"{program} failed: {said[-1] if said else 'it did not say why'}.")
        return done.stdout.decode("utf-8", "replace")


def _proxies() -> Iterable[str]:
    return [name for base in ("http_proxy", "https_proxy", "no_proxy") for name in (base, base.upper())]


def _source_of(suite: str) -> str:
    if not _SUITE.fullmatch(suite):
        raise CratesUnavailable(f"{suite!r} is no name of a suite; trixie is one.")
    listed = [*Path("/etc/apt/sources.list.d").glob("*"), Path("/etc/apt/sources.list")]
    for file in sorted(path for path in listed if path.is_file()):
        text = file.read_text(encoding="utf-8", errors="replace")
        found = re.search(r"^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(\S+/debian)/?(?:\s|$)", text, re.MULTILINE)
        if found:
            key = "/usr/share/keyrings/debian-archive-keyring.gpg"
            return f"deb [signed-by={key}] {found[1]} {suite} main\n"
    raise CratesUnavailable("This machine's apt sources name no Debian mirror to take another suite from.")
