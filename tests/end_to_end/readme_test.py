"""The README's commands work as they are printed, from making a key to the invoice.

    python3 readme_test.py PROGRAM README.md
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from daybook import Daybook


def blocks(text):
    """The shell blocks of the section about a ledger of one's own."""
    section = text[text.index("## A ledger of your own"):]
    return re.findall(r"```sh\n(.*?)```", section[:section.index("\n## ")], re.DOTALL)


def shell(script, folder):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{script}\nexit {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def main(program, readme):
    if not shutil.which("curl"):
        print("not run: curl is not installed")
        return 77
    first, second = blocks(Path(readme).read_text(encoding="utf-8"))
    serve = re.search(r"^\$daybook serve --data (\S+) --clock manual$", first, re.MULTILINE)
    assert serve, f"no serve line in:\n{first}"
    with tempfile.TemporaryDirectory(prefix="daybook-readme-") as folder:
        assert "build/release/cli/daybook" in first
        shell(first.replace(serve.group(), "").replace("build/release/cli/daybook", str(Path(program).resolve())), folder)
        with Daybook(program, directory=Path(folder) / serve.group(1)) as ledger:
            host, port = ledger.start()
            assert "127.0.0.1:8080" in second
            printed = shell(second.replace("127.0.0.1:8080", f"{host}:{port}"), folder)
    answers = [json.loads(line) for line in printed.splitlines() if line.strip()]
    assert len(answers) == second.count("\ncall "), printed
    assert not any("code" in answer for answer in answers), printed
    taken, invoices = answers[1], answers[-1]
    assert (taken["accepted"], taken["rejected"]) == (4, 0), taken
    assert invoices["total"] == 1, invoices
    # 130.5 hours, 100 of them included, at 0.12
    assert invoices["items"][0]["totals"]["total"] == {"amount": "3.66", "currency": "EUR"}, invoices
    print(f"{len(answers)} calls of the README work as printed")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
