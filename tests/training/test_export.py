"""A trained network becomes a model folder that CTranslate2 runs and that says the same."""

import json

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra train: make install-train")

from rust_ai_ide.runtime.manifest import read_manifest, verify_files  # noqa: E402
from rust_ai_ide.training.export import Description, ExportFailed, write_model, write_weights  # noqa: E402
from rust_ai_ide.training.network import greedy, parameters  # noqa: E402
from rust_ai_ide.training.samples import infill_prompt  # noqa: E402
from tests.training.tiny import tiny_training  # noqa: E402

DESCRIPTION = Description("small", "1", "MIT", "made by a test", "2025-01-01T00:00:00+00:00", "# Small\n")


@pytest.fixture(scope="module")
def network(tmp_path_factory, corpus, tokeniser):
    """A network that has learned a little."""
    return tiny_training(tmp_path_factory.mktemp("run"), corpus, tokeniser, steps=40).run()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, network, tokeniser_file):
    """Its model folder."""
    made = tmp_path_factory.mktemp("models") / "small@1"
    write_model(network, tokeniser_file, DESCRIPTION, made)
    return made


def test_the_manifest_is_what_the_folder_holds(folder, network):
    manifest = read_manifest(folder)
    verify_files(folder, manifest)
    assert manifest.id == "small@1"
    assert manifest.parameters == parameters(network)
    assert {path.name for path in folder.iterdir()} == {*manifest.files, "manifest.json"}
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_the_vocabulary_is_that_of_the_tokeniser(folder, tokeniser):
    assert json.loads((folder / "vocabulary.json").read_text()) == tokeniser.pieces()


def test_the_answers_are_those_of_the_network(folder, network, tokeniser):
    from ctranslate2 import Generator

    generator = Generator(str(folder), device="cpu", compute_type="int8", intra_threads=1)
    pieces = tokeniser.pieces()
    prompts = [
        [tokeniser.begin, *tokeniser.encode(text)]
        for text in ("pub fn ", "impl From<", "#[derive(", "match ")
    ]
    prompts.append(infill_prompt(tokeniser, "", "pub struct Row {\n    pub ", ": String,\n}\n"))
    agreed = total = 0
    for prompt in prompts:
        (result,) = generator.generate_batch(
            [[pieces[token] for token in prompt]],
            max_length=12,
            include_prompt_in_result=False,
            end_token="</s>",
        )
        given = [token for token in result.sequences_ids[0] if token != tokeniser.end]
        wanted = greedy(network, prompt, 12, frozenset({tokeniser.end}))
        agreed += sum(left == right for left, right in zip(given, wanted, strict=False))
        total += max(len(given), len(wanted))
    assert agreed >= 0.8 * total


def test_writing_leaves_the_network_as_it_was(tmp_path, network, tokeniser):
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    write_weights(network, tokeniser.pieces(), tmp_path)
    assert all(torch.equal(weight, before[name]) for name, weight in network.state_dict().items())


def test_an_older_version_is_replaced(folder, network, tokeniser_file):
    (folder / "left-over").write_text("old")
    write_model(network, tokeniser_file, DESCRIPTION, folder)
    assert not (folder / "left-over").exists()


def test_a_tokeniser_of_another_size_is_refused(tmp_path, network, tokeniser):
    with pytest.raises(ExportFailed, match="knows 512 tokens and the tokeniser 511"):
        write_weights(network, tokeniser.pieces()[:-1], tmp_path)
