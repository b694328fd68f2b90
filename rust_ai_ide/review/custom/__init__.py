"""Rules of a project's own: regular expressions and code patterns, read from its settings.

`rules.py` says what such a rule is, `reading.py` reads it, `importing.py` turns those of others and older forms into
it, and `matching.py` finds what it describes.
"""
