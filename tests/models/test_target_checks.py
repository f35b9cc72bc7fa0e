"""All target builders refuse labels outside their text, and name the text and the label."""

import numpy as np
import pytest

from gplinker_tf.models import CasRelTargets, GPLinkerTargets, HandshakingTargets

TOKEN_IDS = np.array([[2, 7, 8, 9, 3, 5], [2, 7, 8, 3, 0, 0]])
GOOD = [1, 2, 0, 2, 2]


@pytest.mark.parametrize("maker", [GPLinkerTargets, CasRelTargets, HandshakingTargets])
def test_a_label_outside_is_named(maker):
    make, random = maker(num_predicates=3), np.random.default_rng(0)
    make([np.array([GOOD]), np.array([GOOD])], TOKEN_IDS, random)
    for place, value in [(0, -1), (1, 99), (1, 4), (1, 0), (2, 3), (2, -1), (3, -5), (4, 6)]:
        wrong = GOOD.copy()
        wrong[place] = value
        labels = [np.array([GOOD]), np.array([GOOD, wrong])]
        with pytest.raises(ValueError, match=r"tokens below 4, predicates below 3.*in text 1") as e:
            make(labels, TOKEN_IDS, random)
        assert f"Received: {wrong}" in str(e.value)
