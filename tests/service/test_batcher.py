"""Texts of many requests are batched, and each result goes to its own request."""

import asyncio

import pytest
from service.served import BROKEN, Reader

from gplinker_tf.service import ServiceOptions
from gplinker_tf.service._batcher import Batcher
from gplinker_tf.service._refusal import Refusal


def with_batcher(use, **options):
    """Return the result of a coroutine that uses a batcher, and the batches that were read."""
    reader = Reader()

    async def run():
        batcher = Batcher(reader, ServiceOptions(**options), lambda texts: None)
        try:
            return await use(batcher)
        finally:
            await batcher.close()

    return asyncio.run(run()), reader.batches


def texts_of(outcomes):
    return [outcome.text for outcome in outcomes]


def test_requests_share_batches_and_get_their_own_results():
    sent = [[f"{request}-{text}" for text in range(request % 3)] for request in range(60)]

    async def use(batcher):
        return await asyncio.gather(*(batcher.extract(texts, None) for texts in sent))

    results, batches = with_batcher(use, batch_size=8)
    assert [texts_of(outcomes) for outcomes in results] == sent
    sizes = [len(texts) for texts, _ in batches]
    assert sum(sizes) == 60 and max(sizes) == 8 and len(sizes) < 12


def test_thresholds_do_not_mix():
    async def use(batcher):
        return await asyncio.gather(*(batcher.extract([str(n)], n % 2) for n in range(20)))

    results, batches = with_batcher(use)
    assert [texts_of(outcomes) for outcomes in results] == [[str(n)] for n in range(20)]
    for texts, threshold in batches:
        assert {int(text) % 2 for text in texts} == {threshold}


def test_a_text_that_fails_takes_nothing_from_the_others(caplog):
    async def use(batcher):
        return await batcher.extract(["a", BROKEN, "b"], None)

    (first, failed, last), _ = with_batcher(use)
    assert (first.text, last.text) == ("a", "b")
    assert isinstance(failed, Refusal) and failed.status_code == 500
    assert BROKEN not in caplog.text and "ValueError" in caplog.text


def test_a_request_that_is_given_up_leaves_the_queue():
    async def use(batcher):
        left = asyncio.create_task(batcher.extract(["given up"] * 9, None))
        await asyncio.sleep(0)
        left.cancel()
        return await batcher.extract(["b"], None), batcher.unanswered

    (outcomes, unanswered), batches = with_batcher(use, gather_ms=50)
    assert texts_of(outcomes) == ["b"] and unanswered == 0
    assert [texts for texts, _ in batches] == [["b"]]


@pytest.mark.parametrize(
    "wrong", [{"max_texts": 0}, {"gather_ms": -1}, {"max_texts": 8, "max_queue": 7}]
)
def test_limits_that_allow_nothing(wrong):
    with pytest.raises(ValueError, match="Expected"):
        ServiceOptions(**wrong)
