#include <cstdio>

#include "cli/commands/asked.h"
#include "cli/commands/ledger_choice.h"
#include "cli/target.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

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

std::string estimate_text(const JsonValue& standing) {
  if (standing.is_null()) return "no estimate";
  std::string text = "charges " + amount_of(standing["charges"]);
  if (!standing["credit"].is_null()) text += ", credit " + amount_of(standing["credit"]);
  if (!standing["tax"].is_null()) text += ", tax " + amount_of(standing["tax"]);
  text += ", total " + amount_of(standing["total"]);
  if (!standing["lines"].is_null()) text += ", lines " + std::to_string(standing["lines"].integer());
  if (!standing["invoiceId"].is_null()) text += ", invoiced as " + standing["invoiceId"].text();
  return text;
}

void print_estimate_bisect(const JsonValue& found) {
  std::printf("%s %s for %s %s, %s to before %s, after position %lld, recorded at %s: %s, %s %s\n", found["when"].text().c_str(),
              found["isFirst"].boolean() ? "first held" : "held, perhaps not for the first time,", found["scopeType"].text().c_str(),
              found["scopeId"].text().c_str(), found["period"]["start"].text().c_str(), found["period"]["endExclusive"].text().c_str(),
              static_cast<long long>(found["position"].integer()), found["recordedAt"].text().c_str(), found["type"].text().c_str(),
              found["source"].text().c_str(), found["id"].text().c_str());
  std::printf("    before  %s\n    after   %s\n", estimate_text(found["before"]).c_str(), estimate_text(found["after"]).c_str());
}

Outcome<void> bisect_estimate(const BisectOptions& options) {
  const bool of_profile = !options.profile.empty();
  const std::string& scope = of_profile ? options.profile : options.subscription;
  if (!SubscriptionId::parse(scope)) return fail(ExitCode::Usage, "\"" + scope + "\" is no identifier.");
  if (!options.period.empty() && !Date::parse(options.period))
    return fail(ExitCode::Usage, "--period " + options.period + " is no date; write a day in it, as 2024-03-05.");
  const Query query[] = {{"period", options.period}, {"when", options.when}};
  const std::string path = (of_profile ? "/profiles/" : "/subscriptions/") + scope + "/bisect";
  return named(ask(options.ledger, with_query(path, query), options.json, print_estimate_bisect),
               (of_profile ? "billing profile " : "subscription with statements, ") + scope);
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
  const int given = int{!options.invoice.empty()} + int{!options.subscription.empty()} + int{!options.profile.empty()};
  if (given != 1)
    return fail(ExitCode::Usage, "Say of what: --invoice ID, or of a period that is not invoiced yet --subscription ID or --profile ID.");
  if (options.invoice.empty()) return bisect_estimate(options);
  if (!options.period.empty()) return fail(ExitCode::Usage, "An invoice has its own period; leave --period out.");
  if (Outcome<void> checked = check_invoice(options.invoice); !checked) return checked;
  const Query query[] = {{"when", options.when}};
  return named(ask(options.ledger, with_query("/invoices/" + options.invoice + "/bisect", query), options.json, print_bisect),
               "invoice " + options.invoice);
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
