"""A second network with the authors' names, written apart from reference.py in the manner of an mmsegmentation checkout.

Its neurons keep their potential until they are reset, T and B are one axis, attention returns its scores as well, the head
wants data samples, constants name float32, and there are modules and buffers outside the network.
"""

import math
from functools import partial

import torch
from torch import nn
from torch.nn import functional as F


class PotentialNode(nn.Module):
    """Integrates, fires and subtracts what it fired."""

    def __init__(self, ceiling, norm):
        super().__init__()
        self.ceiling, self.norm, self.v = ceiling, norm, 0.0

    def reset(self):
        self.v = 0.0

    def forward(self, x):
        self.v = self.v + x
        clipped = self.v.clamp(0, self.ceiling)
        fired = clipped + (clipped.round() - clipped).detach()
        self.v = self.v - fired
        return fired / self.norm


def with_norm(layer):
    norm = nn.BatchNorm1d if isinstance(layer, nn.Conv1d) else nn.BatchNorm2d
    return nn.Sequential(layer, norm(layer.out_channels))


def pointwise(inputs, outputs, bias=False):
    return nn.Conv2d(inputs, outputs, 1, bias=bias)


def spatial(channels, size, padding=None):
    return nn.Conv2d(channels, channels, size, padding=size // 2 if padding is None else padding, groups=channels, bias=False)


class Shrink(nn.Module):
    def __init__(self, node, inputs, outputs, size=3, stride=2, first=False):
        super().__init__()
        if not first:
            self.encode_spike = node()
        self.encode_conv = nn.Conv2d(inputs, outputs, size, stride, size // 2)
        self.encode_bn = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.encode_bn(self.encode_conv(self.encode_spike(x) if hasattr(self, "encode_spike") else x))


class Separable(nn.Module):
    def __init__(self, node, width):
        super().__init__()
        self.spike1, self.spike2 = node(), node()
        self.pwconv1, self.bn1 = with_norm(pointwise(width, 2 * width))
        self.dwconv = spatial(2 * width, 7)
        self.pwconv2, self.bn2 = with_norm(pointwise(2 * width, width))

    def forward(self, x):
        x = self.bn1(self.pwconv1(self.spike1(x)))
        return self.bn2(self.pwconv2(self.dwconv(self.spike2(x))))


class ConvUnit(nn.Module):
    def __init__(self, node, width, ratio):
        super().__init__()
        self.Conv = Separable(node, width)
        self.spike1, self.spike2 = node(), node()
        self.conv1, self.bn1 = with_norm(nn.Conv2d(width, ratio * width, 3, padding=1, bias=False))
        self.conv2, self.bn2 = with_norm(nn.Conv2d(ratio * width, width, 3, padding=1, bias=False))

    def forward(self, x):
        x = x + self.Conv(x)
        return x + self.bn2(self.conv2(self.spike2(self.bn1(self.conv1(self.spike1(x))))))


class FramedNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.bn = nn.BatchNorm2d(width)

    def forward(self, x):
        n, c, h, w = x.shape
        inside = self.bn(x)
        frame = self.bn.bias - self.bn.running_mean * self.bn.weight / (self.bn.running_var + self.bn.eps).sqrt()
        framed = frame.detach().view(1, c, 1, 1).repeat(n, 1, h + 2, w + 2)
        framed[:, :, 1:-1, 1:-1] = inside
        return framed


class Reparameterised(nn.Module):
    def __init__(self, width):
        super().__init__()
        inner = nn.Sequential(spatial(width, 3, 0), pointwise(width, width), nn.BatchNorm2d(width))
        self.body = nn.Sequential(pointwise(width, width), FramedNorm(width), inner)

    def forward(self, x):
        return self.body(x)


class PixelAttention(nn.Module):
    def __init__(self, node, width, heads):
        super().__init__()
        self.heads = heads
        for name in ("q", "k", "v", "proj"):
            setattr(self, f"{name}_conv", nn.Sequential(Reparameterised(width), nn.BatchNorm2d(width)))
        for name in ("head", "q", "k", "v", "attn"):
            setattr(self, f"{name}_spike", node())

    def forward(self, x):
        n, c, h, w = x.shape
        s = self.head_spike(x)
        q, k, v = (
            spike(conv(s)).reshape(n, self.heads, c // self.heads, h * w)
            for conv, spike in ((self.q_conv, self.q_spike), (self.k_conv, self.k_spike), (self.v_conv, self.v_spike))
        )
        memory = torch.einsum("bdim,bdjm->bdij", k, v)
        y = torch.einsum("bdij,bdim->bdjm", memory, q) * (c // self.heads) ** -0.5
        return self.proj_conv(self.attn_spike(y.reshape(n, c, h, w)))


class TokenMlp(nn.Module):
    """On [N, C, h, w]; the encoder's reads the result [C, h·w] as [h, w, C]."""

    def __init__(self, node, width, hidden, reread=False):
        super().__init__()
        self.reread = reread
        self.fc1_spike, self.fc2_spike = node(), node()
        self.fc1_conv, self.fc1_bn = with_norm(nn.Conv1d(width, hidden, 1))
        self.fc2_conv, self.fc2_bn = with_norm(nn.Conv1d(hidden, width, 1))

    def forward(self, x):
        n, c, h, w = x.permute(0, 3, 1, 2).shape if self.reread else x.shape
        tokens = (x.permute(0, 3, 1, 2) if self.reread else x).reshape(n, c, h * w)
        y = self.fc1_bn(self.fc1_conv(self.fc1_spike(tokens)))
        y = self.fc2_bn(self.fc2_conv(self.fc2_spike(y)))
        return y.reshape(x.shape)


class PixelBlock(nn.Module):
    def __init__(self, node, width, heads, ratio):
        super().__init__()
        self.attn = PixelAttention(node, width, heads)
        self.mlp = TokenMlp(node, width, ratio * width)

    def forward(self, x):
        x = x + self.attn(x)
        return x + self.mlp(x)


class MetaBackbone(nn.Module):
    def __init__(self, c):
        super().__init__()
        node = partial(PotentialNode, c["neuron"]["max_spikes"], c["neuron"]["norm"])
        w, ratio, heads, self.T = c["embed_dims"], c["mlp_ratio"], c["heads"], c["time_steps"]
        self.downsample1_1 = Shrink(node, 3, w[0] // 2, 7, first=True)
        self.ConvBlock1_1 = nn.ModuleList([ConvUnit(node, w[0] // 2, ratio)])
        self.downsample1_2 = Shrink(node, w[0] // 2, w[0])
        self.ConvBlock1_2 = nn.ModuleList([ConvUnit(node, w[0], ratio)])
        self.downsample2 = Shrink(node, w[0], w[1])
        self.ConvBlock2_1 = nn.ModuleList([ConvUnit(node, w[1], ratio)])
        self.ConvBlock2_2 = nn.ModuleList([ConvUnit(node, w[1], ratio)])
        self.downsample3 = Shrink(node, w[1], w[2])
        self.block3 = nn.ModuleList([PixelBlock(node, w[2], heads, ratio) for _ in range(6)])
        self.downsample4 = Shrink(node, w[2], w[3], stride=1)
        self.block4 = nn.ModuleList([PixelBlock(node, w[3], heads, ratio) for _ in range(2)])

    def forward(self, image):
        features, x = [], image.repeat(self.T, 1, 1, 1)
        stages = (
            [self.downsample1_1, *self.ConvBlock1_1],
            [self.downsample1_2, *self.ConvBlock1_2],
            [self.downsample2, *self.ConvBlock2_1, *self.ConvBlock2_2],
            [self.downsample3, *self.block3, self.downsample4, *self.block4],
        )
        for stage in stages:
            for module in stage:
                x = module(x)
            features.append(x)
        return features


class Esc(nn.Module):
    """On [N, h, w, C]."""

    def __init__(self, node, width, size):
        super().__init__()
        self.spike1, self.spike2, self.spike3 = node(), node(), node()
        self.pwconv1 = with_norm(pointwise(width, 2 * width))
        self.dwconv = with_norm(spatial(2 * width, size))
        self.pwconv2 = with_norm(pointwise(2 * width, width))

    def forward(self, x):
        x = self.pwconv1(self.spike1(x.movedim(3, 1)))
        return self.pwconv2(self.spike3(self.dwconv(self.spike2(x)))).movedim(1, 3)


class Sampling(nn.Module):
    """The deformable attention on [N, h, w, C], with the four corners gathered by hand."""

    def __init__(self, node, width, groups, size):
        super().__init__()
        self.groups = groups
        self.input_proj, self.output_proj = Esc(node, width, size), Esc(node, width, size)
        self.dw_spike, self.offset_spike, self.mask_spike = node(), node(), node()
        self.dw_conv = with_norm(spatial(width, size))
        self.offset = with_norm(pointwise(width, groups * 18, bias=True))
        self.mask = with_norm(pointwise(width, groups * 9, bias=True))

    def forward(self, u):
        n, h, w, c = u.shape
        values = self.input_proj(u).reshape(n, h * w, self.groups, -1).movedim(2, 1)
        s = self.offset_spike(self.dw_conv(self.dw_spike(u.movedim(3, 1))))
        offset = self.offset(s).reshape(n, h, w, self.groups, 9, 2)
        mask = self.mask_spike(self.mask(s).reshape(n, h, w, -1)).reshape(n, h, w, self.groups, 9)
        point = torch.arange(9, dtype=torch.float32)
        x = torch.arange(w, dtype=torch.float32).view(w, 1, 1) + point.div(3, rounding_mode="floor") - 1 + offset[..., 0]
        y = torch.arange(h, dtype=torch.float32).view(h, 1, 1, 1) + point % 3 - 1 + offset[..., 1]
        result = 0
        for right in (0, 1):
            for below in (0, 1):
                column, row = x.floor() + right, y.floor() + below
                share = (1 - (x - column).abs()) * (1 - (y - row).abs()) * mask
                share = share * ((column >= 0) & (column < w) & (row >= 0) & (row < h))
                index = (row.clamp(0, h - 1) * w + column.clamp(0, w - 1)).long()
                index = index.movedim(3, 1).reshape(n, self.groups, -1, 1).expand(-1, -1, -1, values.shape[3])
                corner = values.gather(2, index).reshape(n, self.groups, h, w, 9, -1)
                result = result + (corner * share.movedim(3, 1)[..., None]).sum(4)
        return self.output_proj(result.movedim(1, 3).reshape(n, h, w, c))


class EncoderBlock(nn.Module):
    def __init__(self, node, c):
        super().__init__()
        width = c["feat_channels"]
        self.Conv = Esc(node, width, 3)
        self.dcn = Sampling(node, width, c["groups"], c["dw_kernel"])
        self.ffn = TokenMlp(node, width, c["ffn_channels"], reread=True)
        self.gamma1, self.gamma2, self.gamma3 = (nn.Parameter(torch.full((width,), 1e-6)) for _ in range(3))

    def forward(self, q):
        q = q + self.gamma1 * self.Conv(q)
        q = q + self.gamma2 * self.dcn(q)
        return q + self.gamma3 * self.ffn(q)


class Layers(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class SpikeFpn(nn.Module):
    def __init__(self, node, c, widths):
        super().__init__()
        f = c["feat_channels"]
        self.encoder_in_proj_spike = node()  # never called
        self.last_feat_conv_spike, self.encoder_out_proj_spike, self.mask_feature_spike = node(), node(), node()
        self.encoder_in_proj, self.encoder_out_proj = (with_norm(pointwise(i, f, True)) for i in (widths[3], f))
        self.encoder = Layers(EncoderBlock(node, c) for _ in range(c["layers"]))
        self.lateral_convs = nn.ModuleList(with_norm(pointwise(i, f, True)) for i in widths[:3])
        self.output_convs = nn.ModuleList(with_norm(spatial(f, 3)) for _ in range(3))
        self.lateral_convs_spike, self.output_convs_spike = (nn.ModuleList(node() for _ in range(3)) for _ in range(2))
        self.mask_feature = pointwise(f, f, True)

    def forward(self, features):
        x = self.encoder_in_proj(self.last_feat_conv_spike(features[3]))
        memory = self.encoder_out_proj_spike(self.encoder(x.movedim(1, 3)).movedim(3, 1).contiguous())
        levels = [self.encoder_out_proj(memory)]
        for i in (2, 1, 0):
            side = self.lateral_convs[i](self.lateral_convs_spike[i](features[i]))
            y = side + F.interpolate(levels[-1], side.shape[2:], mode="bilinear", align_corners=False)
            levels.append(self.output_convs[i](self.output_convs_spike[i](y)))
        return self.mask_feature(self.mask_feature_spike(levels[3])), memory, levels[:3]


class QueryAttention(nn.Module):
    def __init__(self, node, width, heads):
        super().__init__()
        self.heads = heads
        for name in ("q", "k", "v", "out"):
            setattr(self, f"{name}_conv", with_norm(nn.Conv1d(width, width, 1)))
        for name in ("q_conv", "k_conv", "v_conv", "q", "k", "v", "attn"):
            setattr(self, f"{name}_spike", node())

    def forward(self, query, key, value):
        def project(name, x):
            x = getattr(self, f"{name}_conv_spike")(x)
            x = getattr(self, f"{name}_spike")(getattr(self, f"{name}_conv")(x.mT).mT)
            return x.unflatten(2, (self.heads, -1)).transpose(1, 2)

        q, k, v = project("q", query), project("k", key), project("v", value)
        scores = q @ k.mT / math.sqrt(query.shape[2])
        y = self.attn_spike((scores @ v).transpose(1, 2).flatten(2))
        return self.out_conv(y.mT).mT, scores


class AttentionWrapper(nn.Module):
    """Adds the positions; returns the scores too, as torch.nn.MultiheadAttention does."""

    def __init__(self, node, width, heads):
        super().__init__()
        self.attn = QueryAttention(node, width, heads)

    def forward(self, query, key, value, query_pos, key_pos):
        return self.attn(query + query_pos, key + key_pos, value)


class QueryFfn(nn.Module):
    def __init__(self, node, width, hidden):
        super().__init__()
        self.fc1_spike, self.fc2_spike = node(), node()
        self.fc1, self.bn1 = with_norm(nn.Conv1d(width, hidden, 1))
        self.fc2, self.bn2 = with_norm(nn.Conv1d(hidden, width, 1))

    def forward(self, x):
        n, q, f = x.shape
        y = self.bn1(self.fc1(self.fc1_spike(x).reshape(n, f, q)))
        return self.bn2(self.fc2(self.fc2_spike(y))).reshape(n, q, f)


class QueryBlock(nn.Module):
    def __init__(self, node, width, c):
        super().__init__()
        self.cross_attn, self.self_attn = (AttentionWrapper(node, width, c["heads"]) for _ in range(2))
        self.ffn = QueryFfn(node, width, c["ffn_channels"])

    def forward(self, query, key, query_pos, key_pos):
        query = query + self.cross_attn(query, key, key, query_pos, key_pos)[0]
        query = query + self.self_attn(query, query, query, query_pos, query_pos)[0]
        return query + self.ffn(query)


class MaskMlp(nn.Module):
    def __init__(self, node, width, alpha):
        super().__init__()
        self.alpha = alpha
        self.fc1, self.fc2 = nn.Linear(width, width, False), nn.Linear(width, width, False)
        self.fc_out = nn.Linear(width, width)
        self.spike1, self.spike2 = node(), node()

    def forward(self, x):
        x = self.spike1(self.fc1(x)) * self.alpha
        return self.fc_out(self.spike2(self.fc2(x)) * self.alpha)


def sine(size, width):
    step = torch.arange(1, size + 1, dtype=torch.float32) / (size + 1e-6) * 2 * math.pi
    channel = torch.arange(0, width, 2, dtype=torch.float32)
    angle = step[:, None] / 10000 ** (channel / width)
    return torch.stack([angle.sin(), angle.cos()], 2).flatten(1)


class MaskHead(nn.Module):
    def __init__(self, c):
        super().__init__()
        width, queries, head = c["pixel_decoder"]["feat_channels"], c["transformer_decoder"]["queries"], c["head"]
        e = c["backbone"]["embed_dims"]
        node = partial(PotentialNode, head["neuron"]["max_spikes"], head["neuron"]["norm"])
        self.T, self.alpha = c["backbone"]["time_steps"], head["alpha"]
        self.pixel_decoder = SpikeFpn(node, c["pixel_decoder"], [e[0] // 2, e[0], e[1], e[3]])
        self.transformer_decoder = Layers(
            QueryBlock(node, width, c["transformer_decoder"]) for _ in range(c["transformer_decoder"]["layers"])
        )
        self.query_embed, self.query_feat = nn.Embedding(queries, width), nn.Embedding(queries, width)
        self.level_embed = nn.Embedding(3, width)
        self.cls_embed = nn.Linear(width, head["classes"] + 1)
        self.mask_embed = MaskMlp(node, width, self.alpha)
        self.shortcut_conv = with_norm(nn.Conv1d(queries, queries, 1, bias=False))
        self.w = nn.Parameter(torch.ones(1))
        self.decoder_out_spike, self.shortcut_conv_spike, self.mask_embed_spike = node(), node(), node()

    def forward(self, features, batch_data_samples):
        mask_feature, _, levels = self.pixel_decoder(features)
        n, f = mask_feature.shape[:2]
        assert n == self.T * len(batch_data_samples)
        keys = [y.flatten(2).mT + self.level_embed.weight[i] for i, y in enumerate(levels)]
        places = []
        for y in levels:
            rows, columns = sine(y.shape[2], f // 2)[:, None], sine(y.shape[3], f // 2)[None]
            size = (y.shape[2], y.shape[3], f // 2)
            places.append(torch.cat([rows.expand(size), columns.expand(size)], 2).flatten(0, 1))
        query = self.query_feat.weight.repeat(n, 1, 1)
        states = [query]
        for j, layer in enumerate(self.transformer_decoder.layers):
            query = layer(query, keys[j % 3], self.query_embed.weight, places[j % 3])
            states.append(query)
        z = torch.stack(states).sigmoid()
        s = self.alpha * self.decoder_out_spike(z)
        shortcut = self.shortcut_conv((self.alpha * self.shortcut_conv_spike(z)).flatten(0, 1)).reshape(z.shape)
        e = self.alpha * self.mask_embed_spike(self.mask_embed(s) + self.w * shortcut)
        masks = torch.einsum("snqf,nfhw->snqhw", e, mask_feature)
        mean = [x.unflatten(1, (self.T, -1)).mean(1) for x in (self.cls_embed(s), masks)]
        return list(mean[0]), list(mean[1])


class Segmentor(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.backbone, self.decode_head = MetaBackbone(config["backbone"]), MaskHead(config)
        self.auxiliary_head = nn.Conv2d(3, 3, 1)
        self.register_buffer("mean", torch.zeros(3), persistent=False)

    def forward(self, inputs, data_samples=None, mode="tensor"):
        assert mode == "tensor"
        return self.decode_head(self.backbone(inputs), data_samples)
