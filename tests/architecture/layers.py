"""Who may include whom: docs/style.md and the DEPENDS lists of the CMake targets."""

from pathlib import Path

from source import includes

# The widest DEPENDS that each layer may ever declare, by folder. Lower rows know nothing of higher ones.
# A folder below one of these (server/http) may use what its parent may, and its siblings.
ALLOWED = {
    "schemas": set(),
    "ledger/domain": set(),
    "ledger/codec": {"schemas", "ledger/domain"},
    "ledger/log": {"ledger/domain"},  # two headers of it: see LOG_MAY_SEE
    "ledger/engine": {"schemas", "ledger/domain", "ledger/codec", "ledger/log"},
    "projections": {"schemas", "ledger/domain", "ledger/codec", "ledger/log", "ledger/engine"},
    "replay": {"schemas", "ledger/domain", "ledger/codec", "ledger/log", "ledger/engine", "projections"},
    "server": {"schemas", "ledger/domain", "ledger/codec", "ledger/log", "ledger/engine", "projections",
               "replay", "portal"},
    "cli": {"schemas", "ledger/domain", "ledger/codec", "ledger/log", "ledger/engine", "projections",
            "replay", "server"},
}
ANYTHING = ("tests", "bench")  # may include every layer; no layer includes them

# The log sees bytes and numbers only; these two say how anything fails.
LOG_MAY_SEE = {"ledger/domain/result.h", "ledger/domain/invariant.h"}


def home(path):
    """The architecture's folder that `path` is in: a key of ALLOWED, one of ANYTHING, or None."""
    for folder in (*ALLOWED, *ANYTHING):
        if path == folder or path.startswith(folder + "/"):
            return folder
    return None


def read_layers(text):
    """[(name, folder, [depends])] from build/…/architecture/layers.txt."""
    layers = []
    for line in text.splitlines():
        name, folder, depends = (line.split(" ") + [""])[:3]
        layers.append((name, folder, [d for d in depends.split(",") if d]))
    return layers


def declared_wrongly(layers):
    """Findings about the DEPENDS lists themselves: unknown names, upward arrows, cycles."""
    findings = []
    folder_of = {name: folder for name, folder, _ in layers}
    depends_of = {name: depends for name, _, depends in layers}
    for name, folder, depends in layers:
        own = home(folder)
        if own is None or own in ANYTHING:
            if own is None:
                findings.append(f"{name}: folder {folder} is no layer of the architecture")
            continue
        for other in depends:
            if other not in folder_of:
                findings.append(f"{name}: DEPENDS names {other}, which is no billing_library")
                continue
            target = home(folder_of[other])
            if target != own and target not in ALLOWED[own]:
                findings.append(f"{name}: {own} may not depend on {other} ({folder_of[other]}), which is above it")
    state = {}

    def visit(name, path):
        if state.get(name) == "done":
            return
        if state.get(name) == "open":
            findings.append("cycle: " + " -> ".join([*path[path.index(name):], name]))
            return
        state[name] = "open"
        for other in depends_of.get(name, []):
            visit(other, [*path, name])
        state[name] = "done"

    for name in depends_of:
        visit(name, [])
    return findings


def _reachable(layers):
    """{folder: folders that its targets reach through DEPENDS}."""
    folder_of = {name: folder for name, folder, _ in layers}
    depends_of = {name: depends for name, _, depends in layers}
    reached = {}
    for name, folder, _ in layers:
        todo, seen = [name], set()
        while todo:
            for other in depends_of.get(todo.pop(), []):
                if other in folder_of and other not in seen:
                    seen.add(other)
                    todo.append(other)
        reached.setdefault(folder, {folder}).update(folder_of[other] for other in seen)
    return reached


def included_wrongly(layers, files, generated=()):
    """Findings about includes. `files` is {path: text}; `generated` are paths that the build makes."""
    findings = []
    reached = _reachable(layers)
    declared = sorted(reached, key=len, reverse=True)
    known = set(files) | set(generated)

    def declared_home(path):
        return next((f for f in declared if path.startswith(f + "/")), home(path))

    for path, text in sorted(files.items()):
        own = home(path)
        for line, target, quoted in includes(text):
            if not quoted:
                continue
            where = f"{path}:{line}: includes {target}"
            if target not in known:
                if target.endswith("_generated.h"):
                    if own not in ANYTHING and own != "ledger/codec":
                        findings.append(f"{where}: generated types stay in ledger/codec and the tests")
                elif not (Path(path).parent / target).as_posix() in known or "/" in target:
                    findings.append(f"{where}: no such file; write paths from the repository's root")
                else:
                    findings.append(f"{where}: write the path from the repository's root")
                continue
            if own in ANYTHING:
                continue
            theirs = home(target)
            if theirs == own:
                mine, other = declared_home(path), declared_home(target)
                if mine in reached and other in reached and mine != other and other not in reached[mine]:
                    findings.append(f"{where}: {mine} does not list {other} in DEPENDS")
                continue
            if own is None or theirs is None or theirs in ANYTHING or theirs not in ALLOWED[own]:
                findings.append(f"{where}: {own} may not know {theirs}, which is above it")
            elif own == "ledger/log" and target not in LOG_MAY_SEE:
                findings.append(f"{where}: the log sees bytes and numbers, not billing types")
            elif own != "cli" and declared_home(path) in reached:
                if declared_home(target) not in reached[declared_home(path)] and target not in LOG_MAY_SEE:
                    findings.append(f"{where}: {declared_home(path)} does not list {declared_home(target)} in DEPENDS")
    return findings
