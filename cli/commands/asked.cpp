#include "cli/commands/asked.h"

#include <cstdio>
#include <string_view>

#include "cli/commands/ledger_choice.h"
#include "ledger/domain/identifiers.h"

namespace daybook::cli {

Outcome<void> show(const std::string& answer, bool json, PrintAnswer print) {
  if (json) {
    std::printf("%s\n", answer.c_str());
    return {};
  }
  const Result<JsonValue> parsed = JsonValue::parse(answer);
  if (!parsed) return fail(parsed.error());
  print(*parsed);
  return {};
}

Outcome<void> ask(const LedgerChoice& choice, const std::string& path, bool json, PrintAnswer print) {
  const Outcome<ChosenLedger> ledger = choose_ledger(choice, false);
  if (!ledger) return tl::unexpected(ledger.error());
  const Outcome<std::string> answer = ledger->target->question(path);
  return answer ? show(*answer, json, print) : tl::unexpected(answer.error());
}

Outcome<void> named(Outcome<void> outcome, const std::string& what) {
  constexpr std::string_view kNothing = "There is nothing here, or nothing for you to see.";
  if (outcome) return outcome;
  const std::size_t at = outcome.error().message.find(kNothing);
  if (at != std::string::npos) outcome.error().message.replace(at, kNothing.size(), "There is no " + what + ", or none for you to see.");
  return outcome;
}

Outcome<void> check_invoice(const std::string& number) {
  if (InvoiceId::parse(number)) return {};
  return fail(ExitCode::Usage, "\"" + number + "\" is no number of an invoice.");
}

}  // namespace daybook::cli
