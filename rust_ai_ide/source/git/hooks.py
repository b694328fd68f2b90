"""Where a repository's hooks lie."""

from pathlib import Path

from rust_ai_ide.source.git.errors import GitFailed
from rust_ai_ide.source.git.repository import Repository

_UNSET = 1


def hooks_folder(repository: Repository) -> Path:
    """Return the folder of a repository's hooks, which worktrees share, as its own configuration has it.

    What the user's configuration says of all repositories is not looked at. Raises GitFailed for a folder outside of
    the repository, where other repositories would be affected.
    """
    config = repository.git_dir / "commondir"
    common = repository.git_dir
    if config.is_file():
        common = (repository.git_dir / config.read_text(encoding="utf-8").strip()).resolve()
    arguments = ["config", "--file", str(common / "config"), "--type=path", "--get", "core.hooksPath"]
    output = repository.run(arguments, "read where hooks lie", accept=(0, _UNSET))
    if not output:
        return common / "hooks"
    top = repository.work_tree or common
    folder = (top / output.decode(errors="surrogateescape").strip()).resolve()
    if not any(folder.is_relative_to(root.resolve()) for root in (top, common)):
        raise GitFailed(
            f"The hooks of this repository lie in {folder}, outside of it; put the hook there yourself."
        )
    return folder
