"""The texts of projects that suggestions are copied from, read in the background and again now and then."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from channels.db import database_sync_to_async

from apps.projects.models import Project
from apps.projects.places import place_of
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.runtime.completion.project_text import ProjectText, read_project

FRESH_SECONDS = 15.0
KEPT = 4


@dataclass
class _Kept:
    text: ProjectText | None = None
    tree: str = ""
    read_at: float = float("-inf")
    is_reading: bool = False


_projects: OrderedDict[int, _Kept] = OrderedDict()
_lock = threading.Lock()


async def text_of(project_id: int) -> ProjectText | None:
    """Return the text of a project as it was read last; None where it was not yet, which does not wait for it."""
    with _lock:
        kept = _projects.setdefault(project_id, _Kept())
        _projects.move_to_end(project_id)
        while len(_projects) > KEPT:
            _projects.popitem(last=False)
        is_due = not kept.is_reading and time.monotonic() - kept.read_at > FRESH_SECONDS
        kept.is_reading = kept.is_reading or is_due
    if is_due:
        project = await database_sync_to_async(Project.objects.filter(pk=project_id).first)()
        threading.Thread(target=_read, args=[kept, project], name="project-text", daemon=True).start()
    return kept.text


def _read(kept: _Kept, project: Project | None) -> None:
    """Read the project's files, if they have changed. No database is asked here."""
    try:
        if project is None:
            return
        place = place_of(project)
        if place.tree is not None and place.tree != kept.tree:
            kept.text, kept.tree = read_project(place.repository, place.tree), place.tree
    except RustAiIdeError:
        # Without it suggestions come from the open file alone; a project that cannot be read says so on its pages.
        return
    finally:
        kept.read_at = time.monotonic()
        kept.is_reading = False
