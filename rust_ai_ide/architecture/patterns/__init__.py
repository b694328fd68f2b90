"""Patterns and anti-patterns of architecture: what was found, how sure that is, and what tells it."""
