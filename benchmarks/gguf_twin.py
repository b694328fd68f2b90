"""The same weights for llama.cpp: a Llama model folder of ours as a GGUF file with Q8_0 weights and no vocabulary."""

from pathlib import Path

import gguf
import numpy as np

from rust_ai_ide.runtime.manifest import WEIGHTS, read_manifest
from rust_ai_ide.runtime.weights import Variable, read_shapes, read_variables

Q8_0 = gguf.GGMLQuantizationType.Q8_0


def write_twin(folder: Path, target: Path) -> None:
    """Write the model in `folder` as `target`. Rotary weights are put in the order that llama.cpp reads."""
    manifest, shapes, variables = read_manifest(folder), read_shapes(folder), read_variables(folder)
    data = (folder / WEIGHTS).read_bytes()

    def floats(name: str) -> np.ndarray:
        values = _array(data, variables[name])
        scale = variables.get(f"{name}_scale")
        return values / _array(data, scale)[:, None] if scale else values

    writer = gguf.GGUFWriter(str(target), "llama")
    writer.add_context_length(manifest.context_length)
    writer.add_embedding_length(shapes.width)
    writer.add_block_count(shapes.layers)
    writer.add_feed_forward_length(shapes.inner_width)
    writer.add_head_count(shapes.heads)
    writer.add_head_count_kv(shapes.heads)
    writer.add_rope_dimension_count(shapes.head_width)
    writer.add_rope_freq_base(float(_array(data, variables["decoder/layer_0/self_attention/rotary_base"])))
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(shapes.vocabulary)
    writer.add_tokenizer_model("no_vocab")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)

    def add(name: str, values: np.ndarray, *, quantised: bool = True) -> None:
        if quantised:
            writer.add_tensor(name, gguf.quants.quantize(values.astype(np.float32), Q8_0), raw_dtype=Q8_0)
        else:
            writer.add_tensor(name, values.astype(np.float32))

    add("token_embd.weight", floats("decoder/embeddings/weight"))
    add("output_norm.weight", floats("decoder/layer_norm/gamma"), quantised=False)
    if "decoder/projection/weight" in variables:
        add("output.weight", floats("decoder/projection/weight"))
    for layer in range(shapes.layers):
        ours, theirs = f"decoder/layer_{layer}", f"blk.{layer}"
        query, key, value = np.split(floats(f"{ours}/self_attention/linear_0/weight"), 3)
        add(f"{theirs}.attn_q.weight", _interleaved(query, shapes.heads))
        add(f"{theirs}.attn_k.weight", _interleaved(key, shapes.heads))
        add(f"{theirs}.attn_v.weight", value)
        add(f"{theirs}.attn_output.weight", floats(f"{ours}/self_attention/linear_1/weight"))
        add(f"{theirs}.ffn_gate.weight", floats(f"{ours}/ffn/linear_0/weight"))
        add(f"{theirs}.ffn_up.weight", floats(f"{ours}/ffn/linear_0_noact/weight"))
        add(f"{theirs}.ffn_down.weight", floats(f"{ours}/ffn/linear_1/weight"))
        add(f"{theirs}.attn_norm.weight", floats(f"{ours}/self_attention/layer_norm/gamma"), quantised=False)
        add(f"{theirs}.ffn_norm.weight", floats(f"{ours}/ffn/layer_norm/gamma"), quantised=False)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _array(data: bytes, variable: Variable) -> np.ndarray:
    kind = np.dtype(variable.type)
    values = np.frombuffer(data, kind, count=variable.size // kind.itemsize, offset=variable.offset)
    return values.reshape(variable.shape).astype(np.float32)


def _interleaved(weight: np.ndarray, heads: int) -> np.ndarray:
    """Turn halves of each head, as CTranslate2 rotates them, into the pairs that llama.cpp rotates."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)
