"""Makes the folders that compare.py times: model, weights, image, and model.onnx where that can be had.

python bench/compare/prepare.py CACHE camvid-small|ade20k-sdtv2-15m
"""

import importlib.util
import json
import shutil
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "verify" / "export"))

import torch
from PIL import Image
from safetensors.torch import save_file
from spike2former_export import export, lively, make, reference
from torch import nn

OPSET = 18


class Labels(nn.Module):
    """From the normalised image to labels, as the others."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, image):
        return self.model.segment(image).argmax(1)


def bundled(folder, name):
    """A bundled model and a sample photo, as a PNG so that all engines decode the same pixels."""
    for file in ("model.json", "weights.safetensors", "preprocess.json", "classes.json"):
        shutil.copyfile(ROOT / "models" / name / file, folder / file)
    with Image.open(ROOT / "samples" / "dusk.jpg") as photo:
        photo.convert("RGB").save(folder / "input.png")


def random(folder, name, size):
    """A published configuration with random weights with which every neuron layer fires, and a random image."""
    shutil.copyfile(ROOT / "configs" / "models" / f"{name}.json", folder / "model.json")
    config = reference.load_config(folder / "model.json")
    generator = torch.Generator().manual_seed(0)
    calibration = export.normalise(lively.random_pixels(generator, 2, 128, 128))
    pixels = lively.random_pixels(generator, 1, *size)
    Image.fromarray(pixels[0].permute(1, 2, 0).numpy()).save(folder / "input.png")
    names = [f"class {k}" for k in range(config["head"]["classes"])]
    (folder / "classes.json").write_text(json.dumps({"names": names}))
    (folder / "preprocess.json").write_text(json.dumps({"channels": "rgb", "mean": export.MEAN, "std": export.STD}))
    model = lively.build(config, 0, calibration)
    with torch.no_grad():
        # Otherwise one class wins everywhere, and equal labels would say little.
        scores, _ = model(export.normalise(pixels), last_only=True)
        model.decode_head.cls_embed.bias.sub_(scores.mean((0, 1, 2)))
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / "weights.safetensors")


def write_onnx(folder):
    if not all(importlib.util.find_spec(name) for name in ("onnx", "onnxruntime")):
        print(f"{folder.name}: without ONNX Runtime; pip install onnx onnxruntime to have it")
        return
    model = reference.Spike2Former(reference.load_config(folder / "model.json")).eval()
    make.load_weights(model, folder / "weights.safetensors")
    image = export.normalise(make.load_photo(folder / "input.png", None))
    partial = folder / "partial.onnx"
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # The older exporter: it folds BatchNorms, and ONNX Runtime is faster with its graph.
            torch.onnx.export(Labels(model).eval(), (image,), partial, dynamo=False, opset_version=OPSET)
    except Exception as error:  # the comparison does without
        print(f"{folder.name}: without ONNX Runtime; the export failed: {' '.join(str(error).split())[:300]}")
        return
    partial.rename(folder / "model.onnx")


def main():
    cache, name = sys.argv[1:]
    folder = Path(cache) / name
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "weights.safetensors").exists():
        if name == "camvid-small":
            bundled(folder, name)
        else:
            random(folder, name, (512, 512))
    if not (folder / "model.onnx").exists():
        write_onnx(folder)


if __name__ == "__main__":
    main()
