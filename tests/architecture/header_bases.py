"""Which headers to compile once, so that those which include them need not read them again.

A header is compiled after a base: a precompiled header made of one header that it includes itself, directly or not, and
so of nothing that it would not have alone.
"""

import subprocess

from source import includes

# What a header costs to read, in bytes of our own code: a guess that only decides which bases there are.
_STANDARD_HEADER, _OTHER_HEADER, _NETWORK_HEADER = 30_000, 60_000, 600_000
_A_PROCESS = 60_000  # to start a compiler
_MAKING = 1.3        # a base is read, and written
WORTH = 100_000     # a base that saves less is not made


def closures(root, headers):
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


def costs(root, closure):
    """{header: what it costs to read it and all that it includes}."""
    own, foreign = {}, {}
    for header in closure:
        text = (root / header).read_text()
        own[header] = len(text)
        foreign[header] = {path for _, path, quoted in includes(text) if not quoted}

    def of_foreign(path):
        if path.startswith(("boost/asio", "boost/beast")):
            return _NETWORK_HEADER
        return _OTHER_HEADER if "/" in path else _STANDARD_HEADER

    def cost(header):
        read = {header} | closure[header]
        return sum(own[one] for one in read) + sum(map(of_foreign, set().union(*(foreign[one] for one in read))))

    return {header: cost(header) for header in closure}


def _including(made):
    return ["-include-pch", str(made)] if made else []


class Bases:
    """For the headers `wanted`; `closure` and `cost` are those of all headers of the project. They last as long as `folder`."""

    def __init__(self, folder, wanted, closure, cost, worth=WORTH):
        self._folder, self._closure, self._costs, self._worth = folder, closure, cost, worth
        self._chosen = self._choose(wanted)
        self._made = {}

    def _choose(self, wanted):
        users = {}
        for header in wanted:
            for included in self._closure[header]:
                users.setdefault(included, []).append(header)
        saved, chosen = dict.fromkeys(wanted, 0), []

        def gain(base):
            saves = sum(max(0, self._costs[base] - saved[user]) for user in users[base])
            return saves - _MAKING * self._costs[base] - _A_PROCESS

        left = set(users)
        while left:
            best = max(left, key=lambda base: (gain(base), base))
            if gain(best) < self._worth:
                break
            left.remove(best)
            chosen.append(best)
            for user in users[best]:
                saved[user] = max(saved[user], self._costs[best])
        return sorted(chosen)

    def _best(self, header, among):
        """Of `among` the one that saves `header` most; None where there is none."""
        fitting = [base for base in among if base in self._closure[header]]
        return max(fitting, key=lambda base: (self._costs[base], base), default=None)

    def cost(self, header):
        """What is left to read of `header` after its base."""
        base = self._best(header, self._chosen)
        return self._costs[header] - (self._costs[base] if base else 0)

    def make(self, pool, compiler):
        """Compiles all bases, several at a time."""
        for number, base in enumerate(self._chosen):
            self._made[base] = pool.submit(self._make, compiler, base, self._folder / f"{number}.pch")

    @staticmethod
    def _make(compiler, base, out):
        # The templates that a base needs are instantiated with it, not by each header after it.
        done = subprocess.run([*compiler, "-fpch-instantiate-templates", "-x", "c++-header", "-", "-o", str(out)],
                              input=f'#include "{base}"\n' * 2, capture_output=True, text=True)
        return out if done.returncode == 0 else None

    def holds(self, header):
        """Whether `header` is a base that compiled: nothing is left to check."""
        return header in self._made and self._made[header].result() is not None

    def before(self, header):
        """The compiler's arguments that put the base of `header` before it."""
        made = self._made.get(self._best(header, self._chosen))
        return _including(made.result()) if made else []
