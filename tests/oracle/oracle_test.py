"""Random ledgers, billed by the program over HTTP and again by the rules alone; every difference is printed.

    python3 oracle_test.py PROGRAM [--seeds FROM:TO,…] [--kinds MOSP,MCA,MPA,EA] [--without FEATURE,…]
        [--span DAYS] [--moves N] [--retell N] [--shrink [--keep FILE]] [--jobs N] [--done FILE]

The rules are written from the specification, not from the program: this directory shares no code with it.
A ledger that differs is named by its seed; with --shrink it is made as short as it gets and told in full.
"""

import argparse
import concurrent.futures
import copy
import itertools
import os
import sys
import time
import traceback
from decimal import Decimal

from compare import differences
from drive import played
from generator import Generator
from home import Homes
from invariants import REACHED
from metamorphic import told_otherwise
from shrink import shrunk, told, written

ENOUGH = 75   # ledgers that must together reach all that random ones reach
LOT = 10   # ledgers that share a directory to copy from

# What random facts may meet: a subscription that non-payment has deleted, a profile that it has closed for new ones, and
# what then refers to them; kinds of facts the program has no rules for yet; recipients before the opt-in or given twice,
# a transfer of what non-payment has disabled, credit notes beyond what an invoice has left or over one that is locked or
# void, the last owner of a scope, a reservation whose term is over, or that would exceed the year's limit, which is little where a dollar is.
EXPECTED_REFUSALS = {"SUBSCRIPTION_DELETED", "BILLING_PROFILE_NOT_ACTIVE", "UNKNOWN_REFERENCE", "UNKNOWN_EVENT_TYPE",
                     "NOT_OPTED_IN", "DUPLICATE", "TERMS_NOT_ACCEPTED", "EXCEEDS_INVOICE", "LAST_SCOPE_OWNER",
                     "AMOUNT_OUT_OF_RANGE", "NOT_FOUND", "LOCKED", "ALREADY_VOID", "BALANCE_OUTSTANDING",
                     "REFUND_LIMIT_EXCEEDED"}


def judged(homes, script, seed, retell=False):
    """([(what, sentence)], number of documents, events and states that came); with `retell` the story is told in other
    ways too."""
    said, watch = played(homes, script, seed)
    found = watch.found + [(("refused",), f"{event.get('type', event)}: {result}") for event, result in said.refused
             if result["code"] not in EXPECTED_REFUSALS]
    if watch.oracle is None:
        found.append((("not", "understood"), watch.not_understood))
    else:
        found += differences(watch.oracle, said)
        if retell and not found:
            found += [(("comparison",), words) for words in blind_to(watch.oracle, said)[:3]]
    if retell:
        found += told_otherwise(script, said, lambda other: played(homes, other)[0], seed)
    reached = watch.states | {item["type"].removeprefix("daybook.") for item in said.log}
    return found, len(said.invoices), reached


def kind_of(difference):
    """What a difference is about, without figures: shrinking must not wander off to another one."""
    what, words = difference
    return what[0], words.split(":")[0].split(" of line")[0].split(" sub-")[0]


def shows(homes, script, seed, wanted):
    """Is the same kind of difference still there? A script that lost what it needs shows nothing."""
    try:
        return any(kind_of(each) == wanted for each in judged(homes, script, seed)[0])
    except (AssertionError, KeyError):
        return False


def blind_to(oracle, said):
    """Errors that the comparison would not notice, made one after another in what the ledger said: must be none."""
    unseen = []
    for number, invoice in enumerate(said.invoices):
        for what, change in (("a cent of tax", {"totals": {**invoice["totals"], "tax": _more(invoice["totals"]["tax"])}}),
                             ("a missing line", {"lines": invoice["lines"][1:]}),
                             ("a wrong status", {"status": "Paid" if invoice["status"] == "Locked" else "Locked"}),
                             ("another issue date", {"issueDate": "2020-01-01"}),
                             ("another scope", {"scopeId": "elsewhere"})):
            worth = any(line["value"] != "0" for line in invoice["lines"][:1])
            if what == "a missing line" and not worth:
                continue
            altered = copy.copy(said)
            altered.invoices = said.invoices[:number] + [{**invoice, **change}] + said.invoices[number + 1:]
            if not differences(oracle, altered):
                unseen.append(f"{what} of {invoice['invoiceId']} goes unnoticed")
    return unseen


def _more(money):
    return {**money, "amount": str(Decimal(money["amount"]) + Decimal("0.01"))}


def one(homes, seed, options):
    """(lines to print, documents, events and states that came, does it differ?)"""
    generator = Generator(seed, options.kinds, options.span, options.without, options.moves)
    script = generator.make()
    found, documents, reached = judged(homes, script, seed, options.retell and seed % options.retell == 0)
    if not found:
        return [], documents, reached, False
    lines = [f"seed {seed}: {len(found)} differences ({' '.join(sorted(generator.features))})"]
    if options.shrink:
        wanted = kind_of(found[0])
        script = shrunk(script, lambda shorter: shows(homes, shorter, seed, wanted))
        found, *_ = judged(homes, script, seed)
        lines.append(told(script))
        if options.keep:
            with open(options.keep, "w", encoding="utf-8") as kept:
                kept.write(written(found[0][1] if found else "", script))
    return lines + [f"  {' '.join(what)}: {words}" for what, words in found[:8]], documents, reached, True


def some(options, seeds):
    """The ledgers of a few seeds, one after another on one pair of keys; what broke off counts as differing."""
    answers = []
    with Homes(options.program) as homes:
        for seed in seeds:
            try:
                answers.append((seed, *one(homes, seed, options)))
            except Exception:  # a ledger that ended, an answer of another shape: the other seeds are still of interest
                answers.append((seed, [f"seed {seed} broke off:", traceback.format_exc(limit=-6)], 0, set(), True))
    return answers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seeds", default="1:31")
    parser.add_argument("--kinds", default="MOSP,MCA,MPA,EA")
    parser.add_argument("--without", default="")
    parser.add_argument("--span", type=int, default=730, help="days of the longest ledgers")
    parser.add_argument("--moves", type=int, default=40, help="how often the clock moves in a long ledger")
    parser.add_argument("--shrink", action="store_true")
    parser.add_argument("--keep", help="with --shrink: the file that the short story is written to, for kept_test.py")
    parser.add_argument("--retell", type=int, default=5, help="every so many ledgers are told in other ways too; 0: none")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--done", help="file of seeds that are through: added to, and left out next time")
    options = parser.parse_args()
    options.kinds, options.without = options.kinds.split(","), options.without.split(",")
    through = already(options.done)
    seeds = [seed for seed in seeds_of(options.seeds) if seed not in through]
    began, documents, wrong, seen = time.monotonic(), 0, [], set()
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for answers in pool.map(some, itertools.repeat(options), (seeds[at:at + LOT] for at in range(0, len(seeds), LOT))):
            for seed, lines, count, reached, differs in answers:
                documents, seen = documents + count, seen | reached
                wrong += [seed] if differs else []
                for line in lines:
                    print(line, flush=True)
            if options.done:
                with open(options.done, "a", encoding="utf-8") as done:
                    done.writelines(f"{seed} {'differs' if differs else 'equal'}\n" for seed, *_, differs in answers)
    never = sorted(REACHED - seen) if len(seeds) >= ENOUGH else []
    if never:
        print(f"9.4.13: never reached: {', '.join(never)}")
    if os.environ.get("DAYBOOK_ORACLE_REACHED"):
        print("reached:", *sorted(seen))
    print(f"{len(seeds)} ledgers, {documents} documents, {len(wrong)} ledgers differ {wrong or ''}, "
          f"{time.monotonic() - began:.0f} s")
    sys.exit(1 if wrong or never or seeds and not documents else 0)


def seeds_of(words):
    """`1:31`, `7`, or several of them after commas."""
    for word in words.split(","):
        first, _, end = word.partition(":")
        yield from range(int(first), int(end) if end else int(first) + 1)


def already(path):
    """The seeds that a file says are through and equal; those that differed come again."""
    if path is None or not os.path.exists(path):
        return set()
    with open(path, encoding="utf-8") as done:
        last = dict(line.split() for line in done if len(line.split()) == 2)
    return {int(seed) for seed, how in last.items() if how == "equal"}


if __name__ == "__main__":
    main()
