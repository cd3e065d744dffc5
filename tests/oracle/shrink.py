"""Makes a script that shows a difference as short as it gets: drops events and steps, keeps what is needed to see it."""

import copy
import json


def atoms(script):
    """The droppable things of a script: (step index, event index or None)."""
    for number, step in enumerate(script):
        if step["do"] == "post":
            for index in range(len(step["events"])):
                yield number, index
        elif number > 0:   # the first step sets the clock
            yield number, None


def without(script, dropped):
    kept = []
    for number, step in enumerate(script):
        if step["do"] == "post":
            events = [event for index, event in enumerate(step["events"]) if (number, index) not in dropped]
            if events:
                kept.append({**step, "events": events})
        elif (number, None) not in dropped:
            kept.append(step)
    return kept


def sensible(script):
    """A `run` must not be ahead of its clock."""
    clock = ""
    for step in script:
        if step["do"] == "clock":
            clock = step["to"]
        elif step["do"] == "run" and step["through"] > clock:
            return False
    return True


def shrunk(script, shows, tries=600):
    """The shortest script found for which `shows(script)` still holds. Halves first, single things last."""
    script, left = copy.deepcopy(script), tries
    size = max(1, len(list(atoms(script))) // 2)
    while size >= 1 and left > 0:
        there, start, dropped_any = list(atoms(script)), 0, False
        while start < len(there) and left > 0:
            shorter = without(script, set(there[start:start + size]))
            if sensible(shorter):
                left -= 1
                if shows(shorter):
                    script, dropped_any = shorter, True
                    there = list(atoms(script))
                    continue
            start += size
        if not dropped_any or size > 1:
            size //= 2
    return script


def written(about, script):
    """The story of kept_test.py, an event a line."""
    steps = []
    for step in script:
        if step["do"] == "post":
            events = ",\n".join(f"    {json.dumps(event)}" for event in step["events"])
            steps.append(f'  {{"do": "post", "events": [\n{events}]}}')
        else:
            steps.append(f"  {json.dumps(step)}")
    return f'{{"about": {json.dumps(about)},\n "script": [\n' + ",\n".join(steps) + "]}\n"


def told(script):
    """The script as a few readable lines."""
    lines = []
    for step in script:
        if step["do"] == "post":
            for event in step["events"]:
                words = ", ".join(f"{name} {value}" for name, value in event["data"].items())
                lines.append(f"    {event['kind']} {event['id']} {event['source']}: {words}")
        else:
            lines.append("  " + " ".join(f"{name} {value}" for name, value in step.items()))
    return "\n".join(lines)
