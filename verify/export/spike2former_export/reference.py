"""Spike2Former, and the FPN baselines of its release, in plain PyTorch, written from the paper and the release's behaviour.

Modules carry the names of the authors' state dict, so `load_state_dict(strict=True)` takes their checkpoints.
Neurons are modules without parameters; a forward hook on one sees S = k / norm.
Shapes: T time steps, B batch, C channels. Activations are [T, B, C, H, W], or [T, B, N, F] for tokens;
convolutions and BatchNorm act on the folded batch T*B.
"""

import json
import math
import os
from collections.abc import Mapping
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

BN_EPS = 1e-5


NEURON = ("max_spikes", "norm")
BACKBONE = ("type", "embed_dims", "heads", "mlp_ratio", "time_steps", "neuron")
SECTIONS = {
    "mask-embedding": {
        "backbone": BACKBONE,
        "pixel_decoder": ("feat_channels", "layers", "groups", "dw_kernel", "ffn_channels"),
        "transformer_decoder": ("layers", "heads", "ffn_channels", "queries"),
        "head": ("classes", "alpha", "neuron"),
    },
    "fpn": {
        "backbone": BACKBONE,
        "neck": ("channels", "neuron"),
        "head": ("classes", "channels", "strides", "neuron"),
    },
}


def head_type(config):
    """The kind of head: `mask-embedding` where the configuration does not say."""
    head = config.get("head")
    return head.get("type", "mask-embedding") if isinstance(head, dict) else "mask-embedding"


def load_config(source):
    """The contents of a model.json: of the file at a path, or given as a dict or another mapping, such as mmengine's."""
    name = "the configuration"
    if isinstance(source, (str, os.PathLike)):
        name = os.fspath(source)
        with open(source, encoding="utf-8") as file:
            try:
                source = json.load(file)
            except ValueError as error:
                raise ValueError(f"{name}: not a model.json: {error!r}") from error
    elif not isinstance(source, Mapping) and callable(getattr(source, "to_dict", None)):
        source = source.to_dict()
    if not isinstance(source, Mapping):
        raise ValueError(f"{name}: expected the path of a model.json or what one holds, a mapping, found {type(source).__name__}")
    config = plain(source)
    sections = SECTIONS.get(head_type(config))
    if sections is None:
        raise ValueError(f"{name}: head.type must be mask-embedding or fpn, found {head_type(config)!r}")
    missing = [key for key in sections if not isinstance(config.get(key), dict)]
    for key in [key for key in sections if key not in missing]:
        section = config[key]
        missing += [f"{key}.{part}" for part in sections[key] if part not in section]
        if "neuron" in section:
            neuron = section["neuron"]
            missing += [f"{key}.neuron.{part}" for part in NEURON if not isinstance(neuron, dict) or part not in neuron]
    if missing:
        raise ValueError(f"{name}: not a model.json (docs/model.md): it lacks {', '.join(missing)}")
    kind = config["backbone"]["type"]
    if kind not in ("sdtv2", "sdtv3"):
        raise ValueError(f"{name}: backbone.type must be sdtv2 or sdtv3, found {kind!r}")
    return config


def plain(value):
    """A copy of dicts and lists alone, as JSON has them."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


# Neuron


class StraightThrough(torch.autograd.Function):
    """rint(clamp(x, 0, D)) / norm forward; the gradient passes where 0 <= x <= D."""

    @staticmethod
    def forward(ctx, x, max_spikes, norm):
        ctx.save_for_backward((x >= 0) & (x <= max_spikes))
        ctx.norm = norm
        return x.clamp(0, max_spikes).round_().div_(norm)

    @staticmethod
    def backward(ctx, grad):
        (passes,) = ctx.saved_tensors
        return grad.div(ctx.norm).mul_(passes), None, None


class Neuron(nn.Module):
    """NI-LIF as released: no potential is carried between steps."""

    def __init__(self, max_spikes, norm):
        super().__init__()
        self.max_spikes = max_spikes
        self.norm = norm

    def forward(self, x):
        if x.requires_grad and torch.is_grad_enabled():
            return StraightThrough.apply(x, self.max_spikes, self.norm)
        return x.clamp(0, self.max_spikes).round_().div_(self.norm)

    def extra_repr(self):
        return f"max_spikes={self.max_spikes}, norm={self.norm}"


def folded(layer, x):
    """Applies a layer of [N, C, ...] to [T, B, C, ...]."""
    return layer(x.flatten(0, 1)).unflatten(0, x.shape[:2])


def conv(inputs, outputs, kernel=1, stride=1, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=bias)


def depthwise(channels, kernel, padding=None):
    return nn.Conv2d(channels, channels, kernel, padding=kernel // 2 if padding is None else padding, groups=channels, bias=False)


def conv_bn(inputs, outputs, bias=False):
    return nn.Sequential(conv(inputs, outputs, bias=bias), nn.BatchNorm2d(outputs, BN_EPS))


def depthwise_bn(channels, kernel):
    return nn.Sequential(depthwise(channels, kernel), nn.BatchNorm2d(channels, BN_EPS))


def conv1d_bn(inputs, outputs):
    return nn.Sequential(nn.Conv1d(inputs, outputs, 1), nn.BatchNorm1d(outputs, BN_EPS))


# Backbone


class Downsample(nn.Module):
    """neuron -> conv -> BN; the stem has no neuron."""

    def __init__(self, neuron, inputs, outputs, kernel=3, stride=2, stem=False):
        super().__init__()
        self.encode_conv = conv(inputs, outputs, kernel, stride, bias=True)
        self.encode_bn = nn.BatchNorm2d(outputs, BN_EPS)
        self.encode_spike = None if stem else neuron()

    def forward(self, x):
        if self.encode_spike is not None:
            x = self.encode_spike(x)
        return self.encode_bn(self.encode_conv(x.flatten(0, 1))).unflatten(0, x.shape[:2])


class SepConvV2(nn.Module):
    """SDTv2: no neuron and no BN between the depthwise and the last convolution."""

    def __init__(self, neuron, channels):
        super().__init__()
        hidden = 2 * channels
        self.spike1 = neuron()
        self.pwconv1 = conv(channels, hidden)
        self.bn1 = nn.BatchNorm2d(hidden, BN_EPS)
        self.spike2 = neuron()
        self.dwconv = depthwise(hidden, 7)
        self.pwconv2 = conv(hidden, channels)
        self.bn2 = nn.BatchNorm2d(channels, BN_EPS)

    def forward(self, x):
        steps = x.shape[:2]
        x = self.bn1(self.pwconv1(self.spike1(x).flatten(0, 1))).unflatten(0, steps)
        x = self.bn2(self.pwconv2(self.dwconv(self.spike2(x).flatten(0, 1))))
        return x.unflatten(0, steps)


class SepConv(nn.Module):
    """SDTv3's SepConv: neuron -> 1x1 -> BN -> neuron -> depthwise -> BN -> neuron -> 1x1 -> BN."""

    def __init__(self, neuron, channels, kernel):
        super().__init__()
        hidden = 2 * channels
        self.spike1 = neuron()
        self.pwconv1 = conv_bn(channels, hidden)
        self.spike2 = neuron()
        self.dwconv = depthwise_bn(hidden, kernel)
        self.spike3 = neuron()
        self.pwconv2 = conv_bn(hidden, channels)

    def forward(self, x):
        x = folded(self.pwconv1, self.spike1(x))
        x = folded(self.dwconv, self.spike2(x))
        return folded(self.pwconv2, self.spike3(x))


class ConvBlock(nn.Module):
    def __init__(self, neuron, channels, ratio, sep_conv):
        super().__init__()
        hidden = ratio * channels
        self.Conv = sep_conv
        self.spike1 = neuron()
        self.conv1 = conv(channels, hidden, 3)
        self.bn1 = nn.BatchNorm2d(hidden, BN_EPS)
        self.spike2 = neuron()
        self.conv2 = conv(hidden, channels, 3)
        self.bn2 = nn.BatchNorm2d(channels, BN_EPS)

    def forward(self, x):
        steps = x.shape[:2]
        x = x + self.Conv(x)
        y = self.bn1(self.conv1(self.spike1(x).flatten(0, 1))).unflatten(0, steps)
        y = self.bn2(self.conv2(self.spike2(y).flatten(0, 1))).unflatten(0, steps)
        return x + y


class PaddedBatchNorm(nn.Module):
    """BN, then one pixel of padding with what BN (running statistics) gives for input 0."""

    def __init__(self, channels):
        super().__init__()
        self.bn = nn.BatchNorm2d(channels, BN_EPS)

    def forward(self, x):
        y = F.pad(self.bn(x), (1, 1, 1, 1))
        with torch.no_grad():
            bn = self.bn
            pad = bn.bias - bn.running_mean * bn.weight / torch.sqrt(bn.running_var + bn.eps)
            pad = pad.view(1, -1, 1, 1)
        y[:, :, :1] = pad
        y[:, :, -1:] = pad
        y[:, :, :, :1] = pad
        y[:, :, :, -1:] = pad
        return y


class RepConv(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            conv(channels, channels),
            PaddedBatchNorm(channels),
            nn.Sequential(depthwise(channels, 3, padding=0), conv(channels, channels), nn.BatchNorm2d(channels, BN_EPS)),
        )

    def forward(self, x):
        return self.body(x)


def rep_conv_bn(channels):
    return nn.Sequential(RepConv(channels), nn.BatchNorm2d(channels, BN_EPS))


class BackboneAttention(nn.Module):
    """Softmax-free attention over the pixels of one image; subclasses say how q, k, v combine."""

    def __init__(self, neuron, channels, heads):
        super().__init__()
        if channels % heads:
            raise ValueError(f"{channels} channels do not split into {heads} heads")
        self.heads = heads
        self.head_spike = neuron()
        self.q_spike = neuron()
        self.k_spike = neuron()
        self.v_spike = neuron()
        self.attn_spike = neuron()

    def split(self, x):
        """[T, B, C, H, W] -> [T, B, heads, C / heads, N], a view."""
        return x.flatten(3).unflatten(2, (self.heads, -1))

    def forward(self, x):
        height_width = x.shape[3:]
        s = self.head_spike(x)
        q = self.split(self.q_spike(folded(self.q_conv, s)))
        k = self.split(self.k_spike(folded(self.k_conv, s)))
        v = self.split(self.v_spike(folded(self.v_conv, s)))
        y = self.attn_spike(self.attend(q, k, v).flatten(2, 3))
        return folded(self.proj_conv, y.unflatten(3, height_width))


class AttentionV2(BackboneAttention):
    """Linear attention q (k^T v)."""

    def __init__(self, neuron, channels, heads):
        super().__init__(neuron, channels, heads)
        self.scale = (channels // heads) ** -0.5
        self.q_conv = rep_conv_bn(channels)
        self.k_conv = rep_conv_bn(channels)
        self.v_conv = rep_conv_bn(channels)
        self.proj_conv = rep_conv_bn(channels)

    def attend(self, q, k, v):
        kv = torch.matmul(k, v.transpose(-1, -2))
        return torch.matmul(kv.transpose(-1, -2), q).mul_(self.scale)


class AttentionV3(BackboneAttention):
    """(q k^T) v with v four times as wide."""

    def __init__(self, neuron, channels, heads):
        super().__init__(neuron, channels, heads)
        self.scale = 2 * (channels // heads) ** -0.5
        self.q_conv = conv_bn(channels, channels)
        self.k_conv = conv_bn(channels, channels)
        self.v_conv = conv_bn(channels, 4 * channels)
        self.proj_conv = conv_bn(4 * channels, channels)

    def attend(self, q, k, v):
        kq = torch.matmul(k.transpose(-1, -2), q)
        return torch.matmul(v, kq).mul_(self.scale)


class TokenFeedForward(nn.Module):
    """neuron -> Conv1d -> BN, twice, on [T, B, C, N]."""

    def __init__(self, neuron, channels, hidden):
        super().__init__()
        self.fc1_spike = neuron()
        self.fc1_conv = nn.Conv1d(channels, hidden, 1)
        self.fc1_bn = nn.BatchNorm1d(hidden, BN_EPS)
        self.fc2_spike = neuron()
        self.fc2_conv = nn.Conv1d(hidden, channels, 1)
        self.fc2_bn = nn.BatchNorm1d(channels, BN_EPS)

    def tokens(self, x):
        steps = x.shape[:2]
        x = self.fc1_bn(self.fc1_conv(self.fc1_spike(x).flatten(0, 1))).unflatten(0, steps)
        return self.fc2_bn(self.fc2_conv(self.fc2_spike(x).flatten(0, 1))).unflatten(0, steps)


class Mlp(TokenFeedForward):
    def forward(self, x):
        return self.tokens(x.flatten(3)).unflatten(3, x.shape[3:])


class TransformerBlockV2(nn.Module):
    def __init__(self, neuron, channels, heads, ratio):
        super().__init__()
        self.attn = AttentionV2(neuron, channels, heads)
        self.mlp = Mlp(neuron, channels, ratio * channels)

    def forward(self, x):
        x = x + self.attn(x)
        return x + self.mlp(x)


class TransformerBlockV3(nn.Module):
    def __init__(self, neuron, channels, heads, ratio):
        super().__init__()
        self.conv = SepConv(neuron, channels, 3)
        self.attn = AttentionV3(neuron, channels, heads)
        self.mlp = Mlp(neuron, channels, ratio * channels)

    def forward(self, x):
        x = x + self.conv(x)
        x = x + self.attn(x)
        return x + self.mlp(x)


class Backbone(nn.Module):
    """Image [B, 3, H, W] -> x1...x4 at 1/2, 1/4, 1/8, 1/16."""

    def __init__(self, config):
        super().__init__()
        neuron = partial(Neuron, **config["neuron"])
        e0, e1, e2, e3 = config["embed_dims"]
        ratio, heads = config["mlp_ratio"], config["heads"]
        self.time_steps = config["time_steps"]
        v2 = config["type"] == "sdtv2"
        block = TransformerBlockV2 if v2 else TransformerBlockV3

        def conv_block(channels):
            sep_conv = SepConvV2(neuron, channels) if v2 else SepConv(neuron, channels, 7)
            return nn.ModuleList([ConvBlock(neuron, channels, ratio, sep_conv)])

        def blocks(channels, count):
            return nn.ModuleList(block(neuron, channels, heads, ratio) for _ in range(count))

        self.downsample1_1 = Downsample(neuron, 3, e0 // 2, kernel=7, stem=True)
        self.ConvBlock1_1 = conv_block(e0 // 2)
        self.downsample1_2 = Downsample(neuron, e0 // 2, e0)
        self.ConvBlock1_2 = conv_block(e0)
        self.downsample2 = Downsample(neuron, e0, e1)
        self.ConvBlock2_1 = conv_block(e1)
        self.ConvBlock2_2 = conv_block(e1)
        self.downsample3 = Downsample(neuron, e1, e2)
        self.block3 = blocks(e2, 6)
        self.downsample4 = Downsample(neuron, e2, e3, stride=1)
        self.block4 = blocks(e3, 2)

    def forward(self, image):
        x = image.expand(self.time_steps, *image.shape)
        x1 = self.ConvBlock1_1[0](self.downsample1_1(x))
        x2 = self.ConvBlock1_2[0](self.downsample1_2(x1))
        x3 = self.ConvBlock2_2[0](self.ConvBlock2_1[0](self.downsample2(x2)))
        x4 = self.downsample3(x3)
        for block in self.block3:
            x4 = block(x4)
        x4 = self.downsample4(x4)
        for block in self.block4:
            x4 = block(x4)
        return [x1, x2, x3, x4]


# Pixel decoder


class ChannelsLastSepConv(SepConv):
    """ESC on [T, B, H, W, F]."""

    def forward(self, x):
        return super().forward(x.permute(0, 1, 4, 2, 3)).permute(0, 1, 3, 4, 2)


class DeformableAttention(nn.Module):
    """DCNv3 sampling without softmax, on [T, B, H, W, F]; 3x3 points, pad 1, stride 1, offset scale 1."""

    POINTS = 9

    def __init__(self, neuron, channels, groups, kernel):
        super().__init__()
        if channels % groups:
            raise ValueError(f"{channels} channels do not split into {groups} groups")
        self.groups = groups
        self.input_proj = ChannelsLastSepConv(neuron, channels, kernel)
        self.dw_spike = neuron()
        self.dw_conv = depthwise_bn(channels, kernel)
        self.offset_spike = neuron()
        self.offset = conv_bn(channels, groups * self.POINTS * 2, bias=True)
        self.mask = conv_bn(channels, groups * self.POINTS, bias=True)
        self.mask_spike = neuron()
        self.output_proj = ChannelsLastSepConv(neuron, channels, kernel)

    def forward(self, u):
        steps, (h, w) = u.shape[:2], u.shape[2:4]
        v = self.input_proj(u)
        x1 = self.offset_spike(folded(self.dw_conv, self.dw_spike(u.permute(0, 1, 4, 2, 3))))
        # Release quirk: channels-first memory is read as channels-last.
        offset = self.offset(x1.flatten(0, 1)).reshape(-1, h, w, self.groups, self.POINTS, 2)
        mask = self.mask_spike(self.mask(x1.flatten(0, 1)).reshape(*steps, h, w, self.groups * self.POINTS))
        y = self.sample(v.flatten(0, 1), offset, mask.flatten(0, 1))
        return self.output_proj(y.unflatten(0, steps))

    def sample(self, v, offset, mask):
        """v [N, H, W, F], offset [N, H, W, G, P, 2] in pixels, mask [N, H, W, G*P] -> [N, H, W, F]."""
        n, h, w, channels = v.shape
        size = v.new_tensor([w + 2, h + 2])
        steps = torch.arange(3, dtype=v.dtype, device=v.device) - 1
        x = torch.arange(w, dtype=v.dtype, device=v.device) + 1.5
        y = torch.arange(h, dtype=v.dtype, device=v.device) + 1.5
        # Of the points p = 3a + b, a moves x and b moves y.
        base = torch.stack(
            [
                (x[:, None] + steps.repeat_interleave(3)).expand(h, w, 9),
                (y[:, None, None] + steps.repeat(3)).expand(h, w, 9),
            ],
            dim=-1,
        )
        grid = (offset + base[:, :, None]) * (2 / size) - 1
        grid = grid.permute(0, 3, 1, 2, 4, 5).reshape(n * self.groups, h * w, self.POINTS, 2)
        v = F.pad(v.permute(0, 3, 1, 2), (1, 1, 1, 1))
        v = v.reshape(n * self.groups, channels // self.groups, h + 2, w + 2)
        samples = F.grid_sample(v, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
        mask = mask.unflatten(-1, (self.groups, self.POINTS)).permute(0, 3, 1, 2, 4)
        mask = mask.reshape(n * self.groups, 1, h * w, self.POINTS)
        y = (samples * mask).sum(-1)
        return y.reshape(n, channels, h, w).permute(0, 2, 3, 1)


class EncoderFeedForward(TokenFeedForward):
    """Release quirk: the result [F, N] is read as [H, W, F] without a transpose."""

    def forward(self, x):
        y = self.tokens(x.permute(0, 1, 4, 2, 3).flatten(3))
        return y.reshape(x.shape)


class EncoderLayer(nn.Module):
    def __init__(self, neuron, channels, groups, kernel, hidden):
        super().__init__()
        self.Conv = ChannelsLastSepConv(neuron, channels, 3)
        self.dcn = DeformableAttention(neuron, channels, groups, kernel)
        self.ffn = EncoderFeedForward(neuron, channels, hidden)
        self.gamma1 = nn.Parameter(torch.full((channels,), 1e-6))
        self.gamma2 = nn.Parameter(torch.full((channels,), 1e-6))
        self.gamma3 = nn.Parameter(torch.full((channels,), 1e-6))

    def forward(self, q):
        q = q + self.gamma1 * self.Conv(q)
        q = q + self.gamma2 * self.dcn(q)
        return q + self.gamma3 * self.ffn(q)


class Encoder(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        x = x.permute(0, 1, 3, 4, 2)
        for layer in self.layers:
            x = layer(x)
        return x.permute(0, 1, 4, 2, 3)


def resize(x, size):
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


class PixelDecoder(nn.Module):
    """x1...x4 -> mask_feature at 1/2, memory, and y at 1/16, 1/8, 1/4."""

    def __init__(self, neuron, config, embed_dims):
        super().__init__()
        channels = config["feat_channels"]
        inputs = [embed_dims[0] // 2, embed_dims[0], embed_dims[1]]
        self.last_feat_conv_spike = neuron()
        self.encoder_in_proj = conv_bn(embed_dims[3], channels, bias=True)
        self.encoder = Encoder(
            EncoderLayer(neuron, channels, config["groups"], config["dw_kernel"], config["ffn_channels"]) for _ in range(config["layers"])
        )
        self.encoder_out_proj_spike = neuron()
        self.encoder_out_proj = conv_bn(channels, channels, bias=True)
        self.lateral_convs_spike = nn.ModuleList(neuron() for _ in inputs)
        self.lateral_convs = nn.ModuleList(conv_bn(c, channels, bias=True) for c in inputs)
        self.output_convs_spike = nn.ModuleList(neuron() for _ in inputs)
        self.output_convs = nn.ModuleList(depthwise_bn(channels, 3) for _ in inputs)
        self.mask_feature_spike = neuron()
        self.mask_feature = conv(channels, channels, bias=True)

    def forward(self, features):
        steps = features[0].shape[:2]
        x = folded(self.encoder_in_proj, self.last_feat_conv_spike(features[3]))
        memory = self.encoder_out_proj_spike(self.encoder(x))
        y = folded(self.encoder_out_proj, memory)
        scales = [y]
        for i in (2, 1, 0):
            lateral = self.lateral_convs[i](self.lateral_convs_spike[i](features[i]).flatten(0, 1))
            y = (lateral + resize(y.flatten(0, 1), lateral.shape[2:])).unflatten(0, steps)
            y = folded(self.output_convs[i], self.output_convs_spike[i](y))
            scales.append(y)
        return folded(self.mask_feature, self.mask_feature_spike(y)), memory, scales[:3]


# Transformer decoder


def sine_positions(h, w, channels, like):
    """Sine encoding [H*W, channels] = [y part, x part], temperature 10000, normalised to 2 pi."""
    half = channels // 2
    t = torch.arange(half, dtype=like.dtype, device=like.device)
    period = 10000 ** (2 * torch.div(t, 2, rounding_mode="floor") / half)

    def encode(size):
        p = torch.arange(1, size + 1, dtype=like.dtype, device=like.device) / (size + 1e-6) * (2 * math.pi)
        angle = p[:, None] / period
        return torch.where(t % 2 == 0, angle.sin(), angle.cos())

    rows = encode(h)[:, None].expand(h, w, half)
    columns = encode(w)[None].expand(h, w, half)
    return torch.cat([rows, columns], dim=-1).flatten(0, 1)


class TokenAttention(nn.Module):
    """Softmax-free attention of query over key and value tokens [T, B, N, F]."""

    def __init__(self, neuron, channels, heads):
        super().__init__()
        if channels % heads:
            raise ValueError(f"{channels} channels do not split into {heads} heads")
        self.heads = heads
        self.divisor = math.sqrt(channels)
        for name in "qkv":
            setattr(self, f"{name}_conv_spike", neuron())
            setattr(self, f"{name}_conv", conv1d_bn(channels, channels))
            setattr(self, f"{name}_spike", neuron())
        self.attn_spike = neuron()
        self.out_conv = conv1d_bn(channels, channels)

    def project(self, layer, tokens):
        return folded(layer, tokens.transpose(-1, -2)).transpose(-1, -2)

    def split(self, tokens):
        return tokens.unflatten(-1, (self.heads, -1)).transpose(2, 3)

    def forward(self, query, key, value):
        q = self.split(self.q_spike(self.project(self.q_conv, self.q_conv_spike(query))))
        k = self.split(self.k_spike(self.project(self.k_conv, self.k_conv_spike(key))))
        v = self.split(self.v_spike(self.project(self.v_conv, self.v_conv_spike(value))))
        scores = torch.matmul(q, k.transpose(-1, -2)).div_(self.divisor)
        y = torch.matmul(scores, v).transpose(2, 3).flatten(3)
        return self.project(self.out_conv, self.attn_spike(y))


class DecoderAttention(nn.Module):
    def __init__(self, neuron, channels, heads):
        super().__init__()
        self.attn = TokenAttention(neuron, channels, heads)

    def forward(self, query, key, value):
        return self.attn(query, key, value)


class DecoderFeedForward(nn.Module):
    """Release quirk: [Q, F] is read as [F, Q] on the way in and back on the way out, without a transpose."""

    def __init__(self, neuron, channels, hidden):
        super().__init__()
        self.fc1_spike = neuron()
        self.fc1 = nn.Conv1d(channels, hidden, 1)
        self.bn1 = nn.BatchNorm1d(hidden, BN_EPS)
        self.fc2_spike = neuron()
        self.fc2 = nn.Conv1d(hidden, channels, 1)
        self.bn2 = nn.BatchNorm1d(channels, BN_EPS)

    def forward(self, x):
        t, b, q, f = x.shape
        y = self.bn1(self.fc1(self.fc1_spike(x).reshape(t * b, f, q))).unflatten(0, (t, b))
        return self.bn2(self.fc2(self.fc2_spike(y).flatten(0, 1))).reshape(x.shape)


class DecoderLayer(nn.Module):
    def __init__(self, neuron, channels, heads, hidden):
        super().__init__()
        self.cross_attn = DecoderAttention(neuron, channels, heads)
        self.self_attn = DecoderAttention(neuron, channels, heads)
        self.ffn = DecoderFeedForward(neuron, channels, hidden)

    def forward(self, q, query_embed, key, value):
        q = q + self.cross_attn(q + query_embed, key, value)
        placed = q + query_embed
        q = q + self.self_attn(placed, placed, q)
        return q + self.ffn(q)


class TransformerDecoder(nn.Module):
    def __init__(self, neuron, channels, config):
        super().__init__()
        self.layers = nn.ModuleList(
            DecoderLayer(neuron, channels, config["heads"], config["ffn_channels"]) for _ in range(config["layers"])
        )

    def forward(self, q, query_embed, memories):
        """memories: per level (key, value). Returns the L + 1 query states, the initial one first."""
        states = [q]
        for j, layer in enumerate(self.layers):
            q = layer(q, query_embed, *memories[j % 3])
            states.append(q)
        return states


# Head


class MaskEmbed(nn.Module):
    def __init__(self, neuron, channels, alpha):
        super().__init__()
        self.alpha = alpha
        self.fc1 = nn.Linear(channels, channels, bias=False)
        self.spike1 = neuron()
        self.fc2 = nn.Linear(channels, channels, bias=False)
        self.spike2 = neuron()
        self.fc_out = nn.Linear(channels, channels)

    def forward(self, s):
        s = self.alpha * self.spike1(self.fc1(s))
        s = self.alpha * self.spike2(self.fc2(s))
        return self.fc_out(s)


class DecodeHead(nn.Module):
    """Pixel decoder, transformer decoder and SDME: features -> (cls_scores, mask_preds), one entry per state."""

    def __init__(self, config):
        super().__init__()
        head = config["head"]
        neuron = partial(Neuron, **head["neuron"])
        channels = config["pixel_decoder"]["feat_channels"]
        queries = config["transformer_decoder"]["queries"]
        self.alpha = head["alpha"]
        self.pixel_decoder = PixelDecoder(neuron, config["pixel_decoder"], config["backbone"]["embed_dims"])
        self.transformer_decoder = TransformerDecoder(neuron, channels, config["transformer_decoder"])
        self.query_embed = nn.Embedding(queries, channels)
        self.query_feat = nn.Embedding(queries, channels)
        self.level_embed = nn.Embedding(3, channels)
        self.decoder_out_spike = neuron()
        self.cls_embed = nn.Linear(channels, head["classes"] + 1)
        self.mask_embed = MaskEmbed(neuron, channels, self.alpha)
        self.shortcut_conv_spike = neuron()
        self.shortcut_conv = nn.Sequential(nn.Conv1d(queries, queries, 1, bias=False), nn.BatchNorm1d(queries, BN_EPS))
        self.w = nn.Parameter(torch.ones(1))
        self.mask_embed_spike = neuron()

    def forward(self, features, last_only=False):
        mask_feature, _, scales = self.pixel_decoder(features)
        memories = []
        for level, y in enumerate(scales):
            value = y.flatten(3).transpose(-1, -2) + self.level_embed.weight[level]
            memories.append((value + sine_positions(*y.shape[3:], y.shape[2], y), value))
        q = self.query_feat.weight.expand(*mask_feature.shape[:2], -1, -1)
        states = self.transformer_decoder(q, self.query_embed.weight, memories)
        return self.predict(torch.stack(states[-1:] if last_only else states), mask_feature)

    def predict(self, z, mask_feature):
        """z [L, T, B, Q, F], mask_feature [T, B, F, H, W] -> cls_scores [L, B, Q, K+1], mask_preds [L, B, Q, H, W]."""
        z = torch.sigmoid(z)
        s = self.alpha * self.decoder_out_spike(z)
        cls_scores = self.cls_embed(s).mean(1)
        shortcut = self.shortcut_conv((self.alpha * self.shortcut_conv_spike(z)).flatten(0, 2))
        m = self.mask_embed(s) + self.w * shortcut.unflatten(0, z.shape[:3])
        e = self.alpha * self.mask_embed_spike(m)
        masks = torch.matmul(e, mask_feature.flatten(3)).unflatten(-1, mask_feature.shape[3:])
        return cls_scores, masks.mean(1)


class Spike2Former(nn.Module):
    """Normalised image [B, 3, H, W] -> (cls_scores [L+1, B, Q, K+1], mask_preds [L+1, B, Q, H/2, W/2])."""

    def __init__(self, config):
        super().__init__()
        self.backbone = Backbone(config["backbone"])
        self.decode_head = DecodeHead(config)

    def forward(self, image, last_only=False):
        return self.decode_head(self.backbone(image), last_only)

    def segment(self, image):
        """Semantic logits [B, K, H, W] at the input's size."""
        cls_scores, mask_preds = self(image, last_only=True)
        return semantic_logits(cls_scores[-1], mask_preds[-1], image.shape[2:])


def semantic_logits(cls_scores, mask_preds, size):
    """cls_scores [B, Q, K+1], mask_preds [B, Q, h, w] -> [B, K, *size]."""
    weights = cls_scores.softmax(-1)[..., :-1].transpose(1, 2)
    masks = resize(mask_preds, size).sigmoid_()
    return torch.matmul(weights, masks.flatten(2)).unflatten(-1, tuple(size))


# FPN


class QFpn(nn.Module):
    """x1...x4, folded [T*B, c, h, w] -> four levels of one width, of the same sizes."""

    def __init__(self, config, embed_dims):
        super().__init__()
        neuron = partial(Neuron, **config["neuron"])
        channels = config["channels"]
        inputs = [embed_dims[0] // 2, embed_dims[0], embed_dims[1], embed_dims[3]]
        self.lateral_convs = nn.ModuleList(conv_bn(c, channels, bias=True) for c in inputs)
        self.lateral_convs_spikes = nn.ModuleList(neuron() for _ in inputs)
        self.fpn_convs = nn.ModuleList(
            nn.Sequential(conv(channels, channels, 3, bias=True), nn.BatchNorm2d(channels, BN_EPS)) for _ in inputs
        )
        self.fpn_convs_spikes = nn.ModuleList(neuron() for _ in inputs)

    def forward(self, features):
        levels = [layer(neuron(x)) for layer, neuron, x in zip(self.lateral_convs, self.lateral_convs_spikes, features)]
        for i in (3, 2, 1):
            levels[i - 1] = levels[i - 1] + F.interpolate(levels[i], size=levels[i - 1].shape[2:], mode="nearest")
        return [layer(neuron(x)) for layer, neuron, x in zip(self.fpn_convs, self.fpn_convs_spikes, levels)]


class Doubling(nn.Module):
    def forward(self, x):
        return resize(x, (2 * x.shape[2], 2 * x.shape[3]))


class QFpnHead(nn.Module):
    """Levels [T*B, C, h, w] -> logits [T*B, K, h, w] at the size of the finest."""

    def __init__(self, config):
        super().__init__()
        neuron = partial(Neuron, **config["neuron"])
        channels, strides = config["channels"], config["strides"]

        def stage():
            return nn.Sequential(neuron(), conv(channels, channels, 3), nn.BatchNorm2d(channels, BN_EPS))

        def level(doublings):
            modules = [module for _ in range(doublings) for module in (stage(), Doubling())]
            return nn.Sequential(*(modules or [stage()]))

        self.scale_heads = nn.ModuleList(level(round(math.log2(stride / strides[0]))) for stride in strides)
        self.out_spike = neuron()
        self.conv_seg = conv(channels, config["classes"], bias=True)

    def forward(self, levels):
        y = self.scale_heads[0](levels[0])
        for head, level in zip(self.scale_heads[1:], levels[1:]):
            y = y + resize(head(level), y.shape[2:])
        return self.conv_seg(self.out_spike(y))


class FpnNetwork(nn.Module):
    """Normalised image [B, 3, H, W] -> logits [B, K, H/2, W/2], the mean over T."""

    def __init__(self, config):
        super().__init__()
        self.backbone = Backbone(config["backbone"])
        self.neck = QFpn(config["neck"], config["backbone"]["embed_dims"])
        self.decode_head = QFpnHead(config["head"])

    def forward(self, image):
        features = self.backbone(image)
        logits = self.decode_head(self.neck([x.flatten(0, 1) for x in features]))
        return logits.unflatten(0, features[0].shape[:2]).mean(0)

    def segment(self, image):
        """Semantic logits [B, K, H, W] at the input's size."""
        return resize(self(image), image.shape[2:])


def network(config):
    """The network of a configuration."""
    return FpnNetwork(config) if head_type(config) == "fpn" else Spike2Former(config)


def output_names(config):
    """What the tensors are called that a network's forward gives."""
    return ("logits",) if head_type(config) == "fpn" else ("cls_scores", "mask_preds")


def segment(outputs, size):
    """Semantic logits [B, K, *size] of what a network's forward gave."""
    if len(outputs) == 1:
        return resize(outputs[0], size)
    cls_scores, mask_preds = outputs
    return semantic_logits(cls_scores[-1], mask_preds[-1], size)
