#include "ledger/domain/rules/offers.h"

#include <algorithm>
#include <array>

namespace daybook {
namespace {

constexpr auto kOffers = std::to_array<Offer>({
    {"MS-AZR-0003P", OfferKind::PayAsYouGo},
    {"MS-AZR-0017G", OfferKind::Plan},
    {"MS-AZR-0017P", OfferKind::Enterprise},
    {"MS-AZR-0023P", OfferKind::PayAsYouGo},
    {"MS-AZR-0025P", OfferKind::MonthlyCredit},
    {"MS-AZR-0029P", OfferKind::MonthlyCredit},
    {"MS-AZR-0036P", OfferKind::Sponsored},
    {"MS-AZR-0041P", OfferKind::Support},
    {"MS-AZR-0042P", OfferKind::Support},
    {"MS-AZR-0043P", OfferKind::Support},
    {"MS-AZR-0044P", OfferKind::FreeTrial},
    {"MS-AZR-0059P", OfferKind::MonthlyCredit},
    {"MS-AZR-0060P", OfferKind::MonthlyCredit},
    {"MS-AZR-0062P", OfferKind::MonthlyCredit},
    {"MS-AZR-0063P", OfferKind::MonthlyCredit},
    {"MS-AZR-0111P", OfferKind::PrepaidKey, false,
     "https://azure.microsoft.com/pricing/offers/ms-azr-0111p"},
    {"MS-AZR-0120P", OfferKind::Sponsored},
    {"MS-AZR-0145P", OfferKind::Plan},
    {"MS-AZR-0148G", OfferKind::Plan},
    {"MS-AZR-0148P", OfferKind::Enterprise},
    {"MS-AZR-0170P", OfferKind::Sponsored},
});

constexpr Offer kUnknown{};

}  // namespace

const Offer& offer_of(const OfferId& id) {
  const auto* found = std::find_if(kOffers.begin(), kOffers.end(),
                                   [&](const Offer& offer) { return offer.offer_id == id.text(); });
  return found != kOffers.end() ? *found : kUnknown;
}

}  // namespace daybook
