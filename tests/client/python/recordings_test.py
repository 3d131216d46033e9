"""Linux 6.1's recorded answers, byte for byte through either client."""

import asyncio
import collections

import pytest

import irqd
import recordings


@pytest.mark.parametrize("name", recordings.NAMES)
def test_every_record_survives_the_codec(name):
    seen = collections.Counter()

    for written, image in recordings.images(name):
        again = bytes(irqd.Irq.from_bytes(image))
        seen[written] += 1
        if written:
            assert again == image
        else:
            # What a program sends may have anything outside the member: the kernel ignores it.
            assert irqd.Irq.from_bytes(again) == irqd.Irq.from_bytes(image)

    assert seen[True] > 0
    assert seen[False] > 0


@pytest.mark.parametrize("name", recordings.NAMES)
def test_replay(name, irqd_client):
    scenarios = recordings.scenarios(name)

    steps = sum(asyncio.run(recordings.play(one, irqd_client)) for one in scenarios)

    assert steps == sum(len(one["steps"]) for one in scenarios) > 1000


@pytest.mark.parametrize("name", recordings.NAMES)
def test_replay_of_the_first_by_asyncio(name, irqd_server):
    scenarios = recordings.scenarios(name)[:14]

    async def play_all():
        async with irqd.aio.connect(irqd_server.target) as client:
            return [await recordings.play(one, client) for one in scenarios]

    assert asyncio.run(play_all()) == [len(one["steps"]) for one in scenarios]
