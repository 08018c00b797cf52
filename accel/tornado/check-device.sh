#!/bin/sh
# Checks the first device that TornadoVM offers, in less than eight minutes on a GPU: the digests of the three
# samples and the parity of two recorded networks against the CPU, and the time of the ADE20K configuration, beside
# PyTorch on CUDA where Python has it.
#
#     TORNADOVM_HOME=SDK accel/tornado/check-device.sh [PARITY_DIR]
#
# PARITY_DIR is a second folder of recorded values, as samples/parity-tiny is the first. S2F_BACKEND names another
# device (default: tornado), S2F_CHECK_SECONDS the seconds that all of it may take (default: 480). Exit code: 0 if all
# bits are equal, 1 if not, 2 if something is missing.
set -u

root=$(cd "$(dirname "$0")/../.." && pwd)
backend=${S2F_BACKEND:-tornado}
seconds=${S2F_CHECK_SECONDS:-480}
second=${1:-}
start=$(date +%s)
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

missing() {
  echo "check-device: $1" >&2
  exit 2
}

left() {
  echo $((seconds - $(date +%s) + start))
}

# Runs s2f within the time that is left: output to a file, messages beside it.
s2f() {
  to=$1
  shift
  rest=$(left)
  [ "$rest" -gt 0 ] || return 124
  timeout "$rest" "$root/s2f" "$@" >"$work/$to" 2>"$work/$to.err"
}

# Runs Python among the comparison's programs, as s2f.
python() {
  to=$1
  rest=$(left)
  [ "$rest" -gt 0 ] || return 124
  (cd "$root/bench/compare" && timeout "$rest" python3 - "$model") >"$work/$to" 2>"$work/$to.err"
}

report() {
  printf '%-44s %s\n' "$1" "$2"
}

# Says why a command failed, with its last message.
problem() {
  failed=1
  if [ "$2" -eq 124 ]; then
    report "$1" "not done in $seconds s"
  else
    report "$1" "FAILED: $(tail -n 1 "$work/$3.err")"
  fi
}

[ -n "${TORNADOVM_HOME:-}" ] || missing "TORNADOVM_HOME is not set; point it at the folder of a TornadoVM SDK"
[ -f "$TORNADOVM_HOME/tornado-argfile" ] || missing "$TORNADOVM_HOME has no tornado-argfile"
command -v timeout >/dev/null || missing "there is no command timeout"
[ -z "$second" ] || [ -d "$second" ] || missing "$second is not a folder"
[ -f "$root/samples/street.jpg" ] || missing "$root/samples has no photos"

# The first use builds what is missing.
if ! s2f devices devices; then
  missing "s2f devices fails: $(tail -n 1 "$work/devices.err")"
fi
grep -q '^tornado:' "$work/devices" || missing "no device: $(grep tornado "$work/devices" | head -n 1)"
grep '^tornado:' "$work/devices"

digests() {
  grep digest "$work/$1"
}

# Compares the device's digests with the CPU's: a name, where pictures go, the weights.
compare() {
  if s2f device segment "$root"/samples/*.jpg --digest --weights "$3" -o "$work/$2" --backend "$backend"; then
    if [ "$(digests cpu)" = "$(digests device)" ]; then
      report "$1" "equal"
    else
      report "$1" "DIFFERENT"
      failed=1
    fi
  else
    problem "$1" $? device
  fi
}

for weights in float int8; do
  s2f cpu segment "$root"/samples/*.jpg --digest --weights $weights -o "$work/cpu-$weights" ||
    missing "the CPU fails: $(tail -n 1 "$work/cpu.err")"
  compare "digests of the samples, $weights weights" "device-$weights" $weights
done

# Only these interfaces replay launches.
if grep -Eq '^tornado:.* (PTX|CUDA) on ' "$work/devices"; then
  before=${S2F_JAVA_OPTS:-}
  export S2F_JAVA_OPTS="$before -Ds2f.accel.replay=true"
  compare "the same, launches replayed" replayed int8
  S2F_JAVA_OPTS=$before
fi

for folder in "$root/samples/parity-tiny" "$second"; do
  [ -n "$folder" ] || continue
  name="parity of $(basename "$folder")"
  if s2f parity parity "$folder" --backend "$backend"; then
    report "$name" "$(tail -n 1 "$work/parity")"
  else
    problem "$name" $? parity
  fi
done

# Random weights, which bench/compare makes with PyTorch: only the time counts.
name="ADE20K configuration, 512x512"
model=$work/ade20k-sdtv2-15m
python model <<'PYTHON'
import sys
from pathlib import Path

import prepare

folder = Path(sys.argv[1])
folder.mkdir()
prepare.random(folder, folder.name, (512, 512))
PYTHON
status=$?
if [ $status -ne 0 ]; then
  report "$name" "left out: no weights ($status): $(tail -n 1 "$work/model.err" 2>/dev/null)"
else
  if s2f bench bench "$model/input.png" -m "$model" --backend "$backend" --runs 5 --rows 1; then
    report "$name" "$(grep '^median' "$work/bench")"
  else
    problem "$name" $? bench
  fi
  python torch <<'PYTHON'
import statistics
import sys
import time
from pathlib import Path

import server
import torch

if not torch.cuda.is_available():
    sys.exit("torch sees no CUDA device")
folder = Path(sys.argv[1])
engine = server.Torch(4)
engine.load(folder, folder / "input.png")
engine.model.cuda()
engine.image = engine.image.cuda()
times = []
with torch.inference_mode():
    for _ in range(15):
        start = time.perf_counter()
        engine.model.segment(engine.image).argmax(1)
        torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
print(f"median {1e3 * statistics.median(times[5:]):.1f} ms, min {1e3 * min(times[5:]):.1f} of 10 runs")
PYTHON
  status=$?
  if [ $status -eq 0 ]; then
    report "the same in PyTorch, CUDA eager" "$(cat "$work/torch")"
  else
    report "the same in PyTorch, CUDA eager" "left out ($status): $(tail -n 1 "$work/torch.err" 2>/dev/null)"
  fi
fi
echo "took $(($(date +%s) - start)) s"
exit $failed
