"""Measure completions as the editor gets them: bare CTranslate2, the runtime's `/infill`, the workbench's websocket.

    python -m benchmarks.editor [MODEL-FOLDER]

Places are ends of half-written lines of real Rust; those stay at which the model writes the line that is shown. The
three are asked for the same prompt in turn, under a path of its own each time, so that nothing comes from the cache.
The editor shows nothing before two tokens, so two are waited for everywhere.
"""

import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.sockets import Socket
from rust_ai_ide.runtime.files import open_model
from rust_ai_ide.runtime.generating import LoadedModel, LoadOptions
from rust_ai_ide.runtime.library import SHIPPED, register_folder
from rust_ai_ide.runtime.manifest import read_manifest
from rust_ai_ide.runtime.memory import memory_need
from rust_ai_ide.runtime.server.infill import prompt_between
from rust_ai_ide.runtime.weights import read_shapes
from tests.operation.client import Client
from tests.runtime.serving import Runtime, running
from tests.serving import ROOT, Server, serving

SOURCES = ROOT / "docs" / "demo"
BEFORE_SENT, AFTER_SENT = 1200, 400
MOST_TOKENS = 32
MOST_PLACES = 12
ROUNDS = 15
Timing = tuple[float, float]
"""Milliseconds to the second token, and to the end of the line."""


@dataclass(frozen=True)
class Place:
    """A half-written line: what stands before and after the cursor, and the tokens that the model writes."""

    before: str
    after: str
    tokens: int = 0


def candidates() -> Iterator[Place]:
    """Yield the ends of half-written lines."""
    for file in sorted(SOURCES.rglob("*.rs")):
        text = file.read_text(encoding="utf-8")
        at = 0
        for line in text.splitlines(keepends=True):
            half = len(line) - len(line.lstrip()) + len(line.strip()) // 2
            if len(line.strip()) > 20:
                yield Place(text[: at + half], text[at + len(line) - 1 :])
            at += len(line)


def over_socket(socket: Socket, place: Place, path: str) -> tuple[Timing, dict[str, Any]]:
    """Time the workbench's websocket; return its last event, too."""
    message = {"kind": "complete", "id": 1, "path": path, "before": place.before, "after": place.after}
    began = time.perf_counter()
    socket.send(message)
    first = 0.0
    while (event := socket.receive())["kind"] == "text":
        first = first or time.perf_counter() - began
    return (first * 1000, (time.perf_counter() - began) * 1000), event


def over_http(runtime: Runtime, model: str, place: Place, path: str) -> tuple[Timing, int]:
    """Time the runtime's `/infill`; return how many tokens it wrote, too."""
    body = {
        "model": model, "path": path, "input_prefix": place.before[-BEFORE_SENT:], "stream": True,
        "input_suffix": place.after[:AFTER_SENT], "n_predict": MOST_TOKENS, "stop": ["\n"],
    }  # fmt: skip
    began = time.perf_counter()
    marks: list[float] = []
    last = b""
    with urllib.request.urlopen(runtime.request("/infill", body), timeout=60) as answer:
        for line in answer:
            if line.startswith(b"data: {"):
                marks.append(time.perf_counter() - began)
                last = line
    written = int(json.loads(last.removeprefix(b"data: "))["tokens_predicted"])
    return (marks[min(1, len(marks) - 1)] * 1000, marks[-1] * 1000), written


def bare(model: LoadedModel, place: Place, path: str) -> Timing:
    """Time CTranslate2 alone for as many tokens as the line has."""
    before, after = place.before[-BEFORE_SENT:], place.after[:AFTER_SENT]
    prompt, _ = prompt_between(model, path, before, after, room=model.longest_prompt - MOST_TOKENS)
    began = time.perf_counter()
    marks: list[float] = []

    def step(result: object) -> bool:
        marks.append(time.perf_counter() - began)
        return False

    model._generator.generate_batch(
        [prompt],
        max_length=place.tokens,
        min_length=place.tokens,
        include_prompt_in_result=False,
        callback=step,
    )
    return marks[min(1, len(marks) - 1)] * 1000, marks[-1] * 1000


def signed_in(server: Server) -> Socket:
    """Return a socket of the editor."""
    client = Client(server)
    # The page of models makes the shipped one the active one.
    client.get("/models/")
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies)
    return Socket("127.0.0.1", server.port, "/ws/complete/", cookies)


def measure(socket: Socket, runtime: Runtime, model: LoadedModel) -> None:
    """Print the medians of the three, and what lies between them."""
    name = model.manifest.id
    chosen: list[Place] = []
    for number, place in enumerate(candidates()):
        (first, _), last = over_socket(socket, place, f"src/a{number:03}.rs")
        if first and last.get("source") == "model" and last["model"] == name:
            tokens = over_http(runtime, name, place, "src/a.rs")[1]
            chosen.append(Place(place.before, place.after, tokens))
    chosen = chosen[:MOST_PLACES]
    rows: list[tuple[Timing, Timing, Timing]] = []
    for number in range(ROUNDS):
        for which, place in enumerate(chosen):
            path = f"src/m{number:02}{which:02}.rs"
            socketed, _ = over_socket(socket, place, path)
            served, _ = over_http(runtime, name, place, path)
            rows.append((bare(model, place, path), served, socketed))
    print(f"the editor, {len(chosen)} places, {ROUNDS} rounds each, milliseconds (P10, median, P95)")
    print(f"{'':22} {'two tokens':>20} {'the line':>20}")
    for name, part in (("bare CTranslate2", 0), ("runtime, /infill", 1), ("workbench, websocket", 2)):
        print(f"{name:22}", *(shown(spread(rows, part, which)) for which in (0, 1)))
    for name, part in (("/infill over bare", 1), ("websocket over bare", 2)):
        # Quantile by quantile: the noise of two measurements is not that of the same moment.
        over = [
            [
                own - alone
                for own, alone in zip(spread(rows, part, which), spread(rows, 0, which), strict=True)
            ]
            for which in (0, 1)
        ]
        print(f"{name:22}", *map(shown, over))


def spread(rows: list[tuple[Timing, Timing, Timing]], part: int, which: int) -> list[float]:
    """Return a 10th percentile, which other work on the machine hardly touches, a median and a 95th percentile."""
    ordered = sorted(row[part][which] for row in rows)
    return [ordered[len(rows) // 10], statistics.median(ordered), ordered[int(len(rows) * 0.95)]]


def shown(values: list[float]) -> str:
    """Return figures in columns."""
    return " ".join(f"{value:6.1f}" for value in values)


def main(folder: Path) -> None:
    """Print the figures."""
    home = Path(tempfile.mkdtemp())
    os.environ["RUST_AI_IDE_HOME"] = str(home)
    manifest = read_manifest(folder)
    if folder.parent != SHIPPED:
        register_folder(folder, manifest)
    need = memory_need(read_shapes(folder), prompt_length=1000, context_length=1024, compute_type="default")
    model = LoadedModel(open_model(folder, manifest), LoadOptions(), need)
    with (
        running(home, "--model", manifest.id) as runtime,
        serving(home, RUNTIME_URLS=runtime.url, RUNTIME_KEY=runtime.key) as server,
        signed_in(server) as socket,
    ):
        measure(socket, runtime, model)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED / "starter")
