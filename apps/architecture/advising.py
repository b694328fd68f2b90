"""Advice on a project: starting it, working it out, and reading the form."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from apps.architecture.models import Advice
from apps.common.services import start_run
from apps.projects.analysis import child, store
from apps.projects.models import Project
from apps.projects.places import place_of
from apps.projects.services import repository_of
from rust_ai_ide.architecture.advice.asking import asked_of
from rust_ai_ide.architecture.advice.model import Asked
from rust_ai_ide.architecture.advice.recommending import recommend, surroundings_of_tree
from rust_ai_ide.architecture.advice.telling import documents
from rust_ai_ide.errors import RustAiIdeError
from rust_ai_ide.observability.events import Report
from rust_ai_ide.source.store import content_key

KIND = "architecture-advice"
_LISTS = ("layers", "technologies", "patterns")
_LONGEST = 2_000

Form = dict[str, Any]
"""What was entered: lists as text parted by commas, numbers as text, and the goals."""


class NothingToAdviseOn(RustAiIdeError):
    """The repository has no files yet."""


def entered(data: QueryDict) -> Form:
    """Return what a form says."""
    names = (*_LISTS, "team_size", "months")
    return {**{name: data.get(name, "").strip()[:_LONGEST] for name in names}, "goals": data.getlist("goals")}


def asked(form: Mapping[str, Any]) -> Asked:
    """Return what was asked in a form. Raises NotUnderstood."""
    lists = {name: [one.strip() for one in form.get(name, "").split(",") if one.strip()] for name in _LISTS}
    constraints = []
    if form.get("team_size"):
        constraints.append(f"team_size: {form['team_size']}")
    if form.get("months"):
        constraints.append(f"timeline: {form['months']}_months")
    return asked_of(**lists, constraints=constraints, goals=form.get("goals", []))


def start_advising(project: Project, form: Form) -> Advice:
    """Start working out advice on the files as they are now. Raises NotUnderstood or NothingToAdviseOn."""
    asked(form)
    place = place_of(project, now=True)
    if place.tree is None:
        raise NothingToAdviseOn("This repository has no files yet, so there is nothing to advise on.")
    run = start_run(
        kind=KIND,
        subject=f"{KIND}:{project.pk}:{place.tree}:{_digest(form)}",
        title=f"Work out advice on {project.name}",
        page=reverse("advice", args=[project.pk]),
        arguments={"project": project.pk, "tree": place.tree, "commit": place.commit, "asked": form},
    )
    made, _ = Advice.objects.update_or_create(
        project=project,
        defaults={"tree": place.tree, "asked": form, "run": run, "found": None, "made_at": None},
    )
    return made


def _digest(form: Form) -> str:
    """Return what tells this question from others: a run that works on another one does not answer it."""
    return content_key(json.dumps(form, sort_keys=True).encode()).hex()


def advise(project: Project, tree: str, commit: str | None, form: Form, report: Report) -> None:
    """Work advice out, and keep it unless something else was asked for meanwhile."""
    around = surroundings_of_tree(repository_of(project), tree, commit, store(), child(), report)
    found = documents(recommend(around, asked(form)))
    Advice.objects.filter(project=project, tree=tree, asked=form).update(found=found, made_at=timezone.now())
