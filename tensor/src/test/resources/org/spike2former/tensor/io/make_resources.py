"""Makes the files beside it. Needs torch 2.13, numpy 2.4 and safetensors 0.8; run it in its folder."""

import collections
import os
import pickle
import sys
import types
import zipfile

import numpy as np
import torch
from safetensors.torch import save_file

torch.manual_seed(0)


class HistoryBuffer:
    """Has the attributes of mmengine's class of this name."""

    def __init__(self, values):
        self.max_length = 1000000
        self._log_history = np.array(values)
        self._count_history = np.ones(len(values), dtype=np.int64)


module = types.ModuleType("mmengine.logging.history_buffer")
module.HistoryBuffer = HistoryBuffer
HistoryBuffer.__module__ = module.__name__
for name in ("mmengine", "mmengine.logging"):
    sys.modules[name] = types.ModuleType(name)
sys.modules[module.__name__] = module


class Evil:
    def __reduce__(self):
        return os.system, ("true",)


def reals(*shape, dtype=torch.float32):
    return torch.randn(*shape, dtype=torch.float64).to(dtype)


# Every element type, with the values at the ends of its range.
types_ = {
    "f16": torch.tensor([0.0, -0.0, 1.5, 65504.0, 6e-8, float("inf"), -float("inf")], dtype=torch.float16),
    "bf16": torch.tensor([0.0, -1.0, 3.140625, 3e38, 1e-40, float("inf")], dtype=torch.bfloat16),
    "f32": reals(2, 3, 4),
    "f64": reals(3, 2, dtype=torch.float64),
    "i8": torch.tensor([[-128, -1], [0, 127]], dtype=torch.int8),
    "u8": torch.tensor([0, 1, 128, 255], dtype=torch.uint8),
    "i16": torch.tensor([-32768, 0, 32767], dtype=torch.int16),
    "i32": torch.tensor([-(2**31), 0, 2**31 - 1], dtype=torch.int32),
    "i64": torch.tensor([-(2**53), 0, 2**53], dtype=torch.int64),
    "bool": torch.tensor([True, False, True]),
    "scalar": torch.tensor(2.5),
    "count": torch.tensor(7),
    "empty": torch.zeros(0, 3),
}
save_file(types_, "types.safetensors", metadata={"format": "pt"})
torch.save(types_, "types.pth")
for protocol in (3, 4, 5):
    torch.save(types_, f"types_protocol{protocol}.pth", pickle_protocol=protocol)
torch.save(types_, "legacy.pth", _use_new_zipfile_serialization=False)
torch.serialization.set_crc32_options(False)
torch.save(types_, "types_no_checksum.pth")
torch.serialization.set_crc32_options(True)
with zipfile.ZipFile("types.pth") as source, zipfile.ZipFile(
    "types_deflated.pth", "w", zipfile.ZIP_DEFLATED
) as target:
    for info in source.infolist():
        target.writestr(zipfile.ZipInfo(info.filename), source.read(info), zipfile.ZIP_DEFLATED)

# The order and the bytes that a writer has to give.
save_file(
    {
        "b": torch.arange(6, dtype=torch.float32).reshape(2, 3),
        "k": torch.tensor([0, 1, 4, 127], dtype=torch.uint8),
        "a \"quoted\" é": torch.tensor(-1.25, dtype=torch.float64),
        "a": torch.zeros(0, 5),
    },
    "written.safetensors",
    metadata={"made": "by\nhand"},
)

# Views of shared storages.
base = reals(4, 6)
big = torch.arange(60, dtype=torch.float64)
half = reals(3, 5, dtype=torch.float16)
views = collections.OrderedDict(
    base=base,
    transposed=base.t(),
    row=base[2],
    column=base[:, 1],
    block=base[1:3, 2:5],
    stepped=big[3::7],
    permuted=big.reshape(3, 4, 5).permute(2, 0, 1),
    channels_last=reals(2, 3, 4, 2).to(memory_format=torch.channels_last),
    expanded=torch.tensor([1.0, 2.0]).reshape(2, 1).expand(2, 3),
    half=half.t(),
    bytes=torch.arange(12, dtype=torch.uint8).reshape(3, 4).t(),
    scalar=base[3, 5],
    none=base[2:2],
)
torch.save(views, "views.pth")
save_file({k: v.contiguous().clone() for k, v in views.items()}, "views.safetensors")

# What mmengine's runner writes.
net = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 1), torch.nn.BatchNorm2d(3))
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
net(torch.ones(1, 2, 2, 2)).sum().backward()
optimizer.step()
checkpoint = {
    "meta": {
        "epoch": 0,
        "iter": 160000,
        "cfg": "model = dict(type='EncoderDecoder')\n" * 200,
        "time": "20250101_000000",
        "dataset_meta": {"classes": ("wall", "building"), "palette": [[120, 120, 120], [180, 120, 120]]},
    },
    "state_dict": net.state_dict(),
    "message_hub": {
        "log_scalars": collections.OrderedDict(
            {"train/lr": HistoryBuffer([1e-3, 5e-4, 1e-300]), "train/loss": HistoryBuffer([3.0] * 700)}
        ),
        "runtime_info": collections.OrderedDict(iter=160000, best=np.float64(0.4), seen={1, 2}),
        "resumed_keys": collections.OrderedDict({"train/lr": True}),
    },
    "optimizer": optimizer.state_dict(),
    "param_schedulers": [
        {"milestones": collections.Counter([1, 2]), "by": collections.defaultdict(dict), "last": 2**70}
    ],
    "state_dict_ema": {"0.weight": torch.zeros(1)},
}
for protocol in (2, 4, 5):
    torch.save(checkpoint, f"mmengine_protocol{protocol}.pth", pickle_protocol=protocol)
save_file({k: v.clone() for k, v in net.state_dict().items()}, "mmengine.safetensors")

parameters = {"w": torch.nn.Parameter(torch.arange(4.0)), "nested": {"list": [torch.ones(1), 3, (torch.zeros(2),)]}}
torch.save({"model": parameters, "epoch": 3}, "model.pth")
torch.save({"module": parameters, "optimizer": {"w": torch.zeros(9)}}, "module.pth")
torch.save({**parameters, "state_dict_ema": {"w": torch.zeros(9)}}, "bare.pth")

# What must be refused.
torch.save({"state_dict": {"w": torch.ones(1)}, "meta": {"hook": [Evil()]}}, "evil.pth")
torch.save({"state_dict": {"w": torch.ones(1)}, "meta": {"hook": Evil()}}, "evil_protocol4.pth", pickle_protocol=4)
torch.save({"w": torch.ones(2)._neg_view()}, "negated.pth")
torch.save({"w": torch.eye(2).to_sparse()}, "sparse.pth")
torch.save({"w": torch.ones(2, dtype=torch.complex64)}, "complex.pth")
torch.jit.save(torch.jit.script(torch.nn.ReLU()), "script.pt")
with open("bare.pkl", "wb") as out:
    pickle.dump({"w": 1}, out)

# Arrays of numpy.
grid = np.arange(24).reshape(2, 3, 4)
arrays = {
    "f2": (grid - 7).astype("f2") / 4,
    "f4": np.random.default_rng(0).standard_normal((3, 5)).astype("f4"),
    "f8": np.random.default_rng(1).standard_normal(7),
    "i1": (grid - 12).astype("i1"),
    "u1": (grid * 11).astype("u1"),
    "i2": (grid * -1000).astype("i2"),
    "i4": (grid * -1000000).astype("i4"),
    "i8": grid << 40,
    "b1": grid % 3 == 0,
    "scalar": np.float32(2.5),
    "empty": np.zeros((0, 4), "f4"),
    "fortran": np.asfortranarray(grid.astype("f4")),
    "big_endian": grid.astype(">f4"),
    "object": np.array([{}, None]),
    "structured": np.zeros(2, [("a", "f4"), ("b", "i4")]),
    "complex": np.zeros(2, "c8"),
}
for name, array in arrays.items():
    np.save(f"{name}.npy", array)
with open("version2.npy", "wb") as out:
    np.lib.format.write_array(out, arrays["f4"], version=(2, 0))
readable = [k for k in arrays if k not in ("big_endian", "object", "structured", "complex")]
save_file({k: torch.tensor(arrays[k]).contiguous() for k in readable}, "arrays.safetensors")
