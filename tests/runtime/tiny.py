"""A tiny decoder with random weights, as a model folder: real for CTranslate2 and SentencePiece, made in no time."""

from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerDecoderModelSpec, common_spec

from rust_ai_ide.runtime.manifest import InfillTokens, Manifest, record_files

TEXT = "\n".join(
    f"pub fn item_{n}(x: u{8 << n % 4}) -> Option<String> {{\n    let y = x + {n};\n    Some(y.to_string())\n}}"
    for n in range(200)
)
SPECIALS = ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<end>", "<user>", "<assistant>"]
CHAT = "{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>{% endfor %}<assistant>"


def tiny_model(
    folder: Path,
    *,
    name: str = "tiny",
    version: str = "1",
    context_length: int = 256,
    width: int = 64,
    layers: int = 2,
    chat: bool = False,
    stops: bool = True,
    sure: bool = False,
    quantisation: str = "int8",
) -> Manifest:
    """Make a model folder. Its answers are noise, but always the same noise; a `sure` one finds it likely."""
    folder.mkdir(parents=True)
    train_tokeniser(folder)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    spec = decoder(width, layers, len(pieces))
    if sure:
        spec.decoder.projection.weight *= 20
        # Not even a sure model ends a line at its first token here.
        spec.decoder.projection.weight[pieces.index("<0x0A>")] = 0
    if not stops:
        # A logit of nought is never the greatest of hundreds.
        spec.decoder.projection.weight[pieces.index("</s>")] = 0
    spec.register_vocabulary(pieces)
    spec.config.unk_token = "<unk>"
    spec.config.bos_token = "<s>"
    spec.config.eos_token = "</s>"
    spec.validate()
    spec.optimize(quantization=quantisation)
    spec.save(str(folder))
    manifest = Manifest(
        name=name,
        version=version,
        family="llama",
        licence="MIT",
        context_length=context_length,
        quantisation=quantisation,
        begin=("<s>",),
        stop=("</s>", "<end>") if stops else (),
        infill=InfillTokens(*SPECIALS[:3]),
        chat_template=CHAT if chat else "",
        files=record_files(folder),
    )
    manifest.write(folder)
    return manifest


def train_tokeniser(folder: Path) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT.splitlines()),
        model_prefix=str(folder / "tokenizer"),
        model_type="bpe",
        vocab_size=480,
        byte_fallback=True,
        character_coverage=0.999,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        control_symbols=SPECIALS,
        minloglevel=2,
    )
    (folder / "tokenizer.vocab").unlink()


def decoder(width: int, layers: int, vocabulary: int, heads: int = 4) -> Any:
    spec = TransformerDecoderModelSpec.from_config(
        layers,
        heads,
        pre_norm=True,
        activation=common_spec.Activation.SWISH,
        rms_norm=True,
        ffn_glu=True,
        rotary_dim=0,
        rotary_interleave=False,
    )
    random = np.random.default_rng(7)

    def weights(*shape: int) -> np.ndarray:
        return random.normal(0, 0.3, shape).astype(np.float32)

    ones = np.ones(width, dtype=np.float32)
    spec.decoder.scale_embeddings = False
    spec.decoder.start_from_zero_embedding = False
    spec.decoder.embeddings.weight = weights(vocabulary, width)
    spec.decoder.projection.weight = weights(vocabulary, width)
    spec.decoder.layer_norm.gamma = ones
    for layer in spec.decoder.layer:
        layer.self_attention.layer_norm.gamma = ones
        layer.ffn.layer_norm.gamma = ones
        layer.self_attention.linear[0].weight = weights(3 * width, width)
        layer.self_attention.linear[1].weight = weights(width, width)
        layer.ffn.linear_0.weight = weights(2 * width, width)
        layer.ffn.linear_0_noact.weight = weights(2 * width, width)
        layer.ffn.linear_1.weight = weights(width, 2 * width)
    return spec
