#pragma once

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/engine/core.h"
#include "ledger/engine/event_writer.h"
#include "ledger/engine/fact_batch.h"
#include "ledger/engine/submission.h"

namespace daybook::engine {

/// A body of facts in the sequencer: duplicates told apart, usage admitted, other facts checked, what they
/// bring about decided after the last one.
class FactSubmission final : public Submission {
 public:
  using Done = std::function<void(std::unique_ptr<FactBatch>)>;
  FactSubmission(std::unique_ptr<FactBatch> batch, Done done) : batch_(std::move(batch)), done_(std::move(done)) {}

  [[nodiscard]] std::size_t raw_bytes() const override;
  [[nodiscard]] Instant at(const Core& core) const override { return core.now(); }
  void decide(Core& core, Instant now) override;
  void complete(log::Position head, std::int64_t recorded_at) override;

 private:
  /// Whether everything may stay; false (atomic, and something was refused) takes it all back.
  [[nodiscard]] bool take_facts(Core& core, Instant now);
  void take(Core& core, PreparedFact& fact, std::size_t index, Instant now);
  /// True where the fact's identity is known; then its outcome is set.
  [[nodiscard]] bool settle_known(Core& core, PreparedFact& fact, std::size_t index);
  [[nodiscard]] bool settle_against(Core& core, PreparedFact& fact, log::Position earlier);
  [[nodiscard]] bool usage_id_taken(Core& core, PreparedFact& fact);
  /// By what a row of usage is named, and whose key may have sent it.
  struct UsageName {
    std::array<std::string_view, 3> tenants;
    std::string_view source;
    std::string_view subscription;
    std::string_view usage_id;
  };
  [[nodiscard]] std::set<log::Position> usage_rows(Core& core, const UsageName& name) const;
  /// Whether a correction names usage that its own source recorded, else the only row of that name; true
  /// for any other fact.
  [[nodiscard]] bool names_a_row(Core& core, const PreparedFact& fact, const Event& correction) const;
  [[nodiscard]] Result<void> check_login(Core& core, const Event& fact) const;
  [[nodiscard]] bool in_tenant(const Core& core, std::string_view subscription_id) const;
  void take_usage(Core& core, PreparedFact& fact);
  [[nodiscard]] static bool is_of_second_log(Core& core, const PreparedFact& fact);
  /// Puts what the event says of positions of the log that it comes from into positions here; answers whether that
  /// changed it. Errors: UNKNOWN_REFERENCE.
  [[nodiscard]] static Result<bool> move_positions(Core& core, const PreparedFact& fact, EventData& data);
  void take_other(Core& core, PreparedFact& fact, Instant now);
  void candidates_of(Core& core, std::uint64_t key, std::vector<log::Position>& out) const;
  void note_identity(Core& core, std::uint64_t key, log::Position position);

  std::unique_ptr<FactBatch> batch_;
  Done done_;
  std::size_t next_hit_ = 0;
  std::vector<log::Position> candidates_;
  std::vector<Event> accepted_;                                     ///< other than usage, for consequences
};

}  // namespace daybook::engine
