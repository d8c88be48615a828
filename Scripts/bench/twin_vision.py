"""The vision towers up to the block whose output is used, and the projector."""

import torch
from torch.nn import functional

from twin_layers import TransformerBlock


class Tower(torch.nn.Module):
    """A timm vision transformer; the picture is [1, 3, size, size], the features [1, patches, width]."""

    def __init__(self, tower, size, weights):
        super().__init__()
        width, self.patch = tower["width"], tower["patch_size"]
        self.patch_count = (size // self.patch) ** 2
        self.prefix_count = int(tower["class_token"]) + tower["register_count"]
        self.kernel = weights.values(width, 3, self.patch, self.patch, scale=0.05)
        self.offset = weights.values(width, scale=0.05)
        self.positions = weights.activations(1, self.patch_count, width)
        self.prefix = weights.activations(1, self.prefix_count, width)
        self.blocks = [
            TransformerBlock(
                width, tower["heads"], tower["mlp_width"], weights, epsilon=tower["norm_epsilon"],
                scales=tower["layer_scale"])
            for _ in range(tower["feature_block"] + 1)
        ]
        self.runs = [weights.compiled(block) for block in self.blocks]
        tokens = self.patch_count + self.prefix_count
        self.macs = self.patch_count * self.kernel.numel() + sum(block.macs(tokens) for block in self.blocks)

    def forward(self, pixels):
        patches = functional.conv2d(pixels, self.kernel, self.offset, stride=self.patch)
        hidden = torch.cat([self.prefix, patches.flatten(2).transpose(1, 2) + self.positions], dim=1)
        for run in self.runs:
            hidden = run(hidden)
        return hidden[:, self.prefix_count:]


class Projector(torch.nn.Module):
    """Three linears with exact GELU between; two towers make the hidden layer wider than one."""

    def __init__(self, inputs, hidden, outputs, weights):
        super().__init__()
        self.linears = [
            weights.linear(inputs, hidden, True), weights.linear(hidden, outputs, True),
            weights.linear(outputs, outputs, True)]
        self.macs = sum(linear.macs for linear in self.linears)

    def forward(self, x):
        first, second, third = self.linears
        return third(functional.gelu(second(functional.gelu(first(x)))))
