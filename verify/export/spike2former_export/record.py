"""Runs a module tree that carries the authors' names and records what its neurons, blocks and stages give."""

import contextlib
import copy
import itertools
import operator
import re
from dataclasses import dataclass, field

import torch
from torch import nn

from . import reference
from .precision import real_type

GIVE_FORWARD = "give export(..., forward=f), where f(model, image) returns (cls_scores, mask_preds), or the logits of an FPN"

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

TRACED_NAMES = re.compile(
    r"decode_head\.(shortcut_conv|conv_seg|scale_heads\.\d+(\.\d+)?)|neck\.(lateral|fpn)_convs\.\d+"
)


@dataclass
class Run:
    """What one forward pass gave, by the names of the parity folder."""

    io: dict = field(default_factory=dict)
    trace: dict = field(default_factory=dict)
    spikes: dict = field(default_factory=dict)
    potentials: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Watched:
    """A module whose output is recorded: under `name` in the part `part` of a run."""

    module: str
    part: str
    name: str


def skeleton(config):
    """The reference network without storage: its names and shapes."""
    with torch.device("meta"):
        return reference.network(config).eval()


def watched(config):
    """Everything to record."""
    found = []
    model = skeleton(config)
    for name, module in model.named_modules():
        if isinstance(module, reference.Neuron):
            found.append(Watched(name, "spikes", name))
        if isinstance(module, TRACED) or TRACED_NAMES.fullmatch(name):
            found.append(Watched(name, "trace", name))
    stages = {
        "backbone.x1": "backbone.ConvBlock1_1.0",
        "backbone.x2": "backbone.ConvBlock1_2.0",
        "backbone.x3": "backbone.ConvBlock2_2.0",
        "backbone.x4": f"backbone.block4.{len(model.backbone.block4) - 1}",
    }
    if reference.head_type(config) == "fpn":
        stages |= {f"neck.out.{i}": f"neck.fpn_convs.{i}" for i in range(len(model.neck.fpn_convs))}
        return found + [Watched(module, "io", name) for name, module in stages.items()]
    stages |= {
        "pixel_decoder.mask_feature": "decode_head.pixel_decoder.mask_feature",
        "pixel_decoder.memory": "decode_head.pixel_decoder.encoder_out_proj_spike",
        "pixel_decoder.multi_scale.0": "decode_head.pixel_decoder.encoder_out_proj",
        "pixel_decoder.multi_scale.1": "decode_head.pixel_decoder.output_convs.2",
        "pixel_decoder.multi_scale.2": "decode_head.pixel_decoder.output_convs.1",
    }
    for j in range(config["transformer_decoder"]["layers"]):
        stages[f"transformer_decoder.query.{j + 1}"] = f"decode_head.transformer_decoder.layers.{j}"
    return found + [Watched(module, "io", name) for name, module in stages.items()]


def default_forward(model, image):
    """`model(image)`, for models of which that is (cls_scores, mask_preds), or the logits of an FPN."""
    try:
        return model(image)
    except NotImplementedError as error:
        raise ValueError(f"{type(model).__name__} has no forward of its own; {GIVE_FORWARD}") from error
    except TypeError as error:
        raise ValueError(f"{type(model).__name__} does not run as model(image): {error}; {GIVE_FORWARD}") from error


def bare(model):
    """The model inside of DataParallel, DistributedDataParallel, torch.compile and the like."""
    while isinstance(model, nn.Module):
        children = dict(model.named_children())  # by these: torch.compile's wrapper passes on all attributes
        inner = children.get("module", children.get("_orig_mod"))
        if "backbone" in children or inner is None:
            break
        model = inner
    if not isinstance(model, nn.Module):
        raise ValueError(f"expected a model, a torch.nn.Module, found {type(model).__name__}; build the model and load the weights into it")
    parts = [name for name in ("backbone", "decode_head") if not isinstance(getattr(model, name, None), nn.Module)]
    if parts:
        found = ", ".join(name for name, _ in model.named_children()) or "none"
        raise ValueError(f"{type(model).__name__} has no part {' and no part '.join(parts)}; its parts: {found}")
    return model


def reset(model):
    """Forgets the potentials that stateful neurons carry from one image to the next."""
    for module in model.modules():
        if callable(getattr(module, "reset", None)):
            module.reset()


def head_outputs(model, config, image, forward):
    """Runs the model; returns cls_scores [L+1, B, Q, K+1] and mask_preds [L+1, B, Q, h, w], or the logits [B, K, h, w] alone."""
    reset(model)
    outputs = forward(model, image)
    if reference.head_type(config) == "fpn":
        if not isinstance(outputs, torch.Tensor):
            raise ValueError(f"the model gave a {type(outputs).__name__}, not logits; {GIVE_FORWARD}")
        return (outputs,)
    if not isinstance(outputs, (tuple, list)) or len(outputs) != 2:
        size = f" of {len(outputs)}" if isinstance(outputs, (tuple, list)) else ""
        raise ValueError(f"the model gave a {type(outputs).__name__}{size}, not (cls_scores, mask_preds); {GIVE_FORWARD}")

    def stacked(name, x):
        if isinstance(x, torch.Tensor):
            return x
        if not isinstance(x, (tuple, list)) or not x or not all(isinstance(state, torch.Tensor) for state in x):
            raise ValueError(f"{name}: expected a tensor or a list of tensors, found {type(x).__name__}; {GIVE_FORWARD}")
        return torch.stack(list(x))

    return stacked("cls_scores", outputs[0]), stacked("mask_preds", outputs[1])


@contextlib.contextmanager
def listening(model, targets, take):
    """Calls `take(target, inputs, output)` for each target's module once; what it returns, if anything, replaces the output."""
    modules = dict(model.named_modules())
    heard = set()

    def hook_for(target):
        def hook(_, inputs, output):
            if target in heard:
                raise ValueError(f"{target.module}: called twice in one pass")
            heard.add(target)
            # Attention modules give their scores too.
            return take(target, inputs, output[0] if isinstance(output, (tuple, list)) else output)

        return hook

    handles = [modules[target.module].register_forward_hook(hook_for(target)) for target in targets]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
    for target in targets:
        if target not in heard:
            raise ValueError(f"{target.module}: not called, or not as a module (module(x), not module.forward(x))")


def expected_shapes(config, image):
    """The shapes of a run of the reference, by watched target; those of what forward gives too."""
    model = skeleton(config)
    targets = watched(config)
    leading = (config["backbone"]["time_steps"], image.shape[0])
    shapes = {}

    def take(target, _, output):
        axes = tuple(output.shape)
        if target.part == "io" and not target.name.startswith("neck."):
            axes = leading + axes[-2 if ".query." in target.name else -3 :]
        shapes[target] = axes

    with torch.no_grad(), listening(model, targets, take):
        outputs = head_outputs(model, config, torch.empty(image.shape, device="meta"), default_forward)
    return shapes | {name: tuple(output.shape) for name, output in zip(reference.output_names(config), outputs)}


def fitted(name, output, shape):
    """The output in the folder's shape. Axes may be folded, as T and B into one, and the last may be unfolded, as N into
    H and W; an output with its axes in another order is refused."""

    def borders(axes):
        return list(itertools.accumulate(axes, operator.mul))

    found, expected = borders(output.shape), borders(shape)
    fits = found[-1] == expected[-1]
    folded = all(border in expected for border in found)
    unfolded = expected[-2] in found and all(border in expected or border > expected[-2] for border in found)
    if not (fits and (folded or unfolded)):
        raise ValueError(f"{name}: expected shape {list(shape)}, found {list(output.shape)}")
    return output.reshape(shape)


def spike_counts(name, output, neuron):
    """The integers k of a neuron's output S = k / norm, as uint8."""
    k = output * neuron["norm"]
    rounded = k.round()
    if not ((k - rounded).abs().max() <= 1e-4 and rounded.min() >= 0 and rounded.max() <= min(neuron["max_spikes"], 255)):
        raise ValueError(f"{name}: outputs times {neuron['norm']} are not integers in 0...{neuron['max_spikes']}; does model.json fit?")
    return rounded.to(torch.uint8)


def neuron_config(config, name):
    part = name.partition(".")[0]
    return config[part if part in ("backbone", "neck") else "head"]["neuron"]


def run(model, config, image, forward=default_forward, trace=True, potentials=False, given=None):
    """One inference pass with every neuron, block and stage recorded. The model is left in eval mode.

    With the spikes `given` of another run, every neuron passes those on instead of its own, which are recorded.
    """
    shapes = expected_shapes(config, image)
    targets = [target for target in watched(config) if trace or target.part != "trace"]
    result = Run({"input": image})

    def take(target, inputs, output):
        tensor = fitted(target.module, output, shapes[target])
        if target.part != "spikes":
            getattr(result, target.part)[target.name] = tensor.clone()
            return None
        neuron = neuron_config(config, target.name)
        result.spikes[target.name] = spike_counts(target.name, tensor, neuron)
        if potentials:
            result.potentials[target.name] = inputs[0].clone()
        if given is None:
            return None
        return given.spikes[target.name].to(output.dtype).div_(neuron["norm"]).reshape(output.shape)

    with torch.no_grad(), real_type(image.dtype), listening(model, targets, take):
        outputs = head_outputs(model.eval(), config, image, forward)
    outputs = {name: fitted(name, output, shapes[name]) for name, output in zip(reference.output_names(config), outputs)}
    result.io |= {"head." + name: output for name, output in outputs.items()}
    result.io["seg_logits"] = reference.segment(tuple(outputs.values()), image.shape[2:])
    return result


def fresh_copy(model, dtype):
    """A copy with no potentials, in the real type; copying fails on potentials that still have a graph."""
    reset(model)
    with shared_functions():
        try:
            return copy.deepcopy(model).to(dtype)
        except (TypeError, RuntimeError, AttributeError, NotImplementedError) as error:
            raise ValueError(f"the model cannot be copied: {uncopied(model)}{error}") from error


@contextlib.contextmanager
def shared_functions():
    """Instances of autograd functions, which neurons of the release hold, cannot be copied. They have no state: share them."""
    function = torch.autograd.Function
    function.__deepcopy__ = lambda self, _: self
    try:
        yield
    finally:
        del function.__deepcopy__


def uncopied(model):
    """Which attribute of which module cannot be copied; empty if that is not known."""
    for name, module in model.named_modules():
        own = vars(module)
        groups = (own["_parameters"], own["_buffers"], {key: value for key, value in own.items() if key != "_modules"})
        for key, value in itertools.chain.from_iterable(group.items() for group in groups):
            try:
                copy.deepcopy(value)
            except Exception:  # whatever it is, the copy of the model met it too
                return f"{name}.{key}".lstrip(".") + f", a {type(value).__name__}: "
    return ""


def run_both(model, config, image, trace=True, potentials=False, forward=default_forward):
    """The model's passes in float32 and in float64 throughout, run on copies; only the float64 one has a trace."""
    single = run(fresh_copy(model, torch.float32), config, image.float(), forward, False, potentials)
    double = run(fresh_copy(model, torch.float64), config, image.double(), forward, trace, potentials)
    return single, double


def differing_spikes(first, second):
    return sum(int((k != second.spikes[name]).sum()) for name, k in first.spikes.items())
