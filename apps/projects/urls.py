"""Addresses of projects."""

from django.urls import path

from apps.projects.views import code, history, palette, projects

urlpatterns = [
    path("", projects.projects, name="projects"),
    path("projects/open/", projects.open_by_path, name="open-project"),
    path("projects/upload/", projects.upload, name="upload-project"),
    path("projects/clone/", projects.clone, name="clone-project"),
    path("projects/<int:project_id>/", code.project, name="project"),
    path("projects/<int:project_id>/rename/", projects.rename, name="rename-project"),
    path("projects/<int:project_id>/forget/", projects.forget, name="forget-project"),
    path("projects/<int:project_id>/restore/", projects.restore, name="restore-project"),
    path("projects/<int:project_id>/analyse/", projects.analyse, name="analyse-project"),
    path("projects/<int:project_id>/file/<path:path>", code.file, name="file"),
    path("projects/<int:project_id>/branches/", history.branches, name="branches"),
    path("projects/<int:project_id>/commits/", history.commits, name="commits"),
    path("projects/<int:project_id>/search/", history.search, name="search"),
    path("palette/", palette.palette, name="palette"),
]
