"""The quality of a project over its commits: what is known of it, and working out the rest."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse

from apps.common.models import Run
from apps.common.services import start_run
from apps.projects.analysis import project_config, workshop
from apps.projects.models import Project
from apps.projects.services import repository_of
from rust_ai_ide.observability.events import Event, Progressed, Report
from rust_ai_ide.review.config import ReviewConfig
from rust_ai_ide.review.quality import TreeQuality, known_qualities, quality_of, sampled
from rust_ai_ide.source.git import Commit, Repository, commits, head, tree_of

SUBJECT = "quality:"
KIND = "quality"
COMMITS = 40
HISTORY = 2_000


@dataclass(frozen=True)
class QualityPoint:
    """A commit with its quality, None where that is not worked out."""

    commit: Commit
    quality: TreeQuality | None

    @property
    def at(self) -> datetime:
        """Return when the commit was written."""
        return self.commit.authored_at


def quality_run(project: Project) -> Run | None:
    """Return the newest run that works the quality out."""
    return Run.objects.filter(subject=f"{SUBJECT}{project.pk}").first()


def trend_of(project: Project) -> list[QualityPoint]:
    """Return up to 40 commits of the branch, evenly spread over its last 2,000, oldest first.

    All are judged by the settings of the newest, so that they compare.
    """
    repository = repository_of(project)
    newest = head(repository)
    if newest is None:
        return []
    return _points(repository, newest, _config(repository, newest))


def start_working_out(project: Project) -> Run:
    """Work out what is not known, as a run."""
    return start_run(
        kind=KIND,
        subject=f"{SUBJECT}{project.pk}",
        title=f"Work out the quality of {project.name}",
        page=reverse("quality", args=[project.pk]),
        arguments={"project": project.pk},
    )


def work_out(project: Project, report: Report) -> None:
    """Judge the commits that are not judged yet, the newest first."""
    repository = repository_of(project)
    newest = head(repository)
    if newest is None:
        return
    config = _config(repository, newest)
    points = _points(repository, newest, config)
    missing = [point for point in reversed(points) if point.quality is None]
    for number, point in enumerate(missing):
        told = Progressed(f"Judging {point.commit.short_name}", number, len(missing))
        quality_of(repository, point.commit.tree, config, workshop(), partial(_say, report, told))


def _say(report: Report, told: Progressed, event: Event) -> None:
    """Tell of the commit, whatever is done for it; this is where the user may cancel."""
    report(told)


def _config(repository: Repository, newest: str) -> ReviewConfig:
    return project_config(repository, tree_of(repository, newest))


def _points(repository: Repository, newest: str, config: ReviewConfig) -> list[QualityPoint]:
    history = commits(repository, newest, limit=HISTORY, first_parent=True)
    chosen = [history[place] for place in sampled(len(history), COMMITS)]
    known = known_qualities([commit.tree for commit in chosen], config, workshop())
    points = [QualityPoint(commit, known.get(commit.tree)) for commit in reversed(chosen)]
    return sorted(points, key=lambda point: point.at)
