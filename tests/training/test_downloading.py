"""Bringing a model from a hub: a real HTTP server on this machine that speaks its protocol."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rust_ai_ide.source.addresses import AddressRefused
from rust_ai_ide.training.conversion.downloading import DownloadFailed, download_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = bytes(range(256)) * 100_000
"""More than two of the pieces that the library writes at a time."""


class Hub(ThreadingHTTPServer):
    """Serves `files` of one model at one commit; breaks off once in the middle of the weights if told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {
            "config.json": b"{}",
            "model.safetensors": WEIGHTS,
            "evil.py": b"raise",
            "weights.bin": b"x",
        }
        self.breaks_off = False
        self.asked: list[tuple[str, str]] = []
        self.claims: dict[str, str] = {}
        self.address = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, *, with_body):
        self.server.asked.append((self.path, self.headers.get("Range", "")))
        if self.path.startswith(f"/api/models/me/small/revision/{COMMIT}"):
            self.send(json.dumps(self.listing()).encode(), "application/json", with_body)
        elif self.path.startswith(f"/me/small/resolve/{COMMIT}/"):
            self.file(self.path.rpartition("/")[2], with_body)
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def listing(self):
        siblings = [
            {
                "rfilename": name,
                "size": len(data),
                "lfs": {
                    "size": len(data),
                    "sha256": self.server.claims.get(name, hashlib.sha256(data).hexdigest()),
                    "pointerSize": 100,
                },
            }
            for name, data in self.server.files.items()
        ]
        return {"id": "me/small", "modelId": "me/small", "sha": COMMIT, "siblings": siblings}

    def file(self, name, with_body):
        data = self.server.files[name]
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT}
        if name == "model.safetensors" and with_body and self.server.breaks_off:
            self.server.breaks_off = False
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.send(data[start:], "application/octet-stream", with_body, 206 if start else 200, headers)

    def send(self, body, kind, with_body, status=200, headers=None):
        self.send_response(status)
        for key, value in (
            {"Content-Type": kind, "Content-Length": str(len(body))} | (headers or {})
        ).items():
            self.send_header(key, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def hub():
    server = Hub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def download(hub, into, **changes):
    values = {"repository": "me/small", "revision": COMMIT} | changes
    return download_model(**values, into=into, hub=hub.address, trusted_hosts=["127.0.0.1"])


def test_only_files_that_are_read_come_and_are_whole(hub, tmp_path):
    download(hub, tmp_path / "m")
    brought = {path.name for path in (tmp_path / "m").iterdir() if path.is_file()}
    assert brought == {"config.json", "model.safetensors"}
    assert (tmp_path / "m" / "model.safetensors").read_bytes() == WEIGHTS


def test_a_download_that_broke_off_goes_on(hub, tmp_path):
    hub.breaks_off = True
    download(hub, tmp_path / "m")
    assert (tmp_path / "m" / "model.safetensors").read_bytes() == WEIGHTS
    assert any(span not in {"", "bytes=0-"} for path, span in hub.asked if path.endswith("model.safetensors"))


def test_what_is_not_what_the_hub_says_is_thrown_away(hub, tmp_path):
    hub.claims["model.safetensors"] = "0" * 64
    with pytest.raises(DownloadFailed, match="thrown away"):
        download(hub, tmp_path / "m")
    assert not (tmp_path / "m" / "model.safetensors").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"repository": "../x"}, "owner/name"),
        ({"repository": "small"}, "owner/name"),
        ({"revision": "main"}, "40 hexadecimal"),
        ({"repository": "me/other"}, "no public model"),
    ],
)
def test_what_cannot_be_fetched_is_a_sentence(hub, tmp_path, change, said):
    with pytest.raises(DownloadFailed, match=said):
        download(hub, tmp_path / "m", **change)


def test_a_model_without_safetensors_is_not_fetched(hub, tmp_path):
    del hub.files["model.safetensors"]
    with pytest.raises(DownloadFailed, match="no safetensors"):
        download(hub, tmp_path / "m")
    assert not any("/resolve/" in path for path, _ in hub.asked)


def test_a_private_hub_needs_to_be_trusted(hub, tmp_path):
    with pytest.raises(AddressRefused):
        download_model("me/small", COMMIT, tmp_path / "m", hub=hub.address)
    assert not hub.asked
