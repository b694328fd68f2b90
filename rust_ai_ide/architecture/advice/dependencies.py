"""Advice about crates from outside: what is not maintained any more, and what is there twice."""

from collections import defaultdict
from collections.abc import Iterator

from rust_ai_ide.architecture.advice.model import (
    BETTER_CODE,
    FASTER,
    Asked,
    Evidence,
    Kind,
    Level,
    Recommendation,
    Surroundings,
    effort,
)
from rust_ai_ide.architecture.graph import Edge

_MOST_EVIDENCE = 8
# What the RustSec advisory database says is unmaintained or renamed, and what people use in its place.
_UNMAINTAINED = {
    "aes_soft": ("aes", "RUSTSEC-2021-0060"),
    "ansi_term": ("anstyle", "RUSTSEC-2021-0139"),
    "atty": ("std::io::IsTerminal", "RUSTSEC-2024-0375"),
    "boxfnonce": ("Box<dyn FnOnce>", "RUSTSEC-2019-0040"),
    "cpuid_bool": ("cpufeatures", "RUSTSEC-2021-0064"),
    "derivative": ("derive-where", "RUSTSEC-2024-0388"),
    "difference": ("similar", "RUSTSEC-2020-0095"),
    "dotenv": ("dotenvy", "RUSTSEC-2021-0141"),
    "encoding": ("encoding_rs", "RUSTSEC-2021-0153"),
    "failure": ("thiserror and anyhow", "RUSTSEC-2020-0036"),
    "instant": ("web-time", "RUSTSEC-2024-0384"),
    "json": ("serde_json", "RUSTSEC-2022-0081"),
    "mach": ("mach2", "RUSTSEC-2020-0168"),
    "memmap": ("memmap2", "RUSTSEC-2020-0077"),
    "net2": ("socket2", "RUSTSEC-2020-0016"),
    "parity_wasm": ("wasmparser", "RUSTSEC-2022-0061"),
    "proc_macro_error": ("proc-macro-error2", "RUSTSEC-2024-0370"),
    "rental": ("ouroboros", "RUSTSEC-2021-0134"),
    "rust_crypto": ("the crates of RustCrypto", "RUSTSEC-2016-0005"),
    "rusttype": ("ab_glyph", "RUSTSEC-2021-0140"),
    "serde_cbor": ("ciborium", "RUSTSEC-2021-0127"),
    "stdweb": ("web-sys", "RUSTSEC-2020-0056"),
    "tempdir": ("tempfile", "RUSTSEC-2018-0017"),
    "term_size": ("terminal_size", "RUSTSEC-2020-0163"),
    "tui": ("ratatui", "RUSTSEC-2023-0049"),
    "twoway": ("memchr", "RUSTSEC-2021-0146"),
    "users": ("uzers", "RUSTSEC-2023-0040"),
    "wee_alloc": ("the usual allocator", "RUSTSEC-2022-0054"),
    "yaml_rust": ("yaml-rust2", "RUSTSEC-2024-0320"),
}
_JOBS = {
    "asynchronous runtimes": frozenset({"tokio", "async_std", "smol", "glommio", "monoio"}),
    "HTTP clients": frozenset({"reqwest", "ureq", "isahc", "surf", "attohttpc", "minreq", "curl"}),
    "web frameworks": frozenset({"actix_web", "axum", "rocket", "warp", "tide", "poem", "salvo"}),
    "libraries for dates and times": frozenset({"chrono", "time", "jiff"}),
    "parsers of the command line": frozenset({"clap", "structopt", "argh", "pico_args", "lexopt", "gumdrop"}),
    "implementations of TLS": frozenset({"rustls", "native_tls", "openssl"}),
    "readers of JSON": frozenset({"serde_json", "json", "simd_json", "sonic_rs"}),
    "ways to carry errors": frozenset({"anyhow", "eyre", "failure"}),
    "ways to declare errors": frozenset({"thiserror", "snafu", "quick_error"}),
}


def advise_on_dependencies(around: Surroundings, asked: Asked) -> Iterator[Recommendation]:
    """Recommend to replace crates that nobody maintains, and to do one job with one crate."""
    edges: dict[str, list[Edge]] = defaultdict(list)
    for edge in around.structure.model.crate_graph.edges:
        if not edge.is_test:
            edges[edge.target].append(edge)
    for name, (instead, advisory) in _UNMAINTAINED.items():
        if name in edges:
            yield _replace(name, edges[name], instead, advisory)
    for job, crates in _JOBS.items():
        used = {name: edges[name] for name in sorted(crates) if _is_used(edges.get(name, []))}
        if len(used) > 1:
            yield _choose(job, used)
    known = {name.replace("-", "_") for name in edges}
    for technology in asked.technologies:
        if technology.lower().replace("-", "_") not in known and not _is_behind(technology, known):
            yield _not_there(technology)


def _is_used(edges: list[Edge]) -> bool:
    """Tell whether code uses a crate where no feature chooses it."""
    return any(edge.kind != "manifest" and edge.certainty != "cfg-unknown" for edge in edges)


_DRIVERS = {
    "postgres": {"postgres", "tokio_postgres", "diesel", "sqlx", "sea_orm", "deadpool_postgres"},
    "postgresql": {"postgres", "tokio_postgres", "diesel", "sqlx", "sea_orm", "deadpool_postgres"},
    "mysql": {"mysql", "mysql_async", "diesel", "sqlx", "sea_orm"},
    "sqlite": {"rusqlite", "sqlite", "diesel", "sqlx", "sea_orm"},
    "redis": {"redis", "fred", "deadpool_redis"},
    "kafka": {"rdkafka", "kafka"},
    "mongodb": {"mongodb"},
}


def _is_behind(technology: str, crates: set[str]) -> bool:
    return not crates.isdisjoint(_DRIVERS.get(technology.lower(), ()))


def _evidence(edges: list[Edge]) -> tuple[Evidence, ...]:
    told = [(f"{edge.source} uses {edge.target}.", place) for edge in edges for place in edge.places]
    return tuple(told[:_MOST_EVIDENCE])


def _replace(name: str, edges: list[Edge], instead: str, advisory: str) -> Recommendation:
    places = sum(edge.count for edge in edges)
    return Recommendation(
        Kind.TECHNOLOGY,
        f"Replace {name}, which is not maintained",
        f"Use {instead}. The advisory {advisory} says more.",
        _evidence(edges),
        0.9,
        effort(places),
        f"{places} places, the manifests among them",
        Level.MEDIUM,
        "The interface is another one.",
        (BETTER_CODE,),
    )


def _choose(job: str, used: dict[str, list[Edge]]) -> Recommendation:
    counts = {name: sum(edge.count for edge in edges) for name, edges in used.items()}
    kept = max(counts, key=lambda name: counts[name])
    places = sum(count for name, count in counts.items() if name != kept)
    one_of_each = []
    for name, edges in used.items():
        place = edges[0].places[0] if edges[0].places else None
        one_of_each.append((f"{edges[0].source} uses {name}, {counts[name]} times in all.", place))
    return Recommendation(
        Kind.TECHNOLOGY,
        f"Choose one of {len(used)} {job}: {', '.join(used)}",
        f"Keep {kept}, which is used most, unless the others do what it cannot.",
        tuple(one_of_each),
        0.6,
        effort(places),
        f"{places} places",
        Level.MEDIUM,
        "They differ in what they do at the edges.",
        (FASTER, BETTER_CODE),
    )


def _not_there(technology: str) -> Recommendation:
    return Recommendation(
        Kind.TECHNOLOGY,
        f"Look again whether {technology} is part of this",
        "It is said to be used, and no manifest depends on it.",
        (
            (
                f"No crate of the project depends on {technology}, or on a client for it that is known here.",
                None,
            ),
        ),
        0.6,
        Level.LOW,
        "none",
        Level.LOW,
        "It is a question, not a change.",
        (),
    )
