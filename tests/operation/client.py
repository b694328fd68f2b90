"""A signed-in client for a real workbench, over plain HTTP."""

import json
import re
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import Any

from tests.serving import Server


class Client:
    """Signs in by a one-time link and then reads pages and sends forms as a browser would."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        link = server.sign_in_url()
        page = self.opener.open(link, timeout=20).read().decode()
        self.post(link.removeprefix(server.url), {"csrfmiddlewaretoken": _token(page)})

    def get(self, path: str) -> str:
        return self.opener.open(self.server.url + path, timeout=60).read().decode()

    def post(self, path: str, values: dict[str, str]) -> str:
        """Send a form; return the address it led to."""
        return self.send(path, values)[0]

    def send(self, path: str, values: dict[str, str]) -> tuple[str, str]:
        """Send a form; return the address it led to and the page there."""
        csrf = next((cookie.value or "" for cookie in self.cookies if cookie.name == "rust-ai-ide-csrf"), "")
        body = urllib.parse.urlencode(values).encode()
        request = urllib.request.Request(self.server.url + path, body, {"X-CSRFToken": csrf})
        answer = self.opener.open(request, timeout=60)
        return answer.url.removeprefix(self.server.url), answer.read().decode()

    def json(self, path: str) -> Any:
        return json.loads(self.get(path))

    def open_project(self, path: object) -> str:
        return self.post("/projects/open/", {"path": str(path)})

    def review_state(self, address: str, wanted: str, seconds: float = 60) -> dict[str, Any]:
        """Wait until a review is in a state, and return it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            review: dict[str, Any] = self.json(f"/api{address}")
            if review["state"] == wanted:
                return review
            time.sleep(0.1)
        raise AssertionError(
            f"still {review['state']}: {review['error']}\n{self.server.log.read_text()[-2000:]}"
        )


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page
    return found[1]
