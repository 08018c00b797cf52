"""Makes a parity folder: of a random network on a random image, or of a checkpoint on a photo."""

import argparse
import json
import pickle
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from . import export, lively, record, reference


def parse_size(text):
    height, _, width = text.partition("x")
    if not (height.isdigit() and width.isdigit() and int(height) and int(width)):
        raise argparse.ArgumentTypeError(f"expected HEIGHTxWIDTH, found {text!r}")
    return int(height), int(width)


def positive(text):
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a positive number, found {text!r}")
    return int(text)


def load_weights(model, path):
    """Fills the model from .safetensors or from a torch.save file, bare or under `state_dict`."""
    try:
        if Path(path).suffix == ".safetensors":
            state = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
            state = state.get("state_dict", state)
        model.load_state_dict(state, strict=True)
    except (RuntimeError, SafetensorError, pickle.UnpicklingError, AttributeError) as error:
        raise ValueError(f"{path}: {error}") from error


def load_photo(path, size, rule=None):
    """RGB bytes [1, 3, H, W]; resized to a size, or by a `resize` rule of a preprocess.json."""
    import numpy
    from PIL import Image

    with Image.open(path) as photo:
        photo = photo.convert("RGB")
        if rule and not size:
            shortest, longest = sorted(photo.size)
            factor = min(rule["shortest_edge"] / shortest, rule["max_size"] / longest)
            size = tuple(int(side * factor + 0.5) for side in reversed(photo.size))
        if size and size != (photo.height, photo.width):
            photo = photo.resize((size[1], size[0]), Image.Resampling.BILINEAR)
        return torch.from_numpy(numpy.array(photo)).permute(2, 0, 1).unsqueeze(0).contiguous()


def nearest_tie(single, double, config):
    """Least distance of a float64 potential from a rounding boundary, in units of its layer's largest float32 error.

    Ties that are exact in both precisions are left out. Returns (ratio, distance, layer).
    """
    nearest = (float("inf"), float("inf"), "")
    for name, potential in double.potentials.items():
        ceiling = record.neuron_config(config, name)["max_spikes"]
        in_single = single.potentials[name].double()
        boundary = potential.floor().clamp(0, ceiling - 1) + 0.5
        distance = (potential - boundary).abs()
        distance = distance[(distance > 0) | (in_single != potential)]
        error = (potential - in_single).abs().max().item()
        if error > 0 and distance.numel():
            least = distance.min().item()
            nearest = min(nearest, (least / error, least, name))
    return nearest


def silent_layers(result):
    return [name for name, k in result.spikes.items() if (k > 0).float().mean() < 0.02]


def threads_matter(model, config, image, double):
    """Whether float32 spikes change with PyTorch's number of threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(2 if threads == 1 else 1)
    try:
        other = record.run(model, config, image, trace=False)
    finally:
        torch.set_num_threads(threads)
    return record.differing_spikes(other, double) > 0


def make_random(config, size, batch, seed, tries, margin, trace):
    """Tries seeds until float32 (1 and 2 threads) and float64 agree, no layer is silent and no potential is a near-tie."""
    for attempt in range(seed, seed + tries):
        generator = torch.Generator().manual_seed(attempt)
        pixels = lively.random_pixels(generator, batch, *size)
        image = export.normalise(pixels)
        model = lively.build(config, attempt, image)
        single, double = record.run_both(model, config, image, trace=trace, potentials=True)
        different = record.differing_spikes(single, double)
        ratio, distance, layer = nearest_tie(single, double, config)
        silent = silent_layers(double)
        print(
            f"seed {attempt}: {different} differing spikes, nearest tie {distance:.1e} = {ratio:.1f} float32 errors ({layer}), "
            f"{len(silent)} silent layers {' '.join(silent[:3])}",
            flush=True,
        )
        if not different and not silent and ratio >= margin and not threads_matter(model, config, image, double):
            return model, pixels, single, double
    raise SystemExit(f"none of the seeds {seed}...{seed + tries - 1} will do; try more, a smaller size or a smaller margin")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="spike2former_export.make", description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--config", help="a model.json, for random weights or for --weights")
    source.add_argument("--model", type=Path, help="a model folder: configuration, weights and preprocessing of --image")
    parser.add_argument("-o", "--output", "--out", dest="out", required=True, help="the folder to write")
    parser.add_argument("--size", type=parse_size, help="HEIGHTxWIDTH of the image; a photo keeps its own without it")
    parser.add_argument("--batch", type=positive, default=1, help="images in the random batch")
    parser.add_argument("--seed", type=int, default=0, help="the first seed to try")
    parser.add_argument("--tries", type=positive, default=50, help="how many seeds to try")
    parser.add_argument(
        "--margin", type=float, default=0.5, help="least distance of a potential from a tie, in float32 errors of its layer"
    )
    parser.add_argument("--weights", help="a checkpoint (.safetensors, .pth) instead of random weights")
    parser.add_argument("--image", help="a photo for --weights or --model")
    parser.add_argument("--grads", action="store_true", help="write gradients of a training pass too")
    parser.add_argument("--no-trace", action="store_true", help="leave out the outputs of the blocks")
    options = parser.parse_args(arguments)
    if options.model and options.weights:
        parser.error("--model has its own weights")
    if bool(options.weights or options.model) != bool(options.image):
        parser.error("--weights or --model and --image go together")
    if not options.image and not options.size:
        parser.error("--size is needed for a random image")
    try:
        make(options)
    except (OSError, ValueError) as error:
        raise SystemExit(str(error)) from error


def read_preprocess(folder):
    """(mean, std, resize rule or None) of a model folder."""
    path = folder / "preprocess.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    if values.get("size_divisor", 1) != 1:
        raise ValueError(f"{path}: padding to a size_divisor is not supported; take it out")
    return values["mean"], values["std"], values.get("resize")


def load_model_folder(folder, photo, size=None):
    """(model, configuration, RGB bytes, normalised image) of a model folder and a photo."""
    weights = [path for path in (folder / "weights.safetensors", folder / "weights.pth") if path.exists()]
    if not weights:
        raise ValueError(f"{folder}: neither weights.safetensors nor weights.pth")
    mean, std, rule = read_preprocess(folder)
    config = reference.load_config(folder / "model.json")
    model = reference.network(config).eval()
    load_weights(model, weights[0])
    pixels = load_photo(photo, size, rule)
    return model, config, pixels, export.normalise(pixels, mean, std)


def make(options):
    trace = not options.no_trace
    if options.model:
        model, config, pixels, image = load_model_folder(options.model, options.image, options.size)
        single, double = record.run_both(model, config, image, trace)
    elif options.weights:
        config = reference.load_config(options.config)
        model = reference.network(config).eval()
        load_weights(model, options.weights)
        pixels = load_photo(options.image, options.size)
        single, double = record.run_both(model, config, export.normalise(pixels), trace)
    else:
        config = reference.load_config(options.config)
        model, pixels, single, double = make_random(
            config, options.size, options.batch, options.seed, options.tries, options.margin, trace
        )
    grads = export.gradients(model, config, single.io["input"], seed=options.seed) if options.grads else None
    different = export.write_runs(options.out, model, config, pixels, single, double, grads=grads)
    total = sum(k.numel() for k in double.spikes.values())
    print(f"{options.out}: {total} spikes, {different} differ between float32 and float64")


if __name__ == "__main__":
    main()
