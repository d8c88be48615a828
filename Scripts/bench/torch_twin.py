"""The PyTorch side of 'mole bench --against torch': the same shapes with random weights, timed on request.

    python Scripts/bench/torch_twin.py decoder|vision|policy --config CONFIG --tokens N --threads T
                                       [--layers K] [--dtype f32|bf16|int8] [--compile]

CONFIG is a config.json of ours, or its text. 'decoder' is a prefill of N tokens through K layers of the
language model; 'vision' the towers up to the block whose output is used, and the projector; 'policy' all of
it with the action head, dense over K layers, N tokens counting the picture's.

It warms up and prints {"ready": true, "torch": …, "threads": …, "macs": {part: …}}; then each line 'run' on
standard input runs one pass and prints {"seconds": …, "parts": {part: seconds}}; it ends with the input.
Nothing but torch is used, in the way its users get speed on a CPU: inference mode, scaled dot-product
attention, fused query-key-value and gate-up products, a preallocated cache. int8 is PyTorch's own dynamic
quantisation: f32 activations rounded for each tensor, weights for each channel.
"""

import argparse
import contextlib
import json
import sys
import time
from pathlib import Path

import torch

from twin_actions import DiffusionHead, TokenHead
from twin_language import Decoder
from twin_layers import Weights
from twin_vision import Projector, Tower


class Clock:
    """Seconds and multiply-accumulates by part of the policy."""

    def __init__(self):
        self.seconds, self.macs = {}, {}

    @contextlib.contextmanager
    def part(self, name, macs):
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
        self.macs[name] = self.macs.get(name, 0) + macs


class DecoderTwin:
    def __init__(self, config, options, weights):
        language = config["language"]
        self.decoder = Decoder(language, options.layers, options.tokens, weights)
        self.hidden = weights.activations(1, options.tokens, language["width"])

    def run(self, clock):
        with clock.part("language_layers", self.decoder.macs(self.hidden.shape[1])):
            self.decoder.prefill(self.hidden)


class VisionTwin:
    def __init__(self, config, options, weights):
        size = config["image"]["size"]
        self.towers = [Tower(tower, size, weights) for tower in config["towers"]]
        width = sum(tower["width"] for tower in config["towers"])
        self.projector = Projector(
            width, config["projector"]["hidden_width"], config["language"]["width"], weights)
        self.pixels = weights.activations(1, 3, size, size)

    def run(self, clock):
        with clock.part("vision", sum(tower.macs for tower in self.towers)):
            features = torch.cat([tower(self.pixels) for tower in self.towers], dim=-1)
        with clock.part("projector", features.shape[1] * self.projector.macs):
            return self.projector(features)


class PolicyTwin:
    def __init__(self, config, options, weights):
        language, head = config["language"], config["action_head"]
        self.vision = VisionTwin(config, options, weights)
        make = DiffusionHead if head["kind"] == "diffusion" else TokenHead
        self.head = make(head, language, weights)
        self.decoder = Decoder(language, options.layers, options.tokens + self.head.decoded, weights)
        patches = self.vision.towers[0].patch_count
        if options.tokens <= patches:
            sys.exit(f"torch_twin: '--tokens' is {options.tokens}, but the picture alone has {patches}.")
        self.text = weights.activations(1, options.tokens - patches, language["width"])

    def run(self, clock):
        picture = self.vision.run(clock)
        hidden = torch.cat([self.text[:, :1], picture, self.text[:, 1:]], dim=1)
        with clock.part("language_layers", self.decoder.macs(hidden.shape[1])):
            last = self.decoder.norm(self.decoder.prefill(hidden)[:, -1:])
        return self.head.run(last, self.decoder, clock)


TWINS = {"decoder": DecoderTwin, "vision": VisionTwin, "policy": PolicyTwin}


def arguments():
    parser = argparse.ArgumentParser(prog="torch_twin", description=__doc__.split("\n")[0])
    parser.add_argument("twin", choices=TWINS)
    parser.add_argument("--config", required=True, help="a config.json, or its text")
    parser.add_argument("--dtype", choices=["f32", "bf16", "int8"], default="bf16")
    parser.add_argument("--tokens", type=int, default=290)
    parser.add_argument("--layers", type=int, help="layers of the language model that run; all by default")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--compile", action="store_true", help="compile the layers, with constant weights packed")
    options = parser.parse_args()
    text = options.config if options.config.lstrip().startswith("{") else Path(options.config).read_text()
    config = json.loads(text)
    if options.layers is None:
        options.layers = config["language"]["depth"]
    return options, config


def say(answer):
    print(json.dumps(answer), flush=True)


@torch.inference_mode()
def main():
    options, config = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    weights = Weights(options.dtype, compiles=options.compile)
    twin = TWINS[options.twin](config, options, weights)
    # Compiling, packing and the first touch of memory are not timed.
    for _ in range(2 if options.compile else 1):
        twin.run(clock := Clock())
    say({"ready": True, "torch": torch.__version__, "threads": torch.get_num_threads(), "macs": clock.macs})
    for line in sys.stdin:
        if line.strip() != "run":
            sys.exit(f"torch_twin: '{line.strip()}' is no command; the only one is 'run'.")
        clock = Clock()
        start = time.perf_counter()
        twin.run(clock)
        say({"seconds": time.perf_counter() - start, "parts": clock.seconds})


main()
