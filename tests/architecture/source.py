"""Reading the tree's sources: which files there are, and their text without comments and literals."""

import re
import subprocess
from pathlib import Path

CODE_SUFFIXES = {".h", ".cpp"}

# Raw strings first: they may hold anything. A quote after a digit is a digit separator (1'000).
_TOKENS = re.compile(
    r"""(?P<raw>R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)")"""
    r"""|(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<char>(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+')""",
    re.DOTALL,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)


def _blank(text):
    """As many lines as `text`, nothing on them."""
    return "\n" * text.count("\n")


def without_comments(text):
    """`text` without its comments; string literals stay. Line numbers do not change."""
    return _TOKENS.sub(lambda m: " " + _blank(m.group()) if m.group("comment") else m.group(), text)


def bare_code(text):
    """`text` without comments, and with every literal made empty. Line numbers do not change."""

    def replace(match):
        if match.group("comment"):
            return " " + _blank(match.group())
        if match.group("char"):
            return "' '"
        return '""' + _blank(match.group())

    return _TOKENS.sub(replace, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def includes(text):
    """[(line, path, quoted)] of a file's include directives."""
    code = without_comments(text)
    return [
        (line_of(code, m.start()), m.group(1) or m.group(2), m.group(1) is not None)
        for m in _INCLUDE.finditer(code)
    ]


def project_files(root):
    """Every file that belongs to the project, relative to `root`: what git tracks or would track."""
    try:
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True).stdout.decode()
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # a source archive has no .git
        names = [
            str(path.relative_to(root)) for path in Path(root).rglob("*")
            if path.is_file() and not {"build", ".git", ".cache", "__pycache__"} & set(path.relative_to(root).parts)
        ]
    return sorted({name for name in names if (Path(root) / name).is_file()})


def code_files(root):
    """{path: text} of all C++ sources."""
    return {
        name: (Path(root) / name).read_text(encoding="utf-8")
        for name in project_files(root) if Path(name).suffix in CODE_SUFFIXES
    }
