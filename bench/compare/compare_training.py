"""Times one training step in the Java engine and in PyTorch eager, in turn, on the same weights and batch.

    mvn -q -DskipTests package
    python bench/compare/compare_training.py --cache CACHE

A step is forward over all query states, loss with matching, backward, clipping and AdamW, from the normalised batch.
The losses of the first steps are printed too. In float64 both engines must start from the same one; in float32 a rounding
can move a spike, and others after it.
"""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

import torch
from compare import HERE, ROOT, SLICES, Engine, describe_machine, find_java, print_table
from safetensors.torch import save_file

CASES = {"camvid-small": (4, 160, 224, 11), "ade20k-sdtv2-15m": (1, 512, 512, 150)}
FIRST_STEPS = 3
PATCHES = 6  # of one class each, along both axes of an image


class Trainer(Engine):
    def run(self, times):
        return [float(s) for s in self.ask("step", times).split()]


def write_batch(path, size, height, width, classes):
    """Images of noise and labels in patches, so that there are some ten targets an image."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randn(size, 3, height, width, generator=generator)
    patches = torch.randint(min(classes, 12), (size, 1, PATCHES, PATCHES), generator=generator)
    labels = torch.nn.functional.interpolate(patches.float(), (height, width), mode="nearest")[:, 0].to(torch.uint8)
    save_file({"images": images, "labels": labels}, path)


def compare(case, options):
    folder = Path(options.cache) / case
    subprocess.run([sys.executable, HERE / "prepare.py", options.cache, case], check=True)
    batch = folder / "batch.safetensors"
    write_batch(batch, *CASES[case])
    java = [find_java(), "--add-modules", "jdk.incubator.vector", *SLICES, *options.java_opts.split(), "-cp", f"{ROOT}/bench/target/lib/*"]
    commands = {
        "java": [*java, "org.spike2former.bench.TimingServer", "auto", str(options.threads)],
        "torch": [sys.executable, HERE / "server.py", "torch", str(options.threads)],
    }
    engines = [Trainer(name, command, options.threads) for name, command in commands.items()]
    try:
        print(f"\n{case}, batch {CASES[case][:3]}, {options.threads} threads")
        for engine in engines:
            print(f"  {engine.name:5} {engine.ask('train', folder, batch)}", flush=True)
            losses = []
            for _ in range(FIRST_STEPS):
                engine.run(1)
                losses.append(engine.ask("loss"))
            print(f"  {engine.name:5} losses of the first steps: {', '.join(losses)}; of the first in float64: {engine.ask('loss64', folder, batch)}", flush=True)
        for engine in engines:
            engine.warm_up(options.warmup, 3)
        for _ in range(options.rounds):
            for engine in engines:
                engine.take_turn()
        print_table(engines)
        return {engine.name: statistics.median(engine.seconds) for engine in engines}
    finally:
        for engine in engines:
            engine.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, help="folder for prepared models and batches")
    parser.add_argument("--cases", default=",".join(CASES), help=f"of {', '.join(CASES)}")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--warmup", type=float, default=15, help="seconds of warm-up for each engine, at least")
    parser.add_argument("--java-opts", default="-XX:+UseParallelGC -Xmx8g", help="options for the JVM")
    options = parser.parse_args()
    print(describe_machine())
    for case in options.cases.split(","):
        compare(case, options)


if __name__ == "__main__":
    main()
