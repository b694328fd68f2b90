"""Rust and TOML source text: parsing, highlighting, outline."""

from rust_ai_ide.source.syntax.languages import language_of

__all__ = ["language_of"]
