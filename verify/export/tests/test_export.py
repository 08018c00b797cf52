import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from spike2former_export import export, lively, make, reference

FILES = {
    "model.json",
    "weights.safetensors",
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
    make.main(["--config", str(model_json), "--size", "33x41", "--out", str(out), "--margin", "1", "--grads"])
    assert {path.name for path in out.iterdir()} == FILES
    config = reference.load_config(out / "model.json")
    model = reference.Spike2Former(config)
    model.load_state_dict(load_file(out / "weights.safetensors"), strict=True)
    io = load_file(out / "io_f64.safetensors")
    again = export.run(model.double(), config, io["input"])
    spikes = load_file(out / "spikes.safetensors")
    assert all(torch.equal(k, again.spikes[name]) and (k > 0).any() for name, k in spikes.items())
    assert io["backbone.x1"].shape == (2, 1, 4, 17, 21)
    assert io["seg_logits"].shape == (1, 3, 33, 41)
    grads = load_file(out / "grads_train_f64.safetensors")
    assert {name[5:] for name in grads if name.startswith("grad.")} == {n for n, _ in model.named_parameters()} | {"input"}


def test_make_takes_a_checkpoint_and_a_photo(tmp_path, config, model_json):
    from PIL import Image

    model, pixels = build(config)
    checkpoint = tmp_path / "checkpoint.pth"
    torch.save({"meta": {}, "state_dict": model.state_dict()}, checkpoint)
    photo = tmp_path / "photo.png"
    Image.fromarray(pixels[0].permute(1, 2, 0).numpy()).save(photo)
    out = tmp_path / "out"
    make.main(["--config", str(model_json), "--weights", str(checkpoint), "--image", str(photo), "--out", str(out), "--no-trace"])
    assert {path.name for path in out.iterdir()} == FILES - {"trace_f64.safetensors", "grads_train_f64.safetensors"}
    assert torch.equal(load_file(out / "io_f32.safetensors")["input_u8"], pixels)


class Foreign(nn.Module):
    """A tree with the authors' names that returns lists per state, as mmsegmentation heads do."""

    def __init__(self, model):
        super().__init__()
        self.backbone, self.decode_head = model.backbone, model.decode_head

    def forward(self, image):
        cls_scores, mask_preds = self.decode_head(self.backbone(image))
        return list(cls_scores), list(mask_preds)


def test_export_of_another_module_tree(tmp_path, config, model_json):
    model, pixels = build(config)
    export.export(Foreign(model), pixels, model_json, tmp_path / "foreign")
    export.export(model, pixels, model_json, tmp_path / "own")
    for path in (tmp_path / "own").iterdir():
        assert path.read_bytes() == (tmp_path / "foreign" / path.name).read_bytes()


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
        make.main(["--config", str(model_json), "--weights", str(tmp_path / "weights.safetensors"), "--image", "x.png", "--out", "out"])
