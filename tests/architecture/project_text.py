"""The project's own text: what lies where, how long files are, and what must not be written in them."""

import os
import re
from pathlib import Path

# The top level, and nothing else: a newcomer finds the room from the name of what he wants to change.
TOP_LEVEL = {
    ".ci", ".clang-format", ".clang-tidy", ".gitattributes", ".github", ".gitignore",
    "CHANGELOG.md", "CMakeLists.txt", "CMakePresets.json", "CONTRIBUTING.md", "LICENSE", "README.md",
    "SECURITY.md", "bench", "check", "cli", "cmake", "docs", "ledger", "packaging", "portal",
    "projections", "quickstart", "replay", "schemas", "server", "tests",
}

LONG, TOO_LONG = 400, 600  # lines of a hand-written file: look for a second idea; refused
_WRITTEN = {".h", ".cpp", ".py", ".cmake", ".ts", ".tsx", ".css", ".fbs"}

# Places on one person's machine, and notes to self.
_MACHINE = re.compile(r"(?:(?<![\w.])|(?<=-I))/(?:home|Users|root|work)/[\w.-]+|[A-Z]:\\Users\b")
_LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b(?!\(#\d+\))")

# Given by others and kept as they came.
_FOREIGN = ("tests/data/", "LICENSE")


def top_level(names):
    return [f"{entry}: not an entry of the top level"
            for entry in sorted({name.split("/")[0] for name in names} - TOP_LEVEL)]


def lengths(texts):
    """(findings, notes): files too long, and files worth a second look. `texts` is {path: text}."""
    findings, notes = [], []
    for path, text in sorted(texts.items()):
        if Path(path).suffix not in _WRITTEN or path.startswith(_FOREIGN):
            continue
        lines = text.count("\n")
        if lines > TOO_LONG:
            findings.append(f"{path}: {lines} lines; more than {TOO_LONG} is refused: split it by idea")
        elif lines > LONG:
            notes.append(f"{path}: {lines} lines; past {LONG}, look for the second idea")
    return findings, notes


def wording(texts):
    findings = []
    for path, text in sorted(texts.items()):
        if path.startswith(_FOREIGN):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if (found := _MACHINE.search(line)):
                findings.append(f"{path}:{number}: {found.group()}: a path of one machine")
            if (found := _LATER.search(line)):
                findings.append(f"{path}:{number}: {found.group()} without an issue number, as {found.group()}(#12)")
            if line.startswith(("<<<<<<< ", ">>>>>>> ")):
                findings.append(f"{path}:{number}: a conflict marker")
            if path.endswith((".h", ".cpp", ".py", ".sh")) and line.rstrip(" \t") != line:
                findings.append(f"{path}:{number}: blanks at the end of the line")
    return findings


def links(texts, names):
    """Findings about links between the project's own pages that lead nowhere."""
    known = set(names) | {str(parent) for name in names for parent in Path(name).parents}
    findings = []
    for path, text in sorted(texts.items()):
        if not path.endswith(".md") or path.startswith(_FOREIGN):
            continue
        text = re.sub(r"```.*?```|`[^`\n]*`", lambda code: "\n" * code.group().count("\n"), text, flags=re.DOTALL)
        for match in re.finditer(r"\]\(([^)#\s]+)[^)]*\)", text):
            target = match.group(1)
            if ":" not in target and os.path.normpath(os.path.join(os.path.dirname(path), target)) not in known:
                findings.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {target}: no such page")
    return findings


def texts_of(root, names):
    """{path: text} of those files that are text."""
    texts = {}
    for name in names:
        try:
            text = (Path(root) / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            texts[name] = text
    return texts
