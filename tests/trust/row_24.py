"""An older copy put back: clients send the newest token they have seen."""

import billed

NUMBER = 24


def run(context):
    ledger, key, told = billed.make(context, events=60)
    rounds, noticed = context.times(2, 100), 0
    for number in range(rounds):
        older = billed.copied(ledger, context.folder / "older")
        ledger.start()
        client = ledger.client(key)
        before = client.get("/clock").headers["daybook-token"]
        assert client.post_events([billed.usage(20_000 + number * 10 + i) for i in range(10)]).status == 200
        newest = client.get("/clock").headers["daybook-token"]
        client.close()
        assert ledger.stop() == 0
        older.start()
        client = older.client(key)
        if number % 2:  # as long again, but another history
            assert client.post_events([billed.usage(900_000 + number * 20 + i) for i in range(20)]).status == 200
        for method, path, body, kind in (("GET", "/v1/clock", None, None), ("GET", "/v1/invoices", None, None),
                                         ("POST", "/v1/events", b"{}", "application/cloudevents+json")):
            headers = {"Daybook-Token": newest, **({"Content-Type": kind} if kind else {})}
            answer = client.request(method, path, body, headers)
            assert (answer.status, answer.code) == (409, "HISTORY_ROLLED_BACK"), answer
        assert client.request("GET", "/v1/clock", headers={"Daybook-Token": before}).status == 200
        noticed += 1
        client.close()
        assert older.stop() == 0
    return f"{noticed} of {rounds} copies put back were told to the first request with a newer token (409 `HISTORY_ROLLED_BACK`)"
