"""Measures of files as heat of nodes."""

from rust_ai_ide.architecture.graph import Graph, Node, Place, collapse
from rust_ai_ide.architecture.heat import (
    folded_values,
    heat_of,
    values_of_crates,
    values_of_modules,
)


def module(name: str, file: str, line: int = 1) -> Node:
    crate, _, label = name.rpartition("::")
    return Node(name, label or name, "module", name.partition("::")[0], crate or None, Place(file, line))


MODULES = Graph(
    (
        module("a", "a/lib.rs"),
        module("a::one", "a/one.rs"),
        module("a::one::inline", "a/one.rs", 9),
        module("a::one::deep", "a/one/deep.rs"),
        module("b", "b/lib.rs"),
    ),
    (),
)
BY_FILE = {"a/lib.rs": 1, "a/one.rs": 20, "a/one/deep.rs": 300, "b/lib.rs": 4000}


def test_a_file_counts_once_in_a_crate_with_the_module_that_it_is() -> None:
    values = values_of_modules(MODULES, BY_FILE)
    assert values == {"a": 1, "a::one": 20, "a::one::deep": 300, "b": 4000}
    assert values_of_crates(MODULES, values) == {"a": 321, "b": 4000}


def test_what_is_folded_adds_up() -> None:
    values = values_of_modules(MODULES, BY_FILE)
    assert folded_values(MODULES, collapse(MODULES, 3), values) == {"a": 1, "a::one": 320, "b": 4000}
    assert folded_values(MODULES, collapse(MODULES, 2), values) == {"a": 321, "b": 4000}
    many = Graph(tuple(module(f"c{number}", f"{number}.rs") for number in range(9)), ())
    small = collapse(many, 3)
    sums = folded_values(many, small, {node.id: 1 for node in many.nodes})
    assert sorted(sums.values()) == [1, 1, 7]
    assert sums["others"] == 7


def test_steps_hold_about_as_many_nodes_each() -> None:
    heat = heat_of({str(number): number for number in range(11)})
    assert [heat.step(str(number)) for number in range(11)] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert heat.legend == ((1, 1, 2), (2, 3, 4), (3, 5, 6), (4, 7, 8), (5, 9, 10))
    assert heat.step("unknown") == 0


def test_few_values_make_few_steps_and_the_highest_is_the_hottest() -> None:
    heat = heat_of({"a": 7, "b": 7, "c": 7, "d": 9})
    assert (heat.step("a"), heat.step("d")) == (4, 5)
    assert heat.legend == ((4, 1, 7), (5, 8, 9))
    assert heat_of({"a": 0}).legend == ()
