import os
from pathlib import Path

import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture
def fixtures():
    folder = os.environ.get("S2F_FIXTURES")
    if not folder:
        pytest.skip("S2F_FIXTURES does not name a folder of parity folders")
    return Path(folder)


@pytest.fixture
def config():
    """A network small enough to run in a test."""
    neuron = {"max_spikes": 4, "norm": 4}
    return {
        "backbone": {"type": "sdtv2", "embed_dims": [8, 8, 16, 16], "heads": 4, "mlp_ratio": 2, "time_steps": 2, "neuron": neuron},
        "pixel_decoder": {"feat_channels": 16, "layers": 1, "groups": 2, "dw_kernel": 3, "ffn_channels": 24},
        "transformer_decoder": {"layers": 2, "heads": 2, "ffn_channels": 24, "queries": 5},
        "head": {"classes": 3, "alpha": 4, "neuron": neuron},
    }


@pytest.fixture
def fpn():
    """The same backbone with an FPN."""
    neuron = {"max_spikes": 4, "norm": 4}
    return {
        "backbone": {"type": "sdtv2", "embed_dims": [8, 8, 16, 16], "heads": 4, "mlp_ratio": 2, "time_steps": 2, "neuron": neuron},
        "neck": {"type": "qfpn", "channels": 12, "neuron": neuron},
        "head": {"type": "fpn", "classes": 3, "channels": 12, "strides": [4, 8, 16, 32], "neuron": neuron},
    }
