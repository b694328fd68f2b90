"""Small crates of real-looking Rust, all different, made from a seed."""

import random
from pathlib import Path

WORDS = [
    word
    for line in (
        "account batch buffer cache client column cursor delta entry event field frame graph handle index item job key",
        "layer limit line list log map matrix message node offset order packet page parser path peer pool queue range",
        "record region request route row scale segment session shard signal slot socket span stage state store stream",
        "table task ticket token trace tree value vector view window worker zone",
    )
    for word in line.split()
]
SHAPES = (
    "/// Returns the {b} of the {a}.\npub fn {a}_{b}({c}: &[u64]) -> u64 {{\n    let mut {b} = 0;\n"
    "    for {a} in {c} {{\n        {b} += {a} * {n};\n    }}\n    {b}\n}}\n",
    "#[derive(Debug, Clone)]\npub struct {A} {{\n    pub {b}: String,\n    pub {c}: Vec<u32>,\n}}\n\nimpl {A} {{\n"
    "    pub fn {b}(&self) -> usize {{\n        self.{c}.len() + {n}\n    }}\n}}\n",
    "pub fn find_{a}({b}: &str) -> Option<{C}> {{\n    match {b}.parse() {{\n"
    "        Ok({c}) => Some({C}::new({c})),\n        Err(_) => None,\n    }}\n}}\n",
    "impl From<{A}> for {B} {{\n    fn from({c}: {A}) -> Self {{\n        Self::with_{c}({c}.{b}, {n})\n    }}\n}}\n",
)


def rust(seed: int, items: int = 8) -> str:
    """Return a file."""
    chance = random.Random(seed)
    parts = []
    for _ in range(items):
        a, b, c = chance.sample(WORDS, 3)
        n = chance.randrange(100)
        shape = chance.choice(SHAPES)
        parts.append(shape.format(a=a, b=b, c=c, n=n, A=a.title(), B=b.title(), C=c.title()))
    return "\n".join(parts)


def crate(folder: Path, name: str, files: dict[str, str], licence: str = "MIT") -> Path:
    """Write a crate and return its folder."""
    place = folder / f"{name}-1.0.0"
    manifest = f'[package]\nname = "{name}"\nversion = "1.0.0"\nlicense = "{licence}"\n'
    for path, text in {"Cargo.toml": manifest, **files}.items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return place


def crates(folder: Path, count: int = 12, files: int = 4) -> Path:
    """Write several crates and return the folder that holds them."""
    for number in range(count):
        made = {f"src/file_{i}.rs": rust(number * 100 + i) for i in range(files)}
        crate(folder, f"made-{number}", made)
    return folder
