"""Decisions: alternatives weighed by criteria, how firm the result is, and records of what was decided.

Start at `decision.py` for what a decision is, then `ranking.py`; `records.py` keeps them in a repository.
"""
