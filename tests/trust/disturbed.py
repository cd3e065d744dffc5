"""A program that meets with an accident at one of its file operations (disturb.cpp), and what its clients know of it."""

import collections
import http.client
import os
import time
import unittest.mock
from pathlib import Path

import billed
from claims import NotRun

BATCHES, SIZE = 4, 20


def environment(context, **more):
    """Of a program that `disturb` is loaded into."""
    library = context.built("libdisturb.so")
    # A sanitizer wants to come first; it need not.
    sanitizer = os.environ.get("ASAN_OPTIONS", "")
    return {"LD_PRELOAD": str(library), "ASAN_OPTIONS": f"{sanitizer}:verify_asan_link_order=0".lstrip(":"), **more}


class Accidents:
    """A ledger that is made once and put back before every accident, so that each happens to the same bytes."""

    def __init__(self, context):
        self.context = context
        self.original, self.key, _ = billed.make(context, "original", events=60)
        self.acknowledged_in_all = 0
        self.slowest_end = 0

    def live(self, **disturbed):
        """(ledger, how its process ended, what was acknowledged, what was not answered) of a life under `disturbed`."""
        ledger = billed.copied(self.original, self.context.folder / "copy")
        root = str(Path(ledger.directory).resolve())
        acknowledged, unanswered = {}, None
        with unittest.mock.patch.dict(os.environ, environment(self.context, DISTURB_ROOT=root, **disturbed)):
            ledger.spawn()
        try:
            ledger.wait_until_listening()
        except AssertionError:
            return ledger, ledger.process.wait(timeout=60), acknowledged, unanswered
        client = ledger.client(self.key)
        for first in range(20_000, 20_000 + BATCHES * SIZE, SIZE):
            batch = [billed.usage(number) for number in range(first, first + SIZE)]
            try:
                answer = client.post_events(batch, results="all")
                assert answer.status == 200, answer
            except (OSError, http.client.HTTPException):
                unanswered = batch
                break
            for item in answer.json["results"]:
                acknowledged[batch[item["index"]]["id"]] = item["position"]
        client.close()
        if unanswered is not None:
            begin = time.monotonic()
            status = ledger.process.wait(timeout=60)
            self.slowest_end = max(self.slowest_end, time.monotonic() - begin)
        else:
            ledger.process.terminate()
            status = ledger.process.wait(timeout=60)
        return ledger, status, acknowledged, unanswered

    def check(self, what, ledger, acknowledged, unanswered):
        """It opens, holds each once where it was acknowledged, takes what was not answered, and verifies."""
        ledger.kill()
        ledger.start()
        client = ledger.client(self.key)
        if unanswered is not None:
            again = client.post_events(unanswered, results="all")
            assert again.status == 200, (what, again)
            for item in again.json["results"]:
                acknowledged[unanswered[item["index"]]["id"]] = item["position"]
        seen = {}
        for item in client.pages("/events", limit=1000, type="UsageRecorded"):
            if item["source"] != billed.usage(0)["source"]:
                continue
            assert item["id"] not in seen, f"{what}: {item['id']} is there twice"
            seen[item["id"]] = item["position"]
        for identity, position in acknowledged.items():
            assert seen.get(identity) == position, f"{what}: {identity}: acknowledged at {position}, found at {seen.get(identity)}"
        self.acknowledged_in_all += len(acknowledged)
        client.close()
        assert ledger.stop() == 0, what
        billed.head_of(ledger.run("replay", "verify", "--data", ledger.directory))

    def operations(self):
        """{name: how often} of a life without an accident."""
        seen = self.context.folder / "seen"
        ledger, status, acknowledged, unanswered = self.live(DISTURB_SEEN=str(seen))
        assert (status, unanswered) == (0, None), (status, ledger.log_tail())
        self.check("no accident", ledger, acknowledged, unanswered)
        counts = collections.Counter(seen.read_text().splitlines())
        if not counts:
            raise NotRun("the program cannot be disturbed here")
        return counts
