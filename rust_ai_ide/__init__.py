"""The engine of Rust AI IDE and the `rust-ai-ide` command.

Plain typed Python that knows nothing of the web: `source` reads repositories, `review` judges Rust code,
`architecture` draws it, `cli` is the command. Start reading at `cli/main.py`.
"""

__version__ = "0.1.0"
