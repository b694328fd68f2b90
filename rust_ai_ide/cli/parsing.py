"""A parser of the command line that knows a word which may be left out."""

import argparse
from typing import Any


class Parser(argparse.ArgumentParser):
    """With `usual`, `command PATH` means `command USUAL PATH`, unless one of the `words` or of the help is there."""

    usual = ""
    words: tuple[str, ...] = ()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as the class above does, with the word put in where it was left out."""
        first = args[0] if args else ""
        if self.usual and args is not None and first not in (*self.words, "-h", "--help"):
            args = [self.usual, *args]
        return super().parse_known_args(args, namespace)
