"""Writes a parity folder: a network's weights with the outputs, spikes and gradients another implementation must give.

Works on any module tree whose state dict and neurons carry the authors' names.
"""

import copy
import json
import os
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save
from torch import nn

from . import reference

MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)

TRACED = (
    reference.Downsample,
    reference.ConvBlock,
    reference.SepConvV2,
    reference.SepConv,
    reference.BackboneAttention,
    reference.RepConv,
    reference.TokenFeedForward,
    reference.TransformerBlockV2,
    reference.TransformerBlockV3,
    reference.DeformableAttention,
    reference.EncoderLayer,
    reference.DecoderAttention,
    reference.DecoderFeedForward,
    reference.DecoderLayer,
    reference.MaskEmbed,
)


@dataclass
class Run:
    """What one forward pass gave, by the names of the parity folder."""

    io: dict
    trace: dict
    spikes: dict
    potentials: dict


def normalise(pixels):
    """RGB bytes [B, 3, H, W] -> the network's float32 input."""
    if pixels.dtype != torch.uint8 or pixels.dim() != 4 or pixels.shape[1] != 3:
        raise ValueError(f"expected RGB bytes, uint8 [B, 3, H, W], found {pixels.dtype} {list(pixels.shape)}")
    return (pixels.float() - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)


def skeleton(config):
    """The reference network without storage: its names and shapes."""
    with torch.device("meta"):
        return reference.Spike2Former(config)


def check_names(model, config):
    """Raises ValueError where the state dict or the neurons differ from those the configuration calls for."""
    expected_modules = skeleton(config)
    expected = {name: tuple(t.shape) for name, t in expected_modules.state_dict().items()}
    found = {name: tuple(t.shape) for name, t in model.state_dict().items()}
    problems = [f"missing tensor {name} {shape}" for name, shape in expected.items() if name not in found]
    problems += [f"unexpected tensor {name} {shape}" for name, shape in found.items() if name not in expected]
    problems += [
        f"{name}: expected shape {shape}, found {found[name]}" for name, shape in expected.items() if found.get(name, shape) != shape
    ]
    modules = dict(model.named_modules())
    wanted = [name for name, module in expected_modules.named_modules() if isinstance(module, (*TRACED, reference.Neuron))]
    problems += [f"missing module {name}" for name in wanted if name not in modules]
    if problems:
        raise ValueError(f"the model does not fit its configuration, {len(problems)} differences:\n" + "\n".join(problems[:20]))


def default_forward(model, image):
    return model(image)


def head_outputs(model, image, forward):
    """Runs the model; returns cls_scores [L+1, B, Q, K+1] and mask_preds [L+1, B, Q, h, w]."""
    for module in model.modules():
        if callable(getattr(module, "reset", None)):
            module.reset()
    cls_scores, mask_preds = forward(model, image)

    def stacked(x):
        return x if isinstance(x, torch.Tensor) else torch.stack(list(x))

    return stacked(cls_scores), stacked(mask_preds)


def spike_counts(name, output, neuron):
    """The integers k of a neuron's output S = k / norm, as uint8."""
    k = output * neuron.norm
    rounded = k.round()
    if (k - rounded).abs().max() > 1e-4 or rounded.min() < 0 or rounded.max() > min(neuron.max_spikes, 255):
        raise ValueError(f"{name}: outputs times {neuron.norm} are not integers in 0...{neuron.max_spikes}; does model.json fit?")
    return rounded.to(torch.uint8)


def run(model, config, image, forward=default_forward, trace=True, potentials=False):
    """One inference pass with every neuron, block and output recorded. The model is left in eval mode."""
    shape = skeleton(config)
    modules = dict(model.named_modules())
    result = Run({"input": image}, {}, {}, {})
    steps = (config["backbone"]["time_steps"], image.shape[0])
    leaves = {
        "backbone.ConvBlock1_1.0": "backbone.x1",
        "backbone.ConvBlock1_2.0": "backbone.x2",
        "backbone.ConvBlock2_2.0": "backbone.x3",
        f"backbone.block4.{len(shape.backbone.block4) - 1}": "backbone.x4",
        "decode_head.pixel_decoder.mask_feature": "pixel_decoder.mask_feature",
        "decode_head.pixel_decoder.encoder_out_proj_spike": "pixel_decoder.memory",
        "decode_head.pixel_decoder.encoder_out_proj": "pixel_decoder.multi_scale.0",
        "decode_head.pixel_decoder.output_convs.2": "pixel_decoder.multi_scale.1",
        "decode_head.pixel_decoder.output_convs.1": "pixel_decoder.multi_scale.2",
    }
    for j in range(len(shape.decode_head.transformer_decoder.layers)):
        leaves[f"decode_head.transformer_decoder.layers.{j}"] = f"transformer_decoder.query.{j + 1}"

    def record_spikes(name, neuron):
        def hook(_, inputs, output):
            result.spikes[name] = spike_counts(name, output, neuron)
            if potentials:
                result.potentials[name] = inputs[0].clone()

        return hook

    def record_trace(name):
        def hook(_, inputs, output):
            result.trace[name] = output.clone()

        return hook

    def record_io(name, channels_at):
        def hook(_, inputs, output):
            result.io[name] = output.reshape(*steps, *output.shape[channels_at:]).clone()

        return hook

    handles = []
    for name, module in shape.named_modules():
        if isinstance(module, reference.Neuron):
            handles.append(modules[name].register_forward_hook(record_spikes(name, module)))
        if trace and (isinstance(module, TRACED) or name == "decode_head.shortcut_conv"):
            handles.append(modules[name].register_forward_hook(record_trace(name)))
    for name, key in leaves.items():
        handles.append(modules[name].register_forward_hook(record_io(key, -2 if ".query." in key else -3)))
    try:
        with torch.no_grad():
            cls_scores, mask_preds = head_outputs(model.eval(), image, forward)
    finally:
        for handle in handles:
            handle.remove()
    result.io["head.cls_scores"] = cls_scores
    result.io["head.mask_preds"] = mask_preds
    result.io["seg_logits"] = reference.semantic_logits(cls_scores[-1], mask_preds[-1], image.shape[2:])
    return result


def run_both(model, config, image, **options):
    """The model's passes in float32 and in float64 throughout; the model itself is left as it was."""
    single = run(copy.deepcopy(model).float(), config, image.float(), **options)
    double = run(copy.deepcopy(model).double(), config, image.double(), **options)
    return single, double


def differing_spikes(first, second):
    return sum(int((k != second.spikes[name]).sum()) for name, k in first.spikes.items())


def gradients(model, config, image, forward=default_forward, seed=0):
    """One float64 training pass and its gradients for random upstream gradients, by the names of fixtures.md."""
    model = copy.deepcopy(model).double().train()
    use_canonical_strides(model)
    image = image.double().clone().requires_grad_()
    cls_scores, mask_preds = head_outputs(model, image, forward)
    generator = torch.Generator().manual_seed(seed)
    result = {
        "upstream.cls_scores": torch.randn(cls_scores.shape, generator=generator),
        "upstream.mask_preds": torch.randn(mask_preds.shape, generator=generator),
        "head.cls_scores": cls_scores.detach(),
        "head.mask_preds": mask_preds.detach(),
    }
    loss = (cls_scores * result["upstream.cls_scores"]).sum() + (mask_preds * result["upstream.mask_preds"]).sum()
    loss.backward()
    result["loss"] = loss.detach().reshape(1)
    result["grad.input"] = image.grad
    for name, parameter in model.named_parameters():
        if parameter.grad is None:
            raise ValueError(f"{name}: the loss does not reach this parameter")
        result["grad." + name] = parameter.grad
    for name, buffer in model.named_buffers():
        result["buf." + name] = buffer
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


def write_folder(folder, model, config, pixels, single, double, grads=None):
    """Writes the files of a parity folder; `grads` as `gradients` gives them."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "model.json": json.dumps(config, indent=1).encode(),
        "weights.safetensors": tensors({n: t.float() if t.is_floating_point() else t for n, t in model.state_dict().items()}),
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


def export(model, pixels, config, folder, forward=default_forward, grads=False, trace=True):
    """Runs `model` on RGB bytes `pixels` [B, 3, H, W] and writes a parity folder.

    `config` is the path of a model.json, `forward(model, image)` gives (cls_scores, mask_preds) as tensors
    or as lists over the decoder's states. Returns how many spikes differ between float32 and float64.
    """
    config = reference.load_config(config)
    check_names(model, config)
    model = copy.deepcopy(model).cpu().eval()
    image = normalise(pixels)
    single, double = run_both(model, config, image, forward=forward, trace=trace)
    recorded = gradients(model, config, image, forward=forward) if grads else None
    write_folder(folder, model, config, pixels, single, double, recorded)
    return differing_spikes(single, double)
