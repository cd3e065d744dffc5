#include <cstdio>

#include "cli/commands/asked.h"
#include "cli/commands/ledger_choice.h"
#include "cli/target.h"
#include "ledger/domain/rules/try.h"

namespace daybook::cli {
namespace {

void print_changes(const JsonValue& changes) {
  std::string difference = amount_of(changes["difference"]);
  const bool is_less = difference.starts_with('-');
  if (is_less) difference.erase(0, 1);
  std::printf("%s %s, %s %s: %s %s\n", changes["from"].text().c_str(), amount_of(changes["fromTotal"]).c_str(),
              changes["to"].text().c_str(), amount_of(changes["toTotal"]).c_str(), difference.c_str(), is_less ? "less" : "more");
  for (const JsonValue& part : changes["parts"].items()) {
    const std::string& kind = part["kind"].text();
    std::printf("%-12s %s\n", kind.c_str(), amount_of(part["amount"]).c_str());
    for (const JsonValue& line : changes["lines"].items()) {
      if (line["kind"].text() != kind) continue;
      std::string text = line["description"].text();
      if (!line["region"].is_null()) text += ", " + line["region"].text();
      if (!line["subscriptionId"].is_null()) text += ", " + line["subscriptionId"].text();
      const std::string& from = line["quantityFrom"].text();
      const std::string& to = line["quantityTo"].text();
      if (!from.empty() || !to.empty()) text += ": " + (from.empty() ? "none" : from) + " to " + (to.empty() ? "none" : to);
      std::printf("    %s  %s\n", amount_of(line["amount"]).c_str(), text.c_str());
    }
  }
}

/// The answer to the question names none of the two. Errors: NotFound, with the number that there is no invoice of.
Outcome<void> both_are_there(Target& target, const ChangesOptions& options) {
  const std::pair<std::string_view, std::string> query[] = {{"asOf", options.as_of}};
  for (const std::string& number : {options.earlier, options.later}) {
    const Outcome<std::string> found = target.question(with_query("/invoices/" + number, query));
    if (found || found.error().exit_code != ExitCode::NotFound) continue;
    return fail(Error{ErrorKind::NotFound, "NOT_FOUND", "There is no invoice " + number + ", or none for you to see.", {}});
  }
  return {};
}

}  // namespace

Outcome<void> replay_changes(const ChangesOptions& options) {
  for (const std::string& number : {options.earlier, options.later}) {
    if (Outcome<void> checked = check_invoice(number); !checked) return checked;
  }
  if (Outcome<void> checked = check_as_of(options.as_of); !checked) return checked;
  const std::pair<std::string_view, std::string> query[] = {{"from", options.earlier}, {"asOf", options.as_of}};
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());
  const Outcome<std::string> answer = ledger->target->question(with_query("/invoices/" + options.later + "/changes", query));
  if (answer) return show(*answer, options.json, print_changes);
  if (answer.error().exit_code == ExitCode::NotFound) LEDGER_CHECK(both_are_there(*ledger->target, options));
  return tl::unexpected(answer.error());
}

}  // namespace daybook::cli
