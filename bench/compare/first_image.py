"""Segments one image with PyTorch, as a process that does nothing else; compare_first.py times it.

Arguments: model folder, image, folder for the pictures.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "verify" / "export"))

import numpy
import torch
from PIL import Image
from spike2former_export import export, make, reference


def main():
    folder, file, out = map(Path, sys.argv[1:])
    model = reference.Spike2Former(reference.load_config(folder / "model.json")).eval()
    make.load_weights(model, folder / "weights.safetensors")
    with Image.open(file) as photo:
        pixels = numpy.array(photo.convert("RGB"))
    with torch.inference_mode():
        image = export.normalise(torch.from_numpy(pixels.transpose(2, 0, 1)[None].copy()))
        labels = model.segment(image).argmax(1)[0].numpy().astype(numpy.uint8)
    colors = numpy.random.default_rng(0).integers(0, 256, (256, 3), dtype=numpy.uint8)
    Image.fromarray(pixels // 2 + colors[labels] // 2).save(out / "overlay.png")
    Image.fromarray(labels).save(out / "labels.png")


if __name__ == "__main__":
    main()
