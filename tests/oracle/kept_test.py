"""Ledgers that once differed, kept whole: a seed means another ledger once the generator changes, a story does not.

    python3 kept_test.py PROGRAM [FILE …]      all of kept/ when none is named

A story is `{"about": …, "script": [the steps of drive.py]}`; `oracle_test.py --shrink --keep FILE` writes one.
"""

import json
import sys
from pathlib import Path

from home import Homes
from oracle_test import judged

KEPT = Path(__file__).resolve().parent / "kept"


def main():
    program, *names = sys.argv[1:]
    files = [Path(name) for name in names] or sorted(KEPT.glob("*.json"))
    wrong = 0
    with Homes(program) as homes:
        for file in files:
            story = json.loads(file.read_text(encoding="utf-8"))
            found, documents, _ = judged(homes, story["script"], seed=1, retell=True)
            found += [] if documents else [(("story",), "makes no document")]
            wrong += 1 if found else 0
            print(f"{file.stem}: {documents} documents{', DIFFERS' if found else ''}. {story['about']}")
            for what, words in found[:8]:
                print(f"  {' '.join(what)}: {words}")
    print(f"{len(files)} stories, {wrong} differ")
    sys.exit(1 if wrong or not files else 0)


if __name__ == "__main__":
    main()
