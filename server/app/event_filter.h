#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "ledger/domain/rules/state_reader.h"
#include "ledger/engine/ledger.h"
#include "ledger/log/log.h"
#include "server/http/message.h"

namespace daybook::server {

/// Which events `GET /v1/events` is asked for: `type`, `stream`, `account`.
///
/// An event is an account's when its stream is: the account, what belongs to it, usage of its subscriptions,
/// documents, roles and preferences on its scopes; or, where a stream tells of none (a price, a discount, a credit
/// lot), when the event's own data names the account or something that belongs to it. Who belongs to whom is
/// looked up at the position that the list shows; of a subscription that has had several owners, each sees
/// what happened while it was his, usage by its own day, and both the transfer.
class EventFilter {
 public:
  /// Errors: BAD_QUERY; NOT_FOUND for a stream or an account that is not there.
  [[nodiscard]] static Result<EventFilter> of(const engine::Ledger& ledger, const StateReader& state,
                                              const http::Request& request);

  /// All that is the account's.
  [[nodiscard]] static EventFilter of_account(const engine::Ledger& ledger, const StateReader& state, const AccountId& account);

  [[nodiscard]] std::uint64_t type_mask() const;
  [[nodiscard]] bool wants(const log::RecordView& record);

 private:
  EventFilter(const engine::Ledger& ledger, const StateReader& state) : ledger_(&ledger), state_(&state) {}
  enum class OfAccount : std::uint8_t { Yes, No, AskTheData, AskTheTime };
  [[nodiscard]] OfAccount judge_stream(engine::StreamNumber number) const;
  /// Of a stream of a subscription that has had several owners.
  [[nodiscard]] bool happened_under_account(const log::RecordView& record) const;
  [[nodiscard]] bool names_account(const log::RecordView& record) const;
  [[nodiscard]] bool is_of_account(const ScopeRef& scope) const;

  const engine::Ledger* ledger_;
  const StateReader* state_;
  std::optional<EventType> type_;
  engine::StreamNumber stream_ = 0;  ///< 0: of all
  std::optional<std::string> account_;
  std::unordered_map<engine::StreamNumber, OfAccount> judged_;
};

}  // namespace daybook::server
