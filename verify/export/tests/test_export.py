import json
import re
import threading
import warnings
from collections import OrderedDict, UserDict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

import foreign
from spike2former_export import check, export, lively, make, record, reference, stability

FILES = {
    "model.json",
    "weights.safetensors",
    "weights.pth",
    "io_f32.safetensors",
    "io_f64.safetensors",
    "spikes.safetensors",
    "trace_f64.safetensors",
    "grads_train_f64.safetensors",
}


@pytest.fixture
def model_json(tmp_path, config):
    path = tmp_path / "model.json"
    path.write_text(json.dumps(config))
    return path


def build(config, batch=1):
    pixels = lively.random_pixels(torch.Generator().manual_seed(3), batch, 33, 41)
    return lively.build(config, 3, export.normalise(pixels)), pixels


def test_make_writes_a_folder_that_replays(tmp_path, model_json):
    out = tmp_path / "out"
    make.main(["--config", str(model_json), "--size", "33x41", "--output", str(out), "--margin", "1", "--grads"])
    assert {path.name for path in out.iterdir()} == FILES
    config = reference.load_config(out / "model.json")
    model = reference.Spike2Former(config)
    model.load_state_dict(load_file(out / "weights.safetensors"), strict=True)
    io = load_file(out / "io_f64.safetensors")
    again = record.run(model.double(), config, io["input"])
    spikes = load_file(out / "spikes.safetensors")
    assert all(torch.equal(k, again.spikes[name]) and (k > 0).any() for name, k in spikes.items())
    assert io["backbone.x1"].shape == (2, 1, 4, 17, 21)
    assert io["seg_logits"].shape == (1, 3, 33, 41)
    grads = load_file(out / "grads_train_f64.safetensors")
    assert {name[5:] for name in grads if name.startswith("grad.")} == {n for n, _ in model.named_parameters()} | {"input"}


def test_make_writes_a_folder_of_an_fpn(tmp_path, fpn):
    path = tmp_path / "model.json"
    path.write_text(json.dumps(fpn))
    out = tmp_path / "out"
    make.main(["--config", str(path), "--size", "33x41", "--output", str(out), "--margin", "1", "--grads"])
    assert {file.name for file in out.iterdir()} == FILES
    io = load_file(out / "io_f64.safetensors")
    assert io["backbone.x1"].shape == (2, 1, 4, 17, 21)
    assert io["neck.out.3"].shape == (2, 12, 3, 3)
    assert io["head.logits"].shape == (1, 3, 17, 21)
    assert io["seg_logits"].shape == (1, 3, 33, 41)
    grads = load_file(out / "grads_train_f64.safetensors")
    assert {"upstream.logits", "head.logits", "grad.neck.lateral_convs.0.0.weight"} < grads.keys()
    assert [result[3] for result in check.check(out)] == [[], [], [], []]


def test_an_fpn_gives_logits(tmp_path, fpn):
    model, pixels = build(fpn)
    assert export.export(model, pixels, fpn, tmp_path / "own") == 0
    with pytest.raises(ValueError, match="not logits"):
        export.export(model, pixels, fpn, tmp_path / "pair", forward=lambda m, x: (m(x),))
    with pytest.raises(ValueError, match=r"logits: expected shape \[1, 3, 17, 21\], found \[2, 3, 17, 21\]"):
        export.export(model, pixels, fpn, tmp_path / "steps", forward=lambda m, x: m(x).repeat(2, 1, 1, 1))
    with pytest.raises(ValueError, match="head.type must be mask-embedding or fpn"):
        reference.load_config(fpn | {"head": fpn["head"] | {"type": "fcn"}})
    with pytest.raises(ValueError, match="it lacks neck"):
        reference.load_config({key: value for key, value in fpn.items() if key != "neck"})


def test_make_takes_a_checkpoint_and_a_photo(tmp_path, config, model_json):
    from PIL import Image

    model, pixels = build(config)
    checkpoint = tmp_path / "checkpoint.pth"
    torch.save({"meta": {}, "state_dict": model.state_dict()}, checkpoint)
    photo = tmp_path / "photo.png"
    Image.fromarray(pixels[0].permute(1, 2, 0).numpy()).save(photo)
    out = tmp_path / "out"
    make.main(["--config", str(model_json), "--weights", str(checkpoint), "--image", str(photo), "--output", str(out), "--no-trace"])
    assert {path.name for path in out.iterdir()} == FILES - {"trace_f64.safetensors", "grads_train_f64.safetensors"}
    assert torch.equal(load_file(out / "io_f32.safetensors")["input_u8"], pixels)


def difference(found, expected):
    """Largest difference between two files of tensors, each by its tensor's magnitude, or absolute below 1e-9."""
    assert found.keys() == expected.keys()
    result = {}
    for name, value in expected.items():
        assert found[name].dtype == value.dtype and found[name].shape == value.shape, name
        error, largest = (found[name].double() - value.double()).abs().max().item(), value.double().abs().max().item()
        result[name] = error / largest if largest > 1e-9 else error
    return max(result.values())


@pytest.mark.parametrize("batch", [1, 2])
def test_export_of_another_module_tree(tmp_path, config, model_json, batch):
    model, pixels = build(config, batch)
    other = foreign.Segmentor(config)
    other.load_state_dict(model.state_dict(), strict=False)
    other.eval().backbone.requires_grad_(False)
    samples = [object()] * batch
    # Leaves potentials that still have a graph, and would add to those of the next image.
    other(export.normalise(pixels), samples)
    assert export.export(model, pixels, model_json, tmp_path / "own", grads=True) == 0
    different = export.export(other, pixels, model_json, tmp_path / "other", forward=lambda m, x: m(x, samples), grads=True)
    assert different == 0
    assert {path.name for path in (tmp_path / "other").iterdir()} == FILES

    def compare(name):
        return difference(load_file(tmp_path / "other" / name), load_file(tmp_path / "own" / name))

    assert compare("weights.safetensors") == 0
    assert compare("spikes.safetensors") == 0
    assert compare("io_f64.safetensors") < 1e-13
    assert compare("trace_f64.safetensors") < 1e-13
    assert compare("io_f32.safetensors") < 1e-5
    assert compare("grads_train_f64.safetensors") < 1e-9
    saved = torch.load(tmp_path / "other" / "weights.pth", weights_only=True)
    assert saved.keys() == {"meta", "state_dict", "message_hub"}
    assert difference(saved["state_dict"], load_file(tmp_path / "own" / "weights.safetensors")) == 0


def test_float32_continues_from_the_float64_spikes(tmp_path, config, model_json):
    model, pixels = build(config)
    model.double().backbone.downsample1_1.encode_bn.bias.data.add_(1e-3)
    single, double = record.run_both(model, config, export.normalise(pixels))
    single.spikes["backbone.ConvBlock1_1.0.spike1"].flatten()[7] += 1
    assert export.write_runs(tmp_path / "out", model, config, pixels, single, double) == 1
    other = record.run(model, config, export.normalise(255 - pixels).double())
    given = record.run(model, config, double.io["input"], given=other)
    assert torch.equal(given.io["head.mask_preds"], other.io["head.mask_preds"])
    assert not torch.equal(given.io["backbone.x1"], other.io["backbone.x1"])


def test_what_is_not_called_once_or_has_another_layout_is_named(tmp_path, config, model_json):
    model, pixels = build(config)

    def refused(forward, message):
        with pytest.raises(ValueError, match=message):
            export.export(model, pixels, model_json, tmp_path / "out", forward=forward)

    def last_only(model, image):
        return model(image, last_only=True)

    refused(last_only, r"decode_head.decoder_out_spike: expected shape \[3, 2, 1, 5, 16\], found \[1, 2, 1, 5, 16\]")
    refused(lambda model, image: (model(image), model(image))[1], "spike1: called twice in one pass")
    refused(lambda model, image: [model.backbone(image)[0]] * 2, "decode_head.pixel_decoder.last_feat_conv_spike: not called")
    assert not (tmp_path / "out").exists()


def test_export_names_what_does_not_fit(tmp_path, config, model_json):
    model, pixels = build(config)
    model.decode_head.cls_embed = nn.Linear(16, 9)
    with pytest.raises(ValueError, match=r"decode_head.cls_embed.weight: expected shape \(4, 16\), found \(9, 16\)"):
        export.export(model, pixels, model_json, tmp_path / "out")
    model, pixels = build(config)
    model.decode_head.decoder_out_spike.norm = 3
    with pytest.raises(ValueError, match="decode_head.decoder_out_spike: outputs times 4 are not integers"):
        export.export(model, pixels, model_json, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_layouts():
    x = torch.arange(48)
    assert record.fitted("x", x.view(4, 4, 3), (2, 2, 4, 3)).shape == (2, 2, 4, 3)
    assert record.fitted("x", x.view(4, 2, 3, 2), (2, 2, 2, 6)).shape == (2, 2, 2, 6)
    for shape in ((2, 2, 3, 4), (3, 4, 4), (2, 2, 4)):
        with pytest.raises(ValueError, match="x: expected shape"):
            record.fitted("x", torch.zeros(shape), (2, 2, 4, 3))


@pytest.mark.parametrize("strided_input", [False, True])
@pytest.mark.parametrize("strided_gradient", [False, True])
def test_batch_norm_gradients_of_a_single_image(strided_input, strided_gradient):
    """PyTorch's CPU BatchNorm backward goes wrong for a batch of one with these strides."""

    def draw(strided):
        return torch.randn(3, 5, 4, dtype=torch.float64).permute(2, 0, 1)[None] if strided else torch.randn(1, 4, 3, 5, dtype=torch.float64)

    torch.manual_seed(0)
    x, gradient = draw(strided_input), draw(strided_gradient)
    model = nn.Sequential(nn.BatchNorm2d(4).double())
    export.use_canonical_strides(model)
    x.requires_grad_()
    model(x).backward(gradient)
    found = x.grad.clone()
    x.grad = None
    variance, mean = torch.var_mean(x, (0, 2, 3), correction=0, keepdim=True)
    ((x - mean) / (variance + 1e-5).sqrt()).backward(gradient)
    assert (found - x.grad).abs().max() < 1e-13
    assert (model[0].bias.grad - gradient.sum((0, 2, 3))).abs().max() < 1e-13


def test_gradients_of_a_single_image_equal_those_of_two_equal_steps(config):
    # SDTv2's RepConv pads with running statistics, whose unbiased variance depends on the number of samples.
    config["backbone"]["type"] = "sdtv3"
    config["backbone"]["time_steps"] = 1
    model, pixels = build(config)
    single = export.gradients(model, config, export.normalise(pixels))
    config["backbone"]["time_steps"] = 2
    twice = reference.Spike2Former(config)
    twice.load_state_dict(model.state_dict())
    double = export.gradients(twice, config, export.normalise(pixels))
    for name, value in single.items():
        if name.startswith("grad."):
            assert (double[name] - value).abs().max() <= 1e-9 * max(value.abs().max().item(), 1), name


def test_weights_must_be_complete(tmp_path, config, model_json):
    model, _ = build(config)
    state = model.state_dict()
    state.pop("decode_head.w")
    save_file(state, tmp_path / "weights.safetensors")
    with pytest.raises(SystemExit, match=r"weights.safetensors: [\s\S]*decode_head.w"):
        make.main(["--config", str(model_json), "--weights", str(tmp_path / "weights.safetensors"), "--image", "x.png", "--output", "out"])


def test_model_folder_on_a_photo(tmp_path, config, model_json, capsys):
    from PIL import Image

    model, _ = build(config)
    folder = tmp_path / "model"
    folder.mkdir()
    model_json.rename(folder / "model.json")
    torch.save(model.state_dict(), folder / "weights.pth")
    preprocess = {"channels": "rgb", "mean": [1, 2, 3], "std": [4, 5, 6], "resize": {"shortest_edge": 32, "max_size": 40}}
    (folder / "preprocess.json").write_text(json.dumps(preprocess))
    Image.new("RGB", (80, 50), (5, 12, 9)).save(tmp_path / "photo.png")
    make.main(["--model", str(folder), "--image", str(tmp_path / "photo.png"), "--output", str(tmp_path / "out"), "--no-trace"])
    pixels = load_file(tmp_path / "out" / "io_f64.safetensors")["input"]
    assert pixels.shape == (1, 3, 25, 40)
    assert (pixels == torch.tensor([1.0, 2.0, 1.0]).view(3, 1, 1)).all()
    stability.main(["--model", str(folder), "--image", str(tmp_path / "photo.png")])
    torch.set_num_threads(1)
    total = sum(k.numel() for k in load_file(tmp_path / "out" / "spikes.safetensors").values())
    assert re.findall(r" of (\d+) spikes change", capsys.readouterr().out) == [str(total)] * 3
    (folder / "weights.pth").unlink()
    with pytest.raises(SystemExit, match="neither weights.safetensors nor weights.pth"):
        make.main(["--model", str(folder), "--image", str(tmp_path / "photo.png"), "--output", str(tmp_path / "out2")])


class Rounded(torch.autograd.Function):
    """As the release's neurons have it: an instance of a function, whose `apply` is called."""

    @staticmethod
    def forward(ctx, x, low, high):
        ctx.save_for_backward((x >= low) & (x <= high))
        return x.clamp(low, high).round()

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.saved_tensors[0], None, None


class HoldsFunction(nn.Module):
    def __init__(self, neuron):
        super().__init__()
        self.max_spikes, self.norm = neuron.max_spikes, neuron.norm
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.function = Rounded()
            self.others = {"rounded": [Rounded()]}

    def forward(self, x):
        return self.function.apply(x, 0, self.max_spikes) / self.norm


def with_functions(module):
    for name, child in module.named_children():
        if isinstance(child, reference.Neuron):
            setattr(module, name, HoldsFunction(child))
        else:
            with_functions(child)
    return module


def test_neurons_may_hold_instances_of_functions(tmp_path, config):
    model, pixels = build(config)
    expected = tmp_path / "expected"
    export.export(model, pixels, config, expected, grads=True)
    held = with_functions(build(config)[0])
    export.export(held, pixels, config, tmp_path / "held", grads=True)
    for name in ("spikes", "io_f64", "grads_train_f64"):
        ours, theirs = load_file(expected / f"{name}.safetensors"), load_file(tmp_path / "held" / f"{name}.safetensors")
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(tensor, theirs[key]) for key, tensor in ours.items())
    assert not hasattr(torch.autograd.Function, "__deepcopy__")


class Wrapper(nn.Module):
    """Stands for DistributedDataParallel, which needs a process group."""

    def __init__(self, module):
        super().__init__()
        self.module = module


def test_wrapped_models_are_unwrapped(tmp_path, config):
    model, pixels = build(config)
    for i, wrapped in enumerate((nn.DataParallel(model), Wrapper(nn.DataParallel(model)), torch.compile(model))):
        export.export(wrapped, pixels, config, tmp_path / str(i))
        assert (tmp_path / str(i) / "spikes.safetensors").exists()


class Attributes(UserDict):
    """A mapping that is no dict."""


@pytest.mark.parametrize("kind", [dict, Attributes, OrderedDict, str, Path])
def test_a_configuration_is_a_mapping_or_a_path(tmp_path, config, kind):
    model, pixels = build(config)
    path = tmp_path / "model.json"
    path.write_text(json.dumps(config))
    given = kind(path) if kind in (str, Path) else kind({**config, "backbone": kind(config["backbone"])})
    export.export(model, pixels, given, tmp_path / "out", trace=False)
    assert json.loads((tmp_path / "out" / "model.json").read_text()) == config


def fails(match, model, pixels, config, tmp_path, **options):
    with pytest.raises(ValueError, match=match):
        export.export(model, pixels, config, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_what_is_no_configuration_is_named(tmp_path, config):
    model, pixels = build(config)
    fails("expected the path of a model.json or what one holds, a mapping, found list", model, pixels, [config], tmp_path)
    fails("it lacks backbone, pixel_decoder, transformer_decoder, head", model, pixels, {"model": {}}, tmp_path)
    without = {**config, "head": {"classes": 3, "neuron": {"norm": 4}}}
    fails("it lacks head.alpha, head.neuron.max_spikes", model, pixels, without, tmp_path)
    other = {**config, "backbone": {**config["backbone"], "type": "resnet"}}
    fails("backbone.type must be sdtv2 or sdtv3, found 'resnet'", model, pixels, other, tmp_path)


def test_what_is_no_model_is_named(tmp_path, config):
    model, pixels = build(config)
    fails("expected a model, a torch.nn.Module, found OrderedDict", model.state_dict(), pixels, config, tmp_path)
    fails("Backbone has no part backbone and no part decode_head; its parts: ", model.backbone, pixels, config, tmp_path)
    headless = nn.Module()
    headless.backbone = model.backbone
    fails("Module has no part decode_head; its parts: backbone", headless, pixels, config, tmp_path)
    formless = nn.Module()
    formless.backbone, formless.decode_head = model.backbone, model.decode_head
    fails("Module has no forward of its own; give export", formless, pixels, config, tmp_path)

    class Demanding(nn.Module):
        def forward(self, image, samples):
            raise AssertionError

    demanding = Demanding()
    demanding.backbone, demanding.decode_head = model.backbone, model.decode_head
    fails("does not run as model\\(image\\): .*samples.*; give export", demanding, pixels, config, tmp_path)
    for given in (None, {}, torch.zeros(1), (torch.zeros(1),), (None, None), ([], [])):
        fails("give export", model, pixels, config, tmp_path, forward=lambda m, x: given)


def test_what_cannot_be_copied_is_named(tmp_path, config):
    model, pixels = build(config)
    model.backbone.lock = threading.Lock()
    fails("the model cannot be copied: backbone.lock, a lock: ", model, pixels, config, tmp_path)
    model, pixels = build(config)
    model.decode_head.last = nn.Parameter(torch.ones(2)) * 2
    fails("the model cannot be copied: decode_head.last, a Tensor: ", model, pixels, config, tmp_path)
