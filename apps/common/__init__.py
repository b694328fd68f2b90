"""The shell every page stands in, sign-in, and the run log: how long work is started, watched, cancelled and recovered.

Start at `models.py` (what a run is), then `services.py` (start, cancel) and `performing.py` (what a worker does).
"""
