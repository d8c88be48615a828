"""Compares the stages of 'mole checkpoint trace' with transformers and timm on trained weights.

    python Scripts/real/parity.py MOLE WEIGHTS FOLDER

Two errors for each stage: the largest difference over the stage's largest value; and for the worst token, the
length of its difference over its own length. (In a trained network a token or two are hundreds of times
larger than the rest; the second error sees the rest.) Prints tables, writes them to FOLDER as CSV, and exits 1
when an error is above 1e-4 or other tokens come out.
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import missing_operators  # noqa: F401
import numpy
import timm
import torch
from PIL import Image
from policy_reference.vision import pixels
from safetensors.torch import load_file
from timm.layers import resample_abs_pos_embed
from transformers import AutoTokenizer, LlamaForCausalLM

LIMIT = 1e-4
ROOT = Path(__file__).resolve().parents[2]

TEXTS = {
    "sentence": "The capital of France is",
    "instruction": "In: What action should the robot take to put the red cup on the table?\nOut:",
    "chat": "<|im_start|>user\nHow does a robot open a drawer?<|im_end|>\n<|im_start|>assistant\n",
    "code": "def fibonacci(n):\n    if n < 2:\n        return n\n    return fibonacci(n - 1) +",
    "numbers": "3.14159 26535, 1,000,000 and 2^10 = 1024; 7 x 8 =",
    "scripts": "naïve Straße Привет 機械が青いカップを取る مرحبا 🤖",
    "one token": "the",
    "long": " ".join(f"Step {i}: the arm moves {i * 7 % 13} cm and closes the gripper." for i in range(24)),
}


def trace(mole, folder, *inputs):
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "trace.safetensors"
        subprocess.run(
            [mole, "checkpoint", "trace", folder, *inputs, "-o", path], check=True, stdout=subprocess.DEVNULL)
        return {name: tensor.double() for name, tensor in load_file(path).items()}


def errors(found, expected):
    expected = expected.double()
    difference = found.reshape(expected.shape) - expected
    of_largest = difference.abs().max() / expected.abs().max()
    of_token = difference.norm(dim=-1) / expected.norm(dim=-1).clamp(min=1e-30)
    return float(of_largest), float(of_token.max())


@torch.inference_mode()
def language_stages(model, ids):
    """What transformers computes: every layer's output (the last before the final norm), and logits."""
    stages, hooks = {}, []
    for index, layer in enumerate(model.model.layers):
        keep = lambda _, __, output, name=f"layers.{index}": stages.update(  # noqa: E731
            {name: output[0] if isinstance(output, tuple) else output})
        hooks.append(layer.register_forward_hook(keep))
    hooks.append(model.model.norm.register_forward_hook(lambda _, __, output: stages.update(hidden=output)))
    result = {"embeddings": model.model.embed_tokens(ids)[0]}
    logits = model(ids).logits[0]
    for hook in hooks:
        hook.remove()
    result |= {name: value.reshape(len(ids[0]), -1) for name, value in stages.items()}
    return result | {"logits": logits}


def compare_language(mole, folder):
    """Errors by (text, stage), and a row for each text: tokens, positions where the likeliest token agrees."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    found, rows = {}, []
    for name, text in TEXTS.items():
        ids = tokenizer.encode(text)
        ours = trace(mole, folder, "--text", text)
        same = ours["token_ids"].flatten().tolist() == ids
        agreed = 0
        if same:
            theirs = language_stages(model, torch.tensor([ids]))
            found |= {(name, stage): errors(ours[stage], value) for stage, value in theirs.items()}
            agreed = int((ours["logits"].argmax(-1) == theirs["logits"].argmax(-1)).sum())
        rows.append({"text": name, "tokens": len(ids), "same_tokens": same, "same_top1": agreed})
    return found, rows


def pictures(scratch):
    """A rendered scene that lies in this repository, and noise over a gradient; other sizes than any tower's."""
    generator = numpy.random.default_rng(20261121)
    ramp = numpy.add.outer(numpy.arange(300), numpy.arange(411))[..., None] * [0.2, 0.3, 0.1]
    noise = Image.fromarray((ramp + generator.integers(0, 50, ramp.shape)).astype(numpy.uint8))
    scene = Image.open(ROOT / "Results/studies/experts/tasks.png").convert("RGB")
    # One of the figure's tiles, about.
    side = scene.width // 4
    made = {"noise": noise, "scene": scene.crop((0, 0, side, side))}
    for name, picture in made.items():
        picture.save(scratch / f"{name}.png")
    return {name: (scratch / f"{name}.png", picture) for name, picture in made.items()}


@torch.inference_mode()
def vision_stages(model, config, picture):
    size = config["pretrained_cfg"]["input_size"][1]
    tower = {key: config["pretrained_cfg"][key] for key in ("mean", "std")}
    values = pixels({"image": {"size": size}, "towers": [tower]}, picture)
    hidden = model._pos_embed(model.patch_embed(values[None]))
    stages = {"pixels": values, "tokens": hidden[0]}
    for index, block in enumerate(model.blocks):
        hidden = block(hidden)
        stages[f"blocks.{index}"] = hidden[0]
    return stages | {"features": model.norm(hidden)[0]}


def compare_vision(mole, folder, size=None):
    """Errors by (picture, stage); with a size, both sides resize the positions that the folder has."""
    config = json.loads((folder / "config.json").read_text())
    tensors, settings = load_file(folder / "model.safetensors"), []
    if size is not None:
        config["model_args"]["img_size"] = size
        config["pretrained_cfg"]["input_size"] = [3, size, size]
        side = size // tensors["patch_embed.proj.weight"].shape[-1]
        tensors["pos_embed"] = resample_abs_pos_embed(tensors["pos_embed"], [side, side], num_prefix_tokens=1)
        settings = ["--set", f"image.size={size}"]
    model = timm.create_model(config["architecture"], pretrained=False, num_classes=0, **config["model_args"]).eval()
    model.load_state_dict(tensors)
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, (path, picture) in pictures(Path(scratch)).items():
            ours = trace(mole, folder, "--image", path, *settings)
            theirs = vision_stages(model, config, picture)
            found |= {(name, stage): errors(ours[stage], value) for stage, value in theirs.items()}
    return found


def worst(model, found):
    """One row a stage: the largest errors over all inputs."""
    stages = dict.fromkeys(stage for _, stage in found)
    rows = []
    for stage in stages:
        pairs = [pair for (_, other), pair in found.items() if other == stage]
        rows.append({
            "model": model, "stage": stage, "inputs": len(pairs),
            "largest_error_over_largest_value": f"{max(pair[0] for pair in pairs):.2e}",
            "error_of_worst_token": f"{max(pair[1] for pair in pairs):.2e}"})
    return rows


def show(rows, path):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    widths = {key: max(len(key), *(len(str(row[key])) for row in rows)) for key in rows[0]}
    for row in [dict.fromkeys(rows[0]) | {key: key for key in rows[0]}, *rows]:
        print("  ".join(str(row[key]).ljust(width) for key, width in widths.items()).rstrip())
    print()


def main(mole, weights, folder):
    weights, folder = Path(weights), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    found, texts = compare_language(mole, weights / "smollm2-135m")
    stages = worst("smollm2-135m", found)
    everything = list(found.values())
    for name, size in (("vit-s-224", None), ("vit-s-518", None), ("vit-s-518", 224)):
        found = compare_vision(mole, weights / name, size)
        stages += worst(name if size is None else f"{name} at {size}", found)
        everything += found.values()
    show(stages, folder / "stages.csv")
    show(texts, folder / "texts.csv")
    largest = max(max(pair) for pair in everything)
    fine = largest <= LIMIT and all(row["same_tokens"] and row["same_top1"] == row["tokens"] for row in texts)
    print(f"largest error {largest:.1e}, allowed {LIMIT:.0e}: {'fine' if fine else 'NOT FINE'}")
    return 0 if fine else 1


sys.exit(main(*sys.argv[1:]))
