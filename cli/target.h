#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/outcome.h"
#include "ledger/domain/event.h"

namespace daybook::cli {

/// What became of one posted fact.
struct FactOutcome {
  enum class Status : std::uint8_t { Accepted, Duplicate, Rejected };
  Status status = Status::Accepted;  ///< Duplicate: it adds nothing, being there already or the key of another ledger
  std::string code;       ///< of a rejection
  std::string pointer;    ///< into the event
  std::string detail;
  std::string unmatched;  ///< why accepted usage is not billed yet; empty: it matches
};

struct Posted {
  std::vector<FactOutcome> facts;  ///< in the order they were posted
  std::uint64_t position = 0;      ///< the ledger's newest position afterwards
};

/// A ledger that a command works on, in a directory or behind a server: both are spoken to in the words of the
/// public contract, so that one and the same body means the same to both.
class Target {
 public:
  virtual ~Target() = default;

  /// Records structured CloudEvents (JSON objects), at most 10,000 and 8 MiB of them. Each counts once for ever,
  /// so posting again is safe.
  [[nodiscard]] virtual Outcome<Posted> post(std::span<const std::string> events) = 0;

  /// Performs `name` with `body` (JSON) and gives its answer: `{"position","events","eventCount","eventCounts","alarms"}`.
  [[nodiscard]] virtual Outcome<std::string> command(std::string_view name, const std::string& body) = 0;

  /// The answer to GET /v1`path`, as it stands. Errors: the problem document's code and sentence.
  [[nodiscard]] virtual Outcome<std::string> question(const std::string& path) = 0;

  /// The same of a question that takes long: a server answers it by a job, for which this waits.
  [[nodiscard]] virtual Outcome<std::string> long_question(const std::string& path) { return question(path); }

  /// The answer to POST /v1`path` with a body, where that is a question and writes nothing. Errors: as `question`.
  [[nodiscard]] virtual Outcome<std::string> question_with(const std::string& path, std::string_view media_type,
                                                           std::string_view body) = 0;

  /// The same of one that takes long: as `long_question`.
  [[nodiscard]] virtual Outcome<std::string> long_question_with(const std::string& path, std::string_view media_type, std::string_view body) {
    return question_with(path, media_type, body);
  }

  /// Takes an event of the log at its position; what it fails with ends the reading.
  using TakeEvent = std::function<Outcome<void>(const Event& event, std::uint64_t position)>;
  /// Every event of `types` that the log now has, in its order, personal values opened. Answers the log's newest
  /// position. Errors: those of `take`; damage, by its position.
  [[nodiscard]] virtual Outcome<std::uint64_t> read_log(std::span<const EventType> types, const TakeEvent& take) = 0;
};

/// `path` with a query of those pairs whose value is not empty, percent-encoded.
[[nodiscard]] std::string with_query(std::string path,
                                     std::span<const std::pair<std::string_view, std::string>> pairs);

/// What a refused question or command says. Errors: by the status.
[[nodiscard]] tl::unexpected<Failure> refusal(int status, std::string_view problem);

/// The newest position of a ledger; 0 where whoever asks may not read it.
[[nodiscard]] std::uint64_t position_of(Target& target);

/// The events as one JSON array.
[[nodiscard]] std::string batch_body(std::span<const std::string> events);

}  // namespace daybook::cli
