"""Power loss on a real file system: ext4 on a file of its own is shut down without writing its journal, and mounted again."""

import fcntl
import http.client
import os
import random
import shutil
import struct
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import billed
from claims import NotRun
from daybook import Daybook
from people import account, begin, subscription
from steps import World

NUMBER = 3
SHUTDOWN, WITHOUT_JOURNAL = 0x8004587D, 2  # EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH


def run(context):
    """Runs `inside` in a mount namespace of its own."""
    missing = [tool for tool in ("mkfs.ext4", "mount", "unshare") if not shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")]
    if os.geteuid() != 0 or missing or not Path("/dev/loop-control").exists():
        raise NotRun("it takes root, loop devices and mkfs.ext4")
    rounds = context.times(3, 1_000)
    code = textwrap.dedent(f"""
        import sys
        sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parent.parent / "end_to_end")]!r}
        import row_03
        print(row_03.inside({str(context.program)!r}, {str(context.folder)!r}, {rounds}))
    """)
    done = subprocess.run(["unshare", "--mount", sys.executable, "-c", code], capture_output=True, text=True, check=False,
                          env={**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"})
    if "NotRun" in done.stderr:
        raise NotRun(done.stderr.strip().splitlines()[-1].partition("NotRun: ")[2])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Disk:
    """ext4 in a file."""

    def __init__(self, folder):
        self.image, self.place = Path(folder) / "disk.img", Path(folder) / "disk"
        self.place.mkdir()
        with self.image.open("wb") as file:
            file.truncate(512 << 20)  # a write-ahead log alone sets 70 MB aside
        subprocess.run(["mkfs.ext4", "-q", "-F", self.image], check=True, capture_output=True)
        self.mount()

    def mount(self):
        done = subprocess.run(["mount", "-t", "ext4", "-o", "loop", self.image, self.place], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NotRun(f"ext4 cannot be mounted: {done.stderr.strip()}")

    def unmount(self):
        subprocess.run(["umount", self.place], check=True)

    def cut(self):
        """What is in memory alone is gone; every operation fails from now on."""
        directory = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(directory, SHUTDOWN, struct.pack("I", WITHOUT_JOURNAL))
        except OSError as error:
            raise NotRun(f"ext4 cannot be shut down: {error}") from error
        finally:
            os.close(directory)


def inside(program, folder, rounds):
    chance, disk = random.Random(3), Disk(folder)
    ledger = Daybook(program, directory=disk.place / "ledger")
    ledger.log = Path(folder) / "ledger.log"
    key = ledger.create_key("operator", "admin,ingest,read")
    ledger.start()
    client = ledger.client(key)
    world = World(client, None)
    for step in [*begin("2024-03-05", account("2024-03-05")), subscription("sub-01", "2024-03-05")]:
        step(world)
    client.close()
    books, number, ends = {}, 0, []
    for count in range(rounds):
        if ledger.process is None:
            ledger.start()
        client = ledger.client(key)
        # Something that nobody syncs: if it is there afterwards, no power was lost.
        unsynced = disk.place / f"unsynced-{count}"
        unsynced.write_bytes(b"x" * 100_000)
        cut = threading.Timer(chance.uniform(0.05, 0.6), disk.cut)
        cut.start()
        unanswered = None
        while unanswered is None:
            batch = [billed.usage(number + i) for i in range(chance.choice((1, 20, 200)))]
            number += len(batch)
            try:
                answer = client.post_events(batch, results="all")
                if answer.status != 200:
                    unanswered = batch
                    break
            except (OSError, http.client.HTTPException):
                unanswered = batch
                break
            for item in answer.json["results"]:
                books[batch[item["index"]]["id"]] = item["position"]
        cut.join()
        client.close()
        ends.append(ledger.process.wait(timeout=60))
        ledger.kill()
        disk.unmount()
        disk.mount()
        assert not unsynced.exists() or unsynced.read_bytes() != b"x" * 100_000, "nothing was lost: this was no power cut"
        ledger.start()
        client = ledger.client(key)
        again = client.post_events(unanswered, results="all")
        assert again.status == 200, again
        for item in again.json["results"]:
            books[unanswered[item["index"]]["id"]] = item["position"]
        seen = {}
        for item in client.pages("/events", limit=1000, type="UsageRecorded"):
            assert item["id"] not in seen, f"{item['id']} is there twice"
            seen[item["id"]] = item["position"]
        for identity, position in books.items():
            assert seen.get(identity) == position, f"{identity}: acknowledged at {position}, found at {seen.get(identity)}"
        client.close()
        unsynced.unlink(missing_ok=True)
    assert ledger.stop() == 0
    head = billed.head_of(ledger.run("replay", "verify", "--data", ledger.directory))
    disk.unmount()
    assert set(ends) == {74}, f"exit codes {ends}"
    return (f"{rounds:,} power cuts of an ext4 in the middle of writes: 0 of {len(books):,} acknowledged events lost or twice, each time the program had ended "
            f"with 74 and opened again, the log verifies to position {head:,}; XFS, torn sectors and reordered blocks: not proven")
