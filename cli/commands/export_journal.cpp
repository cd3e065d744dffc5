#include <cstdio>
#include <optional>
#include <string_view>

#include "cli/commands/commands.h"
#include "cli/commands/ledger_choice.h"
#include "ledger/domain/journal/journal.h"
#include "ledger/domain/journal/journal_text.h"
#include "ledger/domain/rules/try.h"
#include "ledger/domain/time.h"

namespace daybook::cli {
namespace {

Outcome<std::optional<Date>> day_of(std::string_view flag, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const Result<Date> day = Date::parse(text);
  if (!day) return fail(ExitCode::Usage, std::string(flag) + " " + text + " is no date; write it as 2024-05-02.");
  return std::optional(*day);
}

std::string title_of(const ExportJournalOptions& options, std::uint64_t position) {
  std::string title = "Daybook journal at position " + std::to_string(position);
  if (!options.from.empty()) title += ", from " + options.from;
  if (!options.to.empty()) title += ", to before " + options.to;
  return title;
}

}  // namespace

Outcome<void> export_journal(const ExportJournalOptions& options) {
  const bool for_hledger = options.format == "hledger";
  if (!for_hledger && options.format != "beancount") {
    return fail(ExitCode::Usage, "--format has no \"" + options.format + "\"; give hledger or beancount.");
  }
  LEDGER_TRY(const std::optional<Date> from, day_of("--from", options.from));
  LEDGER_TRY(const std::optional<Date> to, day_of("--to", options.to));
  if (from && to && *to <= *from) {
    return fail(ExitCode::Usage, "--to " + options.to + " is the first day no more: give one after " + options.from + ".");
  }
  const Outcome<ChosenLedger> ledger = choose_ledger(options.ledger, false);
  if (!ledger) return tl::unexpected(ledger.error());

  Journal journal;
  const Outcome<std::uint64_t> position =
      ledger->target->read_log(posting_events(), [&](const Event& event, std::uint64_t at) -> Outcome<void> {
        const Result<void> taken = journal.take(event, at);
        if (!taken) return fail(taken.error());
        return {};
      });
  if (!position) return tl::unexpected(position.error());
  const Result<JournalPart> part = journal.part(from, to);
  if (!part) return fail(part.error());
  const std::string title = title_of(options, *position);
  const std::string text = for_hledger ? hledger_text(*part, title) : beancount_text(*part, title);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail(ExitCode::Failed, "The journal could not be written to stdout.");
  }
  return {};
}

}  // namespace daybook::cli
