"""Random ledgers, billed by the program over HTTP and again by the rules alone; every difference is printed.

    python3 oracle_test.py PROGRAM [--seeds FROM:TO] [--keep-going]

The rules are written from the specification, not from the program: this directory shares no code with it.
"""

import argparse
import sys
import time

from compare import differences
from drive import played
from exact import NotUnderstood
from generator import Generator
from runs import Oracle


# What random facts may meet: a subscription that non-payment has deleted; kinds of facts the program has no rules for yet.
EXPECTED_REFUSALS = {"SUBSCRIPTION_DELETED", "UNKNOWN_EVENT_TYPE"}


def judged(program, script):
    said = played(program, script)
    oracle = Oracle().read(said.log, said.runs)
    return differences(oracle, said), oracle, said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1:31")
    parser.add_argument("--kinds", default="MOSP,MCA")
    parser.add_argument("--without", default="")
    options = parser.parse_args()
    first, last = map(int, options.seeds.split(":"))
    began, documents, wrong = time.monotonic(), 0, 0
    for seed in range(first, last):
        generator = Generator(seed, options.kinds.split(","), without=options.without.split(","))
        try:
            found, oracle, said = judged(options.program, generator.make())
        except NotUnderstood as why:
            wrong += 1
            print(f"seed {seed}: not understood: {why}", flush=True)
            continue
        documents += len(said.invoices)
        if found:
            wrong += 1
            print(f"seed {seed}: {len(found)} differences ({' '.join(sorted(generator.features))})", flush=True)
            for key, words in found[:8]:
                print(f"  {' '.join(key)}: {words}")
        for event, result in said.refused:
            if result["code"] not in EXPECTED_REFUSALS:
                print(f"  seed {seed}: refused {event.get('type', event)}: {result}")
    print(f"{last - first} ledgers, {documents} documents, {wrong} ledgers differ, {time.monotonic() - began:.0f} s")
    sys.exit(1 if wrong or not documents else 0)


if __name__ == "__main__":
    main()
