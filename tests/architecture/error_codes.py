"""The stable codes: one table in server/http/problem.cpp, one page for readers, and no code outside of them.

    python3 error_codes.py ROOT > docs/reference/errors.md     writes the page anew
"""

import re
import sys
from pathlib import Path

from source import line_of, without_comments

TABLE = "server/http/problem.cpp"
PAGE = "docs/reference/errors.md"

_ROW = re.compile(r'\{"([A-Z][A-Z_]+)", (\d{3}), "((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\}')
# Where a code is written as a literal: the helpers of ledger/domain/result.h, and problems made by hand.
_USE = re.compile(r'\b(?:(?:rejected|conflict|failed|problem|refused)\(|Error\{)(?:ErrorKind::(\w+),\s*)?"([A-Z][A-Z_]+)"')

# Whose errors reach a caller by their code; the log's and the views' are put into these words by ledger/engine.
_ANSWERS = ("ledger/domain/", "ledger/codec/", "ledger/engine/", "server/")
# Whose errors reach who runs a tool or asked for a job. Whatever is damaged has one code there, CORRUPTION.
_TOOLS = ("ledger/log/", "replay/")
# Said to the engine and the views alone, which put it into other words.
_INSIDE = {"INVALID_QUERY", "LOG_FORMAT_NEWER", "LOG_UNREADABLE", "VIEWS_UNAVAILABLE"}
_STARTS = ("server/http/server.",)  # what keeps a server from starting goes to stderr

_HEAD = """# Error codes

An error is `application/problem+json`: `type`, `title`, `status`, `detail`, `code`, `requestId`, and `errors[]` with a JSON
Pointer where fields are at fault. `code` is stable and the thing to test for; `type` is it in lower case with hyphens,
below `/problems/`. `detail` may say more than the sentence here. The same object, in one line, is what
`daybook … --json` prints on stderr where the ledger or a server refuses; `requestId` is empty for a ledger in a directory.
Wrong usage, and what keeps a ledger from opening, stays a sentence there: the [exit code](exit_codes.md) tells which.

| Status | Code | Meaning, and what to do |
|---|---|---|
"""


def table(text):
    """[(code, status, title, sentence)] in the order of the source."""
    return [(code, int(status), title, sentence.replace('\\"', '"')) for code, status, title, sentence in _ROW.findall(text)]


def page(rows):
    return _HEAD + "".join(f"| {status} | `{code}` | {sentence} |\n"
                           for code, status, _, sentence in sorted(rows, key=lambda row: row[1]))


# A test would have to hold a thread, a disk or a view still to see these.
OF_TIMING = {"REQUEST_IN_PROGRESS", "NOT_YET_VISIBLE", "OUTCOME_UNKNOWN", "TOO_MANY_EXPENSIVE_REQUESTS"}
REASONS = "ledger/domain/views/missing_invoice_view.h"


def reasons(text):
    """Why somebody sees no invoice: the enumerators of MissingReason."""
    body = re.search(r"enum class MissingReason[^{]*\{(.*?)\};", text, re.DOTALL)
    return re.findall(r"^\s*([A-Z_]+) = \d+", body.group(1), re.MULTILINE) if body else []


def produced(files):
    """The codes of the table that some source outside of it can answer with."""
    sources = "\n".join(without_comments(text) for path, text in files.items()
                        if path.startswith((*_ANSWERS, *_TOOLS, "projections/")) and path != TABLE)
    return [row[0] for row in table(files.get(TABLE, "")) if f'"{row[0]}"' in sources]


def untested(files, tests):
    """`tests` is {path: text}: every code that can be produced, and every reason, is expected by one of them."""
    words = set(re.findall(r"\b[A-Z][A-Z_]+\b", "\n".join(tests.values())))
    found = [f"{TABLE}: {code} is produced, but no test expects it" for code in produced(files)
             if code not in words and code not in OF_TIMING]
    return found + [f"{REASONS}: {code} is expected by no test" for code in reasons(files.get(REASONS, ""))
                    if code not in words]


def findings(files, page_text):
    """`files` is {path: text} of the sources."""
    rows = table(files.get(TABLE, ""))
    if not rows:
        return [f"{TABLE}: no table of codes was found"]
    found = []
    codes = [row[0] for row in rows]
    found += [f"{TABLE}: {code} stands twice" for code in sorted({c for c in codes if codes.count(c) > 1})]
    if page_text != page(rows):
        found.append(f"{PAGE} differs from {TABLE}: python3 tests/architecture/error_codes.py . > {PAGE}")
    for path, text in sorted(files.items()):
        if not path.startswith(_ANSWERS + _TOOLS) or path.startswith(_STARTS):
            continue
        of_a_tool = path.startswith(_TOOLS)
        code_text = without_comments(text)
        for match in _USE.finditer(code_text):
            kind, code = match.groups()
            if of_a_tool and (kind == "Corruption" or code in _INSIDE):
                continue
            if code not in codes:
                found.append(f"{path}:{line_of(code_text, match.start())}: {code} is not in {TABLE}")
    return found


if __name__ == "__main__":
    sys.stdout.write(page(table((Path(sys.argv[1]) / TABLE).read_text(encoding="utf-8"))))
