#include "cli/demo/tour.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "cli/demo/tour_script.h"
#include "ledger/domain/money.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

constexpr int kJune = 6;
constexpr int kJuly = 7;
constexpr int kSeptember = 9;

std::string day_of(int month, int day) {
  return month == 13 ? fmt::format("2025-01-{:02}", day) : fmt::format("2024-{:02}-{:02}", month, day);
}

/// The year goes by: month by month, facts and wishes in the order of their days.
class Tour {
 public:
  explicit Tour(Narrator& narrator) : narrator_(narrator) {}

  Outcome<void> play() {
    LEDGER_CHECK(narrator_.clock("2024-01-02", false));
    for (const TourFact& fact : kTourBeginnings) LEDGER_CHECK(narrator_.fact(fact.type, "2024-01-02", fact.data));
    LEDGER_CHECK(opt_in());
    for (int month = 1; month <= 12; ++month) LEDGER_CHECK(play_month(month));
    LEDGER_CHECK(narrator_.clock(day_of(13, 20)));
    return pay(13);
  }

 private:
  Outcome<void> opt_in() {
    const std::string scope = R"("scopeType":"Subscription","scopeId":"web-shop")";
    LEDGER_CHECK(narrator_.wish("AcceptEmailTerms", fmt::format(R"({{{},"termsVersion":"2024-01"}})", scope)));
    LEDGER_CHECK(narrator_.wish("OptInEmailInvoice",
                                fmt::format(R"({{{},"preferredEmail":"billing@contoso.example"}})", scope)));
    return {};
  }

  Outcome<void> play_month(int month) {
    if (month == kJuly) LEDGER_CHECK(decline());
    LEDGER_CHECK(narrator_.clock(day_of(month, 10)));
    for (const TourSubscription& each : kTourSubscriptions) LEDGER_CHECK(use(each, month));
    for (const TourPurchase& purchase : kTourPurchases) {
      if (purchase.day.substr(0, 7) != day_of(month, 1).substr(0, 7)) continue;
      LEDGER_CHECK(narrator_.clock(purchase.day));
      LEDGER_CHECK(narrator_.fact("PurchaseCharged", purchase.day, purchase.data));
    }
    LEDGER_CHECK(narrator_.clock(day_of(month, 20)));
    if (month == kSeptember) LEDGER_CHECK(credit());
    return pay(month);
  }

  Outcome<void> use(const TourSubscription& subscription, int month) {
    const std::string_view quantity = subscription.used[static_cast<std::size_t>(month - 1)];
    if (quantity == "0") return {};
    LEDGER_CHECK(narrator_.fact("UsageRecorded", day_of(month, 10),
                                fmt::format(R"({{"subscriptionId":"{}","meterId":"{}","quantity":"{}"}})", subscription.id,
                                            subscription.meter, quantity)));
    return {};
  }

  /// The card of the website customer is declined once.
  Outcome<void> decline() {
    LEDGER_CHECK(narrator_.clock(day_of(kJuly, 3)));
    LEDGER_TRY(const auto invoices, narrator_.ask("/invoices?subscriptionId=web-shop&status=Due"));
    if (invoices["items"].items().empty()) return fail(ExitCode::Failed, "The tour expects an invoice of web-shop in July.");
    const std::string& id = invoices["items"].items().front()["invoiceId"].text();
    LEDGER_CHECK(narrator_.fact(
        "InvoicePaymentFailed", day_of(kJuly, 3),
        fmt::format(R"({{"invoiceId":"{}","paymentId":"declined-1","reason":"BankDeclined","methodId":"card-1"}})", id)));
    return {};
  }

  /// An outage of August is made good.
  Outcome<void> credit() {
    LEDGER_TRY(const auto invoices, narrator_.ask("/invoices?profileId=fabrikam-eur&limit=1"));
    const std::string& id = invoices["items"].items().front()["invoiceId"].text();
    LEDGER_CHECK(narrator_.wish(
        "IssueCreditNote",
        fmt::format(R"({{"invoiceId":"{}","amount":{{"amount":"25.00","currency":"EUR"}},"reason":"outage in August"}})", id)));
    return {};
  }

  /// On the 20th: the partner pays in two halves, the others all at once; in June one of them forgets.
  Outcome<void> pay(int month) {
    for (const std::string_view status : {"PastDue", "Due"}) {
      LEDGER_TRY(const auto invoices, narrator_.ask(fmt::format("/invoices?limit=1000&status={}", status)));
      std::vector<JsonValue> open = invoices["items"].items();
      std::reverse(open.begin(), open.end());
      for (const JsonValue& invoice : open) {
        if (month == kJune && invoice["accountId"].text() == "fabrikam") continue;
        LEDGER_CHECK(pay(invoice, day_of(month, 20)));
      }
    }
    return {};
  }

  Outcome<void> pay(const JsonValue& invoice, const std::string& day) {
    const JsonValue& due = invoice["amountDue"];
    const JsonValue& total = invoice["totals"]["total"];
    const Result<Currency> currency = Currency::parse(due["currency"].text());
    if (!currency) return fail(currency.error());
    Result<Money> amount = Money::parse(due["amount"].text(), *currency);
    if (!amount) return fail(amount.error());
    const bool in_parts = invoice["accountId"].text() == "northwind" && due["amount"].text() == total["amount"].text();
    if (in_parts) amount->minor_units /= 2;
    LEDGER_CHECK(narrator_.fact(
        "InvoicePaymentSucceeded", day,
        fmt::format(R"({{"invoiceId":"{}","paymentId":"pay-{:02}","amount":{{"amount":"{}","currency":"{}"}}}})",
                    invoice["invoiceId"].text(), ++payments_, amount->amount_text(), currency->text())));
    return {};
  }

  Narrator& narrator_;
  int payments_ = 0;
};

}  // namespace

Outcome<void> play_tour(Narrator& narrator) { return Tour(narrator).play(); }

}  // namespace daybook::cli
