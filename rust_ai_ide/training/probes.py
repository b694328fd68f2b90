"""Ten small cases of completion and infilling: not a measure of quality, but broken training shows in them at once."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """Text around a cursor and how a sensible answer begins; `suffix` None asks to go on with the prefix."""

    prefix: str
    suffix: str | None
    answer: str


PROBES = (
    Probe("pub struct Point {\n    pub x: f64,\n    pub y: ", ",\n}\n", "f64"),
    Probe("pub fn len(&self) -> usize {\n    self.items.", "()\n}\n", "len"),
    Probe('fn main() {\n    let name = "world";\n    println!("Hello, {}", ', ");\n}\n", "name"),
    Probe("impl Default for Config {\n    fn default() -> ", " {\n        Self::new()\n    }\n}\n", "Self"),
    Probe(
        "use std::",
        "::HashMap;\n\nfn count() -> HashMap<String, u32> {\n    HashMap::new()\n}\n",
        "collections",
    ),
    Probe("fn add(left: u32, right: u32) -> u32 {\n    left + ", "\n}\n", "right"),
    Probe("for item in items.iter() {\n    total += ", ";\n}\n", "item"),
    Probe("impl fmt::Display for Error {\n    fn fmt(&self, f: &mut fmt::", None, "Formatter"),
    Probe("match value {\n    Some(value) => value,\n    ", None, "None"),
    Probe("#[cfg(test)]\nmod tests {\n    use super::", None, "*"),
)


def passed(answer: Callable[[Probe], str]) -> list[bool]:
    """Return for each probe whether the answer begins as it should."""
    return [answer(probe).strip().startswith(probe.answer) for probe in PROBES]
