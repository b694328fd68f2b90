import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_ai_ide.source.cargo import Workspace, read_workspace


def read(manifests: dict[str, str], *files: str) -> Workspace:
    return read_workspace({path: text.encode() for path, text in manifests.items()}, {*manifests, *files})


def test_targets_found_and_named() -> None:
    found = read(
        {"Cargo.toml": '[package]\nname = "my-app"\nedition = "2021"\n'
            '[[bin]]\nname = "tool"\npath = "cli/t.rs"\n'},
        "src/lib.rs", "src/main.rs", "src/bin/extra.rs", "src/bin/big/main.rs", "src/bin/big/part.rs",
        "cli/t.rs",
        "examples/e.rs", "tests/t.rs", "tests/common/mod.rs", "benches/b.rs", "build.rs",
    )  # fmt: skip
    (package,) = found.packages
    assert {(target.kind, target.name, target.root) for target in package.targets} == {
        ("lib", "my-app", "src/lib.rs"),
        ("bin", "my-app", "src/main.rs"),
        ("bin", "tool", "cli/t.rs"),
        ("bin", "extra", "src/bin/extra.rs"),
        ("bin", "big", "src/bin/big/main.rs"),
        ("example", "e", "examples/e.rs"),
        ("test", "t", "tests/t.rs"),
        ("bench", "b", "benches/b.rs"),
        ("build", "build-script", "build.rs"),
    }
    assert package.targets[0].crate_name == "my_app"
    assert all(target.edition == "2021" for target in package.targets)


def test_automatic_targets_can_be_off() -> None:
    text = '[package]\nname = "a"\nautobins = false\nautotests = false\n[[test]]\nname = "only"\n'
    (package,) = read({"Cargo.toml": text}, "src/main.rs", "tests/only.rs", "tests/not.rs").packages
    assert [target.name for target in package.targets] == ["only"]


def test_workspace_members_globs_and_inheritance() -> None:
    found = read(
        {
            "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/out"]\n'
            '[workspace.package]\nedition = "2024"\n[workspace.dependencies]\nb = { path = "crates/b" }\n',
            "crates/a/Cargo.toml": '[package]\nname = "a"\nedition.workspace = true\n[dependencies]\n'
            "b.workspace = true\n[dev-dependencies.outer]\npath = '../../outer'\n",
            "crates/b/Cargo.toml": '[package]\nname = "b"\n[target."cfg(unix)".dependencies]\nlibc = "1"\n',
            "crates/out/Cargo.toml": '[package]\nname = "out"\n',
            "crates/a/fixtures/x/Cargo.toml": '[package]\nname = "fixture"\n',
            "outer/Cargo.toml": '[package]\nname = "outer"\n',
        },
        "crates/a/src/lib.rs", "crates/b/src/lib.rs", "outer/src/lib.rs",
    )  # fmt: skip
    assert [package.name for package in found.packages] == ["a", "b", "outer"]
    a, b, _ = found.packages
    assert (a.edition, b.edition) == ("2024", "2015")
    assert [(d.name, d.folder, d.kind, d.line) for d in a.dependencies] == [
        ("b", "crates/b", "normal", 5),
        ("outer", "outer", "dev", 6),
    ]
    assert [d.name for d in b.dependencies] == ["libc"]
    assert found.notes == ("2 manifests that belong to no workspace here were left out.",)


def test_separate_projects_side_by_side() -> None:
    found = read(
        {"one/Cargo.toml": '[package]\nname = "one"\n', "two/Cargo.toml": '[package]\nname = "two"\n'},
        "one/src/lib.rs", "two/src/main.rs",
    )  # fmt: skip
    assert [package.name for package in found.packages] == ["one", "two"]


@pytest.mark.parametrize(
    "text",
    [
        "", "not toml [", "a" * 2_000_000, "[package]\n", '[package]\nname = 3\nedition = []\n',
        '[package]\nname = "a"\n[dependencies]\nb = 3\nc = { path = 4 }\nd = { path = "../../.." }\n'
        'e = { path = "/etc" }\n', '[workspace]\nmembers = 3\nexclude = "x"\n',
        "dependencies = 3\npackage = 4\n",
        '[package]\nname = "a"\nbuild = false\nautobins = 3\n[lib]\npath = 3\n',
        "bin = 3\n[package]\nname='a'\n",
        "x = " + "[" * 3000, '[package]\nname = "a"\n[[bin]]\nname = 3\n[target]\nx = 3\n',
    ],
)  # fmt: skip
def test_odd_manifests_end_in_notes_at_worst(text: str) -> None:
    found = read(
        {"Cargo.toml": text, "b/Cargo.toml": '[package]\nname = "b"\nworkspace = ".."\n'}, "src/lib.rs"
    )
    assert all(isinstance(note, str) for note in found.notes)


TOML = st.recursive(
    st.sampled_from(["1", '"x"', "true", "[]", '["crates/*", 1]']),
    lambda inner: st.lists(
        st.tuples(st.sampled_from(["package", "workspace", "path", "name", "members"]), inner),
        max_size=3, unique_by=lambda pair: pair[0],
    ).map(lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs) + "}"),
)  # fmt: skip
KEYS = ["package", "workspace", "lib", "bin", "dependencies", "target", "dev-dependencies", "test"]


@given(st.dictionaries(st.sampled_from(KEYS), TOML))
def test_any_manifest_is_survived(tables: dict[str, str]) -> None:
    read(
        {"Cargo.toml": "\n".join(f"{key} = {value}" for key, value in tables.items())},
        "src/lib.rs",
        "src/main.rs",
    )
