"""Does every header compile alone, that is, does it include what it uses?

    python3 headers_compile.py --root ROOT --build BUILD [--compiler g++] [--jobs 2]

A header is checked by a file that includes it twice (so a missing #pragma once shows too), with the include paths of
the build and the project's warnings. With clang, something that it includes itself may come first, precompiled
(header_bases.py). A header that passed is checked again only when it, or something that it includes, has changed. The
build itself checks a header that the .cpp of its name includes before anything else, where no other file is read before
that .cpp; such a one is not compiled here again.

What of the standard library a header names and reaches only because one header of it includes another is told by its text
(standard_headers.py).
"""

import argparse
import concurrent.futures
import hashlib
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import standard_headers
from header_bases import WORTH, Bases, closures, costs
from source import project_files

WARNINGS = ("-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor "
            "-Woverloaded-virtual -Wcast-qual -Wformat=2 -Werror").split()


def include_flags(build):
    """-I, -isystem and -D of all compile commands of the build, in order of appearance."""
    flags = []
    database = Path(build) / "compile_commands.json"
    for entry in json.loads(database.read_text()) if database.exists() else []:
        words = iter(shlex.split(entry["command"]))
        for word in words:
            if word == "-isystem":
                flags.append(("-isystem", next(words)))
            elif re.match(r"-[ID]\S", word):
                flags.append((word,))
    return [word for flag in dict.fromkeys(flags) for word in flag]


def built(build):
    """The files that the build compiles, those of chunks included."""
    database = Path(build) / "compile_commands.json"
    for entry in json.loads(database.read_text()) if database.exists() else []:
        path = Path(entry["file"])
        yield path
        if path.parent.name == "Unity" and path.exists():
            yield from (Path(name) for name in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE))


def read_first(build):
    """The files of the build before which the compiler reads nothing: no precompiled header, no other file of a chunk."""
    database, found = Path(build) / "compile_commands.json", set()
    for entry in json.loads(database.read_text()) if database.exists() else []:
        path = Path(entry["file"])
        if "-include" in entry["command"] or not path.exists():
            continue
        if path.parent.name == "Unity":
            path = Path(re.search(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE)[1])
        found.add(path)
    return found


def checked_by_build(root, header, first_files):
    """Whether the .cpp of the same name is one of `first_files` and includes this header first, which guards itself."""
    source = (root / header).with_suffix(".cpp")
    if source not in first_files or not re.search(r"^#pragma once$", (root / header).read_text(), re.MULTILINE):
        return False
    first = re.search(r'^#include [<"]([^>"]+)[>"]', source.read_text(), re.MULTILINE)
    return first is not None and first[1] == header


def fingerprint(root, header, closure, command):
    """Of all that `header` is made of, but for what lies outside the project."""
    state = hashlib.sha256(" ".join([*command, header]).encode())
    for read in sorted({header} | closure[header]):
        state.update(hashlib.sha256((root / read).read_bytes()).digest())
    return state.hexdigest()[:32]


def check(header, command, bases=None):
    """None when `header` compiles after none but what it includes, else what the compiler said."""
    if bases and bases.holds(header):
        return None
    before = bases.before(header) if bases else []
    text = f'#include "{header}"\n' * 2  # a header guards itself
    done = subprocess.run([*command, "-fsyntax-only", *before, "-x", "c++", "-"], input=text, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr or f"the compiler ended with {done.returncode}"


def check_all(headers, compiler, flags, root, state, jobs, worth=WORTH):
    """[(header, what the compiler said)] of those that do not; `worth` as header_bases has it."""
    state.mkdir(parents=True, exist_ok=True)
    command = [compiler, "-std=gnu++20", "-I", str(root), *flags, *WARNINGS]
    closure = closures(root, [*headers, *(name for name in project_files(root) if name.endswith(".h"))])
    failures = standard_headers.missing(root, headers)
    stamps = {header: fingerprint(root, header, closure, command) for header in headers}
    passed_before = state / f"{Path(compiler).name}.passed"
    passed = set(passed_before.read_text().split()) & set(stamps.values()) if passed_before.exists() else set()
    left = [header for header in headers if stamps[header] not in passed]
    with tempfile.TemporaryDirectory(dir=state) as folder, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        bases = None
        if "clang" in Path(compiler).name:
            bases = Bases(Path(folder), left, closure, costs(root, closure), worth)
            bases.make(pool, command)
            left.sort(key=lambda header: -bases.cost(header))
        results = pool.map(lambda header: check(header, command, bases), left)
        for number, (header, error) in enumerate(zip(left, results), 1):
            if error:
                failures.append((header, error))
            else:
                passed.add(stamps[header])
            if number % 100 == 0:
                print(f"{number} of {len(left)}", flush=True)
    passed_before.write_text("\n".join(sorted(passed)) + "\n")
    return sorted(failures)


def self_test(compiler):
    """A header that leans on its includer must be found out, and one that does not must pass."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "good.h").write_text("#pragma once\n#include <string>\nstd::string name();\n")
        (root / "leans.h").write_text("#pragma once\nstd::string name();\n")
        (root / "unguarded.h").write_text("struct Twice {};\n")
        (root / "good.cpp").write_text('#include "good.h"\n')
        (root / "leans.cpp").write_text('#include <string>\n#include "leans.h"\n')
        (root / "unguarded.cpp").write_text('#include "unguarded.h"\n')
        (root / "late.h").write_text("#pragma once\nint late();\n")
        (root / "late.cpp").write_text('#include "late.h"\n')
        chunk = root / "Unity" / "unity_0_cxx.cxx"
        chunk.parent.mkdir()
        chunk.write_text(f'/* made */\n#include "{root / "good.cpp"}"\n#include "{root / "late.cpp"}"\n')
        commands = [{"file": str(file), "command": words} for file, words in (
            (chunk, "g++ -c"), (root / "leans.cpp", "g++ -c"), (root / "unguarded.cpp", "g++ -c"))]
        (root / "compile_commands.json").write_text(json.dumps(commands))
        names = ("good.h", "leans.h", "unguarded.h", "late.h")
        if [checked_by_build(root, name, read_first(root)) for name in names] != [True, False, False, False]:
            sys.exit("the check itself is broken: it mistakes which headers the build checks")
        commands[0]["command"] = "g++ -include cmake_pch.hxx -c"
        (root / "compile_commands.json").write_text(json.dumps(commands))
        if checked_by_build(root, "good.h", read_first(root)):
            sys.exit("the check itself is broken: it takes a file after a precompiled header for the first one")
        (root / "warns.h").write_text("#pragma once\ninline int f(int unused) { return 1; }\n")
        found = check_all(["good.h", "leans.h", "unguarded.h", "warns.h"], compiler, [], root, root / "state", 2)
        names = [header for header, _ in found]
        if names != ["leans.h", "leans.h", "unguarded.h", "warns.h"]:  # the first by its text
            sys.exit(f"the check itself is broken: it found {names}")
        # Whatever can be a base is one here: what a header names and does not include must not come from there.
        (root / "b_middle.h").write_text('#pragma once\n#include "good.h"\ninline auto middle() { return name(); }\n')
        (root / "a_top.h").write_text('#pragma once\n#include "b_middle.h"\ninline auto top() { return middle(); }\n')
        (root / "beside.h").write_text('#pragma once\n#include "good.h"\ninline auto beside() { return middle(); }\n')
        line = ["a_top.h", "b_middle.h", "beside.h", "good.h"]
        if closures(root, line)["a_top.h"] != {"b_middle.h", "good.h"}:
            sys.exit("the check itself is broken: it does not see which header includes which")
        found = check_all(line, compiler, [], root, root / "state", 2, worth=-10**9)
        if [header for header, _ in found] != ["beside.h"]:
            sys.exit(f"the check itself is broken: of headers after bases it found {found}")
        (root / "over.h").write_text('#pragma once\n#include "warns.h"\ninline int g() { return f(2); }\n')
        (root / "over_unguarded.h").write_text('#pragma once\n#include "unguarded.h"\ninline Twice h() { return {}; }\n')
        line = ["over.h", "over_unguarded.h", "unguarded.h", "warns.h"]
        found = {header for header, _ in check_all(line, compiler, [], root, root / "state", 2, worth=-10**9)}
        if not {"unguarded.h", "warns.h"} <= found:
            sys.exit(f"the check itself is broken: of bases it found {found}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("headers", nargs="*", help="only these (default: all of the project)")
    options = parser.parse_args()
    self_test(options.compiler)
    first_files = read_first(options.build)
    has_bench = any(path.is_relative_to(options.root / "bench") for path in built(options.build))
    headers = options.headers or [name for name in project_files(options.root)
                                  if name.endswith(".h") and not checked_by_build(options.root, name, first_files)
                                  and (has_bench or not name.startswith("bench/"))]  # else what they read is not installed
    failures = check_all(headers, options.compiler, include_flags(options.build), options.root,
                         options.build / "architecture" / "headers", options.jobs)
    for header, error in failures:
        print(f"{header}: does not compile with {options.compiler}:\n{error}")
    print(f"{len(headers)} headers, each after none but what it includes: {len(failures)} failures")
    sys.exit(1 if failures or not headers else 0)


if __name__ == "__main__":
    main()
