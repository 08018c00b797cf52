"""Compares the first image of a process, from its start to the pictures on disk: ./s2f segment and PyTorch."""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from compare import CASES, HERE, ISAS, ROOT, describe_machine, paired, process_environment, run_process


def compare(case, options):
    folder = Path(options.cache) / case
    image = folder / "input.png"
    environment = process_environment(options.isa)
    with tempfile.TemporaryDirectory() as out:
        commands = {"PyTorch": [sys.executable, HERE / "first_image.py", folder, image, out]}
        for name, home in (("Java", ROOT), ("Java before", options.against)):
            if home:
                commands[name] = [Path(home) / "s2f", "segment", "-m", folder, image, "-o", out]
        taken = {name: [] for name in commands}
        for i in range(options.rounds):
            for name in list(commands)[:: 1 if i % 2 == 0 else -1]:
                taken[name].append(run_process(commands[name], environment))
    print(f"{case}, {options.isa or 'as the machine is'}, {options.rounds} rounds")
    for name, turns in taken.items():
        wall, cpu, peak = map(statistics.median, zip(*turns))
        print(f"  {name:12} {wall:6.2f} s, {cpu:6.2f} s of CPU, {peak:5.0f} MB")
    for name in commands.keys() - {"Java"}:
        ratio = paired(*([wall for wall, _, _ in taken[engine]] for engine in ("Java", name)))
        print(f"  Java / {name}: {ratio:.2f} (median of the rounds' own ratios)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", required=True, help="folder that compare.py has prepared")
    parser.add_argument("--cases", default=",".join(CASES), help=f"of {', '.join(CASES)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--isa", choices=ISAS, help="instruction set to hold both to; default: the processor's")
    parser.add_argument("--against", help="folder of an earlier build, to take turns with")
    options = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d')}, {describe_machine()}")
    for case in options.cases.split(","):
        compare(case, options)


if __name__ == "__main__":
    main()
