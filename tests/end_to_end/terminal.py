"""Commands at a terminal, and a job that goes on until somebody has seen how far it is."""

import contextlib
import http.server
import json
import os
import pty
import signal
import subprocess
import tempfile
import threading


class Working(http.server.BaseHTTPRequestHandler):
    """Stands in for a server with one job, three eighths done, that ends once its progress has been seen."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, state, result=None):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"jobId": "job-1", "state": state, "done": 3, "total": 8, "result": result}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/v1/jobs/job-1")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.answer(202, "Running")

    def do_GET(self):
        self.server.asked += 1
        ended = self.server.seen.is_set() or self.server.asked > 200
        self.answer(200, *(("Done", {"position": 8, "ok": True}) if ended else ("Running",)))

    def log_message(self, *_):
        pass


class HeldUp:
    """Lets a process go on for a moment at a time until it has been seen to draw, so that its clock runs far ahead of its work."""

    def __init__(self, process):
        self.process, self.drawn = process, threading.Event()
        self.thread = threading.Thread(target=self.hold_up, daemon=True)
        self.thread.start()

    def hold_up(self):
        while not self.drawn.wait(0.002) and self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP)
            self.drawn.wait(0.05)
            self.process.send_signal(signal.SIGCONT)

    def end(self):
        self.drawn.set()
        self.thread.join()


def told(program, words, terminal=None, wanted=None, then=None, held_up=False):
    """Exit code, stdout and stderr of a command. Its stderr is a terminal of that kind, or a pipe; `then` is called
    once `wanted` has come from it."""
    ours, theirs = pty.openpty() if terminal else os.pipe()
    with tempfile.TemporaryFile() as result:
        process = subprocess.Popen([program, *map(str, words)], stdin=subprocess.DEVNULL, stdout=result, stderr=theirs,
                                   env={**os.environ, "TERM": terminal or "xterm"})
        os.close(theirs)
        holding = HeldUp(process) if held_up else None
        text = b""
        with contextlib.suppress(OSError):  # how a terminal tells that nobody writes to it any more
            while chunk := os.read(ours, 65536):
                text += chunk
                if holding and b"\r" in text:
                    holding.drawn.set()
                if wanted and wanted in text:
                    then()
        os.close(ours)
        if holding:
            holding.end()
        process.wait()
        result.seek(0)
        return process.returncode, result.read().decode(), text.decode().replace("\r\n", "\n")


def of_a_job(program, terminal):
    """What is told of a job that runs until its share of 37 % has been seen."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Working) as server, tempfile.NamedTemporaryFile("w") as key:
        key.write("any\n")
        key.flush()
        server.asked, server.seen = 0, threading.Event()
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        try:
            words = ("backup", "create", "--url", url, "--key-file", key.name)
            return told(program, words, terminal, b"37 %", server.seen.set)
        finally:
            server.shutdown()
