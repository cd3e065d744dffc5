"""The acceptance scenarios of the specification, over HTTP, each on a ledger of its own.

    python3 scenarios_test.py --list
    python3 scenarios_test.py PROGRAM [SC-03 …]
"""

import sys
import time
import traceback

import scenarios_access
import scenarios_agreements
import scenarios_charges
import scenarios_documents
import scenarios_files
import scenarios_mail
import scenarios_money
import scenarios_moves
import scenarios_payment
import scenarios_people
import scenarios_timing
from daybook import Daybook
from steps import World

SCENARIOS = {**scenarios_timing.SCENARIOS, **scenarios_money.SCENARIOS, **scenarios_people.SCENARIOS,
             **scenarios_payment.SCENARIOS, **scenarios_agreements.SCENARIOS, **scenarios_access.SCENARIOS,
             **scenarios_moves.SCENARIOS, **scenarios_files.SCENARIOS, **scenarios_mail.SCENARIOS,
             **scenarios_charges.SCENARIOS, **scenarios_documents.SCENARIOS}


def run(program, number):
    """None, or what went wrong."""
    _, steps = SCENARIOS[number]
    with Daybook(program) as ledger:
        operator = ledger.create_key("operator", "admin,ingest,read")
        persons = ledger.create_key("portal", "act-as")
        ledger.start()
        world = World(ledger.client(operator), ledger.client(persons))
        for place, step in enumerate(steps, 1):
            try:
                step(world)
            except AssertionError as problem:
                return f"step {place} of {len(steps)}: {problem}\n{ledger.log_tail()}"
            except Exception:
                return f"step {place} of {len(steps)}:\n{traceback.format_exc()}\n{ledger.log_tail()}"
        status = ledger.stop()
        return None if status == 0 else f"SIGTERM ended serve with {status}\n{ledger.log_tail()}"


def main(words):
    if words == ["--list"]:
        print("\n".join(sorted(SCENARIOS)))
        return 0
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    program, numbers = words[0], words[1:] or sorted(SCENARIOS)
    failures = 0
    for number in numbers:
        began = time.monotonic()
        problem = run(program, number)
        failures += problem is not None
        print(f"{number} {'FAILED' if problem else 'ok'} {time.monotonic() - began:.1f} s: {SCENARIOS[number][0]}"
              + (f"\n{problem}" if problem else ""), flush=True)
    print(f"{len(numbers) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
