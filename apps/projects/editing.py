"""Files of a project's work tree, to be changed."""

from pathlib import Path

from apps.projects.models import Project
from apps.projects.services import repository_of
from rust_ai_ide.source.editing import EditedFile, NotEditable, create_file, open_for_editing, save_file


def open_file(project: Project, path: str) -> EditedFile:
    """Read a file of the work tree. Raises NotEditable where the project has none."""
    return open_for_editing(work_tree(project), path)


def save(project: Project, path: str, text: str, *, expected: str) -> EditedFile:
    """Save a file of the work tree; see `rust_ai_ide.source.editing.save_file` for what it refuses."""
    return save_file(work_tree(project), path, text, expected=expected)


def create(project: Project, path: str, text: str) -> None:
    """Write a new file of the work tree. Raises NotEditable where one is there, or the project has no work tree."""
    create_file(work_tree(project), path, text)


def is_editable(project: Project) -> bool:
    """Tell whether the project is a folder of this machine, whose files can be edited."""
    return project.origin == Project.Origin.PATH and repository_of(project).work_tree is not None


def work_tree(project: Project) -> Path:
    """Return the folder of a project that can be edited. Raises NotEditable."""
    root = repository_of(project).work_tree
    if root is None or not is_editable(project):
        raise NotEditable(
            "This project is a copy without a work tree. Open a folder of this machine to edit it."
        )
    return root
