#include "ledger/domain/days_kept.h"
#include "ledger/domain/facts/clock.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// A run may be asked for; its work is planned by plan.h.
Result<Decision> allow_run(const DecisionContext& context, Date date, std::string_view pointer) {
  LEDGER_CHECK(require_operator(context));
  if (date > context.today()) {
    return rejected("CLOCK_BEHIND", "the ledger's clock stands at " + context.now.text() +
                                        "; advance it before runs of later days are performed",
                    std::string(pointer));
  }
  return Decision();
}

}  // namespace

Result<Decision> handle_command(const StateReader&, const AdvanceClock& command,
                                const DecisionContext& context) {
  LEDGER_CHECK(require_operator(context));
  if (command.to < context.now) {
    return rejected(
        "CLOCK_NOT_FORWARD",
        "the ledger's clock stands at " + context.now.text() + " and only moves forward", "/to");
  }
  LEDGER_CHECK(check_day_kept(command.to.date(), "/to"));
  if (command.to == context.now) return Decision();
  return Decision{{ClockAdvanced{command.to}}, {}};
}

Result<Decision> handle_command(const StateReader& state, const RunInvoicing& command,
                                const DecisionContext& context) {
  if (command.account_id && state.account(*command.account_id) == nullptr) {
    LEDGER_CHECK(require_operator(context));
    return rejected("UNKNOWN_REFERENCE", "there is no such account", "/accountId");
  }
  return allow_run(context, command.through, "/through");
}
Result<Decision> handle_command(const StateReader&, const RunMospInvoicing& command,
                                const DecisionContext& context) {
  return allow_run(context, command.run_date, "/runDate");
}
Result<Decision> handle_command(const StateReader&, const RunMarketplaceInvoicing& command,
                                const DecisionContext& context) {
  return allow_run(context, command.run_date, "/runDate");
}
Result<Decision> handle_command(const StateReader&, const RunProfileInvoicing& command,
                                const DecisionContext& context) {
  return allow_run(context, command.run_date, "/runDate");
}
Result<Decision> handle_command(const StateReader&, const RunEaInvoicing& command,
                                const DecisionContext& context) {
  return allow_run(context, command.run_date, "/runDate");
}
Result<Decision> handle_command(const StateReader&, const EvaluateDunning& command,
                                const DecisionContext& context) {
  return allow_run(context, command.as_of, "/asOf");
}

}  // namespace daybook
