"""Tiny models of random weights in the forms that others publish: Hugging Face folders and GGUF files."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np

from rust_ai_ide.training.tokeniser import CodeTokeniser

STARCODER = ("<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>")


def llama(folder: Path, tokeniser: Path, **sizes: Any) -> Any:
    """Write a Llama with a `tokenizer.model` and return it."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(1)
    wanted = {"hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2, **sizes}
    config = LlamaConfig(
        vocab_size=CodeTokeniser(tokeniser).size, intermediate_size=96, max_position_embeddings=256, **wanted
    )
    network = LlamaForCausalLM(config).eval()
    _strengthen(network)
    network.save_pretrained(folder)
    shutil.copyfile(tokeniser, folder / "tokenizer.model")
    return network


def bigcode(folder: Path, texts: list[str]) -> Any:
    """Write a GPTBigCode, as StarCoder is, with a `tokenizer.json`, and return it."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import GPTBigCodeConfig, GPTBigCodeForCausalLM

    tokeniser = ByteLevelBPETokenizer()
    tokeniser.train_from_iterator(texts, vocab_size=400, special_tokens=list(STARCODER), show_progress=False)
    torch.manual_seed(1)
    size = tokeniser.get_vocab_size() + 3
    config = GPTBigCodeConfig(
        vocab_size=size, n_embd=64, n_head=4, n_layer=2, n_positions=256, bos_token_id=0, eos_token_id=0
    )
    network = GPTBigCodeForCausalLM(config).eval()
    _strengthen(network)
    network.save_pretrained(folder)
    tokeniser.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages[0].content }}"}))
    return network


def lora(folder: Path, network: Any, **settings: Any) -> Any:
    """Write an adapter of a network, its weights not zero, and return the network with it."""
    import peft
    import torch

    torch.manual_seed(3)
    config = peft.LoraConfig(task_type="CAUSAL_LM", r=4, lora_alpha=8, **settings)
    adapted = peft.get_peft_model(network, config).eval()
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora_" in name:
                weight.normal_(0, 0.3)
    adapted.save_pretrained(folder)
    return adapted


def gguf_file(file: Path, network: Any, tokeniser: CodeTokeniser, kind: str, family: str = "llama") -> None:
    """Write a Llama as llama.cpp does, its matrices quantised as `kind` says."""
    import gguf

    config = network.config
    writer = gguf.GGUFWriter(file, family)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10_000.0)
    writer.add_vocab_size(config.vocab_size)
    pieces = tokeniser.pieces()
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores([-float(number) for number in range(len(pieces))])
    writer.add_token_types([2, *[3] * 3, *[6 if piece.startswith("<0x") else 1 for piece in pieces[4:]]])
    writer.add_bos_token_id(tokeniser.begin)
    writer.add_eos_token_id(tokeniser.end)
    writer.add_unk_token_id(0)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for name, weight in network.state_dict().items():
        values = _interleaved(name, weight.numpy(), config.num_attention_heads)
        target = names.get_name(name, try_suffixes=(".weight",))
        if values.ndim < 2:
            writer.add_tensor(target, values)
            continue
        packed = gguf.GGMLQuantizationType[kind]
        writer.add_tensor(target, gguf.quants.quantize(values, packed), raw_dtype=packed)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _interleaved(name: str, values: np.ndarray, heads: int) -> np.ndarray:
    """Queries and keys lie in GGUF with the two halves of each head interleaved."""
    if not name.endswith(("q_proj.weight", "k_proj.weight")):
        return values
    rows = values.shape[0] // heads // 2
    return values.reshape(heads, 2, rows, -1).swapaxes(1, 2).reshape(values.shape).copy()


def _strengthen(network: Any) -> None:
    """Make the scores of random weights differ by more than rounding does."""
    import torch

    with torch.no_grad():
        for weight in network.parameters():
            if weight.ndim == 2:
                weight.mul_(4)
