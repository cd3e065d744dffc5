"""The real program, started on a directory of its own, and a client that speaks only the public contract."""

import atexit
import contextlib
import http.client
import itertools
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

START_SECONDS = 60   # for `listening on …`; sanitizer builds on a loaded machine are slow
ANSWER_SECONDS = 60  # for one answer
_wishes = itertools.count(1)


class Answer:
    """One HTTP answer. `json` is its body, parsed with every number kept as text."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body, parse_float=str)

    @property
    def code(self):
        return self.json.get("code") if self.body else None

    @property
    def position(self):
        return int(self.headers["daybook-position"])

    def __repr__(self):
        return f"{self.status} {self.body[:2000].decode(errors='replace')}"


class Client:
    """Requests with one key, and as one identity if one is named. Keeps its connection."""

    def __init__(self, address, key=None, identity=None, tenant=None):
        self.address, self.key, self.identity, self.tenant = address, key, identity, tenant
        self._connection = None

    def as_identity(self, identity, tenant=None):
        return Client(self.address, self.key, identity, tenant)

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def request(self, method, path, body=None, headers=None):
        """`path` from the root on, query included. Raises OSError or HTTPException when there is no answer."""
        sent = {}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        if self.identity:
            sent["Daybook-Identity"] = self.identity
        if self.tenant:
            sent["Daybook-Tenant"] = self.tenant
        sent.update(headers or {})
        if isinstance(body, str):
            body = body.encode()
        elif body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if self._connection is None:
            host, port = self.address
            self._connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
        try:
            try:
                self._connection.request(method, path, body, sent)
            except BrokenPipeError:
                pass  # answered, and closed, before it had the whole body: the answer is there to read
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def get(self, path, **query):
        """GET /v1`path`; query values of None are left out."""
        words = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        joint = "&" if "?" in path else "?"
        return self.request("GET", f"/v1{path}{joint + words if words else ''}")

    def post_event(self, event, **query):
        words = urllib.parse.urlencode(query)
        return self.request("POST", f"/v1/events{'?' + words if words else ''}", event,
                            {"Content-Type": "application/cloudevents+json"})

    def post_events(self, events, **query):
        words = urllib.parse.urlencode(query)
        return self.request("POST", f"/v1/events{'?' + words if words else ''}", list(events),
                            {"Content-Type": "application/cloudevents-batch+json"})

    def post_lines(self, events, **query):
        words = urllib.parse.urlencode(query)
        lines = b"".join(json.dumps(event).encode() + b"\n" for event in events)
        return self.request("POST", f"/v1/events{'?' + words if words else ''}", lines, {"Content-Type": "application/x-ndjson"})

    def wish(self, name, fields=None, idempotency_key=None, **headers):
        """POST /v1/commands/`name`, under a fresh Idempotency-Key unless one is given."""
        key = idempotency_key or f"wish-{next(_wishes)}"
        sent = {"Content-Type": "application/json", "Idempotency-Key": key}
        sent.update({header.replace("_", "-"): value for header, value in headers.items()})
        return self.request("POST", f"/v1/commands/{name}", fields or {}, sent)

    def pages(self, path, limit=None, **query):
        """Every item of a list, page after page."""
        cursor = None
        while True:
            answer = self.get(path, limit=limit, cursor=cursor, **query)
            if answer.status != 200:
                raise AssertionError(f"GET /v1{path}: {answer!r}")
            yield from answer.json["items"]
            cursor = answer.json["nextCursor"]
            if cursor is None:
                return


_running = set()  # those whose server has not been waited for


@atexit.register
def end_all():
    """No server outlives a test, however that ends."""
    for ledger in list(_running):
        ledger.kill()


class Daybook:
    """One data directory, and the server on it while it runs."""

    def __init__(self, program, clock="manual", directory=None):
        self.program, self.clock = str(program), clock
        self._own = None
        if directory is None:
            self._own = tempfile.mkdtemp(prefix="daybook-test-")
            directory = Path(self._own) / "ledger"
        self.directory = Path(directory)
        self.process = None
        self.address = None
        self.log = Path(str(self.directory) + ".log")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    def run(self, *words, check=True, timeout=600):
        """A sub-command beside the server; its CompletedProcess with text output."""
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL)
        if check and done.returncode != 0:
            raise AssertionError(f"daybook {' '.join(map(str, words))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def create_key(self, name, rights, tenant=None):
        words = ["key", "create", "--data", self.directory, "--name", name, "--rights", rights]
        return self.run(*words, *(["--tenant", tenant] if tenant else [])).stdout.strip()

    def spawn(self, *more):
        """Starts the server and waits for nothing."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", "--data", str(self.directory), "--listen", "127.0.0.1:0",
                 "--clock", self.clock, *more],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        _running.add(self)
        return self.process

    def wait_until_listening(self, seconds=START_SECONDS):
        """The (host, port) that the server printed. Raises AssertionError when it ends or is too slow."""
        deadline, text = time.monotonic() + seconds, b""
        while b"\n" not in text:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            chunk = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not chunk:
                status = self.process.poll() if not ready else self.process.wait()
                raise AssertionError(f"serve did not start (exit {status}); its log:\n{self.log_tail()}")
            text += chunk
        found = re.match(rb"listening on http://(.+):(\d+)\n", text)
        if not found:
            raise AssertionError(f"expected `listening on http://HOST:PORT`, got {text!r}")
        self.address = (found.group(1).decode(), int(found.group(2)))
        return self.address

    def start(self, *more):
        self.spawn(*more)
        return self.wait_until_listening()

    def stop(self):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.process = None
        _running.discard(self)
        return status

    def kill(self):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None
            _running.discard(self)

    def client(self, key, identity=None, tenant=None):
        return Client(self.address, key, identity, tenant)

    def log_tail(self):
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
