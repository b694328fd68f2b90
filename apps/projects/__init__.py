"""Projects: opened repositories, and reading them: files, branches, commits, search.

Start at `models.py`, then `services.py` (open, upload, clone, rename, forget) and `places.py` (which tree a
page shows).
"""
