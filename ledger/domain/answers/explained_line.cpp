#include "ledger/domain/answers/explained_line.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/answers/hex.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Cuts parts to 28 places so that they still make the whole, cut once.
class Cutter {
 public:
  Result<Decimal> next(const Exact& part) {
    LEDGER_TRY(sum_, add(sum_, part));
    LEDGER_TRY(const Exact whole, Exact::from(sum_.to_display()));
    LEDGER_TRY(const Exact piece, subtract(whole, told_));
    told_ = whole;
    return piece.to_display();
  }

 private:
  Exact sum_;
  Exact told_;
};

ExplainedLineView view_of(const InvoiceLine& told) {
  ExplainedLineView view;
  view.line_id = told.line_id;
  view.charge_type = told.charge_type;
  view.subscription_id = told.subscription_id;
  view.description = told.description;
  view.period = told.period;
  view.value = told.value;
  view.amount = told.amount;
  view.credit = told.credit;
  view.corrected_invoice_id = told.corrected_invoice_id;
  return view;
}

/// What rows that brought their own value share a step by.
bool share_a_step(const RatedRow& left, const RatedRow& right) {
  return left.has_cost == right.has_cost && left.unit_price == right.unit_price;
}

Result<void> add_own_steps(const LineDerivation& derivation, Cutter& cutter,
                           std::vector<ExplainedStepView>& steps) {
  struct Own {
    const RatedRow* first;
    Exact quantity;
    Exact value;
  };
  std::vector<Own> sums;
  for (const RatedRow& row : derivation.rows) {
    auto found = std::find_if(sums.begin(), sums.end(), [&](const Own& own) {
      return share_a_step(*own.first, row);
    });
    if (found == sums.end()) found = sums.insert(sums.end(), {&row, Exact(), Exact()});
    LEDGER_TRY(found->quantity, add(found->quantity, row.quantity));
    LEDGER_TRY(found->value, add(found->value, row.value));
  }
  for (const Own& own : sums) {
    LEDGER_TRY(const Decimal value, cutter.next(own.value));
    steps.push_back({own.first->has_cost ? StepKind::Cost : StepKind::UnitPrice, std::nullopt,
                     own.quantity.to_display(), own.first->unit_price, value});
  }
  return {};
}

Result<std::vector<ExplainedStepView>> steps_of(const InvoiceLine& told, const DraftLine& made) {
  const LineDerivation& derivation = *made.derivation;
  std::vector<ExplainedStepView> steps;
  Cutter cutter;
  if (derivation.discount != nullptr || derivation.is_correction) {
    LEDGER_TRY(const Decimal value, cutter.next(made.value));
    const bool is_discount = derivation.discount != nullptr;
    steps.push_back({is_discount ? StepKind::Discount : StepKind::Correction, std::nullopt,
                     is_discount ? std::optional<Decimal>() : told.consumed, std::nullopt, value});
    return steps;
  }
  if (!derivation.included.is_zero()) {
    steps.push_back({StepKind::Included, std::nullopt, derivation.included.to_display(),
                     std::nullopt, Decimal(0)});
  }
  Exact left = made.value;
  for (const RatedTier& tier : derivation.tiers) {
    LEDGER_TRY(left, subtract(left, tier.value));
    LEDGER_TRY(const Decimal value, cutter.next(tier.value));
    steps.push_back(
        {StepKind::Tier, tier.from, tier.quantity.to_display(), tier.unit_price, value});
  }
  if (steps.empty()) {
    LEDGER_CHECK(add_own_steps(derivation, cutter, steps));
  } else if (!left.is_zero()) {
    // Late units of a meter whose tiers count stand on one line with their discount.
    LEDGER_TRY(const Decimal value, cutter.next(left));
    steps.push_back({StepKind::Discount, std::nullopt, std::nullopt, std::nullopt, value});
  }
  return steps;
}

Result<std::vector<ExplainedUsageView>> usage_of(const LineDerivation& derivation,
                                                 const UsageRecords& records) {
  std::vector<ExplainedUsageView> usage;
  Cutter cutter;
  for (const RatedRow& row : derivation.rows) {
    LEDGER_TRY(PostedUsage posted, records.posted(row.row.position));
    ExplainedUsageView view;
    view.position = row.row.position;
    view.source = std::move(posted.source);
    view.id = std::move(posted.id);
    view.usage_id = std::move(posted.data.usage_id);
    view.usage_date = row.usage_date;
    view.quantity = row.quantity.to_display();
    LEDGER_TRY(view.value, cutter.next(row.value));
    if (row.row.corrected_by != 0) view.amended_by = row.row.corrected_by;
    usage.push_back(std::move(view));
  }
  return usage;
}

/// The position of the event that a charge comes from; nothing for a limit.
std::optional<std::uint64_t> position_of(const StateReader& state, const InvoiceLine& line) {
  if (line.charge_id) {
    const Purchase* purchase = state.find<Purchase>(line.charge_id->text());
    if (purchase != nullptr) return purchase->posted_at;
  }
  if (line.reservation_id) {
    const Reservation* reservation = state.find<Reservation>(line.reservation_id->text());
    if (reservation != nullptr) {
      return line.charge_type == ChargeType::Refund ? reservation->ended_at
                                                    : reservation->posted_at;
    }
  }
  if (line.support_plan_id) {
    const SupportPlan* plan = state.support_plan(*line.support_plan_id);
    if (plan != nullptr) return plan->posted_at;
  }
  return std::nullopt;
}

/// What a charge in another currency than its document was recorded with, below zero where it gives back.
std::optional<Decimal> recorded_amount(const StateReader& state, const InvoiceLine& line) {
  if (!line.pricing_currency) return std::nullopt;
  if (line.charge_id) {
    const Purchase* purchase = state.find<Purchase>(line.charge_id->text());
    if (purchase == nullptr) return std::nullopt;
    const std::int64_t minor = purchase->amount.minor_units;
    return Money{purchase->refund_of ? -minor : minor, purchase->amount.currency}.amount();
  }
  if (!line.reservation_id) return std::nullopt;
  const Reservation* reservation = state.find<Reservation>(line.reservation_id->text());
  if (reservation == nullptr) return std::nullopt;
  if (line.charge_type != ChargeType::Refund) return reservation->amount.amount();
  return Money{-reservation->given_back_minor, reservation->amount.currency}.amount();
}

/// The rate that the line names.
std::optional<ExplainedExchangeView> exchange_of(const StateReader& state, const InvoiceLine& line,
                                                 const Manifest& manifest) {
  if (!line.pricing_currency || !line.exchange_rate) return std::nullopt;
  const ExchangeRates* rates = state.exchange_rates(*line.pricing_currency, line.amount.currency);
  if (rates == nullptr) return std::nullopt;
  const std::vector<Position>& told = manifest.rate_positions;
  for (const ExchangeRateVersion& version : rates->versions) {
    if (version.rate == *line.exchange_rate &&
        std::find(told.begin(), told.end(), version.position) != told.end())
      return ExplainedExchangeView{version.position, version.effective_on, version.rate};
  }
  return std::nullopt;
}

Result<Exact> sum_of_values(const auto& parts) {
  Exact sum;
  for (const auto& part : parts) {
    LEDGER_TRY(const Exact value, Exact::from(part.value));
    LEDGER_TRY(sum, add(sum, value));
  }
  return sum;
}

}  // namespace

Result<ExplainedLineView> explained_usage(const InvoiceLine& told, const DraftLine& made,
                                          const UsageRecords& records) {
  LEDGER_INVARIANT(made.derivation != nullptr);
  const LineDerivation& derivation = *made.derivation;
  ExplainedLineView view = view_of(told);
  if (const PriceVersion* price = derivation.price;
      price != nullptr && derivation.discount == nullptr) {
    view.price = ExplainedPriceView{price->position,     *told.meter_id,
                                    price->effective_on, price->currency,
                                    price->tier_mode,    price->included_quantity,
                                    std::nullopt};
    if (price->scope) view.price->scope = price->scope->text();
  }
  if (const ExchangeRateVersion* exchange = derivation.exchange)
    view.exchange =
        ExplainedExchangeView{exchange->position, exchange->effective_on, exchange->rate};
  if (const Discount* discount = derivation.discount)
    view.discount =
        ExplainedDiscountView{discount->position, discount->discount_id, discount->percent};
  LEDGER_TRY(view.steps, steps_of(told, made));
  LEDGER_TRY(view.usage, usage_of(derivation, records));
  return view;
}

Result<ExplainedLineView> explained_charge(const StateReader& state, const InvoiceLine& told,
                                           const Manifest& manifest) {
  ExplainedLineView view = view_of(told);
  view.charge_position = position_of(state, told);
  view.exchange = exchange_of(state, told, manifest);
  if (is_of_limit(told)) {
    view.steps.push_back({StepKind::Limit, std::nullopt, std::nullopt, std::nullopt, told.value});
  } else {
    view.steps.push_back({StepKind::Charge, std::nullopt, Decimal(1),
                          recorded_amount(state, told).value_or(told.value), told.value});
  }
  return view;
}

bool is_of_limit(const InvoiceLine& line) {
  return line.charge_type == ChargeType::Adjustment && !line.meter_id;
}

Result<bool> parts_make_the_whole(const ExplainedLineView& line) {
  LEDGER_TRY(const Exact value, Exact::from(line.value));
  LEDGER_TRY(const Exact of_steps, sum_of_values(line.steps));
  LEDGER_TRY(const Exact of_usage, sum_of_values(line.usage));
  const bool is_of_usage = !line.usage.empty() || line.price.has_value();
  return of_steps == value && (!is_of_usage || of_usage == value);
}

ExplainedManifestView explained_manifest(const Manifest& manifest) {
  ExplainedManifestView view{manifest.position, manifest.rule_version, manifest.row_count, {}};
  if (!manifest.rows_root.empty()) view.rows_root = hex_of(manifest.rows_root);
  return view;
}

}  // namespace daybook
