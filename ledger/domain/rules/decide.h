#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"

namespace daybook {

/// What lasts until somebody acts: `INVOICE_LATE`, `PAYMENT_NOT_REPORTED` …
struct Alarm {
  std::string code;
  std::optional<AccountId> account_id;
  std::optional<ScopeType> scope_type;
  std::optional<std::string> scope_id;
  std::optional<InvoiceId> invoice_id;

  friend bool operator==(const Alarm&, const Alarm&) = default;
};
BOOST_DESCRIBE_STRUCT(Alarm, (), (code, account_id, scope_type, scope_id, invoice_id))

/// What a command makes happen: nothing to do is no events.
struct Decision {
  std::vector<EventData> events;
  std::vector<Alarm> alarms;

  friend bool operator==(const Decision&, const Decision&) = default;
};

/// All that a decision may know besides the state: time and identifiers come from outside.
struct DecisionContext {
  Instant now;       ///< the ledger's clock
  Viewer viewer;     ///< who wishes it
  std::string seed;  ///< different for every command ever: ids made by the ledger are drawn from it
  std::string key_id;                  ///< CreateKey: the id of the new key
  std::vector<std::byte> secret_hash;  ///< CreateKey: SHA-256 of its secret

  [[nodiscard]] Date today() const { return now.date(); }
};

/// Whether `fact` may be recorded next. `state` is that before it (of a body: with the facts before
/// it folded in). Usage is not checked here but admitted (admit.h), except for what needs no
/// look-up. Errors: api.md 3; UNKNOWN_EVENT_TYPE for a type that this version has no rules for.
[[nodiscard]] Result<void> check(const StateReader& state, const Event& fact);

/// What follows from `facts`, after the last one of a body: only where `state`, which has them all
/// folded in, still lacks it. To be folded and recorded after them.
[[nodiscard]] std::vector<EventData> consequences(const StateReader& state,
                                                  std::span<const Event> facts, Instant now);

/// What `command` makes happen, or why not. Pure. Runs (AdvanceClock, RunInvoicing, Run…Invoicing,
/// EvaluateDunning) are refused or accepted here, and planned by plan.h; of AdvanceClock the event
/// is ClockAdvanced. Errors: domain.md 9.3; for a person also 404 NOT_FOUND and the codes of 5.5.
[[nodiscard]] Result<Decision> handle(const StateReader& state, const CommandData& command,
                                      const DecisionContext& context);

}  // namespace daybook
