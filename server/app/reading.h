#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "server/app/ledger_host.h"
#include "server/http/message.h"

namespace daybook::server {

/// What one GET reads: the state at one position, seen by one viewer, with the clock as it then stood.
struct Reading {
  log::Position position = 0;
  bool at_head = true;   ///< no `asOf`
  Instant now;           ///< the ledger's clock at that position
  Viewer viewer;
  std::optional<std::string> tenant;  ///< of the key
  std::unique_ptr<StateReader> state;

  /// `asOf` names the empty ledger: position 0, or an instant before the first event.
  [[nodiscard]] bool is_before_all() const { return !at_head && position == 0; }
};

/// The refusal of a query parameter.
[[nodiscard]] inline tl::unexpected<Error> bad_query(std::string detail) {
  return rejected("BAD_QUERY", std::move(detail));
}

/// What a question that is no list is answered before the first event (api.md 1).
[[nodiscard]] inline tl::unexpected<Error> nothing_recorded_yet() {
  return failed(ErrorKind::NotFound, "NOT_FOUND", "The log was empty then; ask for a position from 1.");
}

/// Finds the position that `asOf` and `minPosition` ask for (api.md 1); without `asOf` the newest that views show,
/// having waited a moment for what was recorded before the request came.
/// Errors: BAD_QUERY, NOT_YET_VISIBLE.
[[nodiscard]] Result<Reading> begin_reading(LedgerHost& host, const http::Request& request);

/// The position that `as_of` names: itself, or the last one recorded up to an instant. Errors: BAD_QUERY where it lies
/// beyond the newest or the ledger's clock, or is neither.
[[nodiscard]] Result<log::Position> position_as_of(LedgerHost& host, std::string_view as_of);

/// The same at a position that is known to show: that of a list's first page.
[[nodiscard]] Result<Reading> reading_at(LedgerHost& host, const http::Request& request, log::Position position);

/// The same state with usage as the policy of estimates wants it counted, and the instant that the estimate is of.
struct Estimate {
  std::unique_ptr<StateReader> refreshed;  ///< null: the reading's own state
  Instant as_of;

  [[nodiscard]] const StateReader& state(const Reading& reading) const { return refreshed ? *refreshed : *reading.state; }
};
/// Errors: those of reading the log.
[[nodiscard]] Result<Estimate> estimate_at(LedgerHost& host, const Reading& reading);

/// The caller that the gate found.
[[nodiscard]] const engine::Caller& caller_of(const http::Request& request);

/// The value of `?name=` as a number in [1, `most`], `otherwise` where it is left out; more than `most` is capped.
/// Errors: BAD_QUERY.
[[nodiscard]] Result<std::size_t> limit_of(const http::Request& request, std::size_t otherwise, std::size_t most);

/// A problem document that names the position, as every answer under /v1.
[[nodiscard]] http::Response refuse(const Error& error, const http::Request& request, log::Position position);
/// `error` with a subject where its detail has none, as what is said of a member does: "/data/quantity is missing".
[[nodiscard]] Error in_a_sentence(Error error);
/// A problem document, with the `reason` where a permission is missing.
[[nodiscard]] http::Response problem_of(const Error& error, std::string_view request_id);
void set_position(http::Response& response, log::Position position);

}  // namespace daybook::server
