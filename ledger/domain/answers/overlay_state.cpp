#include "ledger/domain/answers/overlay_state.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "ledger/domain/facts/discount.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "ledger/domain/facts/policy.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/tax_rate.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/fold.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Why the figures of a what-if cannot follow a policy; nothing: they do. Those that they follow say on which day a document
/// of usage is issued, and so by which tax and exchange rates.
std::optional<std::string_view> why_not_tried(std::string_view policy) {
  static constexpr std::string_view kTried[] = {"ea.invoiceAfterDays", "mosp.invoiceDay", "mosp.marketplaceDay"};
  if (std::find(std::begin(kTried), std::end(kTried), policy) != std::end(kTried)) return std::nullopt;
  if (policy == "subscription.warned") {
    return "what a warned subscription would have used or left unused is in no history; set it in a branch from before the "
           "warning (`daybook replay branch`)";
  }
  if (policy.starts_with("invoiceDay.")) {
    return "it holds for profiles that are opened later; set it in a branch from before (`daybook replay branch`)";
  }
  if (policy == "corrections") return "late and corrected usage counts in its own period on both sides, wherever it is billed";
  if (policy == "invoice.lateAfterDays") return "it depends on when runs were made, and only what was issued tells that";
  if (policy.starts_with("reservation.") || policy == "mosp.reservationTiming" || policy == "support.renewalRun" ||
      policy == "ea.refundCutOffDay") {
    return "purchases, reservations and support terms are not in the figures, which are of usage";
  }
  return "it changes nothing of what usage is worth; those that do are ea.invoiceAfterDays, mosp.invoiceDay and "
         "mosp.marketplaceDay";
}

}  // namespace

bool OverlayState::takes(EventType type) {
  switch (type) {
    case EventType::PriceChanged:
    case EventType::TaxRateChanged:
    case EventType::ExchangeRateChanged:
    case EventType::DiscountGranted:
    case EventType::DiscountEnded:
      return true;
    default:
      return false;
  }
}

Result<void> OverlayState::lay(const std::vector<Event>& facts, std::size_t* failed_at) {
  if (last_ == 0) last_ = base_.position();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (failed_at != nullptr) *failed_at = i;
    if (!takes(facts[i].data.type())) {
      return rejected("INVALID_FIELD",
                      "is none of PriceChanged, TaxRateChanged, ExchangeRateChanged, "
                      "DiscountGranted, DiscountEnded: nothing else changes what usage is worth",
                      "/type");
    }
    Event fact = facts[i];
    fact.data = in_place(fact.data);
    if (Result<void> checked = check(*this, fact); !checked) {
      Error error = std::move(checked.error());
      if (error.code == "ALREADY_EXISTS" && fact.data.type() == EventType::PriceChanged)
        error.detail = "the file has a price of this meter, currency, scope and day already";
      return tl::unexpected(std::move(error));
    }
    fold(*this, fact.data, {++last_, fact.envelope.time, fact.envelope.time});
  }
  return {};
}

Result<void> OverlayState::lay(const SetPolicy& policy) {
  if (last_ == 0) last_ = base_.position();
  LEDGER_CHECK(check_policy(policy.policy, policy.value.text));
  if (const std::optional<std::string_view> reason = why_not_tried(policy.policy)) {
    return rejected("NOT_SUPPORTED", policy.policy + ": " + std::string(*reason), "/policy");
  }
  if (policy.account_id) return rejected("INVALID_FIELD", "only the policy `corrections` is set for one account", "/accountId");
  if (!policies_.insert(policy.policy).second) return rejected("INVALID_FIELD", "this policy is named twice", "/policy");
  const Instant now = base_.clock().now;
  fold(*this, EventData(PolicyChanged{policy.policy, policy.value, std::nullopt}), {++last_, now, now});
  return {};
}

/// A price of the same day names the one that it replaces. Two of the file are a conflict, unless the
/// later one says that it replaces another.
EventData OverlayState::in_place(const EventData& fact) const {
  const auto* price = fact.get_if<PriceChanged>();
  const MeterPrices* known = price != nullptr ? prices(price->meter_id.text()) : nullptr;
  if (known == nullptr) return fact;
  PriceChanged replacing = *price;
  replacing.replaces.reset();
  const auto scope = price->scope_type && price->scope_id
                         ? std::optional(ScopeRef(*price->scope_type, price->scope_id->text()))
                         : std::nullopt;
  for (const PriceVersion& version : known->versions) {
    if (version.replaced_by) continue;
    if (version.position > base_.position() && !price->replaces) continue;
    if (version.currency == price->currency && version.effective_on == price->effective_on &&
        version.scope == scope) {
      replacing.replaces = version.position;
    }
  }
  return replacing;
}

template <class State>
void* OverlayState::copy_of(std::string_view key) {
  const auto copy = std::make_shared<State>();
  if (const State* known = base_.find<State>(key)) *copy = *known;
  rows_.emplace(Place(State::kState, key), copy);
  return copy.get();
}

const void* OverlayState::with_included(std::string_view meter, const void* prices) const {
  const auto own = included_.find(meter);
  const auto found = own != included_.end() ? own : included_.find("");
  if (prices == nullptr || found == included_.end()) return prices;
  const auto* known = static_cast<const MeterPrices*>(prices);
  auto& [versions, kept] = with_included_[std::string(meter)];
  if (versions != known->versions.size()) {
    kept = *known;
    for (PriceVersion& version : kept.versions) version.included_quantity = found->second;
    versions = kept.versions.size();
  }
  return &kept;
}

const void* OverlayState::row(StateKind kind, std::string_view key) const {
  const bool may_be_laid = kind == StateKind::MeterPrices || kind == StateKind::TaxRates ||
                           kind == StateKind::ExchangeRates || kind == StateKind::Discount ||
                           kind == StateKind::Policies;
  if (may_be_laid && !rows_.empty()) {
    const auto found = rows_.find(Place(kind, key));
    if (found != rows_.end()) return kind == StateKind::MeterPrices ? with_included(key, found->second.get()) : found->second.get();
  }
  const void* known = base_.row(kind, key);
  return kind == StateKind::MeterPrices ? with_included(key, known) : known;
}

void* OverlayState::edit_row(StateKind kind, std::string_view key) {
  const auto found = rows_.find(Place(kind, key));
  if (found != rows_.end()) return found->second.get();
  switch (kind) {
    case StateKind::MeterPrices:
      return copy_of<MeterPrices>(key);
    case StateKind::TaxRates:
      return copy_of<TaxRates>(key);
    case StateKind::ExchangeRates:
      return copy_of<ExchangeRates>(key);
    case StateKind::Discount:
      return copy_of<Discount>(key);
    case StateKind::Policies:
      return copy_of<Policies>(key);
    default:
      break;
  }
  LEDGER_INVARIANT(false);
  return nullptr;
}

std::vector<std::string> OverlayState::members(Relation relation, std::string_view parent) const {
  std::vector<std::string> result = base_.members(relation, parent);
  const auto more = linked_.find({relation, std::string(parent)});
  if (more == linked_.end()) return result;
  std::set<std::string> all(result.begin(), result.end());
  all.insert(more->second.begin(), more->second.end());
  return {all.begin(), all.end()};
}

void OverlayState::link(Relation relation, std::string_view parent, std::string_view member) {
  linked_[{relation, std::string(parent)}].emplace(member);
}

void OverlayState::unlink(Relation, std::string_view, std::string_view) {
  LEDGER_INVARIANT(false);  // none of these facts takes a link away
}

}  // namespace daybook
