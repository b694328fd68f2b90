"""The socket that tells an open page when files of the project change."""

from pathlib import Path

from channels.db import database_sync_to_async

from apps.common.consumers import SignedInConsumer
from apps.projects.models import Project
from apps.projects.services import repository_of
from rust_ai_ide.source.watching import watch_work_tree


class ProjectConsumer(SignedInConsumer):
    """Watches the work tree while the page is open and sends the paths that changed."""

    async def follow(self) -> None:
        """Send each settled set of changes. A project without a work tree never changes by itself."""
        project_id = self.scope["url_route"]["kwargs"]["project_id"]
        root = await database_sync_to_async(_work_tree)(project_id)
        if root is None:
            return
        async for changed in watch_work_tree(root):
            await self.send_json({"kind": "changed", "paths": sorted(changed)[:200]})


def _work_tree(project_id: int) -> Path | None:
    project = Project.objects.filter(pk=project_id, forgotten_at=None, origin=Project.Origin.PATH).first()
    return repository_of(project).work_tree if project else None
