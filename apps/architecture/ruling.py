"""The rules about who may use whom: what a settings text would find, and writing it into the project."""

from dataclasses import dataclass

from apps.architecture.selectors import StoredModel, graph_at
from apps.projects import editing
from apps.projects.models import Project
from apps.projects.places import Place
from rust_ai_ide.architecture.graph import cycles
from rust_ai_ide.architecture.model import MODULES
from rust_ai_ide.architecture.rules import Violation, violations
from rust_ai_ide.architecture.settings import rules_from_toml
from rust_ai_ide.source.editing import EditedFile, NotEditable
from rust_ai_ide.source.folders import SETTINGS_FILE
from rust_ai_ide.source.git import OutputTooLarge, PathNotFound, entry_at, read_blob

LARGEST = 256 * 1024
MOST_SHOWN = 200
EXAMPLE = """# Who may use whom; see the guide to the architecture page.
[architecture]
cycles = "forbid"
# layers = ["{top}", "…"]

# [[architecture.forbidden]]
# from = "{top}"
# to = "…"
# because = "…"
"""


@dataclass(frozen=True)
class Settings:
    """The settings text of a project. `digest` is "" where there is no file; `can_save` where there is a work tree."""

    text: str
    digest: str
    can_save: bool


@dataclass(frozen=True)
class Preview:
    """What the rules of a text find. `silent` are paths in them that name no module."""

    found: tuple[Violation, ...]
    has_rules: bool
    silent: tuple[str, ...]

    @property
    def shown(self) -> tuple[Violation, ...]:
        """The first of them."""
        return self.found[:MOST_SHOWN]


def settings_of(project: Project, place: Place, model: StoredModel | None) -> Settings:
    """Return the settings text as it is, or one to begin with."""
    if editing.is_editable(project):
        try:
            opened = editing.open_file(project, SETTINGS_FILE)
        except NotEditable:
            return Settings(_example(model), "", True)
        return Settings(opened.text, opened.digest, True)
    return Settings(_of_tree(place) or _example(model), "", False)


def preview(model: StoredModel, text: str) -> Preview:
    """Return what the rules of a text find in the modules. Raises RulesInvalid."""
    rules = rules_from_toml(text[:LARGEST])
    graph = graph_at(model, MODULES)
    paths = [part for row in rules.layers for part in row]
    paths += [part for one in rules.forbidden for part in (one.source, one.target)]
    names = [node.id for node in graph.nodes]
    silent = [path.text for path in paths if not any(map(path.covers, names))]
    found = violations(graph, cycles(graph), rules)
    return Preview(found, not rules.is_empty, tuple(dict.fromkeys(silent)))


def save(project: Project, text: str, *, expected: str) -> str:
    """Write the settings and return their digest. Raises RulesInvalid, NotEditable or ChangedOnDisk."""
    rules_from_toml(text)
    if expected:
        saved: EditedFile = editing.save(project, SETTINGS_FILE, text, expected=expected)
        return saved.digest
    editing.create(project, SETTINGS_FILE, text)
    return editing.open_file(project, SETTINGS_FILE).digest


def _of_tree(place: Place) -> str:
    if place.tree is None:
        return ""
    try:
        content = read_blob(
            place.repository, entry_at(place.repository, place.tree, SETTINGS_FILE).blob, LARGEST
        )
    except (PathNotFound, OutputTooLarge):
        return ""
    return content.decode("utf-8", "replace")


def _example(model: StoredModel | None) -> str:
    crates = model.data["crates"] if model is not None else []
    return EXAMPLE.format(top=crates[0]["name"] if crates else "my_crate")
