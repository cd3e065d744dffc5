"""What must not stand in a folder: includes, words and shapes of code, each with its reason."""

import re

from source import bare_code, includes, line_of, without_comments

# The pure core: no time, chance, thread or file of its own.
_IMPURE = r"thread|mutex|shared_mutex|condition_variable|future|atomic|random|iostream|fstream|filesystem|ctime|cstdio"

# (folders, not in, include pattern, reason)
INCLUDES = [
    (("ledger/domain/",), (), rf"^({_IMPURE})$", "rules are pure: no I/O, clock, randomness or threads"),
    (("ledger/codec/",), ("ledger/codec/key_store.",), r"^(thread|random|iostream|fstream)$",
     "the codec is a pure function of its input; only the key store has files"),
    (("ledger/domain/",), (), r"^(simdjson|flatbuffers/|rocksdb/|sodium|spdlog/|boost/asio|boost/beast)",
     "rules know no library of bytes, storage or network"),
    (("ledger/domain/",), ("ledger/domain/sha256.cpp",), r"^openssl/",
     "rules know nothing of OpenSSL but its SHA-256, and that in one place"),
    (("ledger/", "projections/", "replay/", "cli/"), (), r"^boost/(asio|beast)",
     "server/ is the only home of Asio and Beast"),
    (("ledger/log/",), (), r"^(simdjson|flatbuffers/)", "the log sees bytes and numbers"),
    (("ledger/domain/", "ledger/codec/", "server/", "cli/"), (), r"^rocksdb/",
     "RocksDB is behind ledger/log"),
    (("ledger/", "projections/", "replay/", "server/"), (), r"^iostream$",
     "results go through the caller, messages through spdlog"),
]

# (folders, not in, word pattern on bare code, reason)
WORDS = [
    (("ledger/domain/", "ledger/codec/"), (), r"\b(float|double|strtod|stod|stof|get_double)\b",
     "no floating point near money"),
    (("ledger/domain/", "ledger/codec/", "ledger/engine/", "projections/"), (),
     r"\b\w+_clock::now\b|\brandom_device\b|\b(std::)?s?rand\s*\(|\bsleep_(for|until)\b|\bstd::time\s*\(",
     "time and chance arrive through Seams or inside commands"),
    (("ledger/domain/", "ledger/codec/"), (), r"\bstd::j?thread\b", "the core owns no thread"),
    (("ledger/", "projections/", "replay/", "cli/"), (), r"\bco_(await|return|yield)\b",
     "coroutines live in server/ alone"),
    (("server/http/",), (),
     r"(?i)\b\w*(invoice|subscription|billing|usage_record|credit_note|payment)\w*\b",
     "the HTTP front knows no billing words"),
]

# (folders, not in, pattern on code without comments, reason)
VALUES = [
    (("ledger/", "projections/", "replay/", "server/"), ("ledger/domain/rules/offers.",),
     r'(?i)"[^"\n]*\b(microsoft|azure)\b[^"\n]*"',
     "whoever provides is configured (PROV-1, PROV-2); words that a published schema fixes are enumerators"),
]


def _applies(path, folders, excepted):
    return path.startswith(tuple(folders)) and not (excepted and path.startswith(tuple(excepted)))


def forbidden(files):
    """Findings of the two tables. `files` is {path: text}."""
    findings = []
    for path, text in sorted(files.items()):
        for folders, excepted, pattern, reason in INCLUDES:
            if _applies(path, folders, excepted):
                for line, target, _ in includes(text):
                    if re.search(pattern, target):
                        findings.append(f"{path}:{line}: includes {target}: {reason}")
        code = None
        for folders, excepted, pattern, reason in WORDS:
            if _applies(path, folders, excepted):
                code = bare_code(text) if code is None else code
                for match in re.finditer(pattern, code):
                    findings.append(f"{path}:{line_of(code, match.start())}: {match.group().strip()}: {reason}")
        for folders, excepted, pattern, reason in VALUES:
            if _applies(path, folders, excepted) and path.endswith((".h", ".cpp")):
                literals = without_comments(text)
                for match in re.finditer(pattern, literals):
                    findings.append(f"{path}:{line_of(literals, match.start())}: {match.group()}: {reason}")
        if path.endswith(".h") and "#pragma once" not in without_comments(text):
            findings.append(f"{path}:1: a header begins with #pragma once")
    return findings


def _statement(code, offset):
    """The statement that holds `offset`: (text before it, text from it on)."""
    start = max(code.rfind(mark, 0, offset) for mark in ";{}") + 1
    depth = 0
    end = offset
    while end < len(code):
        char = code[end]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif char == ";" and depth == 0:
            break
        end += 1
    return code[start:offset], code[offset:end]


def coroutine_lines(files):
    """g++ 12 miscompiles aggregate temporaries, lambdas and ?: inside a co_await expression: docs/style.md."""
    findings = []
    for path, text in sorted(files.items()):
        code = bare_code(text)
        for match in re.finditer(r"\bco_await\b", code):
            before, after = _statement(code, match.start())
            where = f"{path}:{line_of(code, match.start())}: co_await"
            if "{" in after:
                findings.append(f"{where}: a braced temporary or a body; build it on the line above")
            if re.search(r"(^|[(,=\s])\[[^\]]*\]\s*[({]", after):
                findings.append(f"{where}: a lambda; build it on the line above")
            if re.search(r"\?", before) or "?" in after:
                findings.append(f"{where}: ?: on the same line; decide on the line above")
            if re.search(r"\bauto\s*&{0,2}\s*\[[^\]]*\]\s*=\s*$", before):
                findings.append(f"{where}: bind the result to a name first, then take it apart")
    return findings
