"""Pages of projects: the list, the code browser, history and search, and what the palette finds."""
