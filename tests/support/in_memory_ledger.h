#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/domain/commands/runs.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/rules/admit.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/fold.h"
#include "ledger/domain/rules/plan.h"
#include "ledger/domain/rules/usage_source.h"

/// A ledger in memory for tests of the rules: facts in, commands, runs, and what comes out of them.
///
///   InMemoryLedger ledger;
///   ledger.given({opened, created, price, usage});
///   ledger.when(RunInvoicing{day("2024-05-02")});
///   EXPECT_EQ(ledger.invoices().size(), 1u);
///
/// Everything happens at the ledger's clock, which `at()` moves.
namespace daybook::testing {

inline Date day(std::string_view text) { return Date::parse(text).value(); }
inline Instant midnight(std::string_view text) { return Instant::start_of(day(text)); }
inline Decimal decimal(std::string_view text) { return Decimal::parse(text).value(); }
inline Money money(std::string_view amount, std::string_view currency = "EUR") {
  return Money::parse(amount, Currency::parse(currency).value()).value();
}
inline Period period(std::string_view start, std::string_view end_exclusive) {
  return Period::of(day(start), day(end_exclusive)).value();
}

/// State in memory.
class MemoryStore : public StateStore {
 public:
  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override {
    const auto found = rows_.find({kind, std::string(key)});
    return found == rows_.end() ? nullptr : found->second.get();
  }
  [[nodiscard]] std::vector<std::string> members(Relation relation,
                                                 std::string_view parent) const override {
    const auto found = relations_.find({relation, std::string(parent)});
    if (found == relations_.end()) return {};
    return {found->second.begin(), found->second.end()};
  }
  [[nodiscard]] Position position() const override { return position_; }
  [[nodiscard]] void* edit_row(StateKind kind, std::string_view key) override {
    std::shared_ptr<void>& row = rows_[{kind, std::string(key)}];
    if (!row) row = make(kind, States());
    return row.get();
  }
  void link(Relation relation, std::string_view parent, std::string_view member) override {
    relations_[{relation, std::string(parent)}].insert(std::string(member));
  }
  void unlink(Relation relation, std::string_view parent, std::string_view member) override {
    relations_[{relation, std::string(parent)}].erase(std::string(member));
  }
  void set_position(Position position) { position_ = position; }

 private:
  template <class... Ts>
  static std::shared_ptr<void> make(StateKind kind, TypeList<Ts...>) {
    std::shared_ptr<void> made;
    static_cast<void>(((Ts::kState == kind ? (made = std::make_shared<Ts>(), true) : false) || ...));
    return made;
  }

  std::map<std::pair<StateKind, std::string>, std::shared_ptr<void>> rows_;
  std::map<std::pair<Relation, std::string>, std::set<std::string>> relations_;
  Position position_ = 0;
};

/// Usage in memory.
class MemoryUsage : public UsageSource, public UsageRecords {
 public:
  struct Corrected {
    Position position = 0;
    std::optional<UsageRecorded> data;  ///< nothing: void
  };
  struct Recorded {
    Position position = 0;
    UsageRecorded data;
    std::optional<Unmatched> unmatched;
    std::vector<Corrected> versions = {};  ///< in the order of their positions

    /// As it stood at `upto`; nothing: void.
    [[nodiscard]] std::optional<Recorded> at(Position upto) const;
  };

  void add(Recorded row) { rows_[row.data.subscription_id.text()].push_back(std::move(row)); }
  /// A UsageAmended or UsageVoided that was recorded at `position`; false: there is no such row.
  bool correct(const EventData& event, Position position);

  Result<void> rows(const SubscriptionId& subscription, Date from, Date to, Position upto,
                    const RowVisitor& visit) const override {
    return each(subscription, upto, visit, [&](const Recorded& row) {
      return from <= *row.data.usage_date && *row.data.usage_date < to && row.position <= upto;
    });
  }
  Result<void> late_rows(const SubscriptionId& subscription, Date before, Position after,
                         Position upto, const RowVisitor& visit) const override {
    return each(subscription, upto, visit, [&](const Recorded& row) {
      return *row.data.usage_date < before && row.position > after && row.position <= upto;
    });
  }
  Result<void> unmatched_rows(const SubscriptionId& subscription, Date before, Position upto,
                              const RowVisitor& visit) const override {
    return each(subscription, upto, visit, [&](const Recorded& row) {
      return row.unmatched && *row.data.usage_date < before && row.position <= upto;
    });
  }
  Result<void> corrections(const SubscriptionId& subscription, Date before, Position after,
                           Position upto, std::span<const Position> deferred,
                           const CorrectionVisitor& visit) const override;
  Result<void> cells(const SubscriptionId& subscription, Date from, Date to, Position upto,
                     const CellVisitor& visit) const override;

  [[nodiscard]] Result<UsageRecorded> recorded(Position position) const override;

  /// As `UsageSource` shows it.
  [[nodiscard]] static UsageRow view(const Recorded& row);

 private:
  template <class Counts>
  Result<void> each(const SubscriptionId& subscription, Position upto, const RowVisitor& visit,
                    Counts counts) const {
    const auto found = rows_.find(subscription.text());
    if (found == rows_.end()) return {};
    std::vector<const Recorded*> sorted;
    for (const Recorded& row : found->second) {
      if (counts(row)) sorted.push_back(&row);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const Recorded* left, const Recorded* right) {
      return std::pair(*left->data.usage_date, left->position) <
             std::pair(*right->data.usage_date, right->position);
    });
    for (const Recorded* row : sorted) {
      if (const auto standing = row->at(upto)) visit(view(*standing));
    }
    return {};
  }

  std::map<std::string, std::vector<Recorded>> rows_;
};

class InMemoryLedger {
 public:
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
  [[nodiscard]] const InvoiceDocument& document(const Invoice& invoice) const {
    return *store_.invoice_document(invoice.invoice_id);
  }
  [[nodiscard]] std::vector<InvoiceLine> lines(const Invoice& invoice) const {
    const InvoiceLines* lines = store_.invoice_lines(invoice.invoice_id);
    return lines != nullptr ? lines->lines : std::vector<InvoiceLine>();
  }
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
