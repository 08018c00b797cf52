"""Makes code that names float32 compute in float64."""

import contextlib

import torch
from torch.overrides import TorchFunctionMode


class Float64(TorchFunctionMode):
    """Reads every float32 that a call names as float64: `torch.arange(n, dtype=torch.float32)`, `x.float()`, `x.to(torch.float32)`."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function is torch.Tensor.float:
            function = torch.Tensor.double
        args = [torch.float64 if value is torch.float32 else value for value in args]
        kwargs = {key: torch.float64 if value is torch.float32 else value for key, value in (kwargs or {}).items()}
        return function(*args, **kwargs)


@contextlib.contextmanager
def real_type(dtype):
    """Inside, new tensors are of this type, torch.float32 or torch.float64."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with Float64() if dtype is torch.float64 else contextlib.nullcontext():
            yield
    finally:
        torch.set_default_dtype(before)
