"""What a review compares: found out once, when it starts, and kept as trees."""

from dataclasses import dataclass, replace

from apps.projects.models import Project
from apps.projects.places import place_of
from apps.projects.services import repository_of
from apps.reviews.models import Review
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Event, Warned
from rust_ai_ide.source.git import (
    Repository,
    commits,
    entry_at,
    head,
    merge_base,
    resolve,
    snapshot_index,
    snapshot_work_tree,
    tree_of,
)

EMPTY_TREES = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""git's name for the tree without files, by the length of object names."""


class CannotReview(RustAiIdeError):
    """There is nothing that could be reviewed as asked."""


@dataclass(frozen=True)
class Request:
    """What the user asked to review. `base` and `head` are revisions, for ranges and single commits."""

    kind: str
    base: str = ""
    head: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Two trees and how to call them."""

    title: str
    head_tree: str
    head_label: str
    head_commit: str = ""
    base_tree: str = ""
    base_label: str = ""
    base_commit: str = ""
    left_out: tuple[str, ...] = ()


def compare(project: Project, request: Request) -> Comparison:
    """Find the trees of a request. Raises CannotReview, or git's errors for unknown revisions."""
    repository = repository_of(project)
    if request.kind == Review.Kind.RANGE:
        return _range(repository, request)
    if request.kind in (Review.Kind.STAGED, Review.Kind.WORK_TREE):
        return _uncommitted(repository, request.kind)
    place = place_of(project, request.head, now=True)
    if place.tree is None:
        raise CannotReview("This repository has no files yet, so there is nothing to review.")
    whole = Comparison("Workspace", place.tree, place.label, place.commit or "")
    if request.kind == Review.Kind.WORKSPACE:
        return whole
    if not request.paths:
        raise CannotReview("Name at least one file to review.")
    for path in request.paths:
        entry_at(repository, place.tree, path)
    more = f" and {len(request.paths) - 1} more" if len(request.paths) > 1 else ""
    return replace(whole, title=f"{request.paths[0]}{more}")


def _range(repository: Repository, request: Request) -> Comparison:
    if not request.head:
        raise CannotReview("Choose the branch or commit to review.")
    new = resolve(repository, request.head)
    if not request.base:
        return _single_commit(repository, new)
    old = resolve(repository, request.base)
    common = merge_base(repository, old, new)
    if common is None:
        raise CannotReview(f"{request.base} and {request.head} have no history in common.")
    if common == new:
        raise CannotReview(f"{request.head} has nothing that {request.base} does not have already.")
    return Comparison(
        f"{request.base} … {request.head}",
        tree_of(repository, new),
        request.head,
        new,
        tree_of(repository, common),
        request.base,
        common,
    )


def _single_commit(repository: Repository, name: str) -> Comparison:
    (commit,) = commits(repository, name, limit=1)
    parent = commit.parents[0] if commit.parents else ""
    return Comparison(
        commit.subject or commit.short_name,
        tree_of(repository, name),
        commit.short_name,
        name,
        tree_of(repository, parent) if parent else EMPTY_TREES[len(name)],
        parent[: len(commit.short_name)] or "nothing",
        parent,
    )


def _uncommitted(repository: Repository, kind: str) -> Comparison:
    if repository.is_bare:
        raise CannotReview(
            "This repository has no work tree on this machine, so it has no uncommitted changes."
        )
    staged = kind == Review.Kind.STAGED
    warnings: list[Event] = []
    new = snapshot_index(repository) if staged else snapshot_work_tree(repository, warnings.append)
    last = head(repository)
    old = tree_of(repository, last) if last else EMPTY_TREES[len(new)]
    if new == old:
        what = (
            "Nothing is staged. `git add` the files first." if staged else "There are no uncommitted changes."
        )
        raise CannotReview(what)
    label = "staged changes" if staged else "uncommitted changes"
    left_out = tuple(event.message for event in warnings if isinstance(event, Warned))
    named = last[:10] if last else "nothing"
    return Comparison(label.capitalize(), new, label, "", old, named, last or "", left_out)
