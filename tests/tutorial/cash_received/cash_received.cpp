#include "tests/tutorial/cash_received/cash_received.h"

#include <string>

#include "ledger/codec/event.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/invariant.h"
#include "projections/row_key.h"
#include "projections/row_reader.h"

namespace daybook::projections {
namespace {

std::string key_of(Date day, Currency currency) { return KeyWriter().u8(1).text(currency.text()).day(day).take(); }

std::string value_of(Money sum) { return KeyWriter().u64(static_cast<std::uint64_t>(sum.minor_units)).take(); }

Money sum_of(std::string_view value, Currency currency) {
  return {static_cast<std::int64_t>(KeyReader(value).u64()), currency};
}

class CashReceivedFold final : public SimpleFold {
 protected:
  bool wants(const log::RecordView& record) const override {
    const auto type = static_cast<EventType>(record.type);
    return type == EventType::InvoicePaymentSucceeded || type == EventType::InvoicePaymentReversed;
  }

  void apply(const log::RecordView& record, Rows& rows) override {
    const Event event = foldable(codec::decode_event(record.event, nullptr));
    if (const auto* paid = event.data.get_if<InvoicePaymentSucceeded>()) {
      add_to(rows, record.position, paid->received_on.value_or(event.envelope.time.date()), paid->amount);
    } else if (const auto* reversed = event.data.get_if<InvoicePaymentReversed>()) {
      add_to(rows, record.position, event.envelope.time.date(), foldable(negate(reversed->amount)));
    }
  }

 private:
  /// What cannot be folded stops this view, at this position and for this reason, and no other.
  template <class T>
  static T foldable(Result<T> result) {
    if (!result) throw InvariantBroken(result.error().detail);
    return std::move(*result);
  }

  static void add_to(Rows& rows, Position position, Date day, Money amount) {
    const std::string key = key_of(day, amount.currency);
    const auto before = rows.newest(key);
    const Money sum = before ? sum_of(*before, amount.currency) : Money{0, amount.currency};
    rows.put_version(key, position, value_of(foldable(add(sum, amount))));
  }
};

}  // namespace

Projection cash_received() {
  return Projection{
      .name = std::string(kCashReceived),
      .version = 1,
      .types = type_mask({EventType::InvoicePaymentSucceeded, EventType::InvoicePaymentReversed}),
      .make = [](const FoldPlace&) { return std::make_unique<CashReceivedFold>(); },
  };
}

Result<Money> cash_received_on(const std::shared_ptr<const LiveRows>& rows, Date day, Currency currency, Position as_of) {
  return reading([&] {
    const auto version = RowReader(rows->family).newest(key_of(day, currency), as_of);
    return version ? sum_of(version->value, currency) : Money{0, currency};
  });
}

}  // namespace daybook::projections
