"""A repository whose configuration runs programs at every turn: none of ours may ever run one."""

import os
from pathlib import Path

import pytest

from rust_ai_ide.source import changes
from rust_ai_ide.source import git as engine
from tests.source.repositories import ENVIRONMENT, TestRepository


class Trap:
    """A hostile repository and the canary that each of its programs would touch."""

    def __init__(self, folder: Path) -> None:
        self.canary = folder / "canary"
        self.program = folder / "program"
        self.program.write_text(f'#!/bin/sh\necho "$0 $@" >> {self.canary}\ncat\n')
        self.program.chmod(0o755)
        self.fetcher = folder / "fetcher"
        self.fetcher.write_text(f'#!/bin/sh\necho "$0 $@" >> {self.canary}\n')
        self.fetcher.chmod(0o755)
        self.made = TestRepository(folder / "hostile")
        self.first = self.made.commit("First", {"a.rs": "fn a() {}\n", "sub/b.rs": "fn b() {}\n"})
        self.made.git("checkout", "--quiet", "-b", "side")
        self.made.commit("Side", {"c.rs": "fn c() {}\n"})
        self.made.git("checkout", "--quiet", "main")
        self.second = self.made.commit("Second", {"a.rs": "fn a2() {}\n", "d.dat": "x"})
        self._sign()
        self._nest()
        self._arm()

    def _sign(self) -> None:
        plain = self.made.git("cat-file", "commit", "HEAD")
        signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n"
        head, _, message = plain.partition("\n\n")
        signed = f"{head}\n{signature}\n{message}\n".encode()
        self.second = self.made.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=signed)
        self.made.git("update-ref", "refs/heads/main", self.second)

    def _arm(self) -> None:
        program = str(self.program)
        for key in (
            "core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.gitProxy", "core.askPass",
            "core.alternateRefsCommand", "credential.helper", "diff.external", "diff.evil.textconv",
            "diff.evil.command", "filter.evil.clean", "filter.evil.smudge", "gpg.program", "gpg.ssh.program",
            "interactive.diffFilter", "pager.log", "pager.grep", "pager.diff", "sequence.editor",
            "uploadpack.packObjectsHook", "log.pager",
        ):  # fmt: skip
            self.made.git("config", key, program)
        self.made.git("config", "filter.evil.process", program)
        self.made.git("config", "filter.evil.required", "true")
        self.made.git("config", "log.showSignature", "true")
        self.made.git("config", "alias.ls-files", f"!{program}")
        self.made.git("config", "submodule.recurse", "true")
        # A partial clone whose missing objects come from a program.
        self.made.git("config", "protocol.ext.allow", "always")
        self.made.git("config", "remote.origin.url", f"ext::{self.fetcher}")
        self.made.git("config", "remote.origin.promisor", "true")
        self.made.git("config", "extensions.partialClone", "origin")
        hooks = self.made.path / ".git" / "hooks"
        hooks.mkdir(exist_ok=True)
        for name in ("post-index-change", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman"):
            (hooks / name).symlink_to(self.program)
        self.made.git("config", "core.hooksPath", str(hooks))
        self.made.write(".gitattributes", "* filter=evil diff=evil\n")
        (self.made.path / ".git" / "info" / "attributes").write_text("* filter=evil diff=evil\n")
        # A file as new as the index: git would read it to compare, through the filter.
        self.made.write("a.rs", "fn a3() {}\n")
        index = (self.made.path / ".git" / "index").stat()
        os.utime(self.made.path / "a.rs", ns=(index.st_mtime_ns, index.st_mtime_ns))
        self.made.write("new.rs", "fn new() {}\n")
        self.canary.unlink(missing_ok=True)

    def _nest(self) -> None:
        nested = TestRepository(self.made.path / "nested")
        inside = nested.commit("Inside", {"x.rs": "x"})
        self.made.git("update-index", "--add", "--cacheinfo", f"160000,{inside},nested")
        nested.git("config", "core.fsmonitor", str(self.program))
        nested.git("config", "filter.evil.clean", str(self.program))
        (nested.path / ".git" / "info" / "attributes").write_text("* filter=evil\n")
        nested.write("x.rs", "y")

    @property
    def sprung(self) -> str:
        return self.canary.read_text() if self.canary.exists() else ""


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["diff", "HEAD"],
        ["diff-files", "-p"],
        ["add", "new.rs"],
        ["update-index", "--refresh"],
        ["cat-file", "-p", "1" * 40],
        ["diff", "--ext-diff", "HEAD~", "HEAD"],
        ["log"],
    ],
)
def test_the_traps_are_live(trap: Trap, command: list[str]) -> None:
    trap.made.git(*command, check=False, GIT_ALLOW_PROTOCOL="ext")
    assert trap.sprung


def test_nothing_runs_whatever_is_asked(trap: Trap, tmp_path: Path) -> None:
    repository = engine.open_repository(trap.made.path, tmp_path / "objects")
    base, tip = engine.tree_of(repository, "HEAD~"), engine.tree_of(repository, "HEAD")
    assert engine.head(repository) == trap.second
    assert engine.merge_base(repository, "main", "side") == trap.first
    assert len(engine.branches(repository)) == 2
    assert len(engine.commits(repository, "main")) == 2
    assert len(engine.commits(repository, "main", path="a.rs")) == 2
    assert len(engine.commits_between(repository, "side", "main")) == 1
    work = engine.snapshot_work_tree(repository)
    engine.snapshot_index(repository)
    assert "new.rs" in engine.work_files(repository)
    for tree in (base, tip, work):
        files = engine.list_files(repository, tree)
        assert list(engine.read_blobs(repository, [entry.blob for entry in files if entry.is_file]))
        engine.list_folder(repository, tree, "sub")
        engine.entry_at(repository, tree, "a.rs")
        engine.search_names(repository, tree, "a")
        assert engine.search_text(repository, tree, "fn").matches
        engine.search_text(repository, tree, "f.", regex=True)
    for before, after in ((base, tip), (tip, work)):
        found = changes.changed_files(repository, before, after)
        for file in found:
            changes.diff_hunks(repository, file)
            changes.changed_lines(repository, file)
        assert any(hunks for _, hunks in changes.hunks_of_all(repository, before, after))
    with pytest.raises(engine.ObjectMissing):
        engine.read_blob(repository, "1" * 40)
    assert trap.sprung == ""
    assert engine.read_blob(repository, engine.entry_at(repository, work, "a.rs").blob) == b"fn a3() {}\n"


def test_a_bare_repository_inside_a_work_tree_is_not_taken_for_it(tmp_path: Path) -> None:
    made = TestRepository(tmp_path / "outer")
    name = made.commit("Outer", {"a.rs": "a"})
    inner = made.path / "inner"
    (inner / "src").mkdir(parents=True)
    made.git("init", "--quiet", "--bare", str(inner))
    assert engine.head(engine.open_repository(inner / "src")) == name
    assert engine.open_repository(inner).git_dir == inner


def test_the_callers_environment_has_no_say(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_PROXY_COMMAND", "GIT_PAGER", "GIT_ASKPASS"):
        monkeypatch.setenv(name, str(trap.program))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nonexistent/index")
    monkeypatch.setenv("GIT_TRACE", str(trap.canary))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.fsmonitor={trap.program}'")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext")
    repository = engine.open_repository(trap.made.path)
    engine.snapshot_work_tree(repository)
    with pytest.raises(engine.ObjectMissing):
        engine.read_blob(repository, "2" * 40)
    assert trap.sprung == ""


def test_a_git_program_in_the_repository_is_not_ours(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = trap.made.path / "git"
    fake.symlink_to(trap.program)
    monkeypatch.chdir(trap.made.path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{ENVIRONMENT['PATH']}")
    engine.snapshot_work_tree(engine.open_repository(trap.made.path))
    assert trap.sprung == ""
