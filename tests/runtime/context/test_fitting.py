"""What is sent is the most relevant that fits, each thing once."""

from rust_ai_ide.runtime.context.fitting import Candidate, fit
from rust_ai_ide.runtime.context.pieces import Piece, Reason, Why


def candidate(
    name: str, score: float, size: int, within: tuple[int, ...] = (), shorter: str = ""
) -> Candidate:
    text = " ".join([name] * size)
    piece = Piece("a.rs", (1, 1), "fn", name, "", text, size, score, (Reason.USED,))
    return Candidate(piece, shorter, (0, 1), within)


def count_words(text: str) -> int:
    return len(text.split())


def test_what_does_not_fit_is_passed_over_for_what_does():
    context = fit([candidate("wide", 1.0, 50), candidate("slim", 0.5, 5)], 10, count_words, 55)
    assert [piece.name for piece in context.sent] == ["slim"]
    assert [(one.piece.name, one.why) for one in context.dropped] == [("wide", Why.OVER_BUDGET)]
    assert context.relevance_kept == 0.5 / 1.5


def test_what_does_not_fit_with_its_documentation_is_sent_without():
    context = fit([candidate("wide", 1.0, 50, shorter="fn wide();")], 10, count_words, 50)
    assert [piece.text for piece in context.sent] == ["fn wide();"]


def test_the_budget_pays_for_the_lines_around_a_piece():
    assert fit([candidate("exact", 1.0, 8)], 10, count_words, 8).sent
    assert not fit([candidate("exact", 1.0, 8)], 9, count_words, 8).sent


def test_a_member_gives_way_to_its_trait_that_comes_later():
    context = fit([candidate("member", 1.0, 2, within=(1,)), candidate("whole", 0.9, 4)], 20, count_words, 6)
    assert [piece.name for piece in context.sent] == ["whole"]
    assert [(one.piece.name, one.why) for one in context.dropped] == [("member", Why.CONTAINED)]
    assert context.relevance_kept == 1.0


def test_what_is_hardly_relevant_is_left_out_though_there_is_room():
    context = fit([candidate("near", 1.0, 2), candidate("far", 0.01, 2)], 100, count_words, 4)
    assert [(one.piece.name, one.why) for one in context.dropped] == [("far", Why.LESS_RELEVANT)]
