"""Clones a repository from a vetted address: bare, nothing checked out, nothing run, bounded."""

import os
import re
import shlex
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from rust_ai_ide.observability.events import Progressed, Report, Warned, ignore
from rust_ai_ide.source.addresses import VettedAddress, vet_address
from rust_ai_ide.source.git.command import MEGABYTE, GitProcess, Invocation, clean_environment, settings
from rust_ai_ide.source.git.errors import DiskFull, GitError, GitFailed, error_from, printable
from rust_ai_ide.source.git.repository import Repository, open_repository

LARGEST_CLONE = 4096 * MEGABYTE
_LONGEST_CLONE_SECONDS = 3600.0
_PROGRESS = re.compile(r"(?:remote: )?([A-Z][a-z]+ [a-z]+): +\d+% \((\d+)/(\d+)\)")
_MEASURE_EVERY_SECONDS = 1.0
_REASONS = (
    (
        r"could not read Username|Authentication failed|Permission denied \(publickey|HTTP 40[13]| 40[13]\b",
        "The server wants a sign-in for this repository, or it does not exist; check the address, or clone it"
        " yourself and open the folder.",
    ),
    (
        r"url base from redirection|error: 30\d",
        "The server redirects to another address; give that address itself, often the same with .git at"
        " the end.",
    ),
    (r"not found|404", "There is no repository at this address; check it."),
    (
        r"Host key verification failed",
        "The ssh key of this host is not known yet; connect to it once with ssh and try again.",
    ),
    (
        r"Failed to connect|Could not resolve|timed out|Connection refused|Couldn't connect",
        "The server does not answer; check the address and the network.",
    ),
    (r"SSL|certificate", "The server's certificate is not trusted by this machine."),
)


class CloneFailed(GitError):
    """The repository could not be cloned."""


def clone_repository(
    url: str,
    destination: Path,
    *,
    trusted_hosts: Collection[str] = (),
    report: Report = ignore,
    objects: Path | None = None,
    largest: int = LARGEST_CLONE,
    timeout: float = _LONGEST_CLONE_SECONDS,
) -> Repository:
    """Clone into `destination`, which must not exist yet, and open it.

    Stops at `largest` bytes and `timeout` seconds, and when `report` raises; then nothing is left behind.
    Raises AddressRefused or CloneFailed.
    """
    address = vet_address(url, trusted_hosts)
    if address.had_secret:
        report(Warned("The password or token in the address was left out; addresses are not kept secret."))
    partial = destination.with_name(destination.name + ".partial")
    if destination.exists() or partial.exists():
        raise CloneFailed(f"{destination} exists already; choose another name.")
    try:
        partial.mkdir(mode=0o700, parents=True)
        _fetch_all(address, partial, report, largest, timeout)
        partial.rename(destination)
    except OSError as error:
        raise DiskFull(f"{destination} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return open_repository(destination, objects)


def _fetch_all(address: VettedAddress, folder: Path, report: Report, largest: int, timeout: float) -> None:
    options = ["--bare", "--no-local", "--template=", "--no-recurse-submodules", "--progress"]
    arguments = (*settings(_pins(address)), "clone", *options, "--", address.url, str(folder))
    progress = _Progress(folder, report, largest)
    with GitProcess(
        Invocation(arguments, _environment(address), folder), "clone the repository", timeout
    ) as process:
        process.end_input()
        for _ in process.chunks(lambda: progress.look(process)):
            pass  # Everything git has to say of its progress goes to the error output.
        if process.code() != 0:
            raise _failure(process.errors_so_far(progress.seen_until_failure))
    progress.measure()


def _pins(address: VettedAddress) -> list[str]:
    pinned = ",".join(f"[{ip}]" if ":" in ip else ip for ip in address.pinned)
    return [
        "http.followRedirects=false",
        "http.lowSpeedLimit=1000",
        "http.lowSpeedTime=60",
        f"http.curloptResolve={address.host}:{address.port}:{pinned}",
    ]


def _environment(address: VettedAddress) -> dict[str, str]:
    extra = {"GIT_ALLOW_PROTOCOL": address.protocol}
    if address.protocol == "ssh":
        alias = address.host if address.port == 22 else f"[{address.host}]:{address.port}"
        words = [
            "ssh",
            "-oBatchMode=yes",
            "-oPermitLocalCommand=no",
            "-oForwardAgent=no",
            "-oClearAllForwardings=yes",
        ]
        words += [f"-oHostName={address.pinned[0]}", f"-oHostKeyAlias={alias}"]
        extra["GIT_SSH_COMMAND"] = shlex.join(words)
        extra["GIT_SSH_VARIANT"] = "ssh"
        if agent := os.environ.get("SSH_AUTH_SOCK"):
            extra["SSH_AUTH_SOCK"] = agent
    return clean_environment(extra)


class _Progress:
    def __init__(self, folder: Path, report: Report, largest: int) -> None:
        self._folder, self._report, self._largest = folder, report, largest
        self._read = 0
        self._step = Progressed("Connecting")
        self._measured = time.monotonic()

    @property
    def seen_until_failure(self) -> int:
        """Where the last words of git begin, past most of its progress lines."""
        return max(0, self._read - 4096)

    def look(self, process: GitProcess) -> None:
        said = process.errors_so_far(self._read)
        self._read += len(said)
        steps = _PROGRESS.findall(printable(said))
        if steps:
            activity, done, total = steps[-1]
            self._step = Progressed(activity, int(done), int(total))
        self._report(self._step)
        if time.monotonic() - self._measured > _MEASURE_EVERY_SECONDS:
            self._measured = time.monotonic()
            self.measure()

    def measure(self) -> None:
        """Refuse what has grown too large."""
        if _size(self._folder) > self._largest:
            raise CloneFailed(
                f"This repository is larger than {self._largest // MEGABYTE:,} MB, so it was not kept."
            )


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.lstat().st_size
        except FileNotFoundError:
            continue  # git moves its temporary files away as it goes.
    return total


def _failure(said: bytes) -> GitError:
    text = printable(said)
    for pattern, sentence in _REASONS:
        if re.search(pattern, text):
            return CloneFailed(sentence)
    error = error_from(said, "clone the repository")
    return CloneFailed(str(error)) if type(error) is GitFailed else error
