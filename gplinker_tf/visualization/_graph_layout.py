"""Graph layout: forces between the nodes of each connected part, then all parts in rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

#: Rounds in which forces are applied; pixels between parts.
ROUNDS, GAP = 300, 28.0

#: Approximate pixels between connected nodes, across and down.
ACROSS, DOWN = 156.0, 92.0

#: Pixels for the label between the two nodes of a part that has no others.
BETWEEN = 76.0


class Boxes(NamedTuple):
    """The centers of nodes, float `[N, 2]`, and the total width and height, all in pixels."""

    centers: np.ndarray
    width: float
    height: float


def lay_out(sizes: np.ndarray, edges: Sequence[tuple[int, int]], width: float) -> Boxes:
    """Place nodes so that connected ones are near each other and none overlap.

    Args:
        sizes: float `[N, 2]`, width and height of each node.
        edges: pairs of connected nodes.
        width: the maximum total width, unless a single part is wider.

    >>> boxes = lay_out(np.full([3, 2], 20.0), [(0, 1)], width=400)
    >>> boxes.centers.shape, bool(boxes.width <= 400)
    ((3, 2), True)
    """
    centers = np.zeros([len(sizes), 2])
    x = y = row = total = 0.0
    for part in _parts(len(sizes), edges):
        place = {node: number for number, node in enumerate(part)}
        inner = [(place[a], place[b]) for a, b in edges if a in place]
        spots = _spread(sizes[part], np.array(inner, int).reshape(-1, 2), width)
        low = (spots - sizes[part] / 2).min(axis=0)
        size = (spots + sizes[part] / 2).max(axis=0) - low
        if x and x + size[0] > width:
            x, y, row = 0.0, y + row + GAP, 0.0
        centers[part] = spots - low + [x, y]
        total, row = max(total, x + size[0]), max(row, size[1])
        x += size[0] + GAP
    return Boxes(centers, total, y + row)


def _parts(nodes: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the connected parts, the largest first."""
    part = list(range(nodes))

    def root(node: int) -> int:
        while part[node] != node:
            part[node] = part[part[node]]
            node = part[node]
        return node

    for a, b in edges:
        part[root(a)] = root(b)
    parts: dict[int, list[int]] = {}
    for node in range(nodes):
        parts.setdefault(root(node), []).append(node)
    return sorted(parts.values(), key=lambda one: (-len(one), one[0]))


def _spread(sizes: np.ndarray, edges: np.ndarray, width: float) -> np.ndarray:
    """Place nodes by forces: all repel each other, connected ones attract; then separate boxes."""
    count = len(sizes)
    if count == 1:
        return np.zeros([1, 2])
    if count == 2:
        return np.array([[0.0, 0.0], [sizes[:, 0].sum() / 2 + BETWEEN, 0.0]])
    angles = np.arange(count) * 2.399963  # the golden angle: no two in one direction
    # Nodes with many edges repel more strongly, so that two of them do not coincide.
    weights = np.sqrt(np.bincount(edges.ravel(), minlength=count) + 1.0)
    pushes = (weights[:, None] * weights[None])[..., None] / 2
    spots = np.sqrt(np.arange(count) + 0.5)[:, None] * np.c_[np.cos(angles), np.sin(angles)]
    for round_ in range(ROUNDS):
        apart = spots[:, None] - spots[None]
        squared = (apart**2).sum(axis=-1, keepdims=True) + 0.01
        force = (pushes * apart / squared).sum(axis=1) - 0.012 * spots
        pull = spots[edges[:, 1]] - spots[edges[:, 0]]
        pull *= np.linalg.norm(pull, axis=1, keepdims=True)
        np.add.at(force, edges[:, 0], pull)
        np.add.at(force, edges[:, 1], -pull)
        length = np.linalg.norm(force, axis=1, keepdims=True) + 1e-9
        spots += force / length * np.minimum(length, 0.3 * (1 - round_ / ROUNDS) + 0.01)
    spots = _lying(spots) * [ACROSS, DOWN]
    extent = np.ptp(spots[:, 0]) + sizes[:, 0].max()
    if extent > width:  # make it narrower and taller
        narrower = max((width - sizes[:, 0].max()) / (extent - sizes[:, 0].max()), 0.3)
        spots = spots * [narrower, min(1 / narrower, 2.0)]
    return _moved_apart(spots, sizes, width)


def _lying(spots: np.ndarray) -> np.ndarray:
    """Rotate the nodes so that the longest extent is from left to right."""
    spots = spots - spots.mean(axis=0)
    _, _, axes = np.linalg.svd(spots)
    return spots @ (axes * np.where(axes.sum(axis=1, keepdims=True) < 0, -1, 1)).T


def _moved_apart(spots: np.ndarray, sizes: np.ndarray, width: float) -> np.ndarray:
    room = (sizes[:, None] + sizes[None]) / 2 + [14.0, 22.0]
    for _ in range(200):
        apart = spots[:, None] - spots[None]
        overlap = room - np.abs(apart)
        np.fill_diagonal(overlap[..., 0], -1)
        hit = (overlap > 0).all(axis=-1)
        if not hit.any():
            break
        # Move along the axis with less overlap; if the width is used up, always vertically.
        down = (overlap[..., 1] < overlap[..., 0]) | (np.ptp(spots[:, 0]) > width * 0.8)
        order = np.sign(np.arange(len(spots))[:, None] - np.arange(len(spots)))
        signs = np.where(apart == 0, order[..., None], np.sign(apart))
        steps = np.where(np.stack([~down, down], axis=-1) & hit[..., None], overlap * signs, 0)
        spots = spots + 0.3 * steps.sum(axis=1)
    return spots
