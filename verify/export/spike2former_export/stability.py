"""Counts the spikes that change with the number of threads and between float32 and float64, for a model folder and an image.

`SpikeStability` in bench/ counts those of the Java network.
"""

import argparse
from pathlib import Path

import torch

from . import make, record


def spikes(model, config, image, dtype, threads):
    torch.set_num_threads(threads)
    return record.run(record.fresh_copy(model, dtype), config, image.to(dtype), trace=False).spikes


def changed(first, second):
    return sum(int((k != second[name]).sum()) for name, k in first.items())


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="spike2former_export.stability", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a model folder")
    parser.add_argument("--image", required=True, help="a photo")
    options = parser.parse_args(arguments)
    model, config, _, image = make.load_model_folder(options.model, options.image)
    results = {}
    for name, dtype in (("F32", torch.float32), ("F64", torch.float64)):
        for threads in (1, 2):
            results[name, threads] = spikes(model, config, image, dtype, threads)
    print(f"PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}")
    total = sum(k.numel() for k in results["F32", 1].values())
    for first, second in ((("F32", 1), ("F32", 2)), (("F32", 1), ("F64", 1)), (("F64", 1), ("F64", 2))):
        count = changed(results[first], results[second])
        names = [f"{name}, threads: {threads}" for name, threads in (first, second)]
        print(f"{names[0]} -> {names[1]}: {count} of {total} spikes change, {100 * count / total:.4f} %")


if __name__ == "__main__":
    main()
