"""Measure reviews beside Semgrep with its own rules for Rust, in one run on the same files.

    python -m venv /tmp/semgrep && /tmp/semgrep/bin/pip install semgrep
    git clone --depth 1 https://github.com/semgrep/semgrep-rules /tmp/semgrep-rules
    python -m benchmarks.review_peers --semgrep /tmp/semgrep/bin/semgrep --rules /tmp/semgrep-rules/rust

Ours runs with every rule on. Each round runs both, one after the other; the best is printed, with the most
memory that all processes of each held together. `--folder` is what is reviewed instead of tokio.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import crates

REPOSITORY = Path(__file__).resolve().parents[1]
OURS = str(Path(sys.executable).with_name("rust-ai-ide"))
STAGED = 5
_LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Measured:
    """Seconds, and the most bytes that all processes of a command held together."""

    seconds: float
    memory: int


def run(command: list[str], folder: Path, home: str) -> Measured:
    """Run a command to its end."""
    environment = {**os.environ, "RUST_AI_IDE_HOME": home, "PYTHONPATH": str(REPOSITORY), "HOME": home}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    most = 0
    while process.poll() is None:
        most = max(most, held(process.pid))
        time.sleep(_LOOK_SECONDS)
    seconds = time.perf_counter() - start
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Measured(seconds, most)


def held(pid: int) -> int:
    """Return the bytes that a process and what it started hold."""
    total = 0
    try:
        for process in (root := psutil.Process(pid), *root.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        return total
    return total


def staged(folder: Path) -> list[str]:
    """Make a repository of a folder, stage a changed line in each of five of its files, and return their paths."""

    def git(*arguments: str) -> None:
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "Begin")
    files = sorted(folder.rglob("src/**/*.rs"), key=lambda file: -file.stat().st_size)[:STAGED]
    for file in files:
        file.write_text(file.read_text() + "\nfn changed() -> u8 { return 1; }\n")
    git("add", ".")
    return [str(file.relative_to(folder)) for file in files]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--semgrep", required=True)
    parser.add_argument("--rules", required=True)
    parser.add_argument("--folder")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    source = Path(arguments.folder) if arguments.folder else crates.bring("tokio")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "code"
        shutil.copytree(source, folder)
        size = sum(file.stat().st_size for file in folder.rglob("*.rs")) / 1e6
        print(
            f"{source.name}: {len(list(folder.rglob('*.rs')))} files, {size:.2f} MB, best of {arguments.rounds}"
        )
        ours = [OURS, "review", "--profile", "thorough", "--fail-on", "critical", "--output", "/dev/null"]
        theirs = [arguments.semgrep, "scan", "--config", arguments.rules, "--metrics", "off", "--quiet"]
        theirs += ["--disable-version-check", "--no-git-ignore"]
        changed = staged(folder)
        for name, first, second in (
            ("whole project, first run", [*ours, "--no-cache", "--project", "."], [*theirs, "."]),
            ("whole project, again", [*ours, "--project", "."], [*theirs, "."]),
            (f"{STAGED} staged files", [*ours, "--no-cache", "--staged"], [*theirs, *changed]),
        ):
            compare(name, first, second, folder, arguments.rounds)


def compare(name: str, ours: list[str], theirs: list[str], folder: Path, rounds: int) -> None:
    """Print what both take, and how many times more the other does."""
    with tempfile.TemporaryDirectory() as home:
        if "--no-cache" not in ours:
            run(ours, folder, home)
        pairs = [(run(ours, folder, home), run(theirs, folder, home)) for _ in range(rounds)]
    mine, other = (min(pair[side].seconds for pair in pairs) for side in (0, 1))
    held_by_mine, held_by_other = (max(pair[side].memory for pair in pairs) / 1e6 for side in (0, 1))
    print(
        f"  {name:26} {mine:6.2f} s {held_by_mine:5.0f} MB   Semgrep {other:6.2f} s {held_by_other:5.0f} MB"
        f"   {other / mine:5.1f} times as long"
    )


if __name__ == "__main__":
    main()
