"""The configuration: what it may say, what is recorded of it, and what no configuration changes.

    python3 configuration_test.py PROGRAM REFERENCE_PAGE
"""

import json
import os
import shutil
import subprocess
import sys
import unittest
import urllib.parse
from pathlib import Path

from daybook import Daybook
from people import account, begin, cost, flat, on, person, subscription, vat
from steps import World

PROGRAM = PAGE = None

PROVIDER = """
[provider]
name = "Contoso Cloud"
product = "Cloud"
legalName = "Contoso Cloud BV"
vatId = "NL004495445B01"
address.companyName = "Contoso Cloud BV"
address.country = "NL"
accountTypeNames.MOSP = "Direct"

[[provider.bankAccounts]]
currency = "EUR"
iban = "NL91ABNA0417164300"

[[provider.bankAccounts]]
currency = "USD"
iban = "DE89370400440532013000"
bic = "COBADEFF"
"""


class Case(unittest.TestCase):
    def setUp(self):
        self.ledger = self.enterContext(Daybook(PROGRAM))
        self.folder = self.ledger.directory.parent
        self.file = self.folder / "daybook.toml"
        self.home = self.folder / "home"
        self.home.mkdir()
        # No file or variable of the machine counts here.
        for name in [name for name in os.environ if name.startswith("DAYBOOK_")]:
            del os.environ[name]
        os.environ["XDG_CONFIG_HOME"] = str(self.home)

    def write(self, text):
        self.file.write_text(text)
        return self.file

    def run_it(self, *words, expect=0, **variables):
        done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL, env={**os.environ, **variables})
        self.assertEqual(done.returncode, expect, f"{words}\n{done.stdout}{done.stderr}")
        return done

    def shown(self, *words, **variables):
        done = self.run_it("config", "show", "--json", *words, **variables)
        return {item["name"]: (item["value"], item["origin"]) for item in json.loads(done.stdout)["items"]}


class OfADoctor(Case):
    def findings(self, *words, expect=0):
        told = json.loads(self.run_it("doctor", "--json", "--data", self.ledger.directory, *words, expect=expect).stdout)
        self.assertEqual(told["faults"], sum(each["finding"] == "fault" for each in told["findings"]))
        return {each["subject"]: (each["finding"], each["text"]) for each in told["findings"]}

    def test_SC_112_the_provider_entry_that_lacks_is_named(self):
        self.ledger.create_key("clerk", "admin")
        found = self.findings()
        self.assertEqual({subject for subject, (finding, _) in found.items() if finding == "fault"}, set())
        self.assertEqual(found["provider"][0], "advice")
        for name in ("legalName", "address", "[provider]"):
            self.assertIn(name, found["provider"][1])
        self.assertEqual(found["ledger"][0], "fine")
        self.assertEqual(found["clock"][0], "fine")
        self.assertEqual(found["views"][0], "fine")
        told = self.run_it("doctor", "--data", self.ledger.directory).stdout
        self.assertRegex(told, r"(?m)^advice  provider +the provider's details lack legalName, address")

    def test_what_the_configuration_says_is_complete_once_it_is_served(self):
        self.ledger.create_key("clerk", "admin")
        file = self.write(PROVIDER)
        self.ledger.start("--config", str(file))
        self.assertIn("Stop it", self.findings("--config", file)["ledger"][1])
        self.ledger.stop()
        self.assertEqual(self.findings("--config", file)["provider"], ("fine", "its details are complete"))

    def test_memory_that_the_system_does_not_have(self):
        self.ledger.create_key("clerk", "admin")
        self.assertEqual(self.findings()["memory"], ("fine", "the server is to stay below 1024 MiB"))
        file = self.write("[server]\nmemoryMegabytes = 1048576\n")
        finding, text = self.findings("--config", file)["memory"]
        self.assertEqual(finding, "advice")
        self.assertRegex(text, r"the server is to stay below 1048576 MiB, and the system lets it have [0-9]+: set server.memoryMegabytes")

    def test_a_fault_ends_it_as_it_would_end_serve(self):
        self.assertEqual(self.findings(expect=3)["ledger"][0], "fault")
        self.ledger.create_key("clerk", "admin")
        file = self.write('[policies]\n"mosp.invoiceDay" = "NEVER"\n')
        self.assertIn("mosp.invoiceDay", self.findings("--config", file, expect=78)["configuration"][1])
        format_file = self.ledger.directory / "FORMAT"
        format_file.write_text(format_file.read_text().replace(" 1\n", " 999\n", 1))
        told = self.run_it("doctor", "--data", self.ledger.directory, expect=78)
        self.assertRegex(told.stdout, r"(?m)^fault   ledger .*Run the newer version")
        self.assertIn("1 of these must be mended", told.stderr)


class OfACommandLine(Case):
    def test_the_reference_page_is_what_the_program_knows(self):
        self.assertEqual(self.run_it("config", "reference").stdout, Path(PAGE).read_text(),
                         "write it anew: daybook config reference > docs/reference/configuration.md")

    def test_without_a_file_all_is_default(self):
        self.assertIn("no configuration file", self.run_it("config", "check").stdout)
        shown = self.shown()
        self.assertEqual({origin for _, origin in shown.values()}, {"default"})
        self.assertEqual(shown["policies.dunning.retryDays"][0], [3, 7, 14, 21])
        self.assertEqual(shown["server.listen"][0], "127.0.0.1:8080")

    def test_a_variable_is_stronger_than_the_file_that_is_found(self):
        (self.home / "daybook").mkdir()
        found = self.home / "daybook" / "config.toml"
        found.write_text('[policies]\ndunning.warnDays = 14\ndunning.disableDays = 20\n')
        shown = self.shown(DAYBOOK_POLICIES_DUNNING_WARN_DAYS="15", DAYBOOK_POLICIES_DUNNING_RETRY_DAYS="1,2",
                           DAYBOOK_SERVER_HOSTS="a.example,b.example")
        self.assertEqual(shown["policies.dunning.warnDays"], (15, "DAYBOOK_POLICIES_DUNNING_WARN_DAYS"))
        self.assertEqual(shown["policies.dunning.disableDays"], (20, f"{found}:3:9"))
        self.assertEqual(shown["policies.dunning.retryDays"][0], [1, 2])
        self.assertEqual(shown["server.hosts"][0], ["a.example", "b.example"])
        # A file that is named is stronger than one that is found.
        named = self.write("[policies]\ndunning.warnDays = 16\n")
        self.assertEqual(self.shown(DAYBOOK_CONFIG=str(named))["policies.dunning.warnDays"], (16, f"{named}:2:9"))
        self.assertEqual(self.shown("--config", named)["policies.dunning.disableDays"], (30, "default"))

    def test_every_mistake_is_named_with_its_place(self):
        file = self.write("""[policies]
dunning.warndays = 14
invoiceDay.mpa = 29
mca.alwaysInvoice = "no"
dunning.retryDays = [7, 3]
mca.emailRoles = ["Owner", "Nobody"]
mosp.delegatedFrom = 2016-12-01
tax.receiptCountries = ["nl"]

[server]
listen = "8080"
connections = 1.5
colour = "red"

[provider]
product = "Cloud"
vatId = 12
address.city = "Utrecht"

[[provider.bankAccounts]]
iban = "NL91ABNA0417164300"

[email.terms]
text.fr = "Un."
""")
        done = self.run_it("config", "check", file, expect=78)
        self.assertEqual(done.stdout, "")
        lines = [line.removeprefix(f"daybook: {file}:") for line in done.stderr.splitlines()]
        for place, *words in (("2:9", "no setting policies.dunning.warndays", "did you mean policies.dunning.warnDays?"),
                              ("3:12", "invoiceDay.mpa takes a whole number from 1 to 28, as in 8"),
                              ("4:5", "mca.alwaysInvoice takes true or false, as in true"), ("5:9", "rising list"),
                              ("6:5", '"Owner", "Contributor", "Reader" or "InvoiceManager"'), ("8:5", "country codes of two letters"),
                              ("11:1", "listen takes an address"), ("12:15", "numbers are whole here"),
                              ("13:1", "there is no setting server.colour"), ("17:1", "provider.vatId takes a text"),
                              ("", "provider.name is missing"), ("", "provider.address.companyName is missing"),
                              ("", "provider.address.country is missing"), ("21:1", "provider.bankAccounts[0].currency is missing"),
                              ("24:6", "no setting email.terms.text.fr", "did you mean email.terms.text."),
                              ("", "email.terms.version is missing")):
            found = [line for line in lines if line.startswith(place) and all(word in line for word in words)]
            self.assertTrue(found, f"{place} {words} is not among\n{done.stderr}")
        self.assertEqual(len(lines), 16, done.stderr)
        self.run_it("serve", "--data", self.ledger.directory, "--config", file, expect=78)
        self.assertFalse(self.ledger.directory.exists(), "nothing was begun")

    def test_broken_toml_and_wrong_values_of_the_provider(self):
        self.assertIn(":2:", self.run_it("config", "check", self.write("[policies]\na = = 1\n"), expect=78).stderr)
        self.assertIn(":3:", self.run_it("config", "check", self.write("[server]\nheaders = 64\nheaders = 65\n"), expect=78).stderr)
        wrong = PROVIDER.replace("NL91ABNA0417164300", "NL92ABNA0417164300").replace('country = "NL"', 'country = "nl"')
        errors = self.run_it("config", "check", self.write(wrong), expect=78).stderr.splitlines()
        self.assertEqual(len(errors), 2, errors)
        self.assertIn(f"{self.file}:8:9: a country is two capital letters", errors[0])
        self.assertIn(f"{self.file}:13:1: this is no IBAN", errors[1])
        self.run_it("config", "check", self.folder / "none.toml", expect=78)

    def test_variables_are_judged_too(self):
        done = self.run_it("config", "check", expect=78, DAYBOOK_POLICIES_DUNNING_WARNDAYS="14",
                           DAYBOOK_SERVER_HEADERS="many")
        self.assertIn("DAYBOOK_POLICIES_DUNNING_WARN_DAYS", done.stderr)
        self.assertIn("DAYBOOK_SERVER_HEADERS: headers takes a whole number", done.stderr)

    def test_what_is_shown_as_a_file_says_the_same_when_it_is_read(self):
        file = self.write('[server]\nhosts = ["billing.example"]\n[policies]\nmosp.invoiceDay = "PERIOD_END_PLUS_1"\n'
                          '[email.terms]\nversion = "1"\ntext.en = "Say \\"yes\\"."\n' + PROVIDER)
        before = self.shown("--config", file)
        for words in ((), ("--origin",)):
            again = self.folder / "again.toml"
            again.write_text(self.run_it("config", "show", "--config", file, "--output", "toml", *words).stdout)
            after = self.shown("--config", again)
            self.assertEqual({name: value for name, (value, _) in after.items()},
                             {name: value for name, (value, _) in before.items()})
        table = self.run_it("config", "show", "--config", file, "--origin").stdout
        self.assertRegex(table, r'policies\.mosp\.invoiceDay +"PERIOD_END_PLUS_1" +\S+daybook\.toml:4:6\n')
        self.run_it("config", "show", "--output", "xml", expect=2)


class OfALedger(Case):
    def setUp(self):
        super().setUp()
        self.key = self.ledger.create_key("operator", "admin,ingest,read")

    def start(self, text=None, *words):
        more = ["--config", str(self.write(text))] if text is not None else []
        self.ledger.start(*more, *words)
        self.client = self.ledger.client(self.key)

    def restart(self, text=None):
        self.assertEqual(self.ledger.stop(), 0)
        self.start(text)

    def policy(self, name):
        return next(item for item in self.client.get("/policies").json["items"] if item["policy"] == name)

    def events(self, *types):
        return [item for item in self.client.get("/events", limit=1000).json["items"] if item["type"] in
                {f"daybook.{each}" for each in types}]

    def test_who_spoke_last_holds(self):
        name = "dunning.warnDays"
        self.start(f"[policies]\n{name} = 14\n")
        first = self.policy(name)
        self.assertEqual((first["value"], first["byConfiguration"], first["defaultValue"], first["source"]), (14, True, 21, "3.4"))
        head = self.client.get("/log/head").json["position"]
        self.restart(f"# the same\n[policies]\n{name} = 14\n")
        self.assertEqual(self.client.get("/log/head").json["position"], head, "the same configuration writes nothing")
        self.assertEqual(self.client.wish("SetPolicy", {"policy": name, "value": 10}).status, 200)
        self.restart(f"[policies]\n{name} = 14\n")
        self.assertEqual((self.policy(name)["value"], self.policy(name)["byConfiguration"]), (10, False))
        self.assertIn(f"policy {name} is 10", self.ledger.log_tail())
        self.restart(f"[policies]\n{name} = 15\n")
        self.assertEqual(self.policy(name)["value"], 15)
        self.restart("")
        self.assertEqual(self.policy(name)["value"], 15, "a line that is gone takes nothing back")
        self.assertEqual([(item["data"]["value"], item["data"].get("byConfiguration")) for item in self.events("PolicyChanged")],
                         [(14, True), (10, None), (15, True)])
        position = self.policy(name)["position"]
        self.ledger.stop()
        file = self.write(f"[policies]\n{name} = 15\n")
        shown = self.shown("--config", file, "--data", self.ledger.directory)
        self.assertEqual(shown[f"policies.{name}"], (15, f"{file}:2:9, recorded at position {position}"))
        self.assertEqual(self.shown("--data", self.ledger.directory)[f"policies.{name}"], (15, f"ledger, position {position}"))

    def test_the_provider_is_public_and_stands_in_messages(self):
        self.start(PROVIDER)
        stranger = self.ledger.client(None).get("/provider")
        self.assertEqual(stranger.status, 200, stranger)
        self.assertEqual((stranger.json["name"], stranger.json["product"], stranger.json["accountTypeNames"]),
                         ("Contoso Cloud", "Cloud", {"MOSP": "Direct"}))
        self.assertNotIn("NL91ABNA0417164300", stranger.body.decode())
        self.assertFalse({"daybook-position", "daybook-token"} & set(stranger.headers), "strangers learn no position")
        # Who has a key is answered as everywhere: with a position, of any position, and held to his token.
        known = self.client.get("/provider")
        self.assertEqual((known.json, known.headers["daybook-position"]), (stranger.json, self.client.get("/log/head").headers["daybook-position"]))
        before = self.client.get("/provider", asOf=1)
        self.assertEqual((before.json["name"], before.headers["daybook-position"]), (None, "1"))
        self.assertEqual(self.client.get("/provider", asOf="soon").code, "BAD_QUERY")
        altered = self.client.request("GET", "/v1/provider", headers={"Daybook-Token": known.headers["daybook-token"][:-1]})
        self.assertEqual((altered.status, altered.code), (400, "BAD_TOKEN"))
        for query in ({"asOf": 1}, {"asOf": 999999}, {"minPosition": 1}):
            asked = self.ledger.client(None).get("/provider", **query)
            self.assertEqual((asked.status, asked.code), (401, "UNAUTHENTICATED"), query)
        changed = self.events("ProviderDetailsChanged")
        self.assertEqual([item["data"]["bankAccounts"][1]["bic"] for item in changed], ["COBADEFF"])
        world = World(self.client, None)
        for step in flat(begin("2024-03-05", account("2024-03-05"), subscription("sub-01", "2024-03-05"))):
            step(world)
        question = {"subscriptionId": "sub-01"}
        self.assertEqual(self.client.get("/missing-invoice", **question).json["message"],
                         "It's less than 30 days since you subscribed to Cloud.")
        # Another block, on a later day; the same one later still.
        self.restart(PROVIDER.replace('product = "Cloud"\n', ""))
        self.assertEqual(self.client.get("/missing-invoice", **question).json["message"],
                         "It's less than 30 days since you subscribed to.")
        self.client.wish("AdvanceClock", {"to": "2024-03-10T00:00:00Z"})
        self.restart(PROVIDER.replace('product = "Cloud"\n', ""))
        self.assertEqual([item["data"]["effectiveOn"] for item in self.events("ProviderDetailsChanged")],
                         ["1970-01-01", "2024-03-05"])

    def test_what_the_provider_lacks_is_said_at_the_start(self):
        self.start()
        self.assertIn("details lack legalName, address (", self.ledger.log_tail())
        world = World(self.client, None)
        for step in flat(begin("2024-03-05", account("2024-03-05"), vat("2024-03-05"))):
            step(world)
        self.ledger.log.write_text("")
        self.restart(PROVIDER.replace('vatId = "NL004495445B01"\n', ""))
        self.assertIn("details lack vatId (", self.ledger.log_tail())
        self.ledger.log.write_text("")
        self.restart(PROVIDER)
        self.assertNotIn("details lack", self.ledger.log_tail())

    def test_terms_and_hosts(self):
        self.start('[server]\nhosts = ["billing.example"]\nheaders = 8\n[email.terms]\nversion = "1"\ntext.nl = "Een."\n')
        self.assertEqual(self.client.get("/terms/email").json, {"termsVersion": "1", "text": {"nl": "Een."}})
        self.assertEqual(self.client.request("GET", "/v1/clock", headers={"Host": "billing.example"}).status, 200)
        self.assertEqual(self.client.request("GET", "/v1/clock", headers={"Host": "other.example"}).code, "MISDIRECTED_REQUEST")
        many = {f"X-{n}": "1" for n in range(8)}
        self.assertEqual(self.client.request("GET", "/v1/clock", headers=many).status, 431)
        # The same version with another text is refused before anything is served.
        self.ledger.stop()
        self.write('[email.terms]\nversion = "1"\ntext.nl = "Twee."\n')
        done = self.run_it("serve", "--data", self.ledger.directory, "--listen", "127.0.0.1:0", "--clock", "manual",
                           "--config", self.file, expect=78)
        self.assertIn("DUPLICATE", done.stderr)

    def test_estimates_are_refreshed_daily_where_the_policy_says_so(self):
        self.start('[policies]\nestimates.refresh = "daily"\n')
        world = World(self.client, None)

        def estimate():
            statement = self.client.get("/subscriptions/sub-01/statement").json
            history = self.client.get("/subscriptions/sub-01/billing-history").json
            self.assertEqual(history["current"]["total"], statement["total"])
            return statement["total"]["amount"], statement["asOf"]

        for step in flat(begin("2024-03-05", account("2024-03-05"), subscription("sub-01", "2024-03-05"),
                               cost("sub-01", "2024-03-05", "4.00"))):
            step(world)
        self.assertEqual(estimate(), ("0.00", "2024-03-05T00:00:00Z"))
        for step in on("2024-03-06", cost("sub-01", "2024-03-06", "2.00")):
            step(world)
        self.assertEqual(estimate(), ("4.00", "2024-03-06T00:00:00Z"))
        self.client.wish("SetPolicy", {"policy": "estimates.refresh", "value": "live"})
        self.assertEqual(estimate()[0], "6.00")

    def test_no_configuration_alters_the_past(self):
        self.start("")
        world = World(self.client, None)
        for step in flat(begin("2024-02-02", account("2024-02-02"), person("jeroen", "2024-02-02")),
                         on("2024-03-05", subscription("sub-01", "2024-03-05"), cost("sub-01", "2024-03-05", "40.00")),
                         on("2024-05-02"), on("2024-05-14", cost("sub-01", "2024-05-14", "7.00"))):
            step(world)
        invoice = self.client.get("/invoices", accountId="acc-1").json["items"][0]
        head = self.client.get("/log/head").json["position"]
        before = {view["name"]: view["stateHash"] for view in self.client.get("/projections", minPosition=head).json["items"]}
        self.ledger.stop()
        # Another configuration, and every view made again from the log.
        shutil.rmtree(self.ledger.directory / "views")
        other = '[policies]\nmosp.invoiceDay = "PERIOD_END_PLUS_1"\ndunning.warnDays = 1\npayment.termDays = 5\nmosp.marketplaceDay = 3\n'
        rebuilt = json.loads(self.run_it("replay", "rebuild", "--data", self.ledger.directory,
                                         DAYBOOK_CONFIG=str(self.write(other))).stdout)
        self.assertEqual({view["name"]: view["rebuiltHash"] for view in rebuilt["projections"]}, before)
        self.assertTrue(all(view["equal"] for view in rebuilt["projections"]))
        self.start(other + PROVIDER)
        now = self.client.get(f"/invoices/{invoice['invoiceId']}").json
        for member in ("issueDate", "dueDate", "totals", "amountDue", "status", "period"):
            self.assertEqual(now[member], invoice[member], member)
        asked = urllib.parse.quote(str(head))
        self.assertEqual([item["value"] for item in self.client.get(f"/policies?asOf={asked}").json["items"]
                          if item["policy"] == "dunning.warnDays"], [21])
        # From here on the new settings count: the period from 5 May ends on 4 June and is invoiced on the 5th.
        self.client.wish("AdvanceClock", {"to": "2024-06-06T00:00:00Z"})
        issued = [item["issueDate"] for item in self.client.get("/invoices", accountId="acc-1").json["items"]]
        self.assertEqual(issued, ["2024-06-05", "2024-05-02"])

    def test_the_directory_may_stand_in_the_file(self):
        file = self.write(f'[server]\ndata = "{self.ledger.directory}"\nlisten = "127.0.0.1:0"\nclock = "manual"\n')
        with open(self.ledger.log, "ab") as log:
            self.ledger.process = subprocess.Popen([PROGRAM, "serve", "--config", str(file)], stdin=subprocess.DEVNULL,
                                                   stdout=subprocess.PIPE, stderr=log)
        self.ledger.wait_until_listening()
        self.assertEqual(self.ledger.client(self.key).get("/clock").json["clock"], "manual")


if __name__ == "__main__":
    PROGRAM, PAGE = sys.argv[1:3]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
