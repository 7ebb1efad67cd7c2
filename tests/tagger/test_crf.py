"""The CRF against brute force over all taggings of short sequences."""

from itertools import pairwise, product

import numpy as np
import pytest

from projner.tagger import crf
from projner.tagger.tags import TagScheme

BOUNDS = np.array([[0, 4], [4, 5], [5, 10]])


@pytest.fixture
def scores():
    rng = np.random.default_rng(7)
    return [rng.normal(size=shape).astype(np.float32) for shape in ((10, 3), (3, 3), (3,), (3,))]


def every_path(scores, start, end):
    emissions, transitions, first, last = scores
    for path in product(range(3), repeat=end - start):
        score = first[path[0]] + last[path[-1]] + sum(emissions[start + i, tag] for i, tag in enumerate(path))
        yield path, float(score + sum(transitions[a, b] for a, b in pairwise(path)))


def test_viterbi_finds_the_best_path(scores):
    best = [max(every_path(scores, *bound), key=lambda pair: pair[1])[0] for bound in BOUNDS]
    assert crf.viterbi(*scores, crf.Layout.of(BOUNDS)).tolist() == [tag for path in best for tag in path]


def test_marginals_are_those_of_all_paths(scores):
    probabilities, expected, log_z = crf.marginals(*scores, crf.Layout.of(BOUNDS))
    want, want_expected, want_z = np.zeros((10, 3)), np.zeros((3, 3)), 0.0
    for start, end in BOUNDS:
        paths = list(every_path(scores, start, end))
        z = np.logaddexp.reduce([score for _, score in paths])
        want_z += z
        for path, score in paths:
            weight = np.exp(score - z)
            for i, tag in enumerate(path):
                want[start + i, tag] += weight
            for a, b in pairwise(path):
                want_expected[a, b] += weight
    np.testing.assert_allclose(probabilities, want, atol=1e-5)
    np.testing.assert_allclose(expected, want_expected, atol=1e-5)
    assert log_z == pytest.approx(want_z, abs=1e-4)


def test_gradients_are_the_slope_of_the_loss(scores):
    layout = crf.Layout.of(BOUNDS)
    gold = np.array([0, 1, 2, 0, 1, 1, 2, 2, 0, 1])
    loss, d_emissions, (d_transitions, d_first, d_last) = crf.gradients(*scores, gold, layout)
    for which, place, slope in (
        (0, (6, 2), d_emissions[6, 2]),
        (1, (1, 2), d_transitions[1, 2]),
        (2, (0,), d_first[0]),
        (3, (1,), d_last[1]),
    ):
        moved = [array.copy() for array in scores]
        moved[which][place] += 0.01
        assert (crf.gradients(*moved, gold, layout)[0] - loss) / 0.01 == pytest.approx(float(slope), abs=0.02)


def test_constraints_allow_only_whole_spans():
    scheme = TagScheme(["A", "B"])
    rng = np.random.default_rng(0)
    emissions = rng.normal(size=(500, scheme.size), scale=3).astype(np.float32)
    layout = crf.Layout.of(np.array([[0, 200], [200, 201], [201, 500]]))
    tags = crf.viterbi(emissions, *scheme.constraints(), layout)
    assert (scheme.encode(500, scheme.decode(tags)) == tags).all()
    assert len(scheme.decode(tags)) > 50


def test_only_unsure_pieces_are_decoded_and_the_path_is_the_same():
    rng = np.random.default_rng(3)
    bounds = np.array([[2, 42], [42, 43], [43, 90], [95, 140]])
    emissions = rng.normal(scale=0.5, size=(150, 5)).astype(np.float32)
    emissions[:, 0] += 5
    for start, end in ((2, 4), (41, 42), (43, 46), (60, 63), (137, 140)):
        emissions[start:end, 1:] += 6
    transitions, first, last = (rng.normal(scale=0.1, size=size) for size in ((5, 5), 5, 5))
    scores = [emissions, *(array.astype(np.float32) for array in (transitions, first, last))]
    pieces = crf.unsure(emissions, bounds)
    inside = np.zeros(150, dtype=bool)
    for start, end in pieces:
        assert any(low <= start < end <= high for low, high in bounds)
        inside[start:end] = True
    assert 0 < inside.sum() < 60
    want = crf.viterbi(*scores, crf.Layout.of(bounds))
    assert want[[2, 41, 43, 60, 139]].all()
    assert crf.viterbi(*scores, crf.Layout.of(pieces)).tolist() == want.tolist()


def test_nothing_unsure_is_nothing_to_decode():
    emissions = np.array([[9.0, 0.0]] * 4, dtype=np.float32)
    pieces = crf.unsure(emissions, np.array([[0, 4]]))
    assert pieces.shape == (0, 2)
    zeros = np.zeros((2, 2), dtype=np.float32)
    assert crf.viterbi(emissions, zeros, zeros[0], zeros[0], crf.Layout.of(pieces)).tolist() == [0] * 4
