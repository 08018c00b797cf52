"""Times PyTorch or ONNX Runtime on behalf of compare.py; the protocol is that of TimingServer.java.

Arguments: torch or onnx, threads. With onnx, the model's folder holds a model.onnx.
"""

import copy
import json
import sys
import time
from pathlib import Path

import numpy
from PIL import Image

EXPORTER = Path(__file__).resolve().parents[2] / "verify" / "export"


def read_pixels(path):
    """RGB bytes [1, 3, H, W]."""
    with Image.open(path) as photo:
        return numpy.array(photo.convert("RGB")).transpose(2, 0, 1)[None].copy()


class Torch:
    """Eager inference, contiguous layout, the last query state only."""

    def __init__(self, threads):
        sys.path.insert(0, str(EXPORTER))
        import torch
        from spike2former_export import export, make, reference

        self.torch, self.export, self.make, self.reference = torch, export, make, reference
        torch.set_num_threads(threads)

    def load(self, folder, image):
        self.model = self.reference.Spike2Former(self.reference.load_config(folder / "model.json")).eval()
        self.make.load_weights(self.model, folder / "weights.safetensors")
        self.image = self.export.normalise(self.torch.from_numpy(read_pixels(image)))
        return f"PyTorch {self.torch.__version__} eager, threads: {self.torch.get_num_threads()}"

    def labels(self):
        with self.torch.inference_mode():
            return self.model.segment(self.image).argmax(1).numpy()

    def labels64(self):
        with self.torch.inference_mode():
            return copy.deepcopy(self.model).double().segment(self.image.double()).argmax(1).numpy()

    def training(self, folder, batch, real):
        from safetensors.torch import load_file
        from training import Training

        model = self.reference.Spike2Former(self.reference.load_config(folder / "model.json"))
        self.make.load_weights(model, folder / "weights.safetensors")
        tensors = load_file(batch)
        return Training(model.to(real), tensors["images"].to(real), tensors["labels"])

    def train(self, folder, batch):
        self.trained = self.training(folder, batch, self.torch.float32)
        return f"PyTorch {self.torch.__version__} eager, training, threads: {self.torch.get_num_threads()}"

    def density(self):
        counts = [0, 0]

        def count(_, inputs, output):
            counts[0] += int((output != 0).sum())
            counts[1] += output.numel()

        neurons = [m for m in self.model.modules() if isinstance(m, self.reference.Neuron)]
        handles = [neuron.register_forward_hook(count) for neuron in neurons]
        self.labels()
        for handle in handles:
            handle.remove()
        return counts[0] / counts[1]


class Onnx:
    """ONNX Runtime on the CPU, all optimisations on."""

    def __init__(self, threads):
        import onnxruntime

        self.runtime = onnxruntime
        self.threads = threads

    def load(self, folder, image):
        options = self.runtime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = self.runtime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        rule = json.loads((folder / "preprocess.json").read_text())
        mean, std = (numpy.float32(rule[key]).reshape(3, 1, 1) for key in ("mean", "std"))
        self.image = (read_pixels(image).astype(numpy.float32) - mean) / std
        return f"ONNX Runtime {self.runtime.__version__}, threads: {self.threads}"

    def labels(self):
        return self.session.run(None, {self.session.get_inputs()[0].name: self.image})[0]


def write(path, labels):
    Path(path).write_bytes(labels.astype(numpy.uint8).tobytes())
    return path


def main():
    kind, threads = sys.argv[1:]
    engine = {"torch": Torch, "onnx": Onnx}[kind](int(threads))
    labels = None
    for line in sys.stdin:
        command, *words = line.rstrip("\n").split("\t")
        try:
            if command == "load":
                answer = engine.load(Path(words[0]), Path(words[1]))
            elif command == "run":
                seconds = []
                for _ in range(int(words[0])):
                    start = time.perf_counter()
                    labels = engine.labels()
                    seconds.append(f"{time.perf_counter() - start:.6f}")
                answer = " ".join(seconds)
            elif command == "train":
                answer = engine.train(Path(words[0]), Path(words[1]))
            elif command == "step":
                results = []
                for _ in range(int(words[0])):
                    start = time.perf_counter()
                    loss = engine.trained.step()
                    results.append(f"{time.perf_counter() - start:.6f}")
                answer = " ".join(results)
            elif command == "loss":
                answer = f"{loss:.9g}"
            elif command == "loss64":
                answer = f"{engine.training(Path(words[0]), Path(words[1]), engine.torch.float64).step():.12g}"
            elif command == "labels":
                answer = write(words[0], labels)
            elif command == "labels64":
                answer = write(words[0], engine.labels64())
            elif command == "density":
                answer = f"{engine.density():.4f}"
            else:
                raise ValueError(f"no such command: {command}")
            print("ok", answer, flush=True)
        except Exception as error:  # the other end shows it
            print("error", " ".join(str(error).split()), flush=True)


if __name__ == "__main__":
    main()
