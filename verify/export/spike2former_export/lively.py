"""Random weights with which every neuron layer fires, so that a parity check sees every path of the network."""

import torch
from torch import nn

from . import reference

ATTENTION_POTENTIAL = 1.3
MINIMUM_VARIANCE = 1e-3


def random_pixels(generator, batch, height, width):
    """RGB bytes [B, 3, H, W]: coarse and fine blobs with some noise."""
    size = (height, width)
    image = torch.zeros(batch, 3, height, width)
    for cells, weight in ((3, 60.0), (8, 40.0), (20, 20.0)):
        image += weight * reference.resize(torch.randn(batch, 3, cells, cells, generator=generator), size)
    image += 10 * torch.randn(image.shape, generator=generator)
    return (image + 112).round().clamp(0, 255).to(torch.uint8)


def build(config, seed, image):
    """A network in eval mode whose weights depend on the seed and on the normalised image it is calibrated with."""
    generator = torch.Generator().manual_seed(seed)
    model = reference.network(config)
    with torch.no_grad():
        draw_weights(model, generator)
        calibrate_batch_norms(model, image, generator)
        calibrate_attention(model.eval(), image)
    return model.eval()


def normal(tensor, generator, mean=0.0, std=1.0):
    tensor.normal_(mean, std, generator=generator)


def draw_weights(model, generator):
    for module in model.modules():
        if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Linear)):
            normal(module.weight, generator, std=(2 / module.weight[0].numel()) ** 0.5)
            if module.bias is not None:
                normal(module.bias, generator, std=0.1)
        elif isinstance(module, nn.modules.batchnorm._BatchNorm):
            normal(module.weight, generator, mean=1, std=0.25)
            normal(module.bias, generator, mean=0.1, std=0.3)
        elif isinstance(module, nn.Embedding):
            normal(module.weight, generator)
        elif isinstance(module, reference.EncoderLayer):
            for gamma in (module.gamma1, module.gamma2, module.gamma3):
                normal(gamma, generator, mean=0.5, std=0.15)
    for module in model.modules():
        if isinstance(module, reference.DeformableAttention):
            module.offset[1].weight.mul_(1.5)
            module.mask[1].bias.add_(1)
        elif isinstance(module, reference.MaskEmbed):
            # The inputs here are alpha * k / norm with small k.
            gain = module.spike1.norm / module.alpha
            module.fc1.weight.mul_(gain)
            module.fc2.weight.mul_(gain)
            module.fc_out.weight.mul_(gain)
    if hasattr(model.decode_head, "w"):
        model.decode_head.w.fill_(0.8)


def calibrate_batch_norms(model, image, generator):
    """Sets the running statistics to those of one batch, then moves them a little."""
    norms = [module for module in model.modules() if isinstance(module, nn.modules.batchnorm._BatchNorm)]
    momentum = [module.momentum for module in norms]
    for module in norms:
        module.momentum = 1.0
    calibrate_attention(model.train(), image)
    for module, original in zip(norms, momentum):
        module.momentum = original
        # A channel that happens to be constant must not be amplified without bound.
        variance = module.running_var
        variance.clamp_(min=max(MINIMUM_VARIANCE, 0.1 * variance.median().item()))
        module.running_mean.add_(0.1 * variance.sqrt() * torch.randn(variance.shape, generator=generator))
        variance.mul_(torch.exp(0.15 * torch.randn(variance.shape, generator=generator)))


def calibrate_attention(model, image):
    """Runs the model in its mode; on the way shifts the biases of q, k and v until the attention's mean potential is about 1.3."""
    potential = {}

    def remember(module, inputs):
        potential[module] = inputs[0].mean().item()

    def calibrate(module, inputs):
        biases = [layer[-1].bias for layer in (module.q_conv, module.k_conv, module.v_conv)]
        original = [bias.clone() for bias in biases]
        low, high = -2.0, float(module.attn_spike.max_spikes)
        for _ in range(10):
            shift = (low + high) / 2
            for bias, start in zip(biases, original):
                bias.copy_(start + shift)
            module.forward(*inputs)
            if potential[module.attn_spike] < ATTENTION_POTENTIAL:
                low = shift
            else:
                high = shift

    handles = []
    for module in model.modules():
        if isinstance(module, (reference.BackboneAttention, reference.TokenAttention)):
            handles.append(module.attn_spike.register_forward_pre_hook(remember))
            handles.append(module.register_forward_pre_hook(calibrate))
    model(image)
    for handle in handles:
        handle.remove()
