"""The two action heads: a diffusion transformer with guidance, and greedy tokens from the language model."""

import math

import torch
from torch.nn import functional

from twin_layers import Norm, TransformerBlock

ACTION_WIDTH = 7
TIME_CHANNELS = 256


class DiffusionHead:
    """CogACT's DiT: `sampling_steps` of DDIM, with and without condition as one batch of two."""

    decoded = 0

    def __init__(self, head, language, weights):
        width, self.chunk, self.weights = head["width"], head["chunk"], weights
        self.guidance = head["guidance"]
        self.batch = 2 if self.guidance > 1 else 1
        stride = head["diffusion_steps"] // head["sampling_steps"]
        self.steps = list(range(0, head["diffusion_steps"], stride))[: head["sampling_steps"]][::-1]
        self.actions = weights.linear(ACTION_WIDTH, width, True)
        self.condition = weights.linear(language["width"], width, True)
        self.absent = weights.activations(1, 1, language["width"])
        self.time = [weights.linear(TIME_CHANNELS, width, True), weights.linear(width, width, True)]
        self.positions = weights.activations(self.chunk + 1, width)
        mlp = head.get("mlp_width") or 4 * width
        self.blocks = [
            TransformerBlock(width, head["heads"], mlp, weights, affine=False, gelu="tanh")
            for _ in range(head["depth"])
        ]
        self.block_runs = [weights.compiled(block) for block in self.blocks]
        self.norm = Norm(width, 1e-6, weights, affine=False)
        self.out = weights.linear(width, ACTION_WIDTH, True)
        self.rates = torch.exp(-math.log(10000) * torch.arange(TIME_CHANNELS // 2) / (TIME_CHANNELS // 2))
        share = (torch.arange(head["diffusion_steps"]) + 1) / head["diffusion_steps"]
        self.kept = torch.cos((share + 0.008) / 1.008 * math.pi / 2).square().clamp(min=1e-6).tolist()

    def macs(self):
        embeddings = self.chunk * self.actions.macs + self.condition.macs + sum(linear.macs for linear in self.time)
        blocks = sum(block.macs(self.chunk + 1) for block in self.blocks)
        return len(self.steps) * self.batch * (embeddings + blocks + self.chunk * self.out.macs)

    def noise(self, x, step, condition):
        """The predicted noise of [batch, chunk, 7]."""
        angles = step * self.rates
        channels = torch.cat([angles.cos(), angles.sin()])[None, None].to(x.dtype)
        time = self.time[1](functional.silu(self.time[0](channels)))
        hidden = torch.cat([time + self.condition(condition), self.actions(x)], dim=1) + self.positions
        for run in self.block_runs:
            hidden = run(hidden)
        return self.out(self.norm(hidden))[:, 1:]

    def sample(self, cognition):
        condition = torch.cat([cognition, self.absent]) if self.batch == 2 else cognition
        x = self.weights.activations(1, self.chunk, ACTION_WIDTH)
        for place, step in enumerate(self.steps):
            noise = self.noise(x.expand(self.batch, -1, -1), step, condition)
            if self.batch == 2:
                noise = noise[1:] + self.guidance * (noise[:1] - noise[1:])
            kept = self.kept[step]
            before = self.kept[self.steps[place + 1]] if place + 1 < len(self.steps) else 1.0
            start = (x - math.sqrt(1 - kept) * noise) / math.sqrt(kept)
            x = math.sqrt(before) * start + math.sqrt(1 - before) * noise
        return x

    def run(self, last, decoder, clock):
        with clock.part("action_head", self.macs()):
            return self.sample(last)


class TokenHead:
    """OpenVLA's greedy tokens: the first from the prefill, each other from one step with the cache."""

    def __init__(self, head, language, weights):
        self.count = head["token_count"]
        self.decoded = self.count - 1
        self.head = weights.linear(language["width"], language["vocabulary_size"])
        self.embedding = weights.values(language["vocabulary_size"], language["width"], scale=0.1)

    def token(self, last, clock):
        with clock.part("language_head", self.head.macs):
            return int(self.head(last).argmax())

    def run(self, last, decoder, clock):
        start = decoder.layers[0].keys.shape[2] - self.decoded
        tokens = [self.token(last, clock)]
        for place in range(start, start + self.decoded):
            with clock.part("action_head", decoder.macs(1, place)):
                hidden = self.embedding[tokens[-1]][None, None]
                last = decoder.norm(decoder.step(hidden, place))
            tokens.append(self.token(last, clock))
        return tokens
