"""A weighed decision as text, as JSON, and as a record in Markdown."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rust_ai_ide.architecture.decisions.decision import Decision, DecisionInvalid
from rust_ai_ide.architecture.decisions.ranking import Method, Ranked, rank
from rust_ai_ide.architecture.decisions.records import head_of_record
from rust_ai_ide.architecture.decisions.sensitivity import WeightRange, shares_first, weight_ranges
from rust_ai_ide.architecture.decisions.tree import Leaf, Question, decision_tree
from rust_ai_ide.observability.markdown import markdown_text


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision with everything that was worked out about it. `ranges` hold for the weighted sum."""

    decision: Decision
    method: Method
    ranking: tuple[Ranked, ...]
    shares: dict[str, float]
    ranges: tuple[WeightRange, ...]
    tree: Question | Leaf | None

    @property
    def firsts(self) -> tuple[str, ...]:
        """What comes first; several where they are equal."""
        return tuple(one.alternative.name for one in self.ranking if one.rank == 1)


def weigh(decision: Decision, method: Method = Method.WEIGHTED_SUM) -> Weighed:
    """Rank the alternatives, and work out how firm that is. There is a tree where criteria have levels."""
    return Weighed(
        decision,
        method,
        rank(decision, method),
        shares_first(decision, method),
        weight_ranges(decision) if method is Method.WEIGHTED_SUM else (),
        decision_tree(decision) if any(one.levels for one in decision.criteria) else None,
    )


def to_text(weighed: Weighed) -> str:
    """Return the ranking and what would change it, for a terminal."""
    return "\n".join([*_text_lines(weighed), ""])


def to_json(weighed: Weighed) -> str:
    """Return everything as JSON."""
    document = {
        "title": weighed.decision.title,
        "method": weighed.method.value,
        "ranking": [
            {
                "rank": one.rank,
                "alternative": one.alternative.name,
                "score": round(one.score, 6),
                "first_in_share_of_weights": round(weighed.shares[one.alternative.name], 4),
                "pros": one.alternative.pros,
                "cons": one.alternative.cons,
            }
            for one in weighed.ranking
        ],
        "sensitivity": [
            {
                "criterion": one.criterion,
                "weight": round(one.weight, 6),
                "from": round(one.least, 6),
                "to": round(one.most, 6),
                "first_below": one.below or None,
                "first_above": one.above or None,
            }
            for one in weighed.ranges
        ],
        "tree": _tree_of(weighed.tree) if weighed.tree else None,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _tree_of(tree: Question | Leaf) -> dict[str, object]:
    if isinstance(tree, Leaf):
        return {"best": tree.names}
    answers = [{"levels": levels, "then": _tree_of(below)} for levels, below in tree.answers]
    return {"criterion": tree.criterion, "answers": answers}


def _text_lines(weighed: Weighed) -> Iterator[str]:
    yield weighed.decision.title
    yield ""
    width = max(len(one.alternative.name) for one in weighed.ranking)
    for one in weighed.ranking:
        share = weighed.shares[one.alternative.name]
        yield (
            f"{one.rank:>2}. {one.alternative.name:<{width}}  {one.score:.3f}  "
            f"first by {share:.0%} of all weights"
        )
    if weighed.ranges:
        yield ""
        yield from map(range_sentence, weighed.ranges)
    if weighed.tree:
        yield ""
        yield from tree_lines(weighed.tree)


def range_sentence(one: WeightRange) -> str:
    """Say how far the weight of a criterion can go."""
    start = f"{one.criterion} ({one.weight:.0%}):"
    ends = []
    if one.below:
        ends.append(f"below {one.least:.0%} {one.below} comes first")
    if one.above:
        ends.append(f"above {one.most:.0%} {one.above} comes first")
    return f"{start} {', '.join(ends)}." if ends else f"{start} no weight of it changes what comes first."


def tree_lines(tree: Question | Leaf, indent: str = "") -> Iterator[str]:
    """Yield a tree of questions as lines, what follows from an answer indented below it."""
    if isinstance(tree, Leaf):
        yield f"{indent}→ {' or '.join(tree.names)}"
        return
    for levels, below in tree.answers:
        asked = f"{indent}{tree.criterion}: {' or '.join(levels)}"
        if isinstance(below, Leaf):
            yield f"{asked} → {' or '.join(below.names)}"
        else:
            yield asked
            yield from tree_lines(below, f"{indent}  ")


def to_record(
    weighed: Weighed,
    *,
    made: date,
    status: str = "proposed",
    deciders: tuple[str, ...] = (),
    chosen: str = "",
    because: str = "",
) -> str:
    """Return a record in the form of MADR 4. What was `chosen` is the first of the ranking, unless said.

    Raises DecisionInvalid where that is no alternative.
    """
    choice = chosen or weighed.firsts[0]
    if choice not in weighed.shares:
        raise DecisionInvalid(f"There is no alternative “{choice}”; there are {', '.join(weighed.shares)}.")
    lines = _record_lines(weighed, choice, because)
    return head_of_record(status, made, deciders) + "\n".join(["", *lines, ""])


def _record_lines(weighed: Weighed, choice: str, because: str) -> Iterator[str]:
    decision = weighed.decision
    yield f"# {markdown_text(decision.title)}"
    yield from ("", "## Context and Problem Statement", "")
    context = decision.context or f"What is to be done: {decision.title}?"
    yield "\n\n".join(map(markdown_text, re.split(r"\n\s*\n", context)))
    yield from ("", "## Decision Drivers", "")
    for driver in decision.drivers:
        yield f"* {markdown_text(driver)}"
    for criterion, weight in zip(decision.criteria, decision.weights, strict=True):
        yield f"* {markdown_text(criterion.name)} ({weight:.0%})"
    yield from ("", "## Considered Options", "")
    for alternative in decision.alternatives:
        yield f"* {markdown_text(alternative.name)}"
    yield from ("", "## Decision Outcome", "")
    yield f"Chosen option: “{markdown_text(choice)}”, because {_reason(weighed, choice, because)}"
    yield from ("", "### Consequences", "")
    picked = next(one for one in decision.alternatives if one.name == choice)
    yield from _pros_and_cons(picked.pros, picked.cons)
    yield from ("", "## Pros and Cons of the Options")
    for alternative in decision.alternatives:
        yield from ("", f"### {markdown_text(alternative.name)}", "")
        yield from _pros_and_cons(alternative.pros, alternative.cons)
    yield from ("", "## More Information", "")
    yield from _matrix(weighed)
    if weighed.ranges:
        yield ""
        for one in weighed.ranges:
            yield f"* {markdown_text(range_sentence(one))}"
    if weighed.tree:
        yield from ("", "What is best by how much is asked for:", "", "```text")
        yield from (line.replace("```", "'''") for line in tree_lines(weighed.tree))
        yield "```"


def _reason(weighed: Weighed, choice: str, because: str) -> str:
    if because:
        return markdown_text(because)
    one = next(one for one in weighed.ranking if one.alternative.name == choice)
    how = "TOPSIS" if weighed.method is Method.TOPSIS else "the weighted sum"
    return (
        f"it comes {'first' if one.rank == 1 else f'as number {one.rank}'} by {how} ({one.score:.2f}), and first by "
        f"{weighed.shares[choice]:.0%} of all possible weights."
    )


def _pros_and_cons(pros: tuple[str, ...], cons: tuple[str, ...]) -> Iterator[str]:
    for pro in pros:
        yield f"* Good, because {markdown_text(pro)}"
    for con in cons:
        yield f"* Bad, because {markdown_text(con)}"
    if not pros and not cons:
        yield "* Neutral: nothing was noted."


def _matrix(weighed: Weighed) -> Iterator[str]:
    criteria = weighed.decision.criteria
    heads = [markdown_text(one.name) for one in criteria]
    yield f"| Option | {' | '.join(heads)} | Score | First by |"
    yield f"|---|{'---:|' * (len(heads) + 2)}"
    for one in weighed.ranking:
        ratings = [f"{one.alternative.ratings[criterion.name]:g}" for criterion in criteria]
        share = weighed.shares[one.alternative.name]
        yield f"| {markdown_text(one.alternative.name)} | {' | '.join(ratings)} | {one.score:.3f} | {share:.0%} |"
