"""Completions: what proposes them, what they must pass, and those that were made already.

`copying` and `identifiers` propose from the text itself, `gates` refuses and trims, `cache` finds completions again.
"""
