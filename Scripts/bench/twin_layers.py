"""Random weights and the layers that all twins share."""

import warnings

import torch
from torch.nn import functional


class Weights:
    """Makes layers with random weights of one kind.

    dtype: "f32", "bf16", or "int8" for PyTorch's dynamically quantised linears among f32.
    """

    def __init__(self, dtype, compiles=False):
        self.type = torch.bfloat16 if dtype == "bf16" else torch.float32
        self.quantizes = dtype == "int8"
        self.compiles = compiles

    def values(self, *shape, scale=1.0):
        return torch.empty(shape, dtype=self.type).uniform_(-scale, scale)

    def activations(self, *shape):
        return torch.randn(shape).to(self.type)

    def linear(self, inputs, outputs, bias=False):
        weight = self.values(outputs, inputs, scale=(3 / inputs) ** 0.5)
        offset = self.values(outputs, scale=0.1) if bias else None
        return QuantizedLinear(weight, offset) if self.quantizes else Linear(weight, offset)

    def compiled(self, function):
        """The function through torch.compile where that was asked for."""
        if not self.compiles:
            return function
        import torch._inductor.config as inductor

        inductor.freezing = True  # packs weights once
        return torch.compile(function)


class Linear(torch.nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight = torch.nn.Parameter(weight, requires_grad=False)
        self.bias = None if bias is None else torch.nn.Parameter(bias, requires_grad=False)
        self.macs = weight.numel()

    def forward(self, x):
        return functional.linear(x, self.weight, self.bias)


class QuantizedLinear:
    """What torch.ao.quantization.quantize_dynamic puts in the place of a linear."""

    def __init__(self, weight, bias):
        scales = weight.abs().amax(dim=1).clamp(min=1e-12) / 127
        with warnings.catch_warnings():
            # PyTorch says that these will go; 2.13 has no successor of its own.
            warnings.simplefilter("ignore")
            packed = torch.quantize_per_channel(
                weight, scales.double(), torch.zeros(len(scales), dtype=torch.long), axis=0, dtype=torch.qint8)
        self.packed = torch.ops.quantized.linear_prepack(packed, bias)
        self.macs = weight.numel()

    def __call__(self, x):
        return torch.ops.quantized.linear_dynamic(x, self.packed, reduce_range=False)


class Norm(torch.nn.Module):
    """LayerNorm; with `affine` false without scale and offset."""

    def __init__(self, width, epsilon, weights, affine=True):
        super().__init__()
        self.epsilon, self.width = epsilon, width
        self.weight = torch.nn.Parameter(1 + weights.values(width, scale=0.1)) if affine else None
        self.bias = torch.nn.Parameter(weights.values(width, scale=0.1)) if affine else None

    def forward(self, x):
        return functional.layer_norm(x, (self.width,), self.weight, self.bias, self.epsilon)


class TransformerBlock(torch.nn.Module):
    """Norm, attention over everything, norm, two linears with GELU between: of towers and of the DiT."""

    def __init__(self, width, heads, mlp_width, weights, epsilon=1e-6, affine=True, scales=False, gelu="none"):
        super().__init__()
        self.heads, self.width, self.gelu = heads, width, gelu
        self.norm1, self.norm2 = (Norm(width, epsilon, weights, affine) for _ in range(2))
        self.qkv, self.out = weights.linear(width, 3 * width, True), weights.linear(width, width, True)
        self.up, self.down = weights.linear(width, mlp_width, True), weights.linear(mlp_width, width, True)
        self.scales = [weights.values(width) for _ in range(2)] if scales else None

    def macs(self, tokens):
        linear = self.qkv.macs + self.out.macs + self.up.macs + self.down.macs
        return tokens * linear + 2 * tokens * tokens * self.width

    def attention(self, x):
        batch, tokens, _ = x.shape
        qkv = self.qkv(x).view(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*qkv.unbind(0))
        return self.out(mixed.transpose(1, 2).reshape(batch, tokens, -1))

    def forward(self, x):
        change = self.attention(self.norm1(x))
        x = x + (change if self.scales is None else change * self.scales[0])
        change = self.down(functional.gelu(self.up(self.norm2(x)), approximate=self.gelu))
        return x + (change if self.scales is None else change * self.scales[1])
