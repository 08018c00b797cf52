"""Training of the reference in PyTorch eager: the criterion in tensor operations, SciPy's matching, AdamW.

For `model.md` section 9 in the words of its equations; compare_training.py checks its loss against the Java engine's.
"""

import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment

MASK, DICE, NO_OBJECT = 20.0, 1.0, 0.1
IGNORED = 255


def targets_of(labels, real):
    """Labels [H, W] -> classes [G] and masks [G, H, W]."""
    classes = labels.unique()
    classes = classes[classes != IGNORED].long()
    return classes, (labels[None] == classes[:, None, None]).to(real)


def costs(scores, masks, classes, truth):
    """Cost [Q, G] of giving a query to a target; masks [Q, h, w]."""
    small = F.interpolate(truth[None], masks.shape[1:], mode="nearest")[0].flatten(1)
    p = masks.flatten(1).sigmoid()
    class_cost = -scores.softmax(-1)[:, classes]
    positive = -(p + 1e-12).log() * 0.25 * (1 - p).pow(2)
    negative = -(1 - p + 1e-12).log() * 0.75 * p.pow(2)
    focal = (positive @ small.T + negative @ (1 - small).T) / p.shape[1]
    dice = 1 - (2 * p @ small.T + 1) / (p.sum(-1)[:, None] + small.sum(-1)[None] + 1)
    return class_cost + MASK * focal + DICE * dice


def state_loss(scores, masks, targets):
    """Loss of one query state: scores [B, Q, K+1], masks [B, Q, h, w]."""
    classes = scores.shape[-1] - 1
    wanted = torch.full(scores.shape[:2], classes)
    found, truths = [], []
    for i, (labels, truth) in enumerate(targets):
        if len(labels):
            with torch.no_grad():
                rows, columns = linear_sum_assignment(costs(scores[i], masks[i], labels, truth))
            wanted[i, rows] = labels[columns]
            found.append(masks[i, rows])
            truths.append(truth[columns])
    matched = sum(max(min(len(labels), scores.shape[1]), 1) for labels, _ in targets)
    weight = scores.new_ones(classes + 1)
    weight[-1] = NO_OBJECT
    loss = F.cross_entropy(scores.flatten(0, 1), wanted.flatten(), weight)
    if not found:
        return loss
    truth = torch.cat(truths)
    x = F.interpolate(torch.cat(found)[:, None], truth.shape[1:], mode="bilinear")[:, 0]
    p = x.sigmoid()
    miss = (1 - p) * truth + p * (1 - truth)
    alpha = 0.25 * truth + 0.75 * (1 - truth)
    focal = F.binary_cross_entropy_with_logits(x, truth, reduction="none") * alpha * miss.pow(2)
    flat, true = p.flatten(1), truth.flatten(1)
    dice = 1 - (2 * (flat * true).sum(1) + 1) / (flat.sum(1) + true.sum(1) + 1)
    return loss + MASK * focal.sum() / (matched * truth[0].numel()) + DICE * dice.sum() / matched


def group(name):
    """Learning rate and decay of a parameter, as the release has them."""
    if "backbone" in name:
        return 1e-4, 0.005
    return 1e-3, 0.0 if any(part in name for part in ("query_embed", "query_feat", "level_embed")) else 0.005


class Training:
    """Steps of the release's experiment on one batch."""

    def __init__(self, model, images, labels):
        self.model = model.train()
        self.images = images
        self.labels = labels
        groups = {}
        for name, parameter in model.named_parameters():
            groups.setdefault(group(name), []).append(parameter)
        self.optimiser = torch.optim.AdamW({"params": p, "lr": lr, "weight_decay": decay} for (lr, decay), p in groups.items())

    def step(self):
        """Forward, loss, backward, clip, update; the loss."""
        self.optimiser.zero_grad(set_to_none=True)
        scores, masks = self.model(self.images)
        targets = [targets_of(labels, scores.dtype) for labels in self.labels]
        loss = sum(state_loss(s, m, targets) for s, m in zip(scores, masks))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 0.01)
        self.optimiser.step()
        return loss.item()
