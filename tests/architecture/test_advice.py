"""Advice: what is told of a repository, with what in it speaks for each piece."""

import json
from pathlib import Path

import pytest

from rust_ai_ide.architecture.advice.asking import NotUnderstood, asked_of, read_asked
from rust_ai_ide.architecture.advice.model import GOALS, Asked, Kind, Level, Recommendation
from rust_ai_ide.architecture.advice.recommending import get_architecture_recommendations
from tests.source.repositories import TestRepository

MANIFEST = '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n'
NESTED = "fn deep(a: bool) { " + "if a { " * 7 + "f(); " + "} " * 7 + "}\n"


def advice(folder: Path, asked: Asked | None = None, **files: str) -> list[Recommendation]:
    written = {"Cargo.toml": MANIFEST, "src/lib.rs": "", **files}
    for path, text in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return list(get_architecture_recommendations(folder, asked))


def titled(found: list[Recommendation], beginning: str) -> Recommendation:
    (one,) = (each for each in found if each.title.startswith(beginning))
    return one


def test_a_plain_crate_gets_no_advice(tmp_path: Path) -> None:
    assert (
        advice(tmp_path, **{"src/lib.rs": "mod a; pub fn f() { a::g() }", "src/a.rs": "pub fn g() {}"}) == []
    )


def test_a_cycle_is_to_be_cut_where_that_is_cheapest_but_not_one_of_a_module_and_what_is_in_it(
    tmp_path: Path,
) -> None:
    found = advice(tmp_path, **{
        "src/lib.rs": "mod cart; mod price; mod list;",
        "src/cart.rs": "use crate::price::Price; pub struct Cart(Price); pub struct Other;",
        "src/price.rs": "use crate::cart::Cart; fn f(_: crate::cart::Other) {} pub struct Price;",
        "src/list.rs": "mod item { use super::List; pub struct Item(List); } pub struct List; use item::Item;",
    })  # fmt: skip
    one = titled(found, "Cut the cycle")
    assert "2 modules around shop::cart, shop::price" in one.title
    ((sentence, place),) = one.evidence
    assert sentence == "shop::cart uses shop::price."
    assert place is not None
    assert (place.file, place.line) == ("src/cart.rs", 1)
    assert (one.effort, one.kind) == (Level.LOW, Kind.IMPROVEMENT)


def test_layers_that_the_code_shows_are_to_be_written_down(tmp_path: Path) -> None:
    files = {
        "src/lib.rs": "pub mod api; pub mod service; pub mod db;",
        "src/api.rs": "use crate::service::Orders;",
        "src/service.rs": "use crate::db::Rows; pub struct Orders;",
        "src/db.rs": "use crate::api; pub struct Rows;",
    }
    asked = asked_of(layers=["presentation", "business", "data", "cache"], constraints=["team_size: 10"])
    found = advice(tmp_path, asked, **files)
    written = titled(found, "Write the layers down")
    assert '`layers = ["shop::api", "shop::service", "shop::db"]`' in written.action
    assert "with a baseline" in written.action
    up = titled(found, "Turn round the uses")
    assert [sentence for sentence, _ in up.evidence] == ["shop::db uses shop::api."]
    assert "layer cache" in titled(found, "Give the layer").title
    (tmp_path / ".rust-ai-ide.toml").write_text('[architecture]\ncycles = "forbid"\n')
    assert not [one for one in advice(tmp_path, asked, **files) if one.title.startswith("Write the layers")]


def test_crates_that_nobody_maintains_and_two_for_one_job_are_told(tmp_path: Path) -> None:
    manifest = (
        f'{MANIFEST}[features]\nslow = ["dep:ureq"]\n[dependencies]\ndotenv = "1"\nchrono = "1"\ntime = "1"\n'
        'reqwest = "1"\nureq = { version = "1", optional = true }\n[dev-dependencies]\nsmol = "1"\ntokio = "1"\n'
    )
    code = (
        "use chrono::Utc; use chrono::Local; use time::Date; use reqwest::Client;\n"
        '#[cfg(feature = "slow")] use ureq::Agent;\n#[cfg(test)] mod tests { use tokio::run; use smol::block_on; }'
    )
    asked = asked_of(technologies=["postgres", "chrono"])
    found = advice(tmp_path, asked, **{"Cargo.toml": manifest, "src/lib.rs": code})
    unmaintained = titled(found, "Replace dotenv")
    assert "dotenvy" in unmaintained.action
    assert "RUSTSEC-2021-0141" in unmaintained.action
    assert unmaintained.evidence[0][1] is not None
    assert unmaintained.evidence[0][1].file == "Cargo.toml"
    twice = titled(found, "Choose one of")
    assert twice.title == "Choose one of 2 libraries for dates and times: chrono, time"
    assert "Keep chrono" in twice.action
    assert titled(found, "Look again").title == "Look again whether postgres is part of this"


def test_hard_functions_are_told_but_not_those_of_tests(tmp_path: Path) -> None:
    found = advice(tmp_path, **{"src/lib.rs": NESTED, "tests/all.rs": NESTED, "examples/one.rs": NESTED})
    one = titled(found, "Take the function apart")
    assert [(place.file, place.line) for _, place in one.evidence if place] == [("src/lib.rs", 1)]


def test_packages_without_any_test_are_told(tmp_path: Path) -> None:
    many = "".join(f"pub fn f{number}() {{}}\n" for number in range(25))
    one = titled(advice(tmp_path, **{"src/lib.rs": many}), "Write the first tests of shop")
    assert one.evidence[0][0] == "shop has 25 functions and no test."
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "all.rs").write_text("#[test] fn works() {}")
    assert not advice(tmp_path, **{"src/lib.rs": many})


def test_files_that_change_often_and_are_hard_are_told(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "shop")
    names = [f"m{number}" for number in range(20)]
    files = {f"src/{name}.rs": "pub fn f(a: bool) { if a {} }\n" for name in names}
    made.commit(
        "Begin", {"Cargo.toml": MANIFEST, "src/lib.rs": "".join(f"mod {name};" for name in names), **files}
    )
    for number in range(4):
        made.commit(f"Change {number}", {"src/m7.rs": f"// {number}\n{NESTED}"})
    found = list(get_architecture_recommendations(made.path))
    one = titled(found, "Look after the files")
    assert one.kind is Kind.RISK
    assert one.evidence[0][0].startswith("src/m7.rs was changed by 5 commits in a year")
    assert len(one.evidence) == 1


def test_patterns_that_are_said_to_be_there_are_looked_for(tmp_path: Path) -> None:
    found = advice(tmp_path, asked_of(patterns=["Repository", "unheard_of"]))
    (one,) = found
    assert one.kind is Kind.PATTERN
    assert "“Repository”" in one.title


def test_what_serves_the_goals_comes_first_and_little_time_makes_large_work_risky(tmp_path: Path) -> None:
    many = "".join(f"fn g{number}(a: bool) {{ {'if a { ' * 7}{'} ' * 7} }}\n" for number in range(40))
    files = {"Cargo.toml": f'{MANIFEST}[dependencies]\ndotenv = "1"\n', "src/lib.rs": many}
    usual = advice(tmp_path, **files)
    assert usual[0].title.startswith("Replace dotenv") or usual[0].confidence >= 0.9
    wanted = advice(
        tmp_path, asked_of(goals=["facilitate_testing"], constraints=["timeline: 4_weeks"]), **files
    )
    assert "facilitate_testing" in wanted[0].goals
    large = titled(wanted, "Take the 40 functions apart")
    assert (large.effort, large.risk) == (Level.HIGH, Level.HIGH)
    assert "0.9 months are short for it" in large.because


def test_the_form_of_json_is_read(tmp_path: Path) -> None:
    file = tmp_path / "asked.json"
    file.write_text(json.dumps({
        "currentArchitecture": {"layers": ["a", "b"], "technologies": ["diesel"], "patterns": ["repository"]},
        "constraints": ["team_size: 10", "timeline: 6_months", "scalability: high", "maintainability: low"],
        "goals": ["facilitate_testing"],
    }))  # fmt: skip
    asked = read_asked(file)
    assert asked == Asked(
        ("a", "b"), ("diesel",), ("repository",), 10, 6.0, ("facilitate_testing", "ensure_scalability")
    )
    assert set(asked.goals) <= set(GOALS)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "must be a table"),
        ('{"goal": []}', "no key `goal`; there are constraints"),
        ('{"goals": "all"}', "`goals` must be a list of texts"),
        ('{"goals": ["fame"]}', "No advice serves the goal “fame”; there are reduce_development_time"),
        ('{"constraints": ["team_size: many"]}', "“team_size: many” is not understood"),
        ('{"constraints": ["timeline: soon"]}', "“timeline: soon” is not understood"),
        ('{"currentArchitecture": {"layer": []}}', "`currentArchitecture` has no key `layer`"),
    ],
)
def test_what_is_not_understood_is_told(tmp_path: Path, document: str, said: str) -> None:
    file = tmp_path / "asked.json"
    file.write_text(document)
    with pytest.raises(NotUnderstood, match=said):
        read_asked(file)
