#pragma once

#include <string>

#include "ledger/engine/fact_batch.h"
#include "ledger/engine/ledger.h"
#include "server/http/message.h"

namespace daybook::server {

/// The answer to one event: 201, 200 for a duplicate (its first receipt again), or a problem.
[[nodiscard]] http::Response one_event_answer(const engine::Ledger& ledger, const engine::FactBatch& batch,
                                              std::string_view request_id);

/// The outcomes of many: what was not simply accepted, or (`all`) everything.
class ManyEventsAnswer {
 public:
  explicit ManyEventsAnswer(bool all) : all_(all) {}
  /// How many events it tells of.
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Counts a body, or a piece of a streamed one; indices go on.
  void add(const engine::FactBatch& batch);
  [[nodiscard]] http::Response response() const;
  [[nodiscard]] log::Position head() const { return head_; }

 private:
  bool all_;
  std::size_t count_ = 0;
  std::size_t accepted_ = 0;
  std::size_t duplicates_ = 0;
  std::size_t rejected_ = 0;
  log::Position first_ = 0;
  log::Position last_ = 0;
  log::Position head_ = 0;
  std::string results_;
};

/// The refusal of an atomic body: 422 with every error by index.
[[nodiscard]] http::Response atomic_refusal(const engine::FactBatch& batch, std::string_view request_id);

}  // namespace daybook::server
