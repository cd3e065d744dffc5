"""What persons ask on the way, and what the rules say of it: lists, documents, scopes, tables of section 5, section 7."""

from datetime import timedelta

from access import ENTERPRISE

FINAL_DAYS = 3
ROLE_CODES = {"NO_PERMISSION", "NOT_FOUND", "FORBIDDEN", "NOT_ACCOUNT_ADMIN", "NOT_PROFILE_CONTRIBUTOR", "NOT_EA_ADMIN",
              "NOT_A_MEMBER"}
SCOPES = {"Account": "/accounts/{}", "Profile": "/profiles/{}", "Enrollment": "/enrollments/{}",
          "Department": "/departments/{}", "EnrollmentAccount": "/enrollment-accounts/{}",
          "Subscription": "/subscriptions/{}", "SupportPlan": "/email-preferences/SupportPlan/{}"}
ABOVE = ("Account", "Profile", *ENTERPRISE)


class Questions:
    """Part of Watch."""

    # 9, 14 and section 5: what persons see.

    def _as(self, identity, tenant):
        if (identity, tenant) not in self.clients:
            self.clients[identity, tenant] = self.persons.as_identity(identity, tenant)
        return self.clients[identity, tenant]

    def _people(self):
        return [(identity, tenant) for identity, known in sorted(self.oracle.persons.identities.items())
                for tenant in known["tenants"]]

    def _documents(self):
        return [document for document in self.oracle.documents if document.name]

    def _strangers(self, name):
        """Everybody opens a document once it is issued."""
        document = self._document(name)
        if document is None:
            return
        people = self._people()
        for identity, tenant in self.chance.sample(people, min(3, len(people))):
            self._opens(identity, tenant, document)

    def _opens(self, identity, tenant, document):
        client, name = self._as(identity, tenant), document.name
        may = self.oracle.access.sees(identity, tenant, document)
        answer = client.get(f"/invoices/{name}")
        self.answers["documents opened"] += 1
        if answer.status != (200 if may else 404):
            return self.wrong(9, f"{identity} in {tenant} opens {name} and gets {answer.status}; "
                                 f"{'may' if may else 'may not'} see it")
        if not may:
            if (identity, tenant) not in self.nothing:
                self.nothing[identity, tenant] = {**client.get("/invoices/E000000000").json, "requestId": ""}
            if {**answer.json, "requestId": ""} != self.nothing[identity, tenant]:
                self.wrong(9, f"{identity} in {tenant} can tell {name} from nothing")

    def _somebody_asks(self):
        people = self._people()
        if not people:
            return
        identity, tenant = self.chance.choice(people)
        what = self.chance.randrange(10)
        if what < 2:
            self._list(identity, tenant)
        elif what < 3:
            self._scopes(identity, tenant)
        elif what < 5:
            self._missing(identity, tenant)
        elif what < 8:
            self._reads(identity, tenant)
        elif self._documents():
            document = self.chance.choice(self._documents())
            (self._opens if what == 8 else self._follows)(identity, tenant, document)

    def _follows(self, identity, tenant, document):
        """The link of an invoice mail, opened by somebody."""
        if document.type == "EnrollmentOverage" or document.status == "Void":
            return
        self.answers["links"] += 1
        answer = self._as(identity, tenant).get("/missing-invoice", invoiceId=document.name)
        wanted = self.oracle.access.by_link(identity, tenant, document)
        final = document.period[1] + timedelta(days=FINAL_DAYS) <= self.oracle.clock
        codes = [wanted] + (["USAGE_FILE_NOT_READY"] if wanted == "NONE" and not final else [])
        said = [reason["code"] for reason in answer.json["reasons"]] if answer.status == 200 else repr(answer)
        if said != codes:
            self.wrong("link", f"{identity} in {tenant} follows the link to {document.name}: the ledger says {said}, "
                               f"the rules {codes}")

    def _list(self, identity, tenant):
        self.answers["lists"] += 1
        seen = {item["invoiceId"] for item in self._as(identity, tenant).pages("/invoices", limit=1000)}
        may = {document.name for document in self._documents() if self.oracle.access.sees(identity, tenant, document)}
        if seen != may and not set(self.invoices) - {document.name for document in self._documents()}:
            self.wrong(9, f"{identity} in {tenant} lists {sorted(seen - may)} too many, {sorted(may - seen)} too few")

    def _all_scopes(self):
        book = self.oracle.book
        there = [("Account", name) for name in book.accounts] + [("Profile", name) for name in book.profiles]
        there += [("Enrollment", name) for name in book.enrollments]
        there += [("Department", name) for name in self.oracle.persons.departments]
        there += [("EnrollmentAccount", name) for name in book.enrollment_accounts]
        there += [("Subscription", name) for name, data in book.subscriptions.items()
                  if book.accounts[data["accountId"]]["type"] == "MOSP"]
        return there + [("SupportPlan", name) for name in book.plans
                        if self.oracle.account_of(book.plans[name]["subscriptionId"])["type"] == "MOSP"]

    def _reads(self, identity, tenant):
        """One of the tables of section 5: a question about a scope that is not about one invoice."""
        questions = {"Subscription": ("usage", "statement", "billing-history"),
                     "Profile": ("pending-charges", "usage", "credits"), "Enrollment": ("usage", "months"),
                     "Department": ("months",), "EnrollmentAccount": ("months",)}
        scopes = [(kind, name) for kind, name in self._all_scopes() if kind in questions
                  and not (kind == "Subscription" and self.oracle.book.subscriptions[name]["support"])]
        if not scopes:
            return
        kind, name = self.chance.choice(scopes)
        what = self.chance.choice(questions[kind])
        span = {"from": self.oracle.clock.replace(day=1).isoformat(), "to": self.oracle.clock.isoformat()}
        answer = self._as(identity, tenant).get(f"{SCOPES[kind].format(name)}/{what}",
                                                **(span if what == "usage" and self.oracle.clock.day > 1 else {}))
        self.answers["tables of section 5"] += 1
        wanted = self.oracle.access.reads(identity, tenant, kind, name, what)
        if answer.status != wanted and not (what == "usage" and answer.code == "BAD_QUERY"):
            self.wrong("access", f"{identity} in {tenant} asks for {what} of {kind} {name}: {answer.status}, "
                                 f"the rules say {wanted}")

    def acted(self, step, answer, verdict):
        """A command of a person was answered; `verdict`: what the rules say of his role."""
        self.answers["commands of persons"] += 1
        said = None if answer.status == 200 else answer.code
        if verdict is None and said in ROLE_CODES or verdict is not None and said != verdict:
            self.wrong("access", f"{step['by']} in {step['tenant']} sends {step['name']} {step['fields']}: the ledger says "
                                 f"{said or 'yes'}, the rules {verdict or 'yes'}")

    def _scopes(self, identity, tenant):
        self.answers["billing scopes"] += 1
        answer = self._as(identity, tenant).get("/billing-scopes", limit=1000)
        if answer.status != 200:
            return self.wrong(14, f"/billing-scopes of {identity} in {tenant}: {answer!r}")
        listed_there = {(item["scopeType"], item["scopeId"]): set(item["can"]) for item in answer.json["items"]}
        for kind, name in self._all_scopes():
            status = self._as(identity, tenant).get(SCOPES[kind].format(name)).status
            if kind in ABOVE:   # a role below one makes it seen, no more (5.5)
                seen = self.oracle.access.seen(identity, tenant, kind, name)
                if (status == 404) == seen:
                    self.wrong("access", f"{kind} {name} answers {identity} in {tenant} {status}, "
                                         f"{'seen' if seen else 'not seen'} by 5.5")
            if (status == 200) != ((kind, name) in listed_there):
                self.wrong(14, f"{kind} {name} answers {identity} in {tenant} {status}, and is "
                               f"{'' if (kind, name) in listed_there else 'not '}among his billing scopes")
            if kind in ENTERPRISE:
                may, does = self.oracle.access.views_charges(identity, tenant, kind, name), listed_there.get((kind, name), set())
                if may != ("DownloadUsage" in does) or does & {"ViewInvoices", "Pay"}:
                    self.wrong("access", f"{identity} in {tenant} at {kind} {name}: the ledger lets him {sorted(does)}, "
                                         f"by the rules he {'may' if may else 'may not'} download usage")
                continue
            can = self.oracle.access.can(identity, tenant, kind, name)
            if can is not None and listed_there.get((kind, name), set()) != can:
                self.wrong("access", f"{identity} in {tenant} at {kind} {name}: the ledger lets him "
                                     f"{sorted(listed_there.get((kind, name), set()))}, the rules {sorted(can)}")

    def _missing(self, identity, tenant):
        scopes = [(kind, name) for kind, name in self._all_scopes() if kind in ("Subscription", "Profile")
                  and not (kind == "Subscription" and self.oracle.book.subscriptions[name]["support"])]
        if not scopes:
            return
        kind, name = self.chance.choice(scopes)
        began = (self.oracle.book.subscriptions[name]["stays"][-1].start if kind == "Subscription"
                 else self.oracle.book.profiles[name]["created"])
        on = max(began, self.oracle.clock - timedelta(days=self.chance.choice((0, 10, 31, 45, 62, 100))))
        self.answers["missing invoices"] += 1
        answer = self._as(identity, tenant).get("/missing-invoice", period=on.isoformat(),
                                                **{f"{kind.lower()}Id": name})
        primary, codes = self.oracle.access.reasons(identity, tenant, kind, name, on)
        if primary == "NOT_FOUND":
            said = "NOT_FOUND" if answer.status == 404 else f"{answer.status} {answer.json.get('primary')}"
        else:
            said = answer.json.get("primary") if answer.status == 200 else f"{answer!r}"
        where = f"{identity} in {tenant} asks on {self.oracle.clock} about {kind} {name}, {on}"
        if said != primary:
            self.wrong("missing", f"{where}: the ledger says {said}, the rules {primary}")
        elif primary != "NOT_FOUND" and {reason["code"] for reason in answer.json["reasons"]} != codes:
            self.wrong("missing", f"{where}: reasons {sorted(reason['code'] for reason in answer.json['reasons'])}, "
                                  f"the rules {sorted(codes)}")
