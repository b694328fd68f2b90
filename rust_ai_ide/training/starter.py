"""Makes the starter model, from crates to a model folder; what an earlier, stopped run has done is not done again."""

import random
import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rust_ai_ide.observability.events import Progressed, Report, ignore
from rust_ai_ide.runtime.manifest import WEIGHTS, read_manifest
from rust_ai_ide.source.crates import CratePackages
from rust_ai_ide.training.card import Making, card
from rust_ai_ide.training.corpus import Corpus, read_corpus
from rust_ai_ide.training.evaluation.likelihood import bits_per_byte, stretches
from rust_ai_ide.training.export import TOKENISER, Description, write_model
from rust_ai_ide.training.extra import require
from rust_ai_ide.training.families.known import family_of_network
from rust_ai_ide.training.fertility import fertility
from rust_ai_ide.training.measuring import LINES, measure_folder
from rust_ai_ide.training.network import greedy, parameters
from rust_ai_ide.training.pretraining import Pretraining, PretrainingConfig
from rust_ai_ide.training.probes import Probe, passed
from rust_ai_ide.training.samples import SampleConfig, Sampler, infill_prompt
from rust_ai_ide.training.tokeniser import CodeTokeniser, train_tokeniser
from rust_ai_ide.training.twin import network_config, twin

MODEL = "model"
_CHECKED_FILES = 1
_MEASURED_FILES = 8
_PROBE_TOKENS = 6


@dataclass(frozen=True)
class StarterConfig:
    """`crates` is how many of the most used crates are brought, `corpus` a folder of crates to take instead.

    `base` is a model folder to go on from, whose shape and tokeniser are kept; else the shape is that of `pretraining`
    and the tokeniser is trained. `minutes` go before what `pretraining` says, and the size of the vocabulary is that of
    the tokeniser; `lines` is how many lines are completed to measure the model.
    """

    into: Path
    minutes: float = 45.0
    crates: int = 700
    suite: str = ""
    corpus: Path | None = None
    base: Path | None = None
    vocabulary: int = 8192
    pretraining: PretrainingConfig = field(default_factory=PretrainingConfig)
    lines: int = LINES


def make_starter(config: StarterConfig, report: Report = ignore) -> Path:
    """Bring crates, train the tokeniser and the network, and write the model folder `into/model`; return it.

    Raises TrainingNotInstalled, CratesUnavailable, CorpusUnusable, TokeniserUnusable or CheckpointUnusable.
    """
    for library in ("torch", "transformers"):
        require(library)
    corpus = _corpus(config, report)
    tokeniser = _tokeniser(config, corpus, report)
    shape = replace(config.pretraining.network, vocabulary=tokeniser.size)
    if config.base:
        shape = network_config(config.base)
    settings = replace(config.pretraining, network=shape, seconds=config.minutes * 60)
    sampler = Sampler(corpus.training, tokeniser, SampleConfig())
    base = twin(config.base) if config.base else None
    training = Pretraining(config.into / "run", sampler, settings, base)
    training.run(lambda network: check(network, tokeniser, corpus), report)
    return _export(config, corpus, training, report)


def check(network: Any, tokeniser: CodeTokeniser, corpus: Corpus) -> dict[str, float]:
    """Return validation bits per byte on a few held-out files, and how many of the ten probes pass."""

    def answer(probe: Probe) -> str:
        if probe.suffix is None:
            tokens = [tokeniser.begin, *tokeniser.encode(probe.prefix)]
        else:
            tokens = infill_prompt(tokeniser, "", probe.prefix, probe.suffix)
        return tokeniser.decode(greedy(network, tokens, _PROBE_TOKENS, frozenset({tokeniser.end})))

    files = stretches(corpus.validation, _CHECKED_FILES)
    return {
        "bits_per_byte": bits_per_byte(network, tokeniser, files),
        "probes": float(sum(passed(answer))),
    }


def _corpus(config: StarterConfig, report: Report) -> Corpus:
    folder = config.corpus
    if folder is None:
        folder = config.into / "crates"
        packages = CratePackages(config.into / "apt", config.suite)
        packages.bring(packages.by_use()[: config.crates], folder, report)
    corpus = read_corpus(folder, report)
    corpus.write_licences(config.into)
    return corpus


def _tokeniser(config: StarterConfig, corpus: Corpus, report: Report) -> CodeTokeniser:
    file = config.into / TOKENISER
    if config.base:
        shutil.copyfile(config.base / TOKENISER, file)
    elif not file.exists():
        report(Progressed("Training the tokeniser"))
        texts = [source.text for source in corpus.training]
        random.Random(0).shuffle(texts)  # noqa: S311 - an order of texts, not a key
        train_tokeniser(texts, file, config.vocabulary)
    tokeniser = CodeTokeniser(file)
    report(Progressed("Checking the tokeniser on every file"))
    tokeniser.check_round_trip(source.text for source in (*corpus.training, *corpus.validation))
    return tokeniser


def _export(config: StarterConfig, corpus: Corpus, training: Pretraining, report: Report) -> Path:
    network, folder = training.network, config.into / MODEL
    tokeniser = CodeTokeniser(config.into / TOKENISER)
    description = _description(config.base)
    report(Progressed("Writing the model folder"))
    write_model(network, config.into / TOKENISER, description, folder)
    report(Progressed("Measuring bits per byte on held-out crates"))
    bits = bits_per_byte(network, tokeniser, stretches(corpus.validation, _MEASURED_FILES))
    report(Progressed("Measuring completed lines"))
    figures = measure_folder(folder, corpus, config.lines)
    making = Making(
        began=f"from {description.base_model or 'nothing'}",
        family=family_of_network(network).title,
        parameters=parameters(network),
        layers=network.config.num_hidden_layers,
        width=network.config.hidden_size,
        vocabulary=tokeniser.size,
        context=network.config.max_position_embeddings,
        steps=training.step,
        tokens=training.step * training.config.tokens,
        seconds=training.elapsed,
        size=(folder / WEIGHTS).stat().st_size,
        bits_per_byte=bits,
        fertility=fertility((file.text for file in corpus.validation), tokeniser.encode),
    )
    text = card("Starter", corpus, making, figures)
    write_model(network, config.into / TOKENISER, replace(description, card=text), folder)
    return folder


def _description(base_folder: Path | None) -> Description:
    how, version, licence, base_model = "from nothing", "1", "MIT", ""
    if base_folder:
        base = read_manifest(base_folder)
        how, version, licence, base_model = "further", _next(base.version), base.licence, base.id
    return Description(
        name="starter",
        version=version,
        licence=licence,
        origin=f"trained {how} by rust-ai-ide train starter on permissively licensed crates",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        # The whole card needs figures that only the written folder gives.
        card="# Starter\n",
        base_model=base_model,
    )


def _next(version: str) -> str:
    return str(int(version) + 1) if version.isdecimal() else f"{version}.1"
