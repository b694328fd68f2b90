"""Opens a repository where it lies and runs git in it without ever writing into it."""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rust_ai_ide.source.git.command import (
    MEGABYTE,
    GitProcess,
    Invocation,
    clean_environment,
    program,
    run,
    settings,
)
from rust_ai_ide.source.git.errors import DiskFull, GitFailed, NotARepository

_LONGEST_GIT_FILE = 4096


@dataclass(frozen=True)
class Repository:
    """A repository and the private object directory that takes every object we write for it."""

    git_dir: Path
    work_tree: Path | None
    objects: Path
    shared_objects: Path
    """The repository's own object directory, only ever read."""

    @property
    def is_bare(self) -> bool:
        """Whether there is no work tree."""
        return self.work_tree is None

    def invocation(
        self,
        arguments: Sequence[str | bytes],
        *,
        in_work_tree: bool = False,
        index: Path | None = None,
        environment: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
        owned: bool = False,
    ) -> Invocation:
        """Return the hardened command line of a git command in this repository.

        Outside the work tree git runs in our own object directory, so that no attribute file of the
        user's work tree has a say in it. `owned` is for repositories that we made: what git writes
        goes into the repository itself.
        """
        folder = self.work_tree if in_work_tree and self.work_tree else self.objects
        extra = dict(environment or {})
        if not owned:
            extra["GIT_OBJECT_DIRECTORY"] = str(self.objects)
            extra["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = _quoted(self.shared_objects)
        if index is not None:
            extra["GIT_INDEX_FILE"] = str(index)
        return Invocation(
            (
                f"--git-dir={self.git_dir}",
                f"--work-tree={folder}",
                *settings([f"safe.directory={self.git_dir}", f"safe.directory={folder}"]),
                *arguments,
            ),
            clean_environment(extra),
            folder,
            tuple(descriptors),
        )

    def run(
        self,
        arguments: Sequence[str | bytes],
        activity: str,
        *,
        stdin: Iterable[bytes] = (),
        timeout: float = 60.0,
        limit: int = 256 * MEGABYTE,
        accept: Sequence[int] = (0,),
        tick: Callable[[], None] | None = None,
        in_work_tree: bool = False,
        index: Path | None = None,
        descriptors: Sequence[int] = (),
    ) -> bytes:
        """Run a git command here and return its output; `activity` completes "git could not …"."""
        invocation = self.invocation(
            arguments, in_work_tree=in_work_tree, index=index, descriptors=descriptors
        )
        return run(invocation, activity, stdin=stdin, timeout=timeout, limit=limit, accept=accept, tick=tick)[
            1
        ]

    def start(self, arguments: Sequence[str | bytes], activity: str, timeout: float = 60.0) -> GitProcess:
        """Start a git command here whose input and output are streamed."""
        return GitProcess(self.invocation(arguments), activity, timeout)


def _quoted(path: Path) -> str:
    # The variable is a list divided by colons; an entry in quotes may hold colons.
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def open_repository(path: Path, objects: Path | None = None) -> Repository:
    """Open the repository at `path`: a work tree or a folder in it, a linked work tree, or a bare repository.

    `objects` is the private object directory, made where it does not exist; without one a temporary one
    lives as long as the returned value. Raises NotARepository.
    """
    program()
    git_dir, work_tree = _locate(path)
    temporary = objects is None
    store = _private_folder(objects)
    own = _shared_objects(git_dir, path)
    if not own.is_dir():
        raise NotARepository(f"The repository at {path} has lost its object store, so it cannot be read.")
    repository = Repository(git_dir, work_tree, store, own)
    if temporary:
        weakref.finalize(repository, shutil.rmtree, store, ignore_errors=True)
    repository.run(["rev-parse", "--is-bare-repository"], f"open the repository at {path}", timeout=20)
    return repository


def create_repository(destination: Path, objects: Path | None = None) -> Repository:
    """Make an empty bare repository of our own, its branch named main."""
    try:
        destination.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise DiskFull(f"The folder {destination} cannot be made: {error.strerror}.") from error
    options = ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", "--", str(destination)]
    run(Invocation((*settings(), *options), clean_environment(), destination), "make a repository")
    return open_repository(destination, objects)


def _private_folder(objects: Path | None) -> Path:
    try:
        if objects is None:
            return Path(tempfile.mkdtemp(prefix="rust-ai-ide-objects-")).resolve()
        objects.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DiskFull(
            f"The folder for what is read from repositories cannot be made: {error.strerror}."
        ) from error
    return objects.resolve()


def _locate(path: Path) -> tuple[Path, Path | None]:
    try:
        start = path.expanduser().resolve(strict=True)
        if not start.is_dir():
            raise NotARepository(f"{path} is a file; give the folder of a git repository.")
        next(start.iterdir(), None)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotARepository(f"There is no folder {path}; check the path.") from error
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: no such home; ValueError: NUL
        raise NotARepository(f"The folder {path} cannot be read; check its permissions.") from error
    # A bare repository is taken only where it is named itself, never on the way up: one that lies inside
    # someone's work tree must not capture the folders below it.
    if _is_git_dir(start):
        return (start, start.parent) if start.name == ".git" else (start, None)
    for folder in (start, *start.parents):
        marker = folder / ".git"
        if marker.is_dir() and _is_git_dir(marker):
            return marker.resolve(), folder
        if marker.is_file():
            return _follow(marker), folder
    raise NotARepository(
        f"{path} is a plain folder, not a git repository; run git init in it, or choose another folder."
    )


def _is_git_dir(folder: Path) -> bool:
    head = folder / "HEAD"
    if not (head.is_file() or head.is_symlink()):
        return False
    return (folder / "commondir").is_file() or ((folder / "objects").is_dir() and (folder / "refs").is_dir())


def _follow(marker: Path) -> Path:
    text = _read_small(marker)
    if not text.startswith("gitdir:"):
        raise NotARepository(f"{marker} does not name a git folder, so this work tree cannot be opened.")
    target = (marker.parent / text.removeprefix("gitdir:").strip()).resolve()
    if not _is_git_dir(target):
        raise NotARepository(
            f"{marker} names a git folder that is gone; run git worktree repair or open the main work tree."
        )
    return target


def _shared_objects(git_dir: Path, path: Path) -> Path:
    common = git_dir / "commondir"
    if not common.is_file():
        return (git_dir / "objects").resolve()
    folder = (git_dir / _read_small(common).strip()).resolve()
    if not _is_git_dir(folder):
        raise NotARepository(f"The linked work tree {path} has lost its main repository.")
    return folder / "objects"


def _read_small(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_LONGEST_GIT_FILE).decode("utf-8", "surrogateescape")
    except OSError as error:
        raise NotARepository(f"{path} cannot be read: {error.strerror}.") from error


def object_name(text: str) -> str:
    """Return `text` if it is a full object name. Raises GitFailed: a caller mixed something up."""
    if len(text) in (40, 64) and all(character in "0123456789abcdef" for character in text):
        return text
    raise GitFailed("This is not the full name of a git object.")
