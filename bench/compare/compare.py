"""Times the Java engine, PyTorch eager and ONNX Runtime in turn on the same weights and image, and prints the ratios.

    mvn -q -DskipTests package
    python bench/compare/compare.py --cache CACHE

Every engine is a process of its own that stays warm; a round gives each of them one turn. The time of a turn is
the median of its runs, from the normalised image to the label map. CACHE keeps prepared models between calls.
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CASES = {"camvid-small": "240x180", "ade20k-sdtv2-15m": "512x512"}
JDK = 25
TURN_SECONDS = 0.5  # a turn has as many runs as fit, at least one
TOLERATED = 0.1  # processors that others may keep busy
PAUSE_SECONDS = 0.05  # lets threads that spin for more work go to sleep

# What holds Java and PyTorch to an instruction set that the processor may exceed; ONNX Runtime has no switch.
ISAS = {
    "avx2": (
        ["-XX:UseAVX=2"],
        {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"},
    ),
    "avx512": (["-XX:UseAVX=3"], {}),
}

# As the launcher s2f does; see docs/performance.md.
SLICES = [
    "-XX:CompileCommand=quiet",
    "-XX:CompileCommand=inline,jdk.internal.foreign.AbstractMemorySegmentImpl::asSlice*",
]


def find_java():
    """A JDK is known by its release file, as in s2f."""
    on_path = shutil.which("java")
    homes = [Path(os.environ.get("JAVA_HOME", "/nonexistent"))]
    homes += [Path(on_path).resolve().parents[1]] if on_path else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    for home in homes:
        release = home / "release"
        if release.is_file() and f'JAVA_VERSION="{JDK}' in release.read_text():
            return home / "bin" / "java"
    raise SystemExit(f"no JDK {JDK} found; point JAVA_HOME at one")


class Engine:
    """A server process; see TimingServer.java for its commands."""

    def __init__(self, name, command, threads, settings=None):
        self.name = name
        self.threads = threads
        self.seconds = []
        environment = os.environ | {"OMP_NUM_THREADS": str(threads)} | (settings or {})
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def ask(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        status, _, answer = self.process.stdout.readline().rstrip("\n").partition(" ")
        if status != "ok":
            raise RuntimeError(f"{self.name}: {words[0]}: {answer or 'the process ended'}")
        return answer

    def run(self, times):
        return [float(s) for s in self.ask("run", times).split()]

    def warm_up(self, seconds, runs):
        """Runs for so long and so often; sets the number of runs of a turn."""
        start = time.monotonic()
        count = 0
        while count < runs or time.monotonic() - start < seconds:
            last = self.run(1)[0]
            count += 1
        self.turn = max(1, round(TURN_SECONDS / last))

    def take_turn(self):
        time.sleep(PAUSE_SECONDS)
        self.seconds.append(statistics.median(self.run(self.turn)))

    def labels(self, command):
        with tempfile.NamedTemporaryFile() as file:
            self.ask(command, file.name)
            return Path(file.name).read_bytes()

    def peak_mb(self):
        """Peak resident memory, from /proc; None on other systems."""
        status = Path(f"/proc/{self.process.pid}/status")
        if not status.exists():
            return None
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def cpu_seconds(self):
        """Processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


def foreign_seconds(engines):
    """Processor time that neither the engines nor this process took, since some fixed moment; None on other systems."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return None
    user, nice, system, _, _, irq, softirq, steal = map(int, stat.read_text().split()[1:9])
    busy = (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")
    return busy - time.process_time() - sum(engine.cpu_seconds() for engine in engines)


def start_engines(folder, threads, options):
    flags, settings = ISAS.get(options.isa, ([], {}))
    java = [find_java(), "--add-modules", "jdk.incubator.vector", "-XX:+UseParallelGC", *SLICES, *flags, *options.java_opts.split()]
    java += ["-cp", f"{ROOT}/bench/target/lib/*", "org.spike2former.bench.TimingServer", options.backend, str(threads)]
    commands = {"java": java, "torch": [sys.executable, HERE / "server.py", "torch", str(threads)]}
    if (folder / "model.onnx").exists():
        commands["onnx"] = [sys.executable, HERE / "server.py", "onnx", str(threads)]
    engines = []
    for name, command in commands.items():
        engine = Engine(name, command, threads, settings)
        try:
            print(f"  {name:5} {engine.ask('load', folder, folder / 'input.png')}", flush=True)
        except RuntimeError as error:
            engine.close()
            if name != "onnx":
                raise
            print(f"  without ONNX Runtime; {error}", flush=True)
            continue
        engines.append(engine)
    return engines


def compare(case, threads, options):
    folder = Path(options.cache) / case
    print(f"\n{case}, {CASES[case]}, {threads} thread{'s' * (threads > 1)}", flush=True)
    engines = start_engines(folder, threads, options)
    try:
        for engine in engines:
            engine.warm_up(options.warmup, options.warmup_runs)
        foreign, start = foreign_seconds(engines), time.monotonic()
        for _ in range(options.rounds):
            for engine in engines:
                engine.take_turn()
        if foreign is not None:
            foreign = max(0, foreign_seconds(engines) - foreign) / (time.monotonic() - start)
            print(f"  other processes kept {foreign:.2f} processors busy{': too many to trust the times' * (foreign > TOLERATED)}")
        print_table(engines)
        peaks = {engine.name: engine.peak_mb() for engine in engines}
        print_agreement(engines)
        densities = ", ".join(f"{engine.name} {engine.ask('density')}" for engine in engines if engine.name != "onnx")
        print(f"  share of spikes that are not zero: {densities}")
        return {
            "case": case,
            "threads": threads,
            "isa": options.isa,
            "foreign_processors": foreign,
            "seconds": {engine.name: engine.seconds for engine in engines},
            "peak_mb": peaks,
        }
    finally:
        for engine in engines:
            engine.close()


def print_table(engines):
    """One row an engine: its times, and Java's time divided by them; the paired ratio is the median over the rounds."""
    java = engines[0].seconds
    print("\n  | engine | median s | min s | java / it: medians | minima | paired | runs a turn | peak RSS MB |")
    print("  |---|---|---|---|---|---|---|---|")
    for engine in engines:
        own = engine.seconds
        ratios = [
            statistics.median(java) / statistics.median(own),
            min(java) / min(own),
            paired(java, own),
        ]
        peak = engine.peak_mb()
        print(
            f"  | {engine.name} | {statistics.median(own):.4f} | {min(own):.4f} | {' | '.join(f'{r:.3f}' for r in ratios)}"
            f" | {engine.turn} | {'?' if peak is None else f'{peak:.0f}'} |"
        )
    print(flush=True)


def print_agreement(engines):
    """Whether the engines computed the same thing. In float32 a rounding can move a spike, and others after it."""
    for command, precision in (("labels", "float32"), ("labels64", "float64")):
        able = [engine for engine in engines if precision == "float32" or engine.name != "onnx"]
        maps = {engine.name: engine.labels(command) for engine in able}
        java = maps["java"]
        for name, other in maps.items():
            same = sum(a == b for a, b in zip(java, other)) / len(java) if len(java) == len(other) else 0
            digest = hashlib.sha256(other).hexdigest()[:16]
            print(
                f"  {precision} labels of {name:5} {digest}  {len(set(other))} classes, {100 * same:.3f} % of {len(other)} pixels as java"
            )


def print_against(results, baseline):
    """What changed since an earlier build, by the ratios to the engines that did not change."""
    before = {(row["case"], row["threads"], row.get("isa")): row["seconds"] for row in baseline if "threads" in row}
    print("| case | threads | engine | java / it before | now | now / before |")
    print("|---|---|---|---|---|---|")
    for row in results:
        earlier = before.get((row["case"], row["threads"], row["isa"]), {})
        for name, seconds in row["seconds"].items():
            if name in earlier and name != "java":
                old, new = paired(earlier["java"], earlier[name]), paired(row["seconds"]["java"], seconds)
                print(f"| {row['case']} | {row['threads']} | {name} | {old:.3f} | {new:.3f} | {new / old:.3f} |")
    print()


def paired(java, other):
    """The median over the rounds of Java's time divided by the other's in the same round."""
    return statistics.median(j / s for j, s in zip(java, other))


def print_scaling(results):
    """Time on 1 thread divided by that on more, per case and engine."""
    for one in results:
        for more in results:
            if one["case"] == more["case"] and one["threads"] == 1 < more["threads"]:
                ratios = ", ".join(
                    f"{name} {statistics.median(seconds) / statistics.median(more['seconds'][name]):.2f}"
                    for name, seconds in one["seconds"].items()
                )
                print(f"{one['case']}: speed-up of {more['threads']} threads over 1: {ratios}")


def process_environment(isa):
    """That of a whole process, ./s2f or Python, held to an instruction set; None: the processor's."""
    flags, settings = ISAS.get(isa, ([], {}))
    java_opts = " ".join([*flags, os.environ.get("S2F_JAVA_OPTS", "")])
    return os.environ | settings | {"S2F_NO_BUILD": "1", "S2F_JAVA_OPTS": java_opts}


def run_process(command, environment):
    """Wall time, CPU time of all threads and peak RSS in MB of a whole process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def cold_start(case, options):
    """Wall time and peak RSS of whole `s2f segment` processes, from the start of the JVM to the pictures written."""
    folder = Path(options.cache) / case
    walls, peaks = [], []
    with tempfile.TemporaryDirectory() as out:
        command = [ROOT / "s2f", "segment", "--model", folder, "-o", out, folder / "input.png"]
        for _ in range(options.cold):
            wall, _, peak = run_process(command, process_environment(options.isa))
            walls.append(wall)
            peaks.append(peak)
    print(
        f"cold ./s2f segment, {case}: median {statistics.median(walls):.2f} s, min {min(walls):.2f} s "
        f"of {len(walls)}; peak RSS {max(peaks):.0f} MB",
        flush=True,
    )
    return {"case": case, "cold_seconds": walls, "cold_peak_mb": peaks}


def describe_machine():
    names = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} processors, {platform.system()}, load {load}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, help="folder for prepared models, weights and images")
    parser.add_argument("--cases", default=",".join(CASES), help=f"of {', '.join(CASES)}")
    parser.add_argument("--threads", default="2,1", help="numbers of threads, with commas")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--warmup", type=float, default=15, help="seconds of warm-up for each engine, at least")
    parser.add_argument("--warmup-runs", type=int, default=5, help="runs of warm-up for each engine, at least")
    parser.add_argument("--cold", type=int, default=5, help="cold starts of ./s2f segment; 0 leaves them out")
    parser.add_argument("--backend", default="auto", help="Java's: auto, vector or scalar")
    parser.add_argument("--java-opts", default="", help="further options for the JVM")
    parser.add_argument("--isa", choices=ISAS, help="instruction set to hold Java and PyTorch to; default: the processor's")
    parser.add_argument("--json", help="file for every turn's time")
    parser.add_argument("--against", metavar="BASELINE.json", help="an earlier --json, of this machine, to compare with")
    options = parser.parse_args()
    baseline = json.loads(Path(options.against).read_text()) if options.against else None
    cases = options.cases.split(",")
    unknown = [case for case in cases if case not in CASES]
    if unknown:
        parser.error(f"no such case: {unknown[0]}")
    for case in cases:
        subprocess.run([sys.executable, HERE / "prepare.py", options.cache, case], check=True)
    print(f"{time.strftime('%Y-%m-%d')}, {describe_machine()}{f', held to {options.isa}' if options.isa else ''}")
    results = [compare(case, threads, options) for case in cases for threads in map(int, options.threads.split(","))]
    print()
    print_scaling(results)
    if baseline is not None:
        print_against(results, baseline)
    colds = [cold_start(case, options) for case in cases] if options.cold else []
    print(describe_machine())
    if options.json:
        Path(options.json).write_text(json.dumps(results + colds, indent=1))


if __name__ == "__main__":
    main()
