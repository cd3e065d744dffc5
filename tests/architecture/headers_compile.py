"""Does every header compile alone, that is, does it include what it uses?

    python3 headers_compile.py --root ROOT --build BUILD [--compiler g++] [--jobs 2] [--together N]

A header is checked by a file that includes it twice (so a missing #pragma once shows too), with the include paths of
the build and the project's warnings. Before it come only headers that it includes itself, directly or not: each of them
is checked by the same file, and none gives it anything that it would not have alone. A header that passed is checked
again only when it, or something that it includes, has changed. The build itself checks a header that the .cpp of its
name includes before anything else, where no other file is read before that .cpp; such a one is not compiled here again.

What of the standard library a header names and reaches only because one header of it includes another is told by its text
(standard_headers.py).

With --together, N headers share a file: for a second compiler, of which it is asked whether it takes them without a
warning, since what a header lacks is missing for every compiler.
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
from source import includes, project_files

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


def included_headers(root, headers):
    """{header: the set of those among `headers` that it includes, directly or not}."""
    known, found = set(headers), {}

    def of(header):
        if header not in found:
            found[header] = set()  # an include in a circle adds nothing
            for _, path, _ in includes((root / header).read_text()):
                if path in known:
                    found[header] |= {path} | of(path)
        return found[header]

    return {header: of(header) for header in headers}


def chains(headers, included):
    """`headers` in as few lists as there can be in which each includes, directly or not, those before it.

    After Dilworth: a path cover by augmenting paths.
    """
    above = {low: [high for high in headers if low in included[high]] for low in headers}
    below, next_up = {}, {}

    def extend(low, tried):
        for high in above[low]:
            if high not in tried:
                tried.add(high)
                if high not in below or extend(below[high], tried):
                    below[high], next_up[low] = low, high
                    return True
        return False

    for low in headers:
        extend(low, set())
    lists = []
    for header in headers:
        if header not in below:
            lists.append([header])
            while lists[-1][-1] in next_up:
                lists[-1].append(next_up[lists[-1][-1]])
    return lists


def dependencies(depfile):
    """The files a make-style depfile names."""
    if not depfile.exists():
        return None
    text = depfile.read_text().replace("\\\n", " ")
    return [Path(name) for name in text.split(":", 1)[1].split()] if ":" in text else None


def up_to_date(stamp, depfile):
    depends = dependencies(depfile) if stamp.exists() else None
    if not depends:
        return False
    made = stamp.stat().st_mtime
    return all(path.exists() and path.stat().st_mtime <= made for path in depends)


def check(headers, compiler, flags, root, state):
    """None when a file of `headers` alone compiles, else what the compiler said."""
    key = hashlib.sha256(" ".join([*headers, compiler, *flags]).encode()).hexdigest()[:16]
    stamp, depfile = state / f"{key}.ok", state / f"{key}.d"
    if up_to_date(stamp, depfile):
        return None
    text = "".join(f'#include "{header}"\n' for header in headers * 2)  # twice: a header guards itself
    done = subprocess.run(
        [compiler, "-std=gnu++20", "-fsyntax-only", "-x", "c++", "-I", str(root), *flags, *WARNINGS,
         "-MMD", "-MF", str(depfile), "-MT", "x", "-"],
        input=text, capture_output=True, text=True)
    if done.returncode == 0:
        stamp.touch()
        return None
    stamp.unlink(missing_ok=True)
    return done.stderr


def check_all(headers, compiler, flags, root, state, jobs, together=1):
    """[(headers, what the compiler said)] of those that do not."""
    state.mkdir(parents=True, exist_ok=True)
    failures = []
    if together == 1:
        files = chains(headers, included_headers(root, headers))
        failures += standard_headers.missing(root, headers)
    else:
        files = [headers[at:at + together] for at in range(0, len(headers), together)]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        results = pool.map(lambda file: (", ".join(file), check(file, compiler, flags, root, state)), files)
        for number, (names, error) in enumerate(results, 1):
            if error:
                failures.append((names, error))
            if number % 50 == 0:
                print(f"{number} of {len(files)} files", flush=True)
    return failures


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
        (root / "b_middle.h").write_text('#pragma once\n#include "good.h"\ninline auto middle() { return name(); }\n')
        (root / "a_top.h").write_text('#pragma once\n#include "b_middle.h"\ninline std::vector<int> top() { return {}; }\n')
        line = ["a_top.h", "b_middle.h", "good.h"]
        if chains(line, included_headers(root, line)) != [line[::-1]]:
            sys.exit("the check itself is broken: it does not see which header includes which")
        found = check_all([*line, "leans.h"], compiler, [], root, root / "state", 2)
        if [names for names, _ in found] != ["a_top.h", "leans.h", "good.h, b_middle.h, a_top.h", "leans.h"]:
            sys.exit(f"the check itself is broken: of headers that name what they do not include it found {found}")
        (root / "a_top.h").write_text('#pragma once\n#include "b_middle.h"\ninline Twice top() { return {}; }\n')
        found = check_all(line, compiler, [], root, root / "state", 2)
        if [names for names, _ in found] != ["good.h, b_middle.h, a_top.h"]:
            sys.exit(f"the check itself is broken: of headers that include each other it found {found}")
        found = check_all(["good.h", "leans.h", "warns.h"], compiler, [], root, root / "state", 2, together=2)
        if [names for names, _ in found] != ["warns.h"]:
            sys.exit(f"the check itself is broken: of files of two it found {found}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--together", type=int, default=1, help="so many headers in one file")
    parser.add_argument("headers", nargs="*", help="only these (default: all of the project)")
    options = parser.parse_args()
    self_test(options.compiler)
    first_files = read_first(options.build)
    has_bench = any(path.is_relative_to(options.root / "bench") for path in built(options.build))
    headers = options.headers or [name for name in project_files(options.root)
                                  if name.endswith(".h") and not checked_by_build(options.root, name, first_files)
                                  and (has_bench or not name.startswith("bench/"))]  # else what they read is not installed
    failures = check_all(headers, options.compiler, include_flags(options.build), options.root,
                         options.build / "architecture" / "headers", options.jobs, options.together)
    for names, error in failures:
        print(f"{names}: does not compile with {options.compiler}:\n{error}")
    alone = "after none but what each includes" if options.together == 1 else f"{options.together} in a file"
    print(f"{len(headers)} headers, {alone}: {len(failures)} failures")
    sys.exit(1 if failures or not headers else 0)


if __name__ == "__main__":
    main()
