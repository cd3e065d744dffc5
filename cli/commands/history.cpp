#include <cstdio>

#include "cli/commands/asked.h"
#include "cli/commands/ledger_choice.h"
#include "cli/target.h"

namespace daybook::cli {
namespace {

using Query = std::pair<std::string_view, std::string>;

std::string standing_text(const JsonValue& standing) {
  if (standing.is_null()) return "not issued";
  return standing["status"].text() + ", total " + amount_of(standing["total"]) + ", credited " +
         amount_of(standing["credited"]) + ", paid " + amount_of(standing["paid"]) + ", due " +
         amount_of(standing["amountDue"]);
}

void print_diff(const JsonValue& diff) {
  std::printf("between positions %lld and %lld\n", static_cast<long long>(diff["from"].integer()),
              static_cast<long long>(diff["to"].integer()));
  if (diff["invoices"].items().empty()) std::printf("no invoice changed\n");
  for (const JsonValue& account : diff["accounts"].items()) {
    std::printf("%s: %lld issued, %lld changed; total %s, credited %s, paid %s, due %s\n",
                account["accountId"].text().c_str(), static_cast<long long>(account["issued"].integer()),
                static_cast<long long>(account["changed"].integer()), amount_of(account["total"]).c_str(),
                amount_of(account["credited"]).c_str(), amount_of(account["paid"]).c_str(),
                amount_of(account["amountDue"]).c_str());
    for (const JsonValue& invoice : diff["invoices"].items()) {
      if (invoice["accountId"].text() != account["accountId"].text()) continue;
      if (invoice["after"]["total"]["currency"].text() != account["currency"].text()) continue;
      std::printf("    %s  %s\n        now %s\n", invoice["invoiceId"].text().c_str(),
                  standing_text(invoice["before"]).c_str(), standing_text(invoice["after"]).c_str());
    }
  }
}

void print_bisect(const JsonValue& found) {
  std::printf("%s first held for %s after position %lld, recorded at %s: %s, %s %s\n", found["when"].text().c_str(),
              found["invoiceId"].text().c_str(), static_cast<long long>(found["position"].integer()),
              found["recordedAt"].text().c_str(), found["type"].text().c_str(), found["source"].text().c_str(),
              found["id"].text().c_str());
  std::printf("    before  %s\n    after   %s\n", standing_text(found["before"]).c_str(),
              standing_text(found["after"]).c_str());
}

}  // namespace

Outcome<void> replay_diff(const DiffOptions& options) {
  for (const std::string& at : {options.from, options.to}) {
    if (Outcome<void> checked = check_as_of(at); !checked) return checked;
  }
  const Query query[] = {{"from", options.from}, {"to", options.to}};
  return ask(options.ledger, with_query("/log/diff", query), options.json, print_diff);
}

Outcome<void> replay_bisect(const BisectOptions& options) {
  if (Outcome<void> checked = check_invoice(options.invoice); !checked) return checked;
  const Query query[] = {{"when", options.when}};
  return ask(options.ledger, with_query("/invoices/" + options.invoice + "/bisect", query), options.json, print_bisect);
}

Outcome<void> replay_as_of(const AsOfOptions& options) {
  if (Outcome<void> checked = check_as_of(options.at); !checked) return checked;
  const bool is_path = options.path.starts_with('/') && options.path.find_first_of(" #\r\n") == std::string::npos;
  if (!is_path) return fail(ExitCode::Usage, "\"" + options.path + "\" is no path; write /invoices/E0400XYZ12.");
  std::string path = options.path.starts_with("/v1/") ? options.path.substr(3) : options.path;
  if (path.find("?asOf=") != std::string::npos || path.find("&asOf=") != std::string::npos)
    return fail(ExitCode::Usage, "Leave asOf out of " + options.path + ": \"" + options.at + "\" is what it is asked of.");
  const Query query[] = {{"asOf", options.at}};
  return ask(options.ledger, with_query(std::move(path), query), true, print_diff);
}

}  // namespace daybook::cli
