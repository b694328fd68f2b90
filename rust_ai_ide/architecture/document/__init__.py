"""The architecture document: generated parts between marks, among whatever people write around them.

Start at `sections.py` for what is generated, then `keeping.py` for how what people wrote is kept.
"""
