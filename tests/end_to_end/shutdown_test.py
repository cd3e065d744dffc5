"""Started and ended again and again under load: every SIGTERM leads to exit 0, soon, and nothing acknowledged is lost.

    shutdown_test.py PROGRAM [--rounds N]
"""

import argparse
import http.client
import random
import sys
import threading
import time

from daybook import Daybook
from people import account, begin, flat, on, subscription
from steps import World, event

STOP_SECONDS = 20


def usage(round_number, worker, number):
    return event(number, "UsageRecorded", "2024-03-05", {"subscriptionId": "sub-01", "meterId": "vm", "quantity": "1"},
                 f"//shutdown/{round_number}/{worker}")


class Load:
    """Clients that write, read, follow and command until the server is gone."""

    def __init__(self, ledger, key, round_number):
        self.ledger, self.key, self.round = ledger, key, round_number
        self.acknowledged, self.wrong, self.lock = [], [], threading.Lock()
        self.first = threading.Event()
        works = [self.write, self.write, self.read, self.follow, self.command]
        self.threads = [threading.Thread(target=self.work, args=(work, number), daemon=True) for number, work in enumerate(works)]
        for thread in self.threads:
            thread.start()

    def work(self, act, worker):
        client, number = self.ledger.client(self.key), 0
        try:
            while True:
                number += 1
                act(client, worker, number)
        except (OSError, http.client.HTTPException):
            pass  # the server has gone
        except Exception as error:  # a fault of the server's, or ours: the round fails
            with self.lock:
                self.wrong.append(f"{act.__name__}: {error!r}")
        finally:
            client.close()

    def expect(self, answer, *statuses):
        if answer.status not in statuses:
            raise AssertionError(repr(answer))

    def write(self, client, worker, number):
        events = [usage(self.round, worker, number * 10 + n) for n in range(10)]
        answer = client.post_events(events)
        self.expect(answer, 200, 503)
        if answer.status == 200:
            with self.lock:
                self.acknowledged += [(item["source"], item["id"]) for item in events]
            self.first.set()

    def read(self, client, _worker, number):
        path = ("/events?account=acc-1", "/subscriptions/sub-01/usage", "/accounts", "/log/head")[number % 4]
        self.expect(client.get(path), 200, 503)

    def follow(self, client, _worker, _number):
        connection = http.client.HTTPConnection(*client.address, timeout=30)
        try:
            connection.request("GET", "/v1/events/stream?from=1", headers={"Authorization": f"Bearer {self.key}"})
            answer = connection.getresponse()
            self.expect(answer, 200, 503)
            while answer.readline():
                pass
        finally:
            connection.close()

    def command(self, client, _worker, number):
        if number % 2:
            self.expect(client.wish("EvaluateDunning", {"asOf": "2024-03-05"}), 200, 503)
        else:
            self.expect(client.wish("EvaluateDunning", {"asOf": "2024-03-05"}, Prefer="respond-async"), 202, 429, 503)

    def join(self):
        for thread in self.threads:
            thread.join(60)
            if thread.is_alive():
                self.wrong.append("a client never heard that the server is gone")


def stop(ledger):
    begun = time.monotonic()
    status = ledger.stop()
    taken = time.monotonic() - begun
    if status != 0:
        raise AssertionError(f"SIGTERM led to exit {status}; the log:\n{ledger.log_tail()}")
    if taken > STOP_SECONDS:
        raise AssertionError(f"it took {taken:.1f} s to stop")
    return taken


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=50)
    options = parser.parse_args()
    dice, slowest = random.Random(7), 0.0
    with Daybook(options.program) as ledger:
        key = ledger.create_key("operator", "admin,ingest,read")
        ledger.start()
        operator = ledger.client(key)
        world = World(operator, operator)
        for step in flat(begin("2024-02-02", account("2024-02-02")), on("2024-03-05", subscription("sub-01", "2024-03-05"))):
            step(world)
        operator.close()
        stop(ledger)
        for number in range(options.rounds):
            ledger.start()
            if number % 10 == 9:  # at once, while everything still starts
                load = None
            else:
                load = Load(ledger, key, number)
                if not load.first.wait(60):
                    raise AssertionError(f"round {number}: nothing was written: {load.wrong}; {ledger.log_tail()}")
                load.threads[0].join(dice.uniform(0, 0.2))  # somewhere in the middle of it
            slowest = max(slowest, stop(ledger))
            if load:
                load.join()
                if load.wrong:
                    raise AssertionError(f"round {number}: {load.wrong}")
                ledger.start()
                client = ledger.client(key)
                body = [{"source": source, "id": name} for source, name in load.acknowledged[-10_000:]]
                found = client.request("POST", "/v1/events/lookup", body, {"Content-Type": "application/json"}).json["items"]
                lost = [item for item in found if item["position"] is None]
                if lost:
                    raise AssertionError(f"round {number}: acknowledged and lost: {lost[:3]}")
                client.close()
                slowest = max(slowest, stop(ledger))
    print(f"{options.rounds} rounds, the slowest end took {slowest:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
