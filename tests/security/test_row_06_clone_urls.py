import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from rust_ai_ide.observability.events import Cancelled, Event, Warned
from rust_ai_ide.source.addresses import AddressRefused, is_public, vet_address
from rust_ai_ide.source.git import branches, cloning, commits, resolve
from rust_ai_ide.source.git.cloning import CloneFailed, clone_repository
from tests.source.repositories import TestRepository

PUBLIC = ("140.82.121.3",)


def public(host: str, port: int) -> tuple[str, ...]:
    return PUBLIC


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% /tmp/canary",
        "ext::https://github.com/a/b",
        "-u./payload",
        "--upload-pack=touch canary",
        "https://github.com/a/b\n--upload-pack=x",
        "https://github.com/a/b\r",
        "https://github.com/$HOME/b",
        "file:///etc",
        "/etc",
        "../repository",
        "git://github.com/a/b",
        "fd::17",
        "ssh://-oProxyCommand=touch@x/y",
        "ssh://-oProxyCommand=touch/y",
        "git@-oProxyCommand=touch:y",
        "-oProxyCommand=x@host:y",
        "git@host:-x",
        "git@host:--upload-pack=x",
        "git@github.com:a/../../b",
        "https://github.com/a/../b",
        "https://github.com\\@evil.com/a",
        "https://github.com/a b",
        "https://github.com/a?b=c",
        "https://github.com/a#b",
        "https://githüb.com/a",
        "https://",
        "https://:80/a",
        "https://host:99999/a",
        "https:///a",
        "http://github.com/a/b",
        "",
        "x" * 3000,
    ],
)
def test_addresses_that_are_no_address_of_a_repository_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        vet_address(url, lookup=public)


@pytest.mark.parametrize(
    ("url", "vetted"),
    [
        ("https://github.com/rust-lang/regex.git", "https://github.com/rust-lang/regex.git"),
        ("https://github.com:8443/a/b", "https://github.com:8443/a/b"),
        ("git@github.com:a/b.git", "ssh://git@github.com/~/a/b.git"),
        ("git@github.com:/a/b.git", "ssh://git@github.com/a/b.git"),
        ("ssh://git@github.com:2222/a/b.git", "ssh://git@github.com:2222/a/b.git"),
    ],
)
def test_ordinary_addresses_pass(url: str, vetted: str) -> None:
    found = vet_address(url, lookup=public)
    assert found.url == vetted
    assert found.pinned == PUBLIC
    assert not found.had_secret


def test_secrets_are_taken_out() -> None:
    for url in ("https://me:secret@github.com/a/b", "https://secret@github.com/a/b"):
        found = vet_address(url, lookup=public)
        assert found.had_secret
        assert "secret" not in found.url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "::", "::1", "::ffff:127.0.0.1", "fe80::1", "fd00::1", "64:ff9b::7f00:1",
        "64:ff9b:1::1", "2002:7f00:1::", "2001:0:1::1",
    ],
)  # fmt: skip
def test_hosts_inside_are_refused_unless_trusted(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused, match="not a public address"):
        vet_address("https://host.example/a", lookup=lambda host, port: PUBLIC + (address,))
    assert vet_address("http://host.example/a", ["host.example"], lambda host, port: [address]).pinned
    assert vet_address("http://host.example/a", ["host.example:80"], lambda host, port: [address]).pinned


def test_disguised_addresses_are_looked_up_before_they_are_judged() -> None:
    for host in ("2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "localhost"):
        with pytest.raises(AddressRefused):
            vet_address(f"https://{host}/a")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    made = TestRepository(tmp_path / "made")
    made.commit("First", {"a.rs": "fn a() {}\n"})
    made.git("clone", "--quiet", "--bare", str(made.path), str(tmp_path / "www/a.git"))
    made.git("--git-dir", str(tmp_path / "www/a.git"), "update-server-info")
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            if self.path.startswith("/moved.git"):
                self.send_response(302)
                self.send_header("Location", self.path.replace("moved", "a"))
                self.end_headers()
                return
            super().do_GET()

        def log_message(self, *arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=tmp_path / "www"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://clone.test:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    def vet(url: str, trusted: object) -> object:
        return vet_address(url, ["clone.test"], lambda host, port: ["127.0.0.1"])

    monkeypatch.setattr(cloning, "vet_address", vet)


@pytest.mark.usefixtures("named")
def test_a_clone_connects_to_the_vetted_address_whatever_the_name_says_now(
    served: tuple[str, list[str]], tmp_path: Path
) -> None:
    # clone.test has no address at all: only the pinned one can have been used.
    events: list[Event] = []
    url = served[0].replace("//", "//me:secret@")
    repository = clone_repository(f"{url}/a.git", tmp_path / "clone", report=events.append)
    assert repository.is_bare
    assert [branch.name for branch in branches(repository)] == ["main"]
    assert commits(repository, "main")[0].subject == "First"
    assert resolve(repository, "main")
    assert not list((tmp_path / "clone" / "hooks").glob("*"))
    assert "secret" not in (tmp_path / "clone" / "config").read_text()
    assert any(isinstance(event, Warned) for event in events)


@pytest.mark.usefixtures("named")
def test_redirects_are_not_followed(served: tuple[str, list[str]], tmp_path: Path) -> None:
    with pytest.raises(CloneFailed, match="redirects"):
        clone_repository(f"{served[0]}/moved.git", tmp_path / "clone")
    assert not any(path.startswith("/a.git") for path in served[1])


@pytest.mark.usefixtures("named")
def test_failure_and_cancelling_leave_nothing_behind(served: tuple[str, list[str]], tmp_path: Path) -> None:
    def cancel(event: Event) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(CloneFailed, match="no repository at this address"):
        clone_repository(f"{served[0]}/missing.git", tmp_path / "clone")
    with pytest.raises(Cancelled):
        clone_repository(f"{served[0]}/a.git", tmp_path / "clone", report=cancel)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made", "www"]


@pytest.mark.usefixtures("named")
def test_a_clone_that_grows_too_large_is_stopped(served: tuple[str, list[str]], tmp_path: Path) -> None:
    with pytest.raises(CloneFailed, match="larger"):
        clone_repository(f"{served[0]}/a.git", tmp_path / "clone", largest=1)
    assert not (tmp_path / "clone.partial").exists()


def test_ssh_gets_the_vetted_host_and_no_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    said = tmp_path / "said"
    (programs / "ssh").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {said}\nexit 1\n')
    (programs / "ssh").chmod(0o755)
    git = shutil.which("git")
    assert git
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(cloning, "vet_address", lambda url, trusted: vet_address(url, lookup=public))
    with pytest.raises(CloneFailed):
        clone_repository("git@github.com:a/b.git", tmp_path / "clone")
    words = said.read_text().splitlines()
    assert f"-oHostName={PUBLIC[0]}" in words
    assert "-oHostKeyAlias=github.com" in words
    assert "-oBatchMode=yes" in words
