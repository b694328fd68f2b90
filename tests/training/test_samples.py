"""Windows hold whole samples; a middle always sits between its prefix and suffix, and ends where they go on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import characters

from rust_ai_ide.training.samples import IGNORED, SampleConfig, Sampler, infill_prompt, infill_sample, span
from tests.training.rust import rust

CODE = st.text(characters(exclude_characters="\0▁", exclude_categories=["Cs"]), min_size=1, max_size=400)
SEEDS = st.integers(0, 2**32)


def parts_of(tokeniser, tokens):
    """Return the text after each mark of one sample, and whether the sample ends."""
    marks = {tokeniser.prefix: "prefix", tokeniser.suffix: "suffix", tokeniser.middle: "middle"}
    assert tokens[0] == tokeniser.begin
    found, now = {}, ""
    for token in tokens[1:]:
        if token in marks:
            now = marks[token]
            assert now not in found
            found[now] = []
        elif token != tokeniser.end:
            found[now].append(token)
    return {name: tokeniser.decode(part) for name, part in found.items()}, tokens[-1] == tokeniser.end


@settings(max_examples=200, deadline=None)
@given(text=CODE, seed=SEEDS)
def test_a_span_is_inside_its_text(text, seed):
    start, end = span(text, np.random.default_rng(seed))
    assert 0 <= start <= end <= len(text)


@pytest.fixture(scope="module")
def trained(tokeniser):
    return tokeniser


@settings(max_examples=150, deadline=None)
@given(text=CODE, seed=SEEDS, is_spm=st.booleans())
def test_the_parts_make_up_the_text_again(trained, text, seed, is_spm):
    start, end = span(text, np.random.default_rng(seed))
    tokens = infill_sample(trained, ("", text[:start], text[end:], text[start:end]), 10_000, is_spm=is_spm)
    parts, is_ended = parts_of(trained, tokens)
    assert is_ended
    assert parts["prefix"] + parts["middle"] + parts["suffix"] == text


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, room=st.integers(40, 400), is_spm=st.booleans())
def test_a_sample_fits_its_room_and_leaves_out_far_ends_alone(trained, seed, room, is_spm):
    text = rust(seed % 1000)
    start, end = span(text, np.random.default_rng(seed))
    header = "// src/lib.rs\n"
    tokens = infill_sample(trained, (header, text[:start], text[end:], text[start:end]), room, is_spm=is_spm)
    assert len(tokens) <= room
    parts, is_ended = parts_of(trained, tokens)
    assert text[end:].startswith(parts["suffix"])
    before, inside = parts["prefix"].removeprefix(header), parts["middle"].removeprefix(header)
    if is_spm:
        assert before == ""
        assert text[:end].endswith(inside) or (not is_ended and inside in text[:end])
    else:
        assert text[start:end].startswith(inside)
        assert text[:start].endswith(before)
        assert is_ended == (inside == text[start:end])


@settings(max_examples=40, deadline=None)
@given(step=st.integers(0, 10_000), length=st.sampled_from([128, 256, 512]))
def test_no_window_cuts_a_middle_from_its_prefix(trained, step, length):
    files = [_file(seed) for seed in range(20)]
    sampler = Sampler(files, trained, SampleConfig(infill=1.0, spm=0.5))
    for window in sampler.windows(step, 3, length):
        for sample in _samples(trained, window):
            parts, _ = parts_of(trained, sample)
            assert set(parts) == {"prefix", "suffix", "middle"}


def _file(seed):
    from rust_ai_ide.training.corpus import SourceFile

    return SourceFile("made", f"src/file_{seed}.rs", rust(seed, items=seed % 9 + 1))


def _samples(tokeniser, window):
    tokens = [int(token) for token in window if token != tokeniser.pad]
    starts = [place for place, token in enumerate(tokens) if token == tokeniser.begin]
    assert starts[0] == 0
    return [tokens[start:end] for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True)]


def test_about_the_wanted_share_is_for_infilling(tokeniser):
    sampler = Sampler([_file(seed) for seed in range(20)], tokeniser, SampleConfig(infill=0.5, spm=0.3))
    samples = [sample for window in sampler.windows(0, 300, 256) for sample in _samples(tokeniser, window)]
    infills = [sample for sample in samples if tokeniser.middle in sample]
    suffix_first = [one for one in infills if one.index(tokeniser.suffix) == one.index(tokeniser.prefix) + 1]
    assert 0.4 < len(infills) / len(samples) < 0.6
    assert 0.2 < len(suffix_first) / len(infills) < 0.4


def test_the_same_step_gives_the_same_windows_whatever_came_before(tokeniser):
    files = [_file(seed) for seed in range(20)]
    first, second = (Sampler(files, tokeniser, SampleConfig(), seed=3) for _ in range(2))
    first.windows(0, 4, 256)
    assert (first.windows(7, 4, 256) == second.windows(7, 4, 256)).all()
    assert (first.windows(7, 4, 256) != first.windows(8, 4, 256)).any()


def test_targets_are_the_next_tokens_but_for_what_is_chance(tokeniser):
    sampler = Sampler([_file(seed) for seed in range(20)], tokeniser, SampleConfig())
    windows = sampler.windows(0, 8, 256)
    targets = sampler.targets(windows)
    learnt = targets[:, :-1] != IGNORED
    assert (targets[:, :-1][learnt] == windows[:, 1:][learnt]).all()
    assert (targets[:, -1] == IGNORED).all()
    assert not {tokeniser.pad, tokeniser.begin, *tokeniser.cuts} & set(targets.ravel().tolist())
    assert tokeniser.end in targets


@pytest.mark.parametrize("is_spm", [False, True])
def test_a_prompt_is_how_a_sample_begins(tokeniser, is_spm):
    header, prefix, suffix = "// src/lib.rs\n", "fn a() {\n    let b = ", ";\n}\n"
    sample = infill_sample(tokeniser, (header, prefix, suffix, "1"), 1000, is_spm=is_spm)
    prompt = infill_prompt(tokeniser, header, prefix, suffix, is_spm=is_spm)
    assert sample[: len(prompt)] == prompt
