"""Llama's decoder layers with a preallocated key-value cache."""

import torch
from torch.nn import functional


class Layer(torch.nn.Module):
    def __init__(self, language, positions, weights):
        super().__init__()
        width, self.epsilon = language["width"], language["rms_norm_epsilon"]
        self.heads, self.groups = language["heads"], language["key_value_heads"]
        self.head_width = language.get("head_width") or width // self.heads
        sizes = [self.heads * self.head_width] + 2 * [self.groups * self.head_width]
        self.sizes = sizes
        self.qkv = weights.linear(width, sum(sizes))
        self.out = weights.linear(sizes[0], width)
        self.gate_up = weights.linear(width, 2 * language["mlp_width"])
        self.down = weights.linear(language["mlp_width"], width)
        self.norms = [1 + weights.values(width, scale=0.1) for _ in range(2)]
        self.keys, self.values = (
            weights.activations(1, self.groups, positions, self.head_width) for _ in range(2))

    def macs(self, tokens, past=0):
        linear = self.qkv.macs + self.out.macs + self.gate_up.macs + self.down.macs
        return tokens * linear + 2 * tokens * (past + tokens) * self.heads * self.head_width

    def norm(self, x, index):
        return functional.rms_norm(x, x.shape[-1:], self.norms[index], self.epsilon)

    def attention(self, x, rotation, start):
        batch, tokens, _ = x.shape
        parts = self.qkv(x).split(self.sizes, dim=-1)
        queries, keys, values = (p.view(batch, tokens, -1, self.head_width).transpose(1, 2) for p in parts)
        end = start + tokens
        self.keys[:, :, start:end] = rotated(keys, rotation)
        self.values[:, :, start:end] = values
        mixed = functional.scaled_dot_product_attention(
            rotated(queries, rotation), self.keys[:, :, :end], self.values[:, :, :end], is_causal=start == 0,
            enable_gqa=self.heads != self.groups)
        return self.out(mixed.transpose(1, 2).reshape(batch, tokens, -1))

    def forward(self, x, rotation, start):
        x = x + self.attention(self.norm(x, 0), rotation, start)
        gate, up = self.gate_up(self.norm(x, 1)).chunk(2, dim=-1)
        return x + self.down(functional.silu(gate) * up)


def rotated(x, rotation):
    """Rotary embedding in the half-split layout."""
    cosine, sine = rotation
    first, second = x.chunk(2, dim=-1)
    return x * cosine + torch.cat([-second, first], dim=-1) * sine


class Decoder:
    """The first layers of a language model.

    positions: how many the cache has room for.
    """

    def __init__(self, language, layers, positions, weights):
        self.layers = [Layer(language, positions, weights) for _ in range(layers)]
        self.runs = [weights.compiled(layer) for layer in self.layers]
        self.epsilon = language["rms_norm_epsilon"]
        self.scale = 1 + weights.values(language["width"], scale=0.1)
        width = language.get("head_width") or language["width"] // language["heads"]
        rates = language["rope_theta"] ** (-torch.arange(0, width, 2) / width)
        angles = torch.outer(torch.arange(positions), rates).repeat(1, 2)
        self.cosine, self.sine = angles.cos().to(weights.type), angles.sin().to(weights.type)

    def macs(self, tokens, past=0):
        return sum(layer.macs(tokens, past) for layer in self.layers)

    def norm(self, x):
        return functional.rms_norm(x, x.shape[-1:], self.scale, self.epsilon)

    def prefill(self, hidden):
        return self.step(hidden, 0)

    def step(self, hidden, start):
        """Continues after `start` tokens that are in the cache: one token, or all from nothing."""
        end = start + hidden.shape[1]
        rotation = self.cosine[start:end], self.sine[start:end]
        for run in self.runs:
            hidden = run(hidden, rotation, start)
        return hidden
