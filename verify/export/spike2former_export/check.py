"""Checks the PyTorch network against a parity folder that another implementation wrote, as `s2f dump` does."""

import argparse
import re
from pathlib import Path

import torch
from safetensors.torch import load_file

from . import export, make, reference

FILES = {
    "io_f64": "io",
    "trace_f64": "trace",
    "potential_means_f64": "potentials",
    "spikes": "spikes",
    "io_f32": "io",
}
GIVEN = ("input", "input_u8")

# Neuron layers whose channels are the last axis; of most others they are axis 2.
CHANNELS_LAST = re.compile(
    r"decode_head\.(pixel_decoder\..*\.dcn\.mask_spike|transformer_decoder\.(?!.*\.ffn\.fc2_spike$).*|mask_embed\..*|(?!out_spike)[a-z_]+)"
)

# Neuron layers whose T and B are folded, so that channels are axis 1.
FOLDED = re.compile(r"neck\..*|decode_head\.(scale_heads\..*|out_spike)")


def potential_means(potentials):
    """The mean of every channel of what each neuron layer was given.

    A few numbers in which a change of any weight shows, also where all spikes stay the same.
    """
    means = {}
    for name, potential in potentials.items():
        channels = potential.dim() - 1 if CHANNELS_LAST.fullmatch(name) else 1 if FOLDED.fullmatch(name) else 2
        means[name] = potential.movedim(channels, 0).flatten(1).mean(1)
    return means


def record_means(folder):
    """Adds potential_means_f64.safetensors to a folder that lacks it."""
    folder = Path(folder)
    config = reference.load_config(folder / "model.json")
    model = reference.network(config).eval()
    make.load_weights(model, folder / "weights.safetensors")
    image = load_file(folder / "io_f64.safetensors")["input"].double()
    run = export.run(model.double(), config, image, trace=False, potentials=True)
    export.write_atomically(folder / "potential_means_f64.safetensors", export.tensors(potential_means(run.potentials)))


def compare(name, recorded, computed, tolerance):
    """(error relative to the recorded tensor's largest magnitude, or spikes that differ; what is wrong or "")."""
    if computed is None:
        return 0, "PyTorch has none"
    if recorded.shape != computed.shape or recorded.dtype != computed.dtype:
        return 0, f"recorded {recorded.dtype} {list(recorded.shape)}, PyTorch {computed.dtype} {list(computed.shape)}"
    if recorded.dtype == torch.uint8:
        differing = int((recorded != computed).sum())
        return differing, f"{differing} of {recorded.numel()} spikes differ" if differing else ""
    error = (computed - recorded).abs().max().item() if recorded.numel() else 0
    relative = error / recorded.abs().max().item() if error else 0
    return relative, "" if relative <= tolerance else f"relative error {relative:.1e}"


def check(folder, f64=1e-9, f32=1e-5):
    """Runs the reference on the folder's weights and input, and compares what the folder holds. Returns (file, tensors, greatest error, problems) for each file."""
    folder = Path(folder)
    config = reference.load_config(folder / "model.json")
    model = reference.network(config).eval()
    make.load_weights(model, folder / "weights.safetensors")
    results = []
    runs = {}
    for file, part in FILES.items():
        path = folder / f"{file}.safetensors"
        if not path.exists():
            continue
        recorded = load_file(path)
        single = file.endswith("f32")
        if single not in runs:
            source = recorded if file.startswith("io") else load_file(folder / "io_f64.safetensors")
            image = source["input"].float() if single else source["input"].double()
            runs[single] = export.run(model.float() if single else model.double(), config, image, potentials=not single)
        computed = getattr(runs[single], part)
        computed = potential_means(computed) if part == "potentials" else computed
        names = [name for name in sorted(recorded) if name not in GIVEN]
        rows = [(name, *compare(name, recorded[name], computed.get(name), f32 if single else f64)) for name in names]
        greatest = max((error for _, error, _ in rows), default=0)
        results.append((file, len(rows), greatest, [(name, problem) for name, _, problem in rows if problem]))
    if not results:
        raise ValueError(f"{folder}: holds no recordings")
    return results


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="spike2former_export.check", description=__doc__)
    parser.add_argument("folder", help="a parity folder")
    parser.add_argument("--f64", type=float, default=1e-9, help="greatest relative error in float64")
    parser.add_argument("--f32", type=float, default=1e-5, help="greatest relative error in float32")
    parser.add_argument("--record-means", action="store_true", help="first add the means of potentials, from PyTorch, to the folder")
    options = parser.parse_args(arguments)
    try:
        if options.record_means:
            record_means(options.folder)
        results = check(options.folder, options.f64, options.f32)
    except (OSError, ValueError) as error:
        raise SystemExit(str(error)) from error
    for file, tensors, greatest, problems in results:
        unit = f"{greatest} differing spikes at most" if file == "spikes" else f"greatest error {greatest:.1e}"
        print(f"{'FAIL' if problems else 'pass'}  {file:15} {tensors:4} tensors, {unit}")
        for name, problem in problems[:20]:
            print(f"      {name}: {problem}")
    return 1 if any(problems for *_, problems in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
