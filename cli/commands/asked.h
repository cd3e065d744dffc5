#pragma once

#include <string>

#include "cli/commands/commands.h"
#include "cli/json_value.h"

/// What commands do that ask a ledger something and print what it says.
namespace daybook::cli {

using PrintAnswer = void (*)(const JsonValue& answer);

/// Prints an answer: as it stands for programs (`json`), else through `print`.
[[nodiscard]] Outcome<void> show(const std::string& answer, bool json, PrintAnswer print);

/// `show` of the answer to GET /v1`path`.
[[nodiscard]] Outcome<void> ask(const LedgerChoice& choice, const std::string& path, bool json, PrintAnswer print);

/// `outcome`, but for the sentence of a ledger that has nothing there, which then names what was asked about.
[[nodiscard]] Outcome<void> named(Outcome<void> outcome, const std::string& what);

/// Errors: Usage for what cannot be the number of an invoice.
[[nodiscard]] Outcome<void> check_invoice(const std::string& number);

}  // namespace daybook::cli
