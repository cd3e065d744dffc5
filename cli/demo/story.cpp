#include "cli/demo/story.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/demo/sample.h"
#include "cli/import/import_job.h"
#include "cli/progress.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

constexpr std::string_view kInvoicesOfSeptember = "/invoices?documentType=Invoice&from=2024-10-01&to=2024-10-10";
constexpr std::string_view kSubscription = R"("scopeType":"Subscription","scopeId":"sub-01")";

Outcome<Decimal> decimal(const std::string& text) {
  const Result<Decimal> value = Decimal::parse(text);
  if (!value) return fail(value.error());
  return *value;
}

/// An invoice of an imported account: exact lines on one side, whole cents on the other.
Outcome<Decimal> tell_imported_invoice(Narrator& narrator, const std::string& invoice_id) {
  LEDGER_TRY(const auto invoice, narrator.ask("/invoices/" + invoice_id));
  Decimal exact;
  for (const JsonValue& line : invoice["lines"].items()) {
    LEDGER_TRY(const auto value, decimal(line["value"].text()));
    const Result<Decimal> sum = add(exact, value);
    if (!sum) return fail(sum.error());
    exact = *sum;
  }
  narrator.say(fmt::format("{}  profile {:<13}  {:>3} lines  exact {:>16}  billed {:>10}", invoice_id,
                           invoice["profileId"].text(), invoice["lines"].items().size(), exact.to_string(),
                           amount_of(invoice["totals"]["billed"])));
  return decimal(invoice["totals"]["billed"]["amount"].text());
}

Outcome<void> import_and_invoice(Narrator& narrator, StoryEnd& end) {
  narrator.chapter(fmt::format("A real cost export comes in: {}", kSampleName));
  narrator.say(std::string(kSampleAttribution));
  LEDGER_CHECK(narrator.clock("2024-10-01", false));
  Progress progress("importing", sample_export().size());
  ImportOptions options;
  options.file = std::string(kSampleName);
  LEDGER_TRY(const auto report, import_export(sample_export(), options, narrator.ledger(), progress));
  LEDGER_TRY(const auto again, import_export(sample_export(), options, narrator.ledger(), progress));
  progress.clear();
  const ImportReport::Total& total = report.totals.at("USD");
  narrator.say(fmt::format("{} rows: {} accepted, {} rejected; made {} accounts, {} profiles, {} subscriptions", report.rows,
                           report.accepted, report.rejects.size(), report.created.accounts, report.created.profiles,
                           report.created.subscriptions));
  narrator.say(fmt::format("the same file again: {} accepted, {} known already", again.accepted, again.duplicates));
  narrator.say(fmt::format("its own exact sum: {} USD", total.cost.to_string()));

  narrator.chapter("On the 9th of October the profiles are invoiced for September");
  LEDGER_CHECK(narrator.clock("2024-10-09"));
  LEDGER_TRY(const auto invoices, narrator.ask(std::string(kInvoicesOfSeptember)));
  Decimal billed;
  std::size_t most_lines = 0;
  for (const JsonValue& item : (invoices)["items"].items()) {
    LEDGER_TRY(const auto amount, tell_imported_invoice(narrator, item["invoiceId"].text()));
    const Result<Decimal> sum = add(billed, amount);
    if (!sum) return fail(sum.error());
    billed = *sum;
    LEDGER_TRY(const auto whole, narrator.ask("/invoices/" + item["invoiceId"].text()));
    if (whole["lines"].items().size() > most_lines) {
      most_lines = whole["lines"].items().size();
      end.imported_account = whole["accountId"].text();
    }
  }
  const Result<Decimal> exact = total.cost.to_decimal();
  const Result<Decimal> rounding = exact ? subtract(billed, *exact) : exact;
  if (!rounding) return fail(rounding.error());
  narrator.say(fmt::format("billed {} USD for {} USD: rounded by {} over {} documents, once each", billed.to_string(),
                           exact->to_string(), rounding->to_string(), (invoices)["items"].items().size()));
  return {};
}

Outcome<void> open_customer(Narrator& narrator) {
  narrator.chapter("A customer: Jeroen of Contoso in Utrecht, paying by card");
  const std::pair<std::string_view, std::string_view> facts[] = {
      {"TaxRateChanged", R"({"country":"NL","name":"VAT","ratePercent":"21","effectiveOn":"2024-01-01"})"},
      {"PriceChanged",
       R"({"meterId":"vm-b1s","currency":"EUR","effectiveOn":"2024-01-01","unit":"1 Hour","includedQuantity":"100",)"
       R"("tiers":[{"from":"0","unitPrice":"0.12"},{"from":"200","unitPrice":"0.10"}]})"},
      {"IdentityLinked",
       R"({"identityId":"jeroen","issuer":"https://login.example","subject":"jeroen","email":"jeroen@contoso.example",)"
       R"("tenantId":"contoso"})"},
      {"BillingAccountOpened",
       R"({"accountId":"acc-1","type":"MOSP","country":"NL","tenantId":"contoso","currency":"EUR","signedUpBy":"jeroen",)"
       R"("createdOn":"2024-10-02"})"},
      {"PaymentMethodAdded", R"({"methodId":"card-1","accountId":"acc-1","family":"CreditCard","expiry":"2027-04"})"},
      {"SubscriptionCreated",
       R"({"subscriptionId":"sub-01","accountId":"acc-1","offerId":"MS-AZR-0003P","name":"Web shop","createdOn":"2024-10-09",)"
       R"("paymentMethodId":"card-1"})"},
  };
  for (const auto& [type, data] : facts) {
    LEDGER_CHECK(narrator.fact(type, "2024-10-09", data));
  }
  LEDGER_TRY(const auto subscription, narrator.ask("/subscriptions/sub-01"));
  narrator.say(fmt::format("subscription {} is {}, its first period {} up to {}", subscription["subscriptionId"].text(),
                           subscription["status"].text(), subscription["currentPeriod"]["start"].text(),
                           subscription["currentPeriod"]["endExclusive"].text()));
  narrator.say("virtual machine hours: 100 included, then 0.12 each, after 200 of those 0.10; VAT 21 %");
  return {};
}

Outcome<void> use(Narrator& narrator) {
  const std::pair<std::string_view, std::string_view> days[] = {
      {"2024-10-12", "60.5"}, {"2024-10-20", "130"}, {"2024-11-03", "140.25"}};
  for (const auto& [day, quantity] : days) {
    LEDGER_CHECK(narrator.clock(day));
    LEDGER_TRY(const auto posted, narrator.fact("UsageRecorded", day,
                                       fmt::format(R"({{"subscriptionId":"sub-01","meterId":"vm-b1s","quantity":"{}",)"
                                                   R"("unit":"1 Hour","category":"Virtual Machines","region":"EU West"}})",
                                                   quantity)));
    narrator.say(fmt::format("{}  {:>6} hours, event {}", day, quantity, posted));
  }
  return {};
}

void tell_line(const Narrator& narrator, const JsonValue& line) {
  narrator.say(fmt::format("  {} used, {} included, {} billed", line["consumed"].text(), line["included"].text(),
                           line["billable"].text()));
  for (const JsonValue& tier : line["tiers"].items()) {
    narrator.say(fmt::format("    {:>7} x {:<5} = {:>7}", tier["quantity"].text(), tier["unitPrice"].text(), tier["value"].text()));
  }
  narrator.say(fmt::format("    exact {}, in whole cents {}", line["value"].text(), amount_of(line["amount"])));
}

Outcome<std::string> invoice_customer(Narrator& narrator) {
  narrator.chapter("On the 2nd of December the first period is invoiced");
  LEDGER_CHECK(narrator.clock("2024-12-02"));
  LEDGER_TRY(const auto invoices, narrator.ask("/invoices?subscriptionId=sub-01"));
  if ((invoices)["items"].items().size() != 1) return fail(ExitCode::Failed, "The story expects one invoice of sub-01.");
  const std::string id = (invoices)["items"].items().front()["invoiceId"].text();
  LEDGER_TRY(const auto invoice, narrator.ask("/invoices/" + id));
  narrator.say(fmt::format("invoice {} of {}, for {} up to {}: {}", id, invoice["issueDate"].text(),
                           invoice["period"]["start"].text(), invoice["period"]["endExclusive"].text(),
                           invoice["status"].text()));
  for (const JsonValue& line : invoice["lines"].items()) tell_line(narrator, line);
  const JsonValue& totals = invoice["totals"];
  for (const JsonValue& tax : invoice["taxes"].items()) {
    narrator.say(fmt::format("  subtotal {}, {} {} % {}, total {}", amount_of(totals["subTotal"]), tax["name"].text(),
                             tax["ratePercent"].text(), amount_of(tax["amount"]), amount_of(totals["total"])));
  }
  return id;
}

Outcome<void> tell_states(Narrator& narrator, const std::string& invoice_id) {
  LEDGER_TRY(const auto invoice, narrator.ask("/invoices/" + invoice_id));
  LEDGER_TRY(const auto subscription, narrator.ask("/subscriptions/sub-01"));
  narrator.say(fmt::format("invoice {}, {} due; subscription {}", invoice["status"].text(),
                           amount_of(invoice["amountDue"]), subscription["status"].text()));
  return {};
}

Outcome<void> decline_and_pay(Narrator& narrator, StoryEnd& end) {
  narrator.chapter("The card is declined, and paid a day later");
  LEDGER_TRY(const auto declined, narrator.fact("InvoicePaymentFailed", "2024-12-02",
                             fmt::format(R"({{"invoiceId":"{}","paymentId":"p-1","reason":"BankDeclined","methodId":"card-1"}})",
                                         end.invoice_id)));
  end.past_due_position = declined;
  LEDGER_CHECK(tell_states(narrator, end.invoice_id));
  LEDGER_TRY(const auto invoice, narrator.ask("/invoices/" + end.invoice_id));
  const JsonValue& due = invoice["amountDue"];
  LEDGER_CHECK(narrator.clock("2024-12-03"));
  LEDGER_CHECK(narrator.fact("InvoicePaymentSucceeded", "2024-12-03",
                                   fmt::format(R"({{"invoiceId":"{}","paymentId":"p-2","amount":{{"amount":"{}","currency":"{}"}},)"
                                               R"("methodId":"card-1"}})",
                                               end.invoice_id, due["amount"].text(), due["currency"].text())));
  return tell_states(narrator, end.invoice_id);
}

Outcome<void> tell_preference(Narrator& narrator) {
  LEDGER_TRY(const auto preference, narrator.ask("/email-preferences/Subscription/sub-01"));
  narrator.say(fmt::format("e-mail invoices: {}{}", preference["state"].text(),
                           preference["preferredEmail"].is_null() ? std::string()
                                                                     : " to " + preference["preferredEmail"].text()));
  return {};
}

Outcome<void> mail(Narrator& narrator) {
  narrator.chapter("Invoices by e-mail: opted in, one sent, opted out");
  LEDGER_CHECK(narrator.wish("AcceptEmailTerms", fmt::format(R"({{{},"termsVersion":"2024-01"}})", kSubscription)));
  LEDGER_CHECK(narrator.wish("OptInEmailInvoice",
                                       fmt::format(R"({{{},"preferredEmail":"billing@contoso.example"}})", kSubscription)));
  LEDGER_CHECK(tell_preference(narrator));
  LEDGER_CHECK(narrator.fact("UsageRecorded", "2024-12-03",
                                   R"({"subscriptionId":"sub-01","meterId":"vm-b1s","quantity":"350","unit":"1 Hour"})"));
  LEDGER_CHECK(narrator.clock("2025-02-02"));
  LEDGER_TRY(const auto invoices, narrator.ask("/invoices?subscriptionId=sub-01&limit=1"));
  for (const JsonValue& invoice : (invoices)["items"].items()) {
    const std::string& id = invoice["invoiceId"].text();
    LEDGER_TRY(const auto mails, narrator.ask("/invoices/" + id + "/emails"));
    for (const JsonValue& sent : mails["items"].items()) {
      narrator.say(fmt::format("invoice {} of {}: mail to {} is {}", id, amount_of(invoice["totals"]["total"]),
                               sent["address"].text(), sent["state"].text()));
    }
  }
  LEDGER_CHECK(narrator.wish("OptOutEmailInvoice", fmt::format("{{{}}}", kSubscription)));
  return tell_preference(narrator);
}

}  // namespace

Outcome<StoryEnd> tell_story(Narrator& narrator) {
  StoryEnd end;
  LEDGER_CHECK(import_and_invoice(narrator, end));
  LEDGER_CHECK(open_customer(narrator));
  LEDGER_CHECK(use(narrator));
  LEDGER_TRY(const auto invoice_id, invoice_customer(narrator));
  end.invoice_id = std::move(invoice_id);
  LEDGER_CHECK(decline_and_pay(narrator, end));
  LEDGER_CHECK(mail(narrator));
  return end;
}

}  // namespace daybook::cli
