"""The picture of a project's structure: crates and modules, what uses what, and cycles."""
