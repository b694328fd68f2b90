"""The `rust-ai-ide` command. Start at `main.py`; each subcommand is a module that loads what it needs when it runs."""
