"""Writes a parity folder: a network's weights with the outputs, spikes and gradients another implementation must give.

Works on any module tree whose state dict and neurons carry the authors' names.
"""

import collections
import io
import json
import os
from pathlib import Path

import torch
from safetensors.torch import save
from torch import nn

from . import reference
from .precision import real_type
from .record import bare, default_forward, differing_spikes, fresh_copy, head_outputs, run, run_both, skeleton, watched

MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)


def normalise(pixels, mean=MEAN, std=STD):
    """RGB bytes [B, 3, H, W] -> the network's float32 input."""
    if pixels.dtype != torch.uint8 or pixels.dim() != 4 or pixels.shape[1] != 3:
        raise ValueError(f"expected RGB bytes, uint8 [B, 3, H, W], found {pixels.dtype} {list(pixels.shape)}")
    return (pixels.float() - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)


def check_names(model, config):
    """Raises ValueError where the state dict or the neurons differ from those the configuration calls for.

    Anything outside `backbone`, `decode_head` and an FPN's `neck`, such as an auxiliary head, is ignored.
    """
    expected = {name: tuple(t.shape) for name, t in skeleton(config).state_dict().items()}
    parts = ("backbone.", "neck.", "decode_head.") if "neck" in config else ("backbone.", "decode_head.")
    found = {name: tuple(t.shape) for name, t in model.state_dict().items() if name.startswith(parts)}
    problems = [f"missing tensor {name} {shape}" for name, shape in expected.items() if name not in found]
    problems += [f"unexpected tensor {name} {shape}" for name, shape in found.items() if name not in expected]
    problems += [
        f"{name}: expected shape {shape}, found {found[name]}" for name, shape in expected.items() if found.get(name, shape) != shape
    ]
    modules = dict(model.named_modules())
    problems += [f"missing module {name}" for name in sorted({target.module for target in watched(config)}) if name not in modules]
    if problems:
        raise ValueError(f"the model does not fit its configuration, {len(problems)} differences:\n" + "\n".join(problems[:20]))


def gradients(model, config, image, forward=default_forward, seed=0):
    """One float64 training pass and its gradients for random upstream gradients, by the names of a parity folder."""
    model = fresh_copy(model, torch.float64).train().requires_grad_()
    for module in model.modules():
        # By name, since timm's DropPath is no torch Dropout.
        if "Drop" in type(module).__name__:
            module.eval()
    use_canonical_strides(model)
    image = image.double().clone().requires_grad_()
    generator = torch.Generator().manual_seed(seed)
    with real_type(torch.float64):
        result = {}
        loss = 0
        for name, output in zip(reference.output_names(config), head_outputs(model, config, image, forward)):
            upstream = torch.randn(output.shape, generator=generator, dtype=torch.float64)
            result |= {"upstream." + name: upstream, "head." + name: output.detach()}
            loss = loss + (output * upstream).sum()
        loss.backward()
    result["loss"] = loss.detach().reshape(1)
    result["grad.input"] = image.grad
    parameters, buffers = dict(model.named_parameters()), dict(model.named_buffers())
    for name, _ in skeleton(config).named_parameters():
        if parameters[name].grad is None:
            raise ValueError(f"{name}: the loss does not reach this parameter")
        result["grad." + name] = parameters[name].grad
    for name, _ in skeleton(config).named_buffers():
        result["buf." + name] = buffers[name]
    return result


def use_canonical_strides(model):
    """Gives every BatchNorm contiguous inputs and gradients.

    PyTorch's CPU BatchNorm backward is wrong for a batch of one when the input or the gradient is a channels-last
    view whose first stride is not that of a channels-last tensor.
    """

    def contiguous(x):
        return x.clone(memory_format=torch.contiguous_format)

    def before(_, inputs):
        return (contiguous(inputs[0]),)

    def after(_, inputs, output):
        if output.requires_grad:
            output.register_hook(contiguous)

    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.register_forward_pre_hook(before)
            module.register_forward_hook(after)


def write_atomically(path, data):
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def tensors(values):
    return save({name: value.detach().cpu().contiguous() for name, value in sorted(values.items())})


def checkpoint(state):
    """The bytes of a checkpoint as mmengine saves it."""
    file = io.BytesIO()
    torch.save({"meta": {}, "state_dict": collections.OrderedDict(state), "message_hub": {}}, file)
    return file.getvalue()


def write_folder(folder, model, config, pixels, single, double, grads=None):
    """Writes the files of a parity folder; `grads` as `gradients` gives them."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    found = model.state_dict()
    state = {name: found[name].cpu() for name in skeleton(config).state_dict()}
    state = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in state.items()}
    files = {
        "model.json": json.dumps(config, indent=1).encode(),
        "weights.safetensors": tensors(state),
        "weights.pth": checkpoint(state),
        "io_f32.safetensors": tensors(single.io | {"input_u8": pixels}),
        "io_f64.safetensors": tensors(double.io | {"input_u8": pixels}),
        "spikes.safetensors": tensors(double.spikes),
    }
    if double.trace:
        files["trace_f64.safetensors"] = tensors(double.trace)
    if grads is not None:
        files["grads_train_f64.safetensors"] = tensors(grads)
    for name, data in files.items():
        write_atomically(folder / name, data)


def write_runs(folder, model, config, pixels, single, double, forward=default_forward, grads=None):
    """`write_folder`, with a float32 result that fits the float64 spikes; returns how many spikes differed.

    One differing spike makes others differ; so float32 is then run once more with every neuron passing on the float64
    spikes, as a comparison does.
    """
    different = differing_spikes(single, double)
    if different:
        single = run(fresh_copy(model, torch.float32), config, single.io["input"], forward, trace=False, given=double)
    write_folder(folder, model, config, pixels, single, double, grads)
    return different


def export(model, pixels, config, folder, forward=default_forward, grads=False, trace=True):
    """Runs `model` on RGB bytes `pixels` [B, 3, H, W] and writes a parity folder.

    `model` may be wrapped, as in DataParallel; it is left as it is. `config` is the path of a model.json or what one
    holds, `forward(model, image)` gives (cls_scores, mask_preds) as tensors or as lists over the decoder's states, or the
    logits of an FPN, the mean over T; `model` is without its wrappers there. Returns how many spikes differ between float32 and float64.
    """
    config = reference.load_config(config)
    model = bare(model)
    check_names(model, config)
    model = fresh_copy(model, torch.float32).cpu().eval()
    image = normalise(pixels)
    single, double = run_both(model, config, image, trace, forward=forward)
    recorded = gradients(model, config, image, forward=forward) if grads else None
    return write_runs(folder, model, config, pixels, single, double, forward, recorded)
