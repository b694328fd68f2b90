"""Reviews: what to compare, its findings, and the page where a person reads the change and talks about it.

Start at `models.py`, then `services.py` (start a review) and `diff_page.py` (what the diff page shows).
"""
