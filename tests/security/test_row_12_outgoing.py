"""Row 12: addresses that users name never reach this machine or its network, however they get there."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rust_ai_ide.source.addresses import AddressRefused
from rust_ai_ide.source.http import vetted_client, vetted_host

PUBLIC = "93.184.215.14"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.1.1", "0.0.0.0", "::", "::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "fe80::1", "fc00::1", "224.0.0.1"],
)  # fmt: skip
def test_private_addresses_are_refused(host):
    with pytest.raises(AddressRefused):
        vetted_host("https", host, None, ())
    with pytest.raises(AddressRefused):
        vetted_host("https", "name.example", None, (), lambda name, port: [PUBLIC, host])


def test_plain_http_and_other_protocols_are_refused():
    for protocol in ("http", "file", "ftp", "gopher"):
        with pytest.raises(AddressRefused):
            vetted_host(protocol, "name.example", None, (), lambda name, port: [PUBLIC])


class Redirecting(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []
    target = ""

    def do_GET(self):
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away":
            self.send_header("Location", self.target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Redirecting)
    Redirecting.asked.clear()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_redirect_into_the_network_is_refused(server):
    Redirecting.target = "https://169.254.169.254/latest/meta-data/"
    with vetted_client([f"127.0.0.1:{server.server_port}"]) as client, pytest.raises(AddressRefused):
        client.get(f"http://127.0.0.1:{server.server_port}/away")


def test_a_name_that_changes_its_mind_gains_nothing(server):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked = []

    def lookup(name, port):
        asked.append(name)
        return next(answers)

    name = f"name.example:{server.server_port}"
    with vetted_client([name], lookup) as client:
        assert client.get(f"http://{name}/").status_code == 200
    # One lookup decided, and the connection went to what it said, under the host's own name.
    assert asked == ["name.example"]
    assert Redirecting.asked == [("/", name)]


def test_the_environments_proxy_is_not_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with vetted_client(["127.0.0.1"]) as client:
        assert client.get(f"http://127.0.0.1:{server.server_port}/").status_code == 200
