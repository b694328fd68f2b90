"""Crates come out of real packages of a mirror that lies in a folder."""

import hashlib
import shutil
import subprocess

import pytest

from rust_ai_ide.source.crates import CratePackages, CratesUnavailable
from tests.training.rust import crate, rust

PROGRAMS = ("apt-get", "apt-cache", "dpkg-deb")
needs_apt = pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason="needs apt-get, apt-cache and dpkg-deb"
)


def package(mirror, name, depends=""):
    """Build a package of a crate and return its stanza."""
    tree = mirror / "trees" / name
    crate(tree / "usr/share/cargo/registry", name, {"src/lib.rs": rust(len(name))})
    control = (
        f"Package: librust-{name}-dev\nVersion: 1.0.0-1\nArchitecture: all\nMaintainer: Nobody <a@example.org>\n"
        + (f"Depends: {depends}\n" if depends else "")
        + "Description: made by a test\n"
    )
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(control)
    archive = mirror / f"librust-{name}-dev_1.0.0-1_all.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-b", tree, archive], check=True, capture_output=True)
    data = archive.read_bytes()
    return (
        control
        + f"Filename: ./{archive.name}\nSize: {len(data)}\nSHA256: {hashlib.sha256(data).hexdigest()}\n"
    )


@pytest.fixture
def packages(tmp_path):
    """The packages of three crates, two of which need the third."""
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    stanzas = [
        package(mirror, "left", "librust-base-1+default-dev (>= 1.0)"),
        package(mirror, "base"),
        package(mirror, "right", "librust-base-1.0-dev, librust-left+std-dev"),
    ]
    (mirror / "Packages").write_text("\n".join(stanzas))
    sources = tmp_path / "sources.list"
    sources.write_text(f"deb [trusted=yes] file:{mirror} ./\n")
    return CratePackages(tmp_path / "apt", sources=sources)


@needs_apt
def test_the_most_used_crate_comes_first(packages):
    assert packages.by_use() == ["base", "left", "right"]


@needs_apt
def test_crates_are_unpacked_once(packages, tmp_path):
    packages.by_use()
    assert packages.bring(["base", "left"], tmp_path / "crates") == 2
    assert (tmp_path / "crates/base-1.0.0/src/lib.rs").read_text() == rust(4)
    assert packages.bring(["base", "left"], tmp_path / "crates") == 0


@needs_apt
def test_an_unknown_crate_does_not_keep_the_others_away(packages, tmp_path):
    said = []
    packages.by_use()
    assert packages.bring(["base", "no_such", "right"], tmp_path / "crates", said.append) == 2
    assert any("librust-no-such-dev" in str(event) for event in said)
    with pytest.raises(CratesUnavailable, match="No crate"):
        packages.bring(["no_such"], tmp_path / "crates")


@needs_apt
@pytest.mark.parametrize("suite", ["-oX=1", "a b", "../x"])
def test_what_is_no_suite_is_refused(tmp_path, suite):
    with pytest.raises(CratesUnavailable, match="no name of a suite"):
        CratePackages(tmp_path, suite)


def test_missing_programs_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CratesUnavailable, match="apt-get was not found"):
        CratePackages(tmp_path)
