"""Ways to tell the same story that must not change a bill: order within a day, cutting of batches, repetition of events."""

import copy
import random
from collections import defaultdict

FREE = {"UsageRecorded"}   # what may change places with its like within a batch


def permuted(script, chance, _):
    """The usage rows of each batch in another order. Other facts keep their places, and so do rows that are corrected in the same
    batch, and rows of a meter by which several subscriptions are billed, where one has a price of its own: they may share tiers,
    and it counts which came first (R-19)."""
    script = copy.deepcopy(script)
    scoped = any(event["kind"] == "PriceChanged" and event["data"].get("scopeType") == "Subscription"
                 for step in script if step["do"] == "post" for event in step["events"])
    for step in script:
        if step["do"] == "post":
            users = defaultdict(set)
            for event in step["events"]:
                if event["kind"] in FREE:
                    users[event["data"]["meterId"]].add(event["data"]["subscriptionId"])
            corrected = {(event["source"], event["data"]["usageId"]) for event in step["events"]
                         if event["kind"] in ("UsageAmended", "UsageVoided")}
            free = [index for index, event in enumerate(step["events"]) if event["kind"] in FREE
                    and (event["source"], event["id"]) not in corrected
                    and not (scoped and len(users[event["data"]["meterId"]]) > 1)]
            shuffled = [step["events"][index] for index in chance.sample(free, len(free))]
            for index, event in zip(free, shuffled):
                step["events"][index] = event
    return script


def split(script, chance, _):
    """Each batch in pieces."""
    cut = []
    for step in script:
        if step["do"] == "post" and len(step["events"]) > 1:
            at = chance.randint(1, len(step["events"]) - 1)
            cut += [{**step, "events": step["events"][:at]}, {**step, "events": step["events"][at:]}]
        else:
            cut.append(step)
    return cut


def duplicated(script, chance, refused):
    """Some events again, in their own batch and in later ones; what was refused is not a repetition when it comes again."""
    script, told = copy.deepcopy(script), []
    for step in script:
        if step["do"] == "post":
            told += [event for event in step["events"] if (event["source"], event["id"]) not in refused]
            if told:
                step["events"] = step["events"] + [dict(chance.choice(told)) for _ in range(chance.randint(0, 3))]
    return script


TELLINGS = {"permuted": permuted, "split": split, "duplicated": duplicated}


def stated(said):
    """What a bill says, without what names and positions it has."""
    return sorted(
        (invoice["type"], invoice["scopeId"], invoice["supportPlanId"] or "", invoice["period"]["start"],
         invoice["issueDate"], invoice["status"], invoice["amountDue"]["amount"],
         tuple(sorted((name, total["amount"]) for name, total in invoice["totals"].items())))
        for invoice in said.invoices)


def told_otherwise(script, said, play, seed):
    """[(what, sentence)]: the same story told in other ways, and the bills that changed by it."""
    found = []
    refused = {(event["source"], event["id"]) for event, _ in said.refused if "id" in event}
    for name, tell in TELLINGS.items():
        other = play(tell(script, random.Random(seed), refused))
        before, after = stated(said), stated(other)
        if before != after:
            changed = [bill for bill in before if bill not in after] + [bill for bill in after if bill not in before]
            found.append(((name,), f"{len(changed)} bills differ, first {changed[0]}"))
    return found
