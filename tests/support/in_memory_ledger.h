#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/domain/commands/runs.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/rules/admit.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/fold.h"
#include "ledger/domain/rules/plan.h"
#include "tests/support/memory_store.h"
#include "tests/support/memory_usage.h"

/// A ledger in memory for tests of the rules: facts in, commands, runs, and what comes out of them.
///
///   InMemoryLedger ledger;
///   ledger.given({opened, created, price, usage});
///   ledger.when(RunInvoicing{day("2024-05-02")});
///   EXPECT_EQ(ledger.invoices().size(), 1u);
///
/// Everything happens at the ledger's clock, which `at()` moves.
namespace daybook::testing {

Date day(std::string_view text);
Instant midnight(std::string_view text);
Decimal decimal(std::string_view text);
Money money(std::string_view amount, std::string_view currency = "EUR");
Period period(std::string_view start, std::string_view end_exclusive);

class InMemoryLedger {
 public:
  InMemoryLedger();
  InMemoryLedger(InMemoryLedger&&) noexcept;
  InMemoryLedger& operator=(InMemoryLedger&&) noexcept;
  ~InMemoryLedger();

  /// Moves the clock without performing anything.
  InMemoryLedger& at(std::string_view day_or_instant);

  /// Facts that must be accepted, in one body.
  InMemoryLedger& given(std::vector<EventData> facts);
  /// Facts, in one body; the first refusal, if any, stands in `outcome()`.
  InMemoryLedger& post(std::vector<EventData> facts,
                       std::optional<std::string> tenant = std::nullopt);
  /// A command; a run is performed, day by day.
  InMemoryLedger& when(CommandData command, Viewer viewer = Viewer::operating());

  /// Records what was decided elsewhere.
  void record(const EventData& event) { append(event, now_); }

  /// What the last `post` or `when` made happen: consequences, decided events.
  InMemoryLedger& then(const std::vector<EventData>& events);
  InMemoryLedger& then_nothing() { return then({}); }
  InMemoryLedger& then_rejected(std::string_view code, std::string_view pointer = {});

  [[nodiscard]] const std::vector<EventData>& events() const { return outcome_events_; }
  [[nodiscard]] const std::vector<Alarm>& alarms() const { return alarms_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const StateReader& state() const { return store_; }
  [[nodiscard]] const UsageSource& usage() const { return usage_; }
  [[nodiscard]] const UsageRecords& records() const { return usage_; }
  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] Position head() const { return store_.position(); }
  [[nodiscard]] const std::optional<Unmatched>& last_unmatched() const { return last_unmatched_; }
  /// In order of issue.
  [[nodiscard]] std::vector<const Invoice*> invoices() const;
  [[nodiscard]] const InvoiceDocument& document(const Invoice& invoice) const;
  [[nodiscard]] std::vector<InvoiceLine> lines(const Invoice& invoice) const;
  /// The events of one type among the outcome.
  template <class Event>
  [[nodiscard]] std::vector<Event> outcome() const {
    std::vector<Event> result;
    for (const EventData& event : outcome_events_) {
      if (const Event* data = event.get_if<Event>()) result.push_back(*data);
    }
    return result;
  }

 private:
  Position append(const EventData& event, Instant time);
  void perform(const CommandData& command);
  void work_through(Date through, Date today, WorkKinds kinds);
  /// False where the plan cannot be made.
  bool work_of(const Work& work, Date clock, WorkKinds kinds);

  MemoryStore store_;
  MemoryUsage usage_;
  Instant now_ = midnight("2024-01-01");
  std::vector<InvoiceId> issued_;
  std::vector<EventData> outcome_events_;
  std::vector<Alarm> alarms_;
  std::optional<Error> error_;
  std::optional<Unmatched> last_unmatched_;
  std::int64_t commands_ = 0;
};

}  // namespace daybook::testing
