"""Measures of size and complexity: of files, and of the functions, impls and traits in them."""
