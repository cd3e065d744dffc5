"""Two processes on one directory, and many clients with one identity."""

import threading

import billed
from steps import event

NUMBER = 19
SENDERS = 64


def raced(ledger, key, send):
    """What every one of SENDERS clients was answered, having begun together."""
    barrier, answers = threading.Barrier(SENDERS), [None] * SENDERS

    def one(number):
        client = ledger.client(key)
        barrier.wait()
        answers[number] = send(client)
        client.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def run(context):
    ledger, key, _ = billed.make(context, events=60)
    ledger.start()
    # A second process, for every kind of command that would write.
    refused = 0
    for words in (["serve", "--data", ledger.directory, "--listen", "127.0.0.1:0"],
                  ["key", "create", "--data", ledger.directory, "--name", "x", "--rights", "read"],
                  ["replay", "rebuild", "--data", ledger.directory], ["backup", "create", "--data", ledger.directory, context.folder / "b"],
                  ["recover", "--tail", "--data", ledger.directory], ["salvage", "--data", ledger.directory, "--to", context.folder / "s"]):
        done = ledger.run(*words, check=False, timeout=60)
        assert done.returncode == 73, (words, done)
        assert str(ledger.process.pid) in done.stderr, done.stderr
        refused += 1
    races = context.times(9, 500)
    client = ledger.client(key)
    for race in range(races):
        if race % 3 == 2:
            # Commands under one Idempotency-Key.
            answers = raced(ledger, key, lambda c: c.wish("SetPolicy", {"policy": "dunning.warnDays", "value": 10 + race % 5},
                                                          idempotency_key=f"race-{race}"))
            positions = {answer.json["position"] for answer in answers if answer.status == 200 and answer.json["events"]}
            busy = [answer for answer in answers if answer.status != 200]
            assert all((answer.status, answer.code) == (409, "REQUEST_IN_PROGRESS") for answer in busy), busy[:1]
            assert len(positions) == 1, positions
            continue
        identity, same = 10_000 + race, race % 3 == 0
        made = [billed.usage(identity)] if same else [
            event(identity, "UsageRecorded", "2024-03-05", {"subscriptionId": "sub-01", "meterId": "vm", "quantity": str(quantity)}, "//meter/trust")
            for quantity in range(1, SENDERS + 1)]
        chosen, lock = iter(made * SENDERS), threading.Lock()

        def send(client):
            with lock:
                mine = next(chosen)
            return client.post_event(mine)

        answers = raced(ledger, key, send)
        created = [answer for answer in answers if answer.status == 201]
        assert len(created) == 1, f"{len(created)} winners"
        others = {(answer.status, answer.code if answer.status >= 400 else None) for answer in answers if answer.status != 201}
        assert others == ({(200, None)} if same else {(409, "EVENT_ID_REUSED")}), others
        if same:
            assert len({answer.json["position"] for answer in answers}) == 1
    found = [(item["source"], item["id"]) for item in client.pages("/events", limit=1000, type="UsageRecorded")]
    assert len(found) == len(set(found)), "an identity is there twice"
    client.close()
    assert ledger.stop() == 0
    return f"{refused} of {refused} second processes refused (73, naming the first); {races} races of {SENDERS} clients: exactly one winner each"
