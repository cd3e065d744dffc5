#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/domain/currency.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/money.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

/// What an amount that was recorded in one currency is worth on documents in another (decision 0076).
namespace daybook {

/// The currency of the documents of a subscription as it lies, or lay, somewhere: its profile's, else its
/// account's.
[[nodiscard]] Currency document_currency(const StateReader& state, const Subscription& there);

/// That of the documents of a scope that hold `day`; nothing for a scope that is not there.
[[nodiscard]] std::optional<Currency> document_currency(const StateReader& state, const ScopeRef& scope, Date day);

/// Whether amounts in `from` can stand on documents in `to`: once there is a rate, there always is one.
[[nodiscard]] bool can_exchange(const StateReader& state, Currency from, Currency to);

/// The refusal of an amount that has no worth where it is to stand: CURRENCY_MISMATCH.
[[nodiscard]] tl::unexpected<Error> no_rate(Currency from, Currency to, std::string_view pointer = {});

/// `value` by that rate, exact; as it is without one. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Exact> exchanged(const Exact& value, const ExchangeRateVersion* rate);

/// `amount` in `to`, by the rate in force on `day`, rounded half away from zero; nothing where there is no
/// rate. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::optional<Money>> exchanged(const StateReader& state, Money amount, Currency to, Date day);

/// A limit in dollars, `units` of them, as the most that amounts in `currency` may come to: by the rate in force from
/// dollars, else by the one to dollars, cut to minor units, so that an amount is within it exactly when its worth by that
/// rate is; without either the same number. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Money> dollar_limit(const StateReader& state, std::int64_t units, Currency currency, Date day);

}  // namespace daybook
