"""How a Rust project is built up: crates, modules, who uses whom, and in which circles."""
