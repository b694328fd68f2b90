"""Rules about who may use whom: what breaks them, what they are written like, and what is accepted."""

from pathlib import Path

import pytest

from rust_ai_ide.architecture.accepted import AcceptedUnusable, compared, read_accepted, write_accepted
from rust_ai_ide.architecture.rules import Pattern, Rules, Violation, violations
from rust_ai_ide.architecture.settings import RulesInvalid, rules_from_toml
from rust_ai_ide.architecture.sources import architecture_of_files

PACKAGE = b'[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nsqlx = "1"\n'
MODULES = ("ui", "jobs", "service", "domain")


def model(**uses: str):
    """A crate of four modules, each with a text of its own."""
    files = {f"src/{name}.rs": uses.get(name, "").encode() + b"\npub struct X;\n" for name in MODULES}
    files["src/lib.rs"] = "".join(f"mod {name};\n" for name in MODULES).encode()
    return architecture_of_files({"Cargo.toml": PACKAGE, **files})


def broken(text: str, **uses: str) -> list[tuple[str, str, str]]:
    made = model(**uses)
    found = violations(made.module_graph, made.module_cycles, rules_from_toml(text))
    return [one.key for one in found]


LAYERS = '[architecture]\nlayers = ["shop::ui | shop::jobs", "shop::service", "shop::domain"]\n'


def test_a_layer_may_use_those_below_it_alone() -> None:
    assert broken(LAYERS, ui="use crate::service::X;", service="use crate::domain::X;") == []
    assert broken(LAYERS, ui="use crate::domain::X;") == []
    assert broken(LAYERS, domain="use crate::ui::X;") == [("layers", "shop::domain", "shop::ui")]
    assert broken(LAYERS, jobs="use crate::ui::X;") == [("layers", "shop::jobs", "shop::ui")]


def test_tests_are_free() -> None:
    assert broken(LAYERS, domain="#[cfg(test)]\nmod tests { use crate::ui::X; }") == []


def test_a_module_inside_a_layer_of_its_own_counts_there() -> None:
    rules = Rules(layers=((Pattern("shop"),), (Pattern("shop::domain"),)))
    made = model(domain="use crate::ui::X;")
    assert [one.key[1:] for one in violations(made.module_graph, (), rules)] == [("shop::domain", "shop::ui")]


def test_what_is_forbidden_is_told_with_its_reason() -> None:
    text = (
        '[[architecture.forbidden]]\nfrom = "shop::*"\nto = "sqlx"\nbecause = "Ask the service for data."\n'
    )
    made = model(ui="use sqlx::Pool;", domain="use sqlx::Row;")
    found = violations(made.module_graph, (), rules_from_toml(text))
    assert [one.edge.source for one in found] == ["shop::domain", "shop::ui"]
    assert {one.reason for one in found} == {"Ask the service for data."}


def test_cycles_can_be_forbidden() -> None:
    cycle = {"ui": "use crate::jobs::X;", "jobs": "use crate::ui::X;"}
    assert broken('[architecture]\ncycles = "allow"\n', **cycle) == []
    assert broken('[architecture]\ncycles = "forbid"\n', **cycle) == [
        ("cycle", "shop::jobs", "shop::ui"),
        ("cycle", "shop::ui", "shop::jobs"),
    ]


@pytest.mark.parametrize(
    ("pattern", "module", "covers"),
    [
        ("shop::ui", "shop::ui", True),
        ("shop::ui", "shop::ui::button", True),
        ("shop::ui", "shop::uix", False),
        ("shop::*::api", "shop::cart::api::v1", True),
        ("shop::*", "shop", False),
        ("shop::test_*", "shop::test_all", True),
    ],
)
def test_patterns(pattern: str, module: str, covers: bool) -> None:
    assert Pattern(pattern).covers(module) is covers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[architecture", "The settings are not TOML"),
        ("architecture = 1\n", "`architecture` must be a table"),
        ("[architecture]\nlayer = []\n", "has no key `layer`; there are cycles, forbidden, layers"),
        ('[architecture]\ncycles = "no"\n', '`cycles` must be "allow" or "forbid"'),
        ('[architecture]\nlayers = "a"\n', "`layers` must be a list"),
        ('[architecture]\nlayers = ["a | "]\n', "`layers` needs the path of a module"),
        ('[[architecture.forbidden]]\nfrom = "a"\n', "`to` needs the path of a module"),
        ('[[architecture.forbidden]]\nfrom = "a"\nto = "b::"\n', "`to` needs the path of a module"),
        ('[[architecture.forbidden]]\nfrom = "a"\nto = "b"\nwhy = "c"\n', "has no key `why`"),
    ],
)
def test_what_is_not_understood_is_said(text: str, sentence: str) -> None:
    with pytest.raises(RulesInvalid, match=sentence):
        rules_from_toml(text)


def found_in(**uses: str) -> tuple[Violation, ...]:
    made = model(**uses)
    return violations(made.module_graph, made.module_cycles, rules_from_toml(LAYERS))


def test_what_is_accepted_is_not_new_wherever_its_lines_move(tmp_path: Path) -> None:
    file = tmp_path / "accepted.json"
    write_accepted(file, found_in(domain="use crate::ui::X;", service="use crate::jobs::X;"))
    now = compared(
        found_in(domain="\n\n\nuse crate::ui::X;\nfn f(_: crate::ui::X) {}", jobs="use crate::ui::X;"),
        read_accepted(file),
    )
    assert [one.key[1:] for one in now.new] == [("shop::jobs", "shop::ui")]
    assert [(one.key[1:], before) for one, before in now.grown] == [(("shop::domain", "shop::ui"), 1)]
    assert now.stale == (("layers", "shop::service", "shop::jobs"),)
    assert now.accepted == 1


@pytest.mark.parametrize(
    "text", ["", "[]", '{"version": 1}', '{"version": 1, "violations": [{"rule": "a"}]}']
)
def test_what_lists_nothing_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "accepted.json"
    file.write_text(text)
    with pytest.raises(AcceptedUnusable, match="write it with --write-baseline"):
        read_accepted(file)
