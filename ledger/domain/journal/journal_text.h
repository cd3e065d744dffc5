#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/journal/entry.h"
#include "ledger/domain/journal/journal.h"

/// The journal as plain text, for the programs that bookkeepers check it with
/// (docs/reference/journal.md). Pure: the same part makes the same bytes.
namespace daybook {

/// For hledger: `hledger check --strict ordereddates payees` accepts it. `title` is one line.
[[nodiscard]] std::string hledger_text(const JournalPart& part, std::string_view title);

/// For beancount: `bean-check` accepts it. Its `balance` lines allow no difference at all.
[[nodiscard]] std::string beancount_text(const JournalPart& part, std::string_view title);

/// `assets:receivable:acc-1`. What is neither letter, digit, `.`, `_` nor `-` of a name is `%` and two
/// hex digits, so that no name makes two accounts, or two names one.
[[nodiscard]] std::string hledger_account(const LedgerAccount& account);

/// `Assets:Receivable:Id-acc-1`. A name that begins with anything but a capital or a digit (or with
/// `Id-`) gets `Id-` before it; `.`, `_`, `:` become `--d`, `--u`, `--c`, and a hyphen beside anything
/// but a letter or digit `--h`, so that no two names make one account. A tax rate has `-` for its point.
[[nodiscard]] std::string beancount_account(const LedgerAccount& account);

/// A name in one line without what hledger takes for syntax.
[[nodiscard]] std::string hledger_word(std::string_view text);

/// A quoted string in one line.
[[nodiscard]] std::string beancount_string(std::string_view text);

}  // namespace daybook
