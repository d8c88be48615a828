"""Converts a Llama-type GGUF file into a Hugging Face folder in f32.

    python Scripts/real/language.py FILE.gguf FOLDER

The folder gets config.json, model.safetensors, tokenizer.json and tokenizer_config.json, all written by
transformers. Quantised tensors become the f32 numbers that the gguf package says they stand for, so the
result is the quantised model, exactly, and not the model it was made from. Prints what the model
continues a few prompts with: a permutation gone wrong shows as babble.
"""

import shutil
import sys
from pathlib import Path

import gguf
import missing_operators  # noqa: F401
import numpy
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from transformers.utils import logging

logging.disable_progress_bar()
CONTROL = 3  # gguf.TokenType.CONTROL

NAMES = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
}
WHOLE = {
    "token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}


class Source:
    """A GGUF file's facts and tensors."""

    def __init__(self, path):
        self.reader = gguf.GGUFReader(path)
        if (found := self("general.architecture")) != "llama":
            sys.exit(f"{path} is of architecture '{found}', not 'llama'.")

    def __call__(self, key, default=None):
        field = self.reader.get_field(key)
        return default if field is None else field.contents()

    def llama(self, key):
        return self(f"llama.{key}")


def short(value):
    """The decimal number that a single-precision one was written for: 1e-05, not 9.99999974e-06."""
    return float(str(numpy.float32(value)))


def configuration(source):
    width, heads = source.llama("embedding_length"), source.llama("attention.head_count")
    tensors = {tensor.name for tensor in source.reader.tensors}
    return LlamaConfig(
        vocab_size=len(source("tokenizer.ggml.tokens")), hidden_size=width,
        intermediate_size=source.llama("feed_forward_length"), num_hidden_layers=source.llama("block_count"),
        num_attention_heads=heads, num_key_value_heads=source.llama("attention.head_count_kv"),
        head_dim=width // heads, max_position_embeddings=source.llama("context_length"),
        rms_norm_eps=short(source.llama("attention.layer_norm_rms_epsilon")),
        rope_parameters={"rope_type": "default", "rope_theta": short(source.llama("rope.freq_base"))},
        tie_word_embeddings="output.weight" not in tensors,
        bos_token_id=source("tokenizer.ggml.bos_token_id"), eos_token_id=source("tokenizer.ggml.eos_token_id"),
        pad_token_id=source("tokenizer.ggml.padding_token_id"), dtype="float32")


def published_name(name):
    if name in WHOLE:
        return WHOLE[name]
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{NAMES[part]}.{kind}"


def in_halves(rows, heads):
    """Rows of a query or key projection as Hugging Face's rotary embedding wants them.

    GGUF keeps the two numbers that are rotated together next to each other, Hugging Face half a head apart.
    """
    width = len(rows) // heads
    return rows.reshape(heads, width // 2, 2, -1).swapaxes(1, 2).reshape(rows.shape)


def weights(source, config):
    result = {}
    for tensor in source.reader.tensors:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        # GGUF lists sides the other way round.
        values = values.astype(numpy.float32).reshape([int(side) for side in reversed(tensor.shape)])
        if ".attn_q." in tensor.name:
            values = in_halves(values, config.num_attention_heads)
        elif ".attn_k." in tensor.name:
            values = in_halves(values, config.num_key_value_heads)
        result[published_name(tensor.name)] = torch.from_numpy(numpy.array(values))
    return result


def tokenizer(source):
    if (kind := (source("tokenizer.ggml.model"), source("tokenizer.ggml.pre"))) != ("gpt2", "smollm"):
        sys.exit(f"Tokenizers of type {kind} are not known here, only ('gpt2', 'smollm').")
    pieces, kinds = source("tokenizer.ggml.tokens"), source("tokenizer.ggml.token_type")
    merges = [tuple(merge.split(" ")) for merge in source("tokenizer.ggml.merges")]
    result = Tokenizer(models.BPE(vocab={piece: i for i, piece in enumerate(pieces)}, merges=merges))
    # What llama.cpp calls 'smollm': each digit is a word, then GPT-2's words.
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens(
        [AddedToken(piece, normalized=False, special=True) for piece, kind in zip(pieces, kinds) if kind == CONTROL])
    return PreTrainedTokenizerFast(
        tokenizer_object=result, bos_token=pieces[source("tokenizer.ggml.bos_token_id")],
        eos_token=pieces[source("tokenizer.ggml.eos_token_id")],
        unk_token=pieces[source("tokenizer.ggml.unknown_token_id")],
        pad_token=pieces[source("tokenizer.ggml.padding_token_id")],
        model_max_length=source.llama("context_length"))


def show(model, tokenizer):
    prompts = [
        "The capital of France is", "def fibonacci(n):\n",
        "<|im_start|>user\nWhat does a robot need to pick up a cup?<|im_end|>\n<|im_start|>assistant\n",
    ]
    for prompt in prompts:
        ids = torch.tensor([tokenizer.encode(prompt)])
        answer = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=24, do_sample=False)
        print(f"{prompt!r} -> {tokenizer.decode(answer[0, ids.shape[1]:])!r}", file=sys.stderr)


def main(path, folder):
    source = Source(path)
    config = configuration(source)
    model = LlamaForCausalLM(config).eval()
    loaded = model.load_state_dict(weights(source, config), strict=False)
    absent = [name for name in loaded.missing_keys if not (name == "lm_head.weight" and config.tie_word_embeddings)]
    if absent or loaded.unexpected_keys:
        sys.exit(f"{path} lacks {absent} and has {loaded.unexpected_keys} beyond what is known.")
    # The folder gets its name when it is complete.
    partial = Path(f"{folder}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    model.save_pretrained(partial)
    words = tokenizer(source)
    words.save_pretrained(partial)
    with torch.inference_mode():
        show(model, words)
    partial.rename(folder)


main(*sys.argv[1:])
