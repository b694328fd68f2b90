"""Measures the figures of the README. `python -m benchmarks` runs all of it; each module can be run alone."""
