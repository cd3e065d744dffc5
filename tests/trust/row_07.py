"""A full disk: a ledger on a small one of its own, filled while it takes usage in."""

import contextlib
import http.client
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import billed
from claims import NotRun
from daybook import Daybook
from people import account, begin
from steps import World

NUMBER = 7
MEGABYTES = 24
LEFT = 64 << 10
FLOOR, BALLAST = 3 << 20, 1 << 20
SWITCHED_OFF = {"DAYBOOK_SERVER_DISK_FLOOR_MEGABYTES": "0"}
LOWERED = {"DAYBOOK_SERVER_DISK_FLOOR_MEGABYTES": str(FLOOR >> 20), "DAYBOOK_SERVER_DISK_FLOOR_PERCENT": "50",
           "DAYBOOK_SERVER_BALLAST_MEGABYTES": str(BALLAST >> 20)}
RESUMES_IN = 5


def run(context):
    """Runs `inside` in a user namespace of its own, where it may mount a small file system."""
    probe = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], capture_output=True, text=True, check=False)
    if probe.returncode != 0:
        raise NotRun(f"no namespace to mount a small file system in: {probe.stderr.strip()}")
    disk = context.folder / "disk"
    disk.mkdir()
    fills = context.times(2, 50)
    code = textwrap.dedent(f"""
        import sys
        sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parent.parent / "end_to_end")]!r}
        import row_07
        print(row_07.inside({str(context.program)!r}, {str(disk)!r}, {fills}))
    """)
    mounted = f"mount -t tmpfs -o size={MEGABYTES}m daybook {disk} && exec {sys.executable} -c \"$DAYBOOK_INSIDE\""
    done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted], capture_output=True, text=True,
                          check=False, env={**os.environ, "DAYBOOK_INSIDE": code})
    if "mount" in done.stderr and "denied" in done.stderr:
        raise NotRun(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def inside(program, disk, fills):
    ledger = Daybook(program, directory=Path(disk) / "ledger")
    key = ledger.create_key("operator", "admin,ingest,read")
    ledger.start()
    client = ledger.client(key)
    for step in begin("2024-05-02", account("2024-05-02")):
        step(World(client, None))
    client.close()
    assert ledger.stop() == 0
    books = Books(ledger, key, Path(disk) / "filler")
    os.environ.update(SWITCHED_OFF)
    for _ in range(fills):
        books.fill_to_the_end()
    os.environ.update(LOWERED)
    resumed = [books.fill_to_the_floor() for _ in range(fills)]
    books.start_on_a_full_disk()
    done = ledger.run("replay", "verify", "--data", ledger.directory)
    return (f"{2 * fills} fills during ingest: 0 of {len(books.acknowledged):,} acknowledged events lost or twice. {fills} above a floor: reads answered and writes "
            f"507 with nothing of them recorded, writes again {max(resumed):.1f} s at most after there was room, without a restart; a full disk was started "
            f"on its ballast, without one refused (75) and read with --read-only. {fills} without a floor: ended with 74, each was read with --read-only without a free byte and took usage again when there "
            f"was room. The log verifies to position {billed.head_of(done):,}")


class Books:
    """What was acknowledged by a ledger on a small disk, and a file that fills what is left of it."""

    def __init__(self, ledger, key, filler):
        self.ledger, self.key, self.filler = ledger, key, filler
        self.acknowledged, self.number = {}, 0

    def start(self, *more):
        self.ledger.start(*more)
        return self.ledger.client(self.key)

    def fill(self, left):
        """All but `left` bytes."""
        with contextlib.suppress(OSError), self.filler.open("ab") as file:
            file.write(bytes(max(0, room(self.filler.parent) - left)))

    def batch(self):
        self.number += 200
        return [billed.usage(number) for number in range(self.number - 200, self.number)]

    def note(self, batch, answer):
        for item in answer.json["results"]:
            assert "position" in item, item
            self.acknowledged[batch[item["index"]]["id"]] = item["position"]

    def fill_to_the_end(self):
        """Without a floor: the disk is full in the middle of a write."""
        client = self.start()
        self.check(client)
        unanswered, deadline = None, time.monotonic() + 120
        while unanswered is None and time.monotonic() < deadline:
            self.fill(LEFT)  # what was given back since goes again
            batch = self.batch()
            try:
                answer = client.post_events(batch, results="all")
            except (OSError, http.client.HTTPException):
                unanswered = batch
                break
            if answer.status == 200:
                self.note(batch, answer)
            else:
                unanswered = batch
        assert unanswered is not None, "the disk never filled"
        client.close()
        status = self.ledger.process.wait(timeout=60)
        assert status == 74, f"exit code {status}: {self.ledger.log_tail()}"
        self.ledger.kill()
        self.fill(0)
        client = self.start("--read-only")  # nothing is written: neither what was under way is settled, nor views
        self.check(client)
        client.close()
        assert self.ledger.stop() == 0
        self.filler.unlink()
        # There is room again: what was under way goes in, once.
        client = self.start()
        again = client.post_events(unanswered, results="all")
        assert again.status == 200, again
        self.note(unanswered, again)
        self.check(client)
        client.close()
        assert self.ledger.stop() == 0

    def refused(self, client, left):
        """With `left` bytes free a batch is answered 507 and leaves no mark, and reading goes on. Returns the batch."""
        for _ in range(50):
            self.fill(left)
            batch, head = self.batch(), client.get("/log/head").json["position"]
            answer = client.post_events(batch, results="all")
            if answer.status != 200:
                break
            self.note(batch, answer)  # the log had given room back meanwhile
        assert (answer.status, answer.code) == (507, "INSUFFICIENT_STORAGE"), answer
        assert client.get("/log/head").json["position"] == head
        assert client.get("/accounts/acc-1").status == 200
        return batch

    def fill_to_the_floor(self):
        """With a floor: refused before anything is written; seconds until writes go on once there is room."""
        client, deadline = self.start(), time.monotonic() + 120
        while True:
            assert time.monotonic() < deadline, "the disk never came to its floor"
            self.fill(FLOOR + BALLAST + (32 << 10))
            batch = self.batch()
            answer = client.post_events(batch, results="all")
            if answer.status != 200:
                break
            self.note(batch, answer)
        assert (answer.status, answer.code) == (507, "INSUFFICIENT_STORAGE"), answer
        batch = self.refused(client, 0)  # others take the rest
        self.filler.unlink()
        begin = time.monotonic()
        while (again := client.post_events(batch, results="all")).status == 507:
            assert time.monotonic() - begin < RESUMES_IN, "there is room, and nothing is taken"
        seconds = time.monotonic() - begin
        assert again.status == 200, again
        self.note(batch, again)
        self.check(client)
        client.close()
        assert self.ledger.stop() == 0
        return seconds

    def start_on_a_full_disk(self):
        ballast = self.ledger.directory / "ballast"
        client = self.start()
        self.fill(FLOOR + 2 * BALLAST + (256 << 10))
        deadline = time.monotonic() + 30
        while not ballast.exists() or ballast.stat().st_size < BALLAST:  # it is looked after once a second
            assert time.monotonic() < deadline, "no ballast was made"
            client.get("/log/head")
        client.close()
        self.ledger.kill()
        self.fill(0)
        client = self.start()
        assert "is given up so that the ledger opens" in self.ledger.log_tail()
        self.refused(client, BALLAST)  # opening gave some back
        client.close()
        self.ledger.kill()
        # The ballast is spent, and the disk as full again.
        ballast.unlink(missing_ok=True)
        self.fill(BALLAST // 2)
        done = self.ledger.run("serve", "--data", self.ledger.directory, "--listen", "127.0.0.1:0", check=False, timeout=60)
        assert done.returncode == 75 and "--read-only" in done.stderr, done
        self.fill(0)
        client = self.start("--read-only")
        self.refused(client, 0)
        client.close()
        self.ledger.kill()
        self.filler.unlink()
        client = self.start()
        batch = self.batch()
        self.note(batch, client.post_events(batch, results="all"))
        self.check(client)
        client.close()
        assert self.ledger.stop() == 0

    def check(self, client):
        """Each is where it was acknowledged, and none is there twice."""
        seen = {}
        for item in client.pages("/events", limit=1000, type="UsageRecorded"):
            assert item["id"] not in seen, f"{item['id']} is there twice"
            seen[item["id"]] = item["position"]
        for identity, position in self.acknowledged.items():
            assert seen.get(identity) == position, f"{identity}: acknowledged at {position}, found at {seen.get(identity)}"


def room(disk):
    state = os.statvfs(disk)
    return state.f_bavail * state.f_frsize
