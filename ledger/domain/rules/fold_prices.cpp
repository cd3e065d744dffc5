#include "ledger/domain/rules/fold_table.h"

namespace daybook {
namespace {

void fold_event(StateStore& store, const PriceChanged& event, const Occurrence& at) {
  apply(store.edit<MeterPrices>(event.meter_id.text()), event, at);
  store.link(Relation::AllMeters, {}, event.meter_id.text());
}

void fold_event(StateStore& store, const DiscountGranted& event, const Occurrence& at) {
  Discount& discount = store.edit<Discount>(event.discount_id.text());
  apply(discount, event, at);
  store.link(Relation::DiscountsOfScope, discount.scope ? discount.scope->text() : std::string(),
             event.discount_id.text());
}

constexpr auto kFoldPrices = [](StateStore& store, const auto& event, const Occurrence& at) {
  fold_event(store, event, at);
};

}  // namespace

void add_prices(FoldTable& table) {
  table.add<PriceChanged, DiscountGranted>(kFoldPrices);
  table.add_rows<TaxRates, TaxRateChanged>();
  table.add_rows<ExchangeRates, ExchangeRateChanged>();
  table.add_rows<Discount, DiscountEnded>();
}

}  // namespace daybook
