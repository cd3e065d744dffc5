#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rounding.h"
#include "ledger/domain/rules/prices.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// What a version of the rules or a price settles and no policy does, and may be tried all the same.
struct TriedRules {
  std::optional<Rounding> rounding;                     ///< at every point of a document; nothing: as its agreement has it
  std::map<std::string, Decimal, std::less<>> included; ///< by meter, "" for every other one: of each of its prices

  [[nodiscard]] std::size_t count() const { return included.size() + (rounding ? 1 : 0); }
};

/// State with a few facts about prices, taxes, exchange rates and discounts, and policies, that nobody recorded.
///
/// `base` outlives it and stays as it is.
class OverlayState final : public StateStore {
 public:
  explicit OverlayState(const StateReader& base) : base_(base) {}

  /// Whether facts of this type can be laid over a state.
  [[nodiscard]] static bool takes(EventType type);

  /// Lays `facts` over the state, one after another, as if they were recorded next. A price takes the
  /// place of the one that the base has for the same meter, currency, scope and day. Errors: those of
  /// recording it; INVALID_FIELD for a fact of another type; `failed_at` says which it is.
  [[nodiscard]] Result<void> lay(const std::vector<Event>& facts, std::size_t* failed_at = nullptr);

  /// Sets a policy, as if that were done next. Errors: those of setting it; NOT_SUPPORTED for one that changes nothing of
  /// what usage is worth, or that counts only from the day on which it is set; INVALID_FIELD for one that was laid before.
  [[nodiscard]] Result<void> lay(const SetPolicy& policy);

  /// So much of a meter is included in each billing period, whatever its prices say: those that come later, too.
  void lay(const TriedRules& rules) { included_ = rules.included; }

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override;
  [[nodiscard]] std::vector<std::string> members(Relation relation,
                                                 std::string_view parent) const override;
  /// That of the base: usage is known up to there.
  [[nodiscard]] Position position() const override { return base_.position(); }

  [[nodiscard]] void* edit_row(StateKind kind, std::string_view key) override;
  void link(Relation relation, std::string_view parent, std::string_view member) override;
  void unlink(Relation relation, std::string_view parent, std::string_view member) override;

 private:
  using Place = std::pair<StateKind, std::string>;

  template <class State>
  void* copy_of(std::string_view key);
  [[nodiscard]] const void* with_included(std::string_view meter, const void* prices) const;
  [[nodiscard]] EventData in_place(const EventData& fact) const;

  const StateReader& base_;
  std::map<Place, std::shared_ptr<void>> rows_;
  std::map<std::pair<Relation, std::string>, std::set<std::string>> linked_;
  std::set<std::string> policies_;  ///< that were laid
  std::map<std::string, Decimal, std::less<>> included_;
  /// Prices with what is included, as they were when they were read; one thread reads a state.
  mutable std::map<std::string, std::pair<std::size_t, MeterPrices>, std::less<>> with_included_;
  Position last_ = 0;
};

}  // namespace daybook
