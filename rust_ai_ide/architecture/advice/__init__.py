"""Advice: what to do about an architecture, each piece with what in the repository speaks for it.

Start at `recommending.py`; each adviser is a file of its own.
"""
