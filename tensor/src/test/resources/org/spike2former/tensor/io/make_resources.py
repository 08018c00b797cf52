"""Makes the files next to it. Needs torch 2.13, numpy 2.4 and safetensors 0.8; run it in its folder."""

import argparse
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import io
import os
import pathlib
import pickle
import re
import sys
import types
import uuid
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


def define(name, **classes):
    """Makes classes that pickle knows by the names of modules that are not installed."""
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        part = ".".join(parts[:i])
        sys.modules.setdefault(part, types.ModuleType(part))
    for key, each in classes.items():
        each.__module__, each.__qualname__ = name, key
        setattr(sys.modules[name], key, each)


define("mmengine.logging.history_buffer", HistoryBuffer=HistoryBuffer)


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


def deflate(name, target):
    with zipfile.ZipFile(name) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for info in source.infolist():
            out.writestr(zipfile.ZipInfo(info.filename), source.read(info), zipfile.ZIP_DEFLATED)


deflate("types.pth", "types_deflated.pth")

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
torch.save(views, "legacy_views_protocol4.pth", _use_new_zipfile_serialization=False, pickle_protocol=4)
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

# What many trainers store next to the weights.


class ConfigDict(dict):
    def __reduce_ex__(self, protocol):
        return self.__class__, (dict(self),), None, None, None, None


class Addict(dict):
    def __getstate__(self):
        return self

    def __setstate__(self, state):
        self.update(state)


class Buffer:
    def __init__(self):
        self.history, self.methods = np.arange(3.0), {"min": Buffer.min}

    def min(self):
        pass


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Data:
    x: int = 1


class Slots:
    __slots__ = ("x",)


class Keywords:
    def __new__(cls, *, k):
        return object.__new__(cls)

    def __getnewargs_ex__(self):
        return (), {"k": 1}


class SubDict(dict):
    pass


class SubList(list):
    pass


Pair = collections.namedtuple("Pair", "a b")
define("mmengine.logging.history_buffer", HistoryBuffer=Buffer)
define("mmengine.config.config", ConfigDict=ConfigDict)
define("addict.addict", Dict=Addict)
define("lib", Colour=Colour, Data=Data, Slots=Slots, Keywords=Keywords)
define("lib", SubDict=SubDict, SubList=SubList, Pair=Pair)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
itself = []
itself.append(itself)
unknown = {
    "number": 3, "none": None, "fraction": float("nan"), "complex": 1j, "wide": 2**200,
    "text": "a\x1b[31mb", "long": "x" * 9000, "bytes": b"a", "bytearray": bytearray(b"a"),
    "namespace": argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("/a")), "path": pathlib.PosixPath("/a/b"),
    "hub": {"log_scalars": Buffer()}, "config": ConfigDict(a=ConfigDict(b=1)), "addict": Addict(a=1),
    "time": datetime.datetime(2025, 1, 1), "delta": datetime.timedelta(1), "zone": datetime.timezone.utc,
    "deque": collections.deque([1], maxlen=5), "partial": functools.partial(print, 1, end=""),
    "version": torch.__version__, "enum": Colour.RED, "data": Data(), "slots": Slots(),
    "keywords": Keywords(k=1), "sub_dict": SubDict(a=1), "sub_list": SubList([1]), "pair": Pair(1, 2),
    "user_dict": collections.UserDict(a=1), "counter": collections.Counter("aab"),
    "set": {1, "a"}, "frozenset": frozenset([1]), "slice": slice(1, 2), "range": range(3),
    "function": len, "class": torch.nn.Linear, "ellipsis": ..., "exception": ValueError("a"),
    "uuid": uuid.UUID(int=1), "decimal": decimal.Decimal(1), "half": fractions.Fraction(1, 2),
    "pattern": re.compile("a"), "stream": io.BytesIO(b"a"), "scalar": np.float64(3), "array": np.arange(4),
    "objects": np.array([None, {}], dtype=object), "generator": np.random.default_rng(0),
    "optimizer": torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))]).state_dict(),
    "schedule": schedule.state_dict(), "scaler": torch.amp.GradScaler("cpu").state_dict(),
    "size": torch.Size([1]), "device": torch.device("cpu"), "dtype": torch.float16, "itself": itself,
    "keys": {(1, 2): 3, datetime.date(2025, 1, 1): 1, frozenset([1]): 2, Colour.RED: 1, torch.float32: 1},
}
for protocol in (2, 4, 5):
    name = f"unknown_protocol{protocol}.pth"
    torch.save({"model": {"w": torch.arange(1.0, 4)}, **unknown}, "temporary", pickle_protocol=protocol)
    deflate("temporary", name)

# Tensors that are more than their elements, or have other elements than are read.


class Sub(torch.Tensor):
    pass


define("lib", Sub=Sub)
attribute = torch.arange(1.0, 4)
attribute.extra = 1
with_state = torch.nn.Parameter(torch.arange(1.0, 4))
with_state.extra = "a"
odd = {
    "w": torch.arange(1.0, 4),
    "attribute": attribute,
    "parameter": torch.nn.Parameter(torch.arange(1.0, 4)),
    "parameter_with_state": with_state,
    "buffer": torch.nn.Buffer(torch.arange(1.0, 4)),
    "subclass": torch.arange(1.0, 4).as_subclass(Sub),
    "numpy": np.arange(1.0, 4),
    "complex": torch.ones(2, dtype=torch.complex64),
    "negated": torch.ones(2)._neg_view(),
    "float8": torch.ones(2).to(torch.float8_e4m3fn),
    "uint16": torch.ones(2, dtype=torch.uint16),
    "quantised": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8),
    "sparse": torch.eye(2).to_sparse(),
    "sparse_rows": torch.eye(2).to_sparse_csr(),
    "meta": torch.ones(2, 3, device="meta"),
    "nested": torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
    "uninitialised": torch.nn.parameter.UninitializedParameter(),
}
torch.save({"state_dict": odd}, "temporary")
deflate("temporary", "odd_tensors.pth")
os.remove("temporary")

# What is hostile, or must be refused.
torch.save({"state_dict": {"w": torch.ones(1)}, "meta": {"hook": [Evil()]}}, "evil.pth")
torch.save({"state_dict": {"w": torch.ones(1)}, "meta": {"hook": Evil()}}, "evil_protocol4.pth", pickle_protocol=4)
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
