"""kill -9 at random instants, under load and during start-up: what was acknowledged is there, exactly once.

    python3 kill_test.py PROGRAM [--rounds 50] [--seed N]

Writers post batches whose events have ids of their own, persons come whose e-mails are sealed under new keys, some of
them are erased, and a clerk moves the clock, so that billing runs are killed midway too. Every fifth start is killed
before it is through. After each kill what was acknowledged since the last, and a draw of all before, is looked up and
sent again, which must change nothing; what was under way is sent again with the same ids and must come out once; what
the log has gained is read: positions are dense, no identity is there twice, every person can be read unless erased.
Every tenth round reads the whole log. In the end each usage record stands on exactly one invoice: every one costs a
cent, so the invoices must add up to their number.
"""

import argparse
import http.client
import json
import random
import sys
import threading
import time
from datetime import date, timedelta
from decimal import Decimal

from daybook import Daybook
from people import account, begin, subscription
from steps import World, clock, event

SOURCE = "//meter/kill"
SUBSCRIPTIONS = ("sub-01", "sub-02", "sub-03", "sub-unknown")  # the last one is not there
FIRST = date(2024, 3, 7)
LONGEST_LOAD_SECONDS = 0.8
PAGE = 1000


def email_of(name):
    return f"{name}@contoso.example"


class Books:
    """What the clients know: acknowledged ids with their positions, and batches without an answer."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = {}
        self.sent = {}
        self.unanswered = []
        self.next_id = 0
        self.rows = 0  # usage records of known subscriptions in the log, as far as it was read
        self.read_to, self.seen = 0, {}  # position, and the identities up to there
        self.persons = []  # those acknowledged
        self.erasing, self.erased = set(), set()  # asked for without an answer; with one
        self.problems = []

    def batch(self, chance):
        size = chance.choice((1, 1, 7, 40))
        with self.lock:
            first = self.next_id
            self.next_id += size
        if chance.random() < 0.1:
            return [event(0, "IdentityLinked", "2024-03-07",
                          {"identityId": f"k-{number}", "issuer": "https://login.example", "subject": f"k-{number}",
                           "email": email_of(f"k-{number}"), "tenantId": "t-1"},
                          source=SOURCE) | {"id": f"k-{number}"} for number in range(first, first + size)]
        return [event(0, "UsageRecorded", "2024-03-07",
                      {"subscriptionId": chance.choice(SUBSCRIPTIONS), "meterId": "vm-b1s", "quantity": "1",
                       "cost": "0.01", "currency": "EUR"},
                      source=SOURCE) | {"id": f"k-{number}"} for number in range(first, first + size)]

    def note(self, batch, answer):
        """Takes an answer in; a position that was promised before must be the same now."""
        if answer.status == 503:  # nothing was written, or nobody knows: send it again
            with self.lock:
                self.unanswered.append(batch)
            return
        if answer.status != 200:
            self.problems.append(f"a batch was answered {answer!r}")
            return
        results = answer.json["results"]
        if [result["index"] for result in results] != list(range(len(batch))):
            self.problems.append(f"results=all does not list every event: {answer!r}")
            return
        with self.lock:
            for sent, result in zip(batch, results):
                if result["status"] not in ("accepted", "duplicate"):
                    self.problems.append(f"{sent['id']}: {result}")
                    continue
                known = self.acknowledged.get(sent["id"])
                if known is not None and known != result["position"]:
                    self.problems.append(f"{sent['id']} was at {known} and is at {result['position']}")
                if known is not None and result["status"] != "duplicate":
                    self.problems.append(f"{sent['id']} was taken in twice")
                if known is None and sent["type"] == "daybook.IdentityLinked":
                    self.persons.append(sent["id"])
                self.acknowledged[sent["id"]] = result["position"]
                self.sent[sent["id"]] = sent


def send(books, client, batch):
    try:
        books.note(batch, client.post_events(batch, results="all"))
        return True
    except (OSError, http.client.HTTPException, json.JSONDecodeError):  # killed under way, or in the answer
        with books.lock:
            books.unanswered.append(batch)
        return False


def writer(books, client, seed, stop):
    chance, sent = random.Random(seed), []
    while not stop.is_set():
        batch = chance.choice(sent) if sent and chance.random() < 0.1 else books.batch(chance)
        if not send(books, client, batch):
            return
        sent = (sent + [batch])[-20:]


def erase(books, client, name):
    """True when it was answered. Repeated after a kill, it is the same erasure, and it has its event."""
    with books.lock:
        books.erasing.add(name)
    try:
        answer = client.wish("EraseSubject", {"identityId": name}, idempotency_key=f"erase-{name}")
    except (OSError, http.client.HTTPException):
        return False
    if answer.status == 200:
        if answer.json["eventCount"] != 1:
            books.problems.append(f"the erasure of {name} has no event: {answer!r}")
        with books.lock:
            books.erasing.discard(name)
            books.erased.add(name)
    elif answer.status != 503:
        books.problems.append(f"EraseSubject {name}: {answer!r}")
    return True


def eraser(books, client, seed, stop):
    chance = random.Random(seed)
    while not stop.wait(0.02):
        with books.lock:
            left = [name for name in books.persons if name not in books.erased and name not in books.erasing]
        if left and not erase(books, client, chance.choice(left)):
            return


class Clerk:
    """Moves the clock four days at a time; a wish without an answer is repeated under its key until it has one."""

    def __init__(self, books):
        self.books, self.moves = books, 0

    def wish(self, client):
        """True when it was answered."""
        day = FIRST + timedelta(days=4 * (self.moves + 1))
        try:
            answer = client.wish("AdvanceClock", {"to": f"{day}T00:00:00Z"}, idempotency_key=f"clock-{self.moves}")
        except (OSError, http.client.HTTPException):
            return False
        if answer.status == 200:
            self.moves += 1
        elif answer.status != 503:
            self.books.problems.append(f"AdvanceClock {day}: {answer!r}")
        return answer.status in (200, 503)

    def work(self, client, stop):
        while not stop.is_set() and self.wish(client):
            stop.wait(0.1)


def each_on_one_invoice(books, client):
    """Every matched record costs a cent and is billed once: lines add up to their number, no period has two invoices."""
    periods, billed = set(), Decimal(0)
    for item in client.pages("/invoices", limit=200):
        name = (item["scopeId"], item["period"]["start"])
        if name in periods:
            books.problems.append(f"{name} was invoiced twice")
        periods.add(name)
        billed += sum(Decimal(line["value"]) for line in client.get(f"/invoices/{item['invoiceId']}").json["lines"])
    expected = books.rows / Decimal(100)
    if billed != expected:
        books.problems.append(f"{len(periods)} invoices add up to {billed}, and {expected} was used")
    return len(periods)


def look_up(books, client, ids):
    """Asks for `ids`; the ledger must know each where it was promised."""
    ids = list(ids)
    for start in range(0, len(ids), 5000):
        part = ids[start:start + 5000]
        answer = client.request("POST", "/v1/events/lookup", [{"source": SOURCE, "id": name} for name in part],
                                {"Content-Type": "application/json"})
        assert answer.status == 200, f"lookup: {answer!r}"
        found = {item["id"]: item["position"] for item in answer.json["items"]}
        for name in part:
            if found.get(name) != books.acknowledged[name]:
                books.problems.append(
                    f"{name} was acknowledged at {books.acknowledged[name]}, and lookup says {found.get(name)}")


def check_event(books, item, erasing, erased):
    if item["source"] != SOURCE:
        return
    if item["type"] == "daybook.UsageRecorded":
        books.rows += item["data"]["subscriptionId"] != SUBSCRIPTIONS[3]
        return
    name, email = item["id"], item["data"]["email"]
    expected = [None] if name in erased else [email_of(name)] + [None] * (name in erasing)
    if email not in expected:
        books.problems.append(f"{name} at {item['position']} has the e-mail {email}, and not {expected}")


def read_on(books, client):
    """What the log has gained: dense positions, no identity twice, every person there or erased."""
    with books.lock:
        erasing, erased = set(books.erasing), set(books.erased)
    while True:
        answer = client.get("/events", **{"from": books.read_to + 1}, limit=PAGE)
        assert answer.status == 200, f"GET /v1/events: {answer!r}"
        items = answer.json["items"]
        for item in items:
            books.read_to += 1
            if item["position"] != books.read_to:
                books.problems.append(f"position {item['position']} follows {books.read_to - 1}")
                books.read_to = item["position"]
            identity = (item["source"], item["id"])
            if identity in books.seen:
                books.problems.append(f"{identity} stands at {books.seen[identity]} and {books.read_to}")
            books.seen[identity] = books.read_to
            check_event(books, item, erasing, erased)
        if len(items) < PAGE:
            return books.read_to


def read_everything(books, client):
    """The whole log, with every acknowledged event where it was promised."""
    books.read_to, books.seen, books.rows = 0, {}, 0
    position = read_on(books, client)
    for name, promised in books.acknowledged.items():
        if books.seen.get((SOURCE, name)) != promised:
            books.problems.append(
                f"{name} was acknowledged at {promised}, and the log has it at {books.seen.get((SOURCE, name))}")
    return position


def check_after_kill(books, client, fresh, chance):
    """Everything new is there once, and so is a draw of what is old; sending it again changes nothing."""
    old = chance.sample(sorted(books.acknowledged), min(500, len(books.acknowledged)))
    look_up(books, client, fresh | set(old))
    for name in list(books.erasing):
        erase(books, client, name)
    again, books.unanswered = books.unanswered, []
    for batch in [*again, [books.sent[name] for name in old[:40]]]:
        if batch:
            send(books, client, batch)
    read_on(books, client)


def killed_before_listening(ledger):
    """Kills a server that starts; was it still starting?"""
    ledger.process.kill()
    ledger.process.wait()
    said = ledger.process.stdout.read()
    ledger.kill()
    return b"listening" not in said


def rounds(ledger, books, clerk, key, count, chance):
    """How many kills came before the server listened."""
    start_seconds, killed_starting, fresh = 1.0, 0, set()
    for number in range(1, count + 1):
        ledger.spawn()
        began = time.monotonic()
        if number % 5 == 0:
            time.sleep(chance.uniform(0, 0.9 * start_seconds))
            killed_starting += killed_before_listening(ledger)
            continue
        ledger.wait_until_listening()
        start_seconds = time.monotonic() - began
        client = ledger.client(key)
        check_after_kill(books, client, fresh, chance)
        if number % 10 == 1:
            read_everything(books, client)
        known = set(books.acknowledged)

        stop = threading.Event()
        load = [threading.Thread(target=writer, args=(books, ledger.client(key), chance.random(), stop)) for _ in range(3)]
        load.append(threading.Thread(target=eraser, args=(books, ledger.client(key), chance.random(), stop)))
        load.append(threading.Thread(target=clerk.work, args=(ledger.client(key), stop)))
        for thread in load:
            thread.start()
        time.sleep(LONGEST_LOAD_SECONDS * chance.random() ** 2)
        ledger.kill()
        stop.set()
        for thread in load:
            thread.join()
        fresh = set(books.acknowledged) - known
        if books.problems:
            break
        if number % 10 == 9:
            print(f"round {number} of {count}: {len(books.acknowledged)} events acknowledged", flush=True)
    return killed_starting


def finish(ledger, books, clerk, key):
    """After the last round: everything is sent once more, read, verified, rebuilt."""
    ledger.start()
    client = ledger.client(key)
    check_after_kill(books, client, set(), random.Random(0))
    if books.unanswered or books.erasing:
        books.problems.append("the server refused what was sent again")
    look_up(books, client, books.acknowledged)
    for _ in range(20):  # two runs after the last period with usage
        clerk.wish(client)
    position = read_everything(books, client)
    invoices = each_on_one_invoice(books, client)
    expected = {f"k-{number}" for number in range(books.next_id)}
    if set(books.acknowledged) != expected:
        books.problems.append(f"never acknowledged: {sorted(expected - set(books.acknowledged))[:5]}")
    status = ledger.stop()
    if status != 0:
        books.problems.append(f"SIGTERM ended serve with {status}")
    verified = json.loads(ledger.run("replay", "verify", "--data", ledger.directory).stdout)
    if verified.get("ok") is not True or verified.get("position") != position:
        books.problems.append(f"replay verify: {verified}, the log ends at {position}")
    rebuilt = json.loads(ledger.run("replay", "rebuild", "--data", ledger.directory).stdout)
    if not rebuilt["projections"] or not all(view["equal"] is True for view in rebuilt["projections"]):
        books.problems.append(f"replay rebuild: {rebuilt}")
    return invoices


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    options = parser.parse_args()
    chance, books = random.Random(options.seed), Books()
    print(f"seed {options.seed}", flush=True)
    with Daybook(options.program) as ledger:
        key = ledger.create_key("meter", "admin,ingest,read")
        ledger.start()
        world = World(ledger.client(key), None)
        for step in [*begin("2024-03-05", account("2024-03-05")),
                     *(subscription(name, "2024-03-05") for name in SUBSCRIPTIONS[:3]), clock(FIRST.isoformat())]:
            step(world)
        ledger.kill()
        clerk, invoices = Clerk(books), 0
        killed_starting = rounds(ledger, books, clerk, key, options.rounds, chance)
        if not books.problems:
            invoices = finish(ledger, books, clerk, key)
        if books.problems:
            print(ledger.log_tail())
    for problem in books.problems[:20]:
        print(problem)
    print(f"{options.rounds} kills, {killed_starting} of them during start-up; "
          f"{len(books.acknowledged)} events acknowledged, {len(books.persons)} persons, {len(books.erased)} erased, "
          f"{clerk.moves} moves of the clock, {invoices} invoices; {len(books.problems)} problems")
    if killed_starting < options.rounds // 10:
        sys.exit("too few kills came during start-up to say anything about it")
    sys.exit(1 if books.problems or not books.acknowledged or not books.erased or not invoices else 0)


if __name__ == "__main__":
    main()
