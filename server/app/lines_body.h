#pragma once

#include <cstddef>
#include <memory>

#include "ledger/codec/cloudevents.h"
#include "ledger/engine/ledger.h"
#include "server/app/event_answers.h"
#include "server/http/await.h"
#include "server/http/message.h"

namespace daybook::server {

/// Records a prepared body and waits for what became of it. Errors: those of Ledger::submit, OUTCOME_UNKNOWN.
[[nodiscard]] http::net::awaitable<Result<std::shared_ptr<engine::FactBatch>>> record(
    engine::Ledger& ledger, std::unique_ptr<engine::FactBatch> batch);

/// A streamed NDJSON body: gathers bytes, cuts them at line ends into pieces, and hands each to the ledger.
class LinesBody {
 public:
  LinesBody(engine::Ledger& ledger, const engine::Caller& caller, bool all)
      : ledger_(ledger), caller_(caller), outcomes_(all) {}

  /// Where the reader appends.
  [[nodiscard]] http::Body& buffer() { return buffer_; }
  /// Whether there is a piece to take: enough whole lines, or at the end whatever is left.
  [[nodiscard]] bool next_piece(bool at_end);
  /// Whether nothing can be taken because the next line is longer than an event can be; and what to say then.
  [[nodiscard]] bool is_stuck() const { return is_stuck_; }
  [[nodiscard]] Error too_long() const;
  /// Records the piece and waits for it. Errors: of the piece as a whole.
  [[nodiscard]] http::net::awaitable<Result<void>> take_piece();
  [[nodiscard]] http::Response answer() const { return outcomes_.response(); }

 private:
  [[nodiscard]] Result<std::unique_ptr<engine::FactBatch>> read_piece();
  [[nodiscard]] bool is_full() const;

  engine::Ledger& ledger_;
  engine::Caller caller_;
  http::Body buffer_;
  std::size_t piece_ = 0;     ///< bytes of the piece that was found
  std::size_t searched_ = 0;  ///< bytes in which line ends were looked for
  std::size_t lines_ = 0;     ///< of the piece
  bool is_stuck_ = false;
  codec::CloudEventStream stream_;
  ManyEventsAnswer outcomes_;
};

}  // namespace daybook::server
