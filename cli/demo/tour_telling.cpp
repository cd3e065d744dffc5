#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/demo/tour.h"
#include "cli/demo/tour_script.h"
#include "ledger/domain/journal/journal.h"
#include "ledger/domain/journal/journal_text.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kWidth = 97;  ///< of a line without its indent

struct Customer {
  std::string_view account;
  std::string_view title;
  std::vector<std::string_view> terms;
  /// What is asked for periods without an invoice: `subscriptionId=web-shop`, and the day of its period in a month.
  std::vector<std::pair<std::string_view, int>> scopes;
  /// Somebody who asks too, and in which directory.
  std::string_view person;
  std::string_view tenant;
};

std::vector<Customer> customers() {
  return {
      {"contoso",
       "Contoso, a website customer in the Netherlands (MOSP), paying by card",
       {"hours: 100 included a period, then 0.12 each, after 200 of those 0.10; GB: 0.02; VAT 21 %",
        "periods from the 5th; invoices on the 2nd, the account's own day; due at once",
        "dev-box has a monthly credit of 40.00, open-key a prepaid key of 150.00"},
       {{"subscriptionId=web-shop", 5}, {"subscriptionId=dev-box", 5}, {"subscriptionId=open-key", 5}},
       {},
       {}},
      {"fabrikam",
       "Fabrikam, signed with a representative (MCA), paying by wire",
       {"hours: 100 included a month, then 0.12 each, after 200 of those 0.10; VAT 21 %",
        "calendar months; always an invoice on the 5th; due after 30 days",
        "a welcome credit of 100.00 through June; on 14 February a licence server for 120.00, which credit does not cover"},
       {{"profileId=fabrikam-eur", 1}},
       {},
       {}},
      {"northwind",
       "Northwind, a partner in Germany (MPA) with a customer of its own, Adatum",
       {"GB: 0.02; VAT 19 %", "calendar months; an invoice on the 8th; due after 60 days, paid in two halves"},
       {{"profileId=northwind-eur", 1}},
       "ada",
       "adatum"},
      {"woodgrove",
       "Woodgrove, an enrollment in the United Kingdom (EA) with a prepayment of 1000.00",
       {"hours: 0.10; VAT 20 %; halves of a penny round to the even one",
        "calendar months; an invoice on the 14th day after them where they go beyond the prepayment; due after 30 days",
        "on 14 April a firewall for 50.00, which the prepayment does not cover"},
       {{"enrollmentId=wg-1", 1}},
       "wendy",
       "woodgrove"},
  };
}

/// Words in lines of `kWidth`, those after the first indented.
void say_wrapped(const Narrator& narrator, std::string_view text, std::size_t indent) {
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (line.size() + 1 + word.size() > kWidth) {
      narrator.say(line);
      line.assign(indent, ' ');
    } else if (!line.empty()) {
      line += ' ';
    }
    line += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  narrator.say(line);
}

/// Something that happened to an invoice, on its day.
struct Incident {
  std::string day;
  std::string words;

  friend auto operator<=>(const Incident&, const Incident&) = default;
};

class Teller {
 public:
  explicit Teller(Narrator& narrator) : narrator_(narrator) {}

  Outcome<void> tell(const Customer& customer) {
    narrator_.chapter(customer.title);
    for (const std::string_view term : customer.terms) say_wrapped(narrator_, term, 2);
    tell_usage(customer);
    std::vector<Incident> incidents;
    LEDGER_CHECK(tell_invoices(customer, incidents));
    LEDGER_CHECK(add_notices(customer, incidents));
    narrator_.say("");
    std::sort(incidents.begin(), incidents.end());
    for (const Incident& incident : incidents) say_wrapped(narrator_, incident.day + "  " + incident.words, 12);
    narrator_.say("");
    for (const auto& [scope, day] : customer.scopes) LEDGER_CHECK(tell_missing(scope, day));
    if (!customer.person.empty()) LEDGER_CHECK(tell_person(customer));
    LEDGER_TRY(const auto account, narrator_.ask(fmt::format("/accounts/{}", customer.account)));
    narrator_.say(fmt::format("open on 2025-01-20: {}", amount_of(account["balance"])));
    return {};
  }

 private:
  void tell_usage(const Customer& customer) {
    for (const TourSubscription& subscription : kTourSubscriptions) {
      if (subscription.account != customer.account) continue;
      narrator_.say("");
      for (std::size_t half = 0; half < 2; ++half) {
        std::string line = half == 0 ? fmt::format("{:<15}{:<6}", subscription.id, subscription.unit) : std::string(21, ' ');
        for (std::size_t month = half * 6; month < half * 6 + 6; ++month)
          line += fmt::format("{} {:<8}", kMonthNames[month], subscription.used[month]);
        while (line.ends_with(' ')) line.pop_back();
        narrator_.say(line);
      }
    }
  }

  Outcome<void> tell_invoices(const Customer& customer, std::vector<Incident>& incidents) {
    LEDGER_TRY(const auto list, narrator_.ask(fmt::format("/invoices?accountId={}&limit=1000", customer.account)));
    std::vector<JsonValue> items = list["items"].items();
    std::reverse(items.begin(), items.end());
    // What a card pays is due at once: there the subscription matters more.
    const bool by_card = customer.account == "contoso";
    narrator_.say("");
    narrator_.say(fmt::format("{:<10}  {:<10}  {:<10}  {:<10}{:>10}{:>9}{:>9}{:>10}  {}", "period", "invoice", "issued",
                              by_card ? "for" : "due", "charges", "credit", "VAT", "total", "status"));
    for (const JsonValue& item : items) {
      LEDGER_TRY(const auto invoice, narrator_.ask("/invoices/" + item["invoiceId"].text()));
      const JsonValue& totals = invoice["totals"];
      narrator_.say(fmt::format("{:<10}  {:<10}  {:<10}  {:<10}{:>10}{:>9}{:>9}{:>10}  {}", invoice["period"]["start"].text(),
                                invoice["invoiceId"].text(), invoice["issueDate"].text(),
                                invoice[by_card ? "subscriptionId" : "dueDate"].text(),
                                totals["billed"]["amount"].text(), totals["creditApplied"]["amount"].text(),
                                totals["tax"]["amount"].text(), totals["total"]["amount"].text(), invoice["status"].text()));
      LEDGER_CHECK(add_incidents(invoice, incidents));
    }
    return {};
  }

  Outcome<void> add_incidents(const JsonValue& invoice, std::vector<Incident>& incidents) {
    const std::string& id = invoice["invoiceId"].text();
    for (const JsonValue& payment : invoice["payments"].items()) {
      incidents.push_back({payment["receivedOn"].text(),
                           fmt::format("paid        {:>10} for {}", amount_of(payment["amount"]), id)});
    }
    for (const JsonValue& failed : invoice["failedPayments"].items()) {
      incidents.push_back({failed["failedOn"].text(), fmt::format("declined    ({}) for {}", failed["reason"].text(), id)});
    }
    for (const JsonValue& note : invoice["rebill"]["creditNoteIds"].items()) {
      LEDGER_TRY(const auto credited, narrator_.ask("/invoices/" + note.text()));
      incidents.push_back({credited["issueDate"].text(),
                           fmt::format("credit note {:>10} for {}, {} of it VAT", amount_of(credited["totals"]["total"]), id,
                                       credited["totals"]["tax"]["amount"].text())});
    }
    LEDGER_TRY(const auto mails, narrator_.ask("/invoices/" + id + "/emails"));
    for (const JsonValue& mail : mails["items"].items()) {
      incidents.push_back({invoice["issueDate"].text(), fmt::format("mailed      {} to {}", id, mail["address"].text())});
    }
    return {};
  }

  Outcome<void> add_notices(const Customer& customer, std::vector<Incident>& incidents) {
    const std::string of_account = fmt::format("&account={}&limit=1000", customer.account);
    LEDGER_TRY(const auto unpaid, narrator_.ask("/events?type=InvoiceBecamePastDue" + of_account));
    for (const JsonValue& event : unpaid["items"].items()) {
      const JsonValue& data = event["data"];
      incidents.push_back({data["asOf"].text(), fmt::format("past due    ({}) {}", data["reason"].text(),
                                                            data["invoiceId"].text())});
    }
    LEDGER_TRY(const auto notices, narrator_.ask("/events?type=NoticeQueued" + of_account));
    for (const JsonValue& event : notices["items"].items()) {
      const JsonValue& data = event["data"];
      incidents.push_back({event["time"].text().substr(0, 10),
                           fmt::format("notice      {} of {} to {}", data["kind"].text(), data["invoiceId"].text(),
                                       data["address"].text())});
    }
    return {};
  }

  /// Why periods of a scope have no invoice: those that have the same reason in one line.
  Outcome<void> tell_missing(std::string_view scope, int day) {
    const std::string_view name = scope.substr(scope.find('=') + 1);
    std::vector<std::pair<std::string, std::string>> reasons;  ///< and the months
    for (int month = 1; month <= 12; ++month) {
      LEDGER_TRY(const auto answer,
                 narrator_.ask(fmt::format("/missing-invoice?{}&period=2024-{:02}-{:02}", scope, month, day)));
      if (answer["primary"].text() == "NONE") continue;
      const std::string why = answer["primary"].text() + " - " + answer["message"].text();
      auto found = std::find_if(reasons.begin(), reasons.end(), [&](const auto& reason) { return reason.first == why; });
      if (found == reasons.end()) found = reasons.insert(found, {why, ""});
      found->second += " " + std::string(kMonthNames[static_cast<std::size_t>(month - 1)]);
    }
    for (const auto& [why, months] : reasons)
      say_wrapped(narrator_, fmt::format("no invoice  {},{}: {}", name, months, why), 12);
    return {};
  }

  Outcome<void> tell_person(const Customer& customer) {
    const std::string scope = customer.account == "northwind" ? "subscriptionId=adatum-plan" : "enrollmentId=wg-1";
    LEDGER_TRY(const auto answer,
               narrator_.ledger().get_as("/missing-invoice?" + scope, customer.person, customer.tenant));
    say_wrapped(narrator_,
                fmt::format("{} asks where the invoice is: {} - {}", customer.person, answer["primary"].text(),
                            answer["message"].text()),
                12);
    return {};
  }

  Narrator& narrator_;
};

/// The balances of the books, which sum to nothing.
Outcome<void> tell_books(Narrator& narrator) {
  narrator.chapter("The books: every document, payment and credit posted twice");
  Journal journal;
  LEDGER_CHECK(narrator.ledger().read_log(posting_events(), [&](const Event& event, std::uint64_t at) -> Outcome<void> {
    const Result<void> taken = journal.take(event, at);
    if (!taken) return fail(taken.error());
    return {};
  }));
  const Result<JournalPart> part = journal.part(std::nullopt, std::nullopt);
  if (!part) return fail(part.error());
  std::set<Currency> currencies;
  for (const auto& [key, balance] : part->closing) currencies.insert(key.second);
  for (const Currency currency : currencies) {
    narrator.say(fmt::format("{:<40}{:>14}{:>14}", currency.text(), "debit", "credit"));
    Money debits{0, currency};
    Money credits{0, currency};
    for (const auto& [key, balance] : part->closing) {
      if (key.second != currency || balance.minor_units == 0) continue;
      const bool is_debit = balance.minor_units > 0;
      const Money amount{is_debit ? balance.minor_units : -balance.minor_units, currency};
      (is_debit ? debits : credits).minor_units += amount.minor_units;
      narrator.say(is_debit ? fmt::format("  {:<38}{:>14}", hledger_account(key.first), amount.amount_text())
                            : fmt::format("  {:<38}{:>28}", hledger_account(key.first), amount.amount_text()));
    }
    narrator.say(fmt::format("  {:<38}{:>14}{:>14}", "both sides", debits.amount_text(), credits.amount_text()));
  }
  narrator.say(fmt::format("{} entries; `daybook export journal --format hledger|beancount` prints them",
                           part->entries.size()));
  return {};
}

}  // namespace

Outcome<void> tell_tour(Narrator& narrator) {
  Teller teller(narrator);
  for (const Customer& customer : customers()) LEDGER_CHECK(teller.tell(customer));
  return tell_books(narrator);
}

}  // namespace daybook::cli
