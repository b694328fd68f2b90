"""The heat of the nodes that a page shows, from what was measured of their files."""

from collections.abc import Mapping

from apps.architecture.asking import View
from apps.architecture.selectors import StoredModel, graph_at
from rust_ai_ide.architecture.choosing import Choice, chosen
from rust_ai_ide.architecture.heat import values_of_crates, values_of_modules
from rust_ai_ide.architecture.model import CRATES, MODULES


def heat_values(model: StoredModel, by_file: Mapping[str, int], view: View) -> dict[str, int]:
    """Return the value of each node of the level that a reader looks at; without tests they add nothing."""
    modules = graph_at(model, MODULES)
    values = values_of_modules(modules, by_file)
    if view.level == CRATES:
        return values_of_crates(chosen(modules, Choice(tests=view.tests)), values)
    return values
