"""The reference against the recorded results of the authors' code, and against facts that do not depend on them."""

import pytest
import torch
from safetensors.torch import load_file

from spike2former_export import export, record, reference


def relative(found, expected):
    return ((found - expected).abs().max() / expected.abs().max()).item()


def load(folder):
    config = reference.load_config(folder / "model.json")
    model = reference.network(config)
    model.load_state_dict(load_file(folder / "weights.safetensors"), strict=True)
    return config, model.eval()


@pytest.mark.parametrize("name", ["sdtv2_tiny", "sdtv3_tiny", "camvid_small", "fpn_sdtv2_tiny", "fpn_sdtv3_tiny"])
@pytest.mark.parametrize("precision", ["f32", "f64"])
def test_outputs_and_spikes(fixtures, name, precision):
    folder = fixtures / name
    if not (folder / f"io_{precision}.safetensors").exists():
        pytest.skip("not recorded")
    config, model = load(folder)
    expected = load_file(folder / f"io_{precision}.safetensors")
    expected.pop("input_u8")
    result = record.run(model.to(expected["input"].dtype), config, expected["input"])
    spikes = load_file(folder / "spikes.safetensors")
    assert spikes.keys() == result.spikes.keys()
    assert [layer for layer, k in spikes.items() if not torch.equal(k, result.spikes[layer])] == []
    assert expected.keys() == result.io.keys()
    tolerance = 1e-12 if precision == "f64" else 1e-5
    assert {key: relative(result.io[key], value) for key, value in expected.items() if relative(result.io[key], value) > tolerance} == {}
    trace = folder / "trace_f64.safetensors"
    if precision == "f64" and trace.exists():
        recorded = load_file(trace)
        assert recorded.keys() == result.trace.keys()
        assert max(relative(result.trace[key], value) for key, value in recorded.items()) < 1e-12


@pytest.mark.parametrize("name", ["sdtv2_tiny", "sdtv3_tiny", "fpn_sdtv2_tiny", "fpn_sdtv3_tiny"])
def test_gradients(fixtures, name):
    folder = fixtures / name
    config, model = load(folder)
    recorded = load_file(folder / "grads_train_f64.safetensors")
    model.double().train()
    image = load_file(folder / "io_f64.safetensors")["input"].requires_grad_()
    outputs = dict(zip(reference.output_names(config), record.head_outputs(model, config, image, record.default_forward)))
    loss = sum((output * recorded["upstream." + output_name]).sum() for output_name, output in outputs.items())
    loss.backward()
    found = {"grad." + key: parameter.grad for key, parameter in model.named_parameters()}
    found |= {"buf." + key: buffer for key, buffer in model.named_buffers()}
    found |= {"grad.input": image.grad} | {"head." + output_name: output for output_name, output in outputs.items()}
    checked = 0
    for key, value in recorded.items():
        if key in found:
            largest = value.abs().max().item()
            error = (found[key] - value).abs().max().item()
            assert error < 1e-9 * max(largest, 1), key
            assert error < 1e-9 * largest or largest < 1e-9, key
            checked += 1
    assert checked == len(recorded) - 1 - len(outputs)


def test_neuron_rounds_half_to_even_and_passes_gradients_inside_the_bounds():
    x = torch.tensor([-0.1, 0.0, 0.5, 1.5, 2.5, 3.49, 4.0, 4.1], dtype=torch.float64, requires_grad=True)
    s = reference.Neuron(4, 2)(x)
    s.sum().backward()
    assert s.tolist() == [0, 0, 0, 1, 1, 1.5, 2, 2]
    assert x.grad.tolist() == [0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0]


def test_deformable_sampling_against_loops():
    torch.manual_seed(0)
    groups, width, (h, w) = 2, 3, (3, 5)
    attention = reference.DeformableAttention(lambda: reference.Neuron(4, 4), groups * width, groups, 3)
    v = torch.randn(1, h, w, groups * width, dtype=torch.float64)
    offset = 2 * torch.randn(1, h, w, groups, 9, 2, dtype=torch.float64)
    mask = torch.rand(1, h, w, groups * 9, dtype=torch.float64)
    found = attention.sample(v, offset, mask)
    expected = torch.zeros_like(found)

    def pixel(row, column, channels):
        return v[0, row, column, channels] if 0 <= row < h and 0 <= column < w else torch.zeros(width, dtype=torch.float64)

    for i in range(h):
        for j in range(w):
            for g in range(groups):
                channels = slice(g * width, (g + 1) * width)
                for p in range(9):
                    x = j + p // 3 - 1 + offset[0, i, j, g, p, 0]
                    y = i + p % 3 - 1 + offset[0, i, j, g, p, 1]
                    column, row = int(x.floor()), int(y.floor())
                    fx, fy = x - column, y - row
                    sample = (1 - fy) * ((1 - fx) * pixel(row, column, channels) + fx * pixel(row, column + 1, channels))
                    sample = sample + fy * ((1 - fx) * pixel(row + 1, column, channels) + fx * pixel(row + 1, column + 1, channels))
                    expected[0, i, j, channels] += mask[0, i, j, g * 9 + p] * sample
    assert relative(found, expected) < 1e-14


@pytest.mark.parametrize(("kind", "parameters"), [("sdtv2", 34_361_112), ("sdtv3", 38_236_408)])
def test_published_sizes(kind, parameters):
    neuron = {"max_spikes": 4, "norm": 4}
    config = {
        "backbone": {"type": kind, "embed_dims": [64, 128, 256, 360], "heads": 8, "mlp_ratio": 4, "time_steps": 1, "neuron": neuron},
        "pixel_decoder": {"feat_channels": 256, "layers": 6, "groups": 32, "dw_kernel": 5, "ffn_channels": 1024},
        "transformer_decoder": {"layers": 6, "heads": 8, "ffn_channels": 2048, "queries": 100},
        "head": {"classes": 150, "alpha": 4, "neuron": neuron},
    }
    assert sum(p.numel() for p in record.skeleton(config).parameters()) == parameters


@pytest.mark.parametrize(
    ("kind", "embed_dims", "parameters"),
    [("sdtv2", [64, 128, 256, 360], 16_472_190), ("sdtv3", [48, 96, 192, 240], 11_480_566), ("sdtv3", [64, 128, 256, 360], 20_347_486)],
)
def test_published_sizes_of_the_fpns(kind, embed_dims, parameters):
    neuron = {"max_spikes": 4, "norm": 4}
    config = {
        "backbone": {"type": kind, "embed_dims": embed_dims, "heads": 8, "mlp_ratio": 4, "time_steps": 1, "neuron": neuron},
        "neck": {"type": "qfpn", "channels": 128, "neuron": neuron},
        "head": {"type": "fpn", "classes": 150, "channels": 128, "strides": [4, 8, 16, 32], "neuron": neuron},
    }
    assert sum(p.numel() for p in record.skeleton(config).parameters()) == parameters
