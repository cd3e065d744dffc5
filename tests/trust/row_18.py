"""Directories of earlier format versions: every one that is kept opens, verifies and rebuilds to what it was."""

import json
import pathlib

import kept_ledgers

NUMBER = 18
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "data" / "ledgers"


def run(context):
    archives, views = sorted(FOLDER.glob("*.tar.gz")), 0
    assert archives, "no ledger is kept"
    for archive in archives:
        known = json.loads(archive.with_name(archive.name.removesuffix(".tar.gz") + ".json").read_text())
        found = kept_ledgers.expected(context.program, archive)
        assert (found["position"], found["root"]) == (known["position"], known["root"]), archive.name
        for name, view in known["views"].items():
            if found["views"][name]["version"] == view["version"]:
                assert found["views"][name] == view, f"{archive.name}: {name} folds otherwise under the same version"
                views += 1
    return f"{len(archives)} of {len(archives)} kept ledgers open, end at their root, and rebuild: {views} hashes of views as they were"
