"""Too little memory: the system kills the program in a control group that has less than it takes."""

import http.client
import os
import random
import threading
import time
from pathlib import Path

import billed
from claims import NotRun

NUMBER = 20
MEGABYTE = 1 << 20
SENDERS, SIZE, BODIES = 6, 600, 4
ROUNDS_AT_MOST = 8  # until one was killed and one had acknowledged something


class Group:
    """A control group with a limit of memory, of either version."""

    def __init__(self):
        for root, limit, used in ((Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.usage_in_bytes"),
                                  (Path("/sys/fs/cgroup"), "memory.max", "memory.current")):
            self.place = root / f"daybook-trust-{os.getpid()}"
            self.limit, self.used = self.place / limit, self.place / used
            try:
                self.place.mkdir()
            except OSError:
                continue
            if self.limit.exists():
                return
            self.place.rmdir()
        raise NotRun("there is no control group to limit memory in")

    def allow(self, megabytes):
        self.limit.write_text(str(megabytes * MEGABYTE))

    def megabytes(self):
        return int(self.used.read_text()) // MEGABYTE

    def wrapper(self, program, path):
        """A program that runs `program` in the group."""
        path.write_text(f'#!/bin/sh\necho $$ > {self.place}/cgroup.procs\nexec {program} "$@"\n')
        path.chmod(0o700)
        return path

    def remove(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.place.rmdir()
                return
            except OSError:
                continue  # what was killed is still being cleared away


def load(ledger, key, first, acknowledged, unanswered, shed):
    """Large bodies from many senders at once, until the process is gone or took them all."""
    lock, numbers = threading.Lock(), iter(range(first, first + 10**7, SIZE))

    def send():
        client = ledger.client(key)
        for _ in range(BODIES):
            with lock:
                begin = next(numbers)
            batch = [billed.usage(number) for number in range(begin, begin + SIZE)]
            try:
                answer = client.post_events(batch, results="all")
            except (OSError, http.client.HTTPException):
                unanswered.append(batch)
                return
            with lock:
                if answer.status == 503:
                    shed.append(batch)
                    continue
                assert answer.status == 200, answer
                for item in answer.json["results"]:
                    if "position" in item:
                        acknowledged[batch[item["index"]]["id"]] = item["position"]

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(context):
    group, chance, rounds = Group(), random.Random(20), context.times(2, 200)
    killed, acknowledged, shed, more = 0, {}, [], 64
    ledger, key, _ = billed.make(context, events=60)
    program = ledger.program
    try:
        wrapper = group.wrapper(program, context.folder / "limited")
        for number in range(max(rounds, ROUNDS_AT_MOST)):
            if number >= rounds and killed and acknowledged:
                break
            played, unanswered = number + 1, []
            ledger.program = str(wrapper)
            group.limit.write_text("-1" if "limit_in" in group.limit.name else "max")
            ledger.start()
            group.allow(group.megabytes() + more)
            known = set(acknowledged)
            load(ledger, key, 100_000 + number * 10**7, acknowledged, unanswered, shed)
            if unanswered:
                status = ledger.process.wait(timeout=60)
                assert status in (-9, 74), f"exit {status}: {ledger.log_tail()}"
                killed += status == -9
            if len(acknowledged) == len(known):
                more *= 2  # it died before it did anything
            elif not unanswered:
                more = max(32, more * chance.randrange(50, 90) // 100)
            ledger.kill()
            ledger.program = program
            ledger.start()
            client = ledger.client(key)
            names = sorted(set(acknowledged) - known) + chance.sample(sorted(known), min(1_000, len(known)))
            found = {}
            for begin in range(0, len(names), 1_000):
                asked = [{"source": "//meter/trust", "id": name} for name in names[begin:begin + 1_000]]
                answer = client.request("POST", "/v1/events/lookup", asked, {"Content-Type": "application/json"})
                assert answer.status == 200, answer
                found.update({item["id"]: item["position"] for item in answer.json["items"]})
            lost = [name for name in names if found.get(name) != acknowledged[name]]
            assert not lost, f"{len(lost)} acknowledged events are not where they were: {lost[:3]}"
            client.close()
            assert ledger.stop() == 0
        head = billed.head_of(ledger.run("replay", "verify", "--data", ledger.directory))
    finally:
        ledger.kill()
        group.remove()
    assert killed and acknowledged, f"{killed} of {played} killed, {len(acknowledged)} events acknowledged"
    return (f"{played} starts with little more memory than an idle server takes, under large bodies: {killed} killed by the system, {len(shed)} bodies refused with 503; "
            f"0 of {len(acknowledged):,} acknowledged events lost, the log verifies to position {head:,}; failing single allocations: not proven")
