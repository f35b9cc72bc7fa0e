"""Common parts of two sequences."""

from __future__ import annotations

from collections.abc import Sequence


def longest_common_substring(
    source: Sequence, target: Sequence
) -> tuple[int, tuple[int, int, int, int]]:
    """Return the longest run of items that two sequences share.

    Args:
        source: a text or a list.
        target: another text or list.

    Returns:
        Its length, and its position: start and end in `source`, then in `target`. Of several
        equally long runs, the one that ends first in `source`.

    Example:

    >>> longest_common_substring("北京大学", "在北京")
    (2, (0, 2, 1, 3))
    """
    longest, place = 0, (0, 0, 0, 0)
    above = [0] * (len(target) + 1)
    for i, item in enumerate(source, 1):
        row = [0] * (len(target) + 1)
        for j, other in enumerate(target, 1):
            if item == other:
                size = row[j] = above[j - 1] + 1
                if size > longest:
                    longest, place = size, (i - size, i, j - size, j)
        above = row
    return longest, place


def longest_common_subsequence(
    source: Sequence, target: Sequence
) -> tuple[int, list[tuple[int, int]]]:
    """Return the longest list of items that two sequences have in the same order.

    Args:
        source: a text or a list.
        target: another text or list.

    Returns:
        Its length, and the indices of each item in `source` and in `target`.

    Example:

    >>> longest_common_subsequence("abcde", "badce")
    (3, [(0, 1), (2, 3), (4, 4)])
    """
    sizes = [[0] * (len(target) + 1) for _ in range(len(source) + 1)]
    for i, item in enumerate(source):
        for j, other in enumerate(target):
            if item == other:
                sizes[i + 1][j + 1] = sizes[i][j] + 1
            else:
                sizes[i + 1][j + 1] = max(sizes[i][j + 1], sizes[i + 1][j])
    pairs: list[tuple[int, int]] = []
    i, j = len(source), len(target)
    while len(pairs) < sizes[-1][-1]:
        if source[i - 1] == target[j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif sizes[i][j - 1] > sizes[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return len(pairs), pairs[::-1]
