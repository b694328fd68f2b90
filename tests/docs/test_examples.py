"""The Python that docs/api.md shows works and prints what the page says."""

import doctest
import subprocess
import sys

from tests.docs.reading import DOCS, ROOT, blocks, page


def test_the_examples_print_what_the_page_says():
    failures, attempted = doctest.testfile(str(DOCS / "api.md"), module_relative=False, encoding="utf-8")
    assert attempted > 20
    assert failures == 0


def test_the_architecture_of_a_repository(repository):
    (example,) = blocks(page("api.md"), "python")
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=repository.path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("flowchart LR\n")
