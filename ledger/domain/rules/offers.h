#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/provider.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/rules/state_kind.h"

namespace daybook {

class StateReader;

/// An offer: of the catalogue that ships (domain.md 1.6), or as an OfferDefined said.
struct OfferTerms {
  static constexpr StateKind kState = StateKind::OfferTerms;

  OfferId offer_id;
  std::string name;
  OfferKind kind = OfferKind::PayAsYouGo;
  std::optional<Money> monthly_credit;  ///< granted with each new subscription (R-76)
  std::optional<Money> trial_credit;
  std::int32_t trial_days = 30;
  SpendingLimit spending_limit = SpendingLimit::Off;  ///< of its subscriptions
  bool mails_invoices = true;
  std::optional<std::string> url;

  friend bool operator==(const OfferTerms&, const OfferTerms&) = default;
};
BOOST_DESCRIBE_STRUCT(OfferTerms, (),
                      (offer_id, name, kind, monthly_credit, trial_credit, trial_days,
                       spending_limit, mails_invoices, url))

/// What a trial without a spending limit becomes at its end (domain.md 3.6).
inline constexpr std::string_view kPayAsYouGoOffer = "MS-AZR-0003P";

/// The offer; one that is unknown is pay-as-you-go (OFF-1).
[[nodiscard]] OfferTerms offer_of(const StateReader& state, const OfferId& id);

void apply(OfferTerms& offer, const OfferDefined& event);

}  // namespace daybook
