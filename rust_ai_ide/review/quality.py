"""The quality of whole trees: one score for each, and one for each of the files that weigh most.

A tree's quality depends on its content, our rules and the settings alone, so it is kept in the store under those.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b

from rust_ai_ide.observability.events import Report, ignore
from rust_ai_ide.review.config import ReviewConfig
from rust_ai_ide.review.contained import Workshop, review_tree
from rust_ai_ide.review.reviewing import facts_version
from rust_ai_ide.review.score import finding_weight, quality_score
from rust_ai_ide.source.git import Repository

KIND = "quality"
_WORST = 30


@dataclass(frozen=True, slots=True)
class FileQuality:
    """The quality of a file, and what it weighs in that of the tree."""

    path: str
    score: float
    findings: int
    lines: int
    weight: float


@dataclass(frozen=True, slots=True)
class TreeQuality:
    """The quality of a tree: score, files, lines, findings by severity, and the files that weigh most, worst first."""

    score: float
    files: int
    lines: int
    counts: dict[str, int]
    worst: tuple[FileQuality, ...]


def quality_of(
    repository: Repository, tree: str, config: ReviewConfig, workshop: Workshop, report: Report = ignore
) -> TreeQuality:
    """Return the quality of a tree, from the store where it is known. Every finding counts, however many a file has."""
    known = known_qualities([tree], config, workshop)
    if tree in known:
        return known[tree]
    whole = replace(config, max_comments_per_file=0)
    reviews = list(review_tree(repository, tree, lambda path: True, whole, workshop, report))
    findings = [finding for one in reviews for finding in one.findings]
    files = [
        FileQuality(
            one.path,
            quality_score(one.findings, one.lines),
            len(one.findings),
            one.lines,
            sum(map(finding_weight, one.findings)),
        )
        for one in reviews
        if one.findings
    ]
    lines = sum(one.lines for one in reviews)
    quality = TreeQuality(
        quality_score(findings, lines),
        len(reviews),
        lines,
        dict(Counter(finding.severity.value for finding in findings)),
        tuple(sorted(files, key=lambda file: (-file.weight, file.path))[:_WORST]),
    )
    body = json.dumps(asdict(quality)).encode(errors="replace")
    workshop.store.put_many(KIND, _version(config), {_key(tree): body})
    return quality


def known_qualities(trees: Sequence[str], config: ReviewConfig, workshop: Workshop) -> dict[str, TreeQuality]:
    """Return the qualities of those of the trees that are in the store."""
    bodies = workshop.store.get_many(KIND, _version(config), {_key(tree) for tree in trees})
    return {tree: _read(bodies[_key(tree)]) for tree in trees if _key(tree) in bodies}


def sampled(count: int, most: int) -> list[int]:
    """Return at most `most` places out of `count`, evenly spread, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(number * (count - 1) / (most - 1)) for number in range(most)})


def _read(body: bytes) -> TreeQuality:
    values = json.loads(body)
    return TreeQuality(**{**values, "worst": tuple(FileQuality(**file) for file in values["worst"])})


def _version(config: ReviewConfig) -> str:
    text = json.dumps(asdict(config), sort_keys=True, default=sorted)
    digest = blake2b(text.encode(), digest_size=8).hexdigest()
    return f"{facts_version(config.standard)} {digest}"


def _key(tree: str) -> bytes:
    return bytes.fromhex(tree)
