"""Times eager inference (image to semantic logits and argmax) with random weights; prints the median in seconds."""

import argparse
import statistics
import time

import torch

from . import export, lively, reference
from .make import parse_size, positive


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="spike2former_export.bench", description=__doc__)
    parser.add_argument("--config", required=True, help="a model.json")
    parser.add_argument("--size", type=parse_size, default=(512, 512), help="HEIGHTxWIDTH")
    parser.add_argument("--threads", type=positive, default=1)
    parser.add_argument("--repeats", type=positive, default=5)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--channels-last", action="store_true", help="use PyTorch's channels-last memory format")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    config = reference.load_config(options.config)
    generator = torch.Generator().manual_seed(0)
    small = tuple(min(side, 128) for side in options.size)
    model = lively.build(config, 0, export.normalise(lively.random_pixels(generator, 2, *small)))
    image = export.normalise(lively.random_pixels(generator, 1, *options.size))
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
        image = image.to(memory_format=torch.channels_last)
    seconds = []
    with torch.inference_mode():
        for _ in range(options.warmup + options.repeats):
            start = time.perf_counter()
            model.segment(image).argmax(1)
            seconds.append(time.perf_counter() - start)
    seconds = seconds[options.warmup :]
    parameters = sum(parameter.numel() for parameter in model.parameters())
    print(f"parameters {parameters}")
    print(f"seconds {' '.join(f'{s:.3f}' for s in seconds)}")
    print(f"median {statistics.median(seconds):.3f}")


if __name__ == "__main__":
    main()
