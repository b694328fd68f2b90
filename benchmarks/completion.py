"""Completion of lines on crates that the shipped model has never seen: the engine, its parts and the baselines.

    python -m benchmarks.completion [MODEL-FOLDER]

The crates are among those that training always keeps back, by their names.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import crates
from rust_ai_ide.cli.evaluate import show
from rust_ai_ide.runtime.library import SHIPPED
from rust_ai_ide.runtime.manifest import read_manifest
from rust_ai_ide.training.corpus import is_held_out
from rust_ai_ide.training.evaluation.completion import Settings, evaluate_completion

CRATES = (
    "async-trait bitstream-io byte-unit bzip2 digest enumflags2 fst generic-array humantime json kstring rustyline sct "
    "sharded-slab similar termion tiny-http vt100"
)
SETTINGS = Settings(seed=1, places=600, lines=60)


def main(folder: Path) -> None:
    """Bring the crates and print the figures."""
    with tempfile.TemporaryDirectory() as place:
        corpus = Path(place) / "unseen crates"
        for name in CRATES.split():
            if not is_held_out(name):
                raise SystemExit(f"{name} is not kept back from training.")
            source = crates.bring(name)
            shutil.copytree(source, corpus / source.name, symlinks=True)
        show(evaluate_completion(folder, read_manifest(folder), corpus, SETTINGS))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED / "starter")
