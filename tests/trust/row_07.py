"""A full disk: a ledger on a small one of its own, filled while it takes usage in."""

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
    ballast = Path(disk) / "ballast"
    acknowledged, number, ends = {}, 0, {}
    for _ in range(fills):
        ledger.start()
        client = ledger.client(key)
        check(client, acknowledged)
        unanswered, deadline = None, time.monotonic() + 120
        while time.monotonic() < deadline:
            with ballast.open("ab") as file:
                file.write(bytes(max(0, room(disk) - LEFT)))  # what was given back since goes again
            batch = [billed.usage(number + i) for i in range(200)]
            number += len(batch)
            try:
                answer = client.post_events(batch)
            except (OSError, http.client.HTTPException):
                unanswered = batch
                break
            if answer.status != 200:
                unanswered = batch
                break
            for item in answer.json["results"]:
                assert "position" in item, item
                acknowledged[batch[item["index"]]["id"]] = item["position"]
        assert unanswered is not None, "the disk never filled"
        client.close()
        status = ledger.process.wait(timeout=60)
        ends[status] = ends.get(status, 0) + 1
        ledger.kill()
        ballast.unlink()
        # There is room again: what was under way goes in, once.
        ledger.start()
        client = ledger.client(key)
        again = client.post_events(unanswered)
        assert again.status == 200, again
        for item in again.json["results"]:
            acknowledged[unanswered[item["index"]]["id"]] = item["position"]
        check(client, acknowledged)
        client.close()
        assert ledger.stop() == 0
    assert set(ends) == {74}, f"exit codes {ends}"
    done = ledger.run("replay", "verify", "--data", ledger.directory)
    return (f"{fills} fills during ingest: 0 of {len(acknowledged):,} acknowledged events lost or twice, {ends[74]} of {fills} ended with 74, each took "
            f"usage again when there was room, the log verifies to position {billed.head_of(done):,}; refusing writes below a floor (507): not proven")


def room(disk):
    state = os.statvfs(disk)
    return state.f_bavail * state.f_frsize


def check(client, acknowledged):
    """Each is where it was acknowledged, and none is there twice."""
    seen = {}
    for item in client.pages("/events", limit=1000, type="UsageRecorded"):
        assert item["id"] not in seen, f"{item['id']} is there twice"
        seen[item["id"]] = item["position"]
    for identity, position in acknowledged.items():
        assert seen.get(identity) == position, f"{identity}: acknowledged at {position}, found at {seen.get(identity)}"
