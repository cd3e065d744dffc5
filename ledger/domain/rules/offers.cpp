#include "ledger/domain/rules/offers.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "ledger/domain/rules/state_reader.h"

namespace daybook {
namespace {

struct Shipped {
  std::string_view offer_id;
  OfferKind kind = OfferKind::PayAsYouGo;
  bool mails_invoices = true;
  std::string_view url = {};
};

/// The catalogue that ships (domain.md 1.6), in the words of its sources: the numbers of offers, and the page that
/// describes the one that is paid with a key (W5d). A provider of his own defines his with `OfferDefined`.
constexpr auto kOffers = std::to_array<Shipped>({
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
    {"MS-AZR-0145P", OfferKind::PayAsYouGo},
    {"MS-AZR-0148G", OfferKind::Plan},
    {"MS-AZR-0148P", OfferKind::Enterprise},
    {"MS-AZR-0170P", OfferKind::Sponsored},
});

}  // namespace

OfferTerms offer_of(const StateReader& state, const OfferId& id) {
  if (const auto* defined = state.find<OfferTerms>(id.text())) return *defined;
  OfferTerms offer;
  offer.offer_id = id;
  offer.name = id.text();
  const auto* found =
      std::find_if(kOffers.begin(), kOffers.end(),
                   [&](const Shipped& shipped) { return shipped.offer_id == id.text(); });
  if (found == kOffers.end()) return offer;
  offer.kind = found->kind;
  offer.mails_invoices = found->mails_invoices;
  if (!found->url.empty()) offer.url = std::string(found->url);
  // A free account stops at its credit until its owner says otherwise (domain.md 1.6).
  if (found->kind == OfferKind::FreeTrial) offer.spending_limit = SpendingLimit::On;
  return offer;
}

void apply(OfferTerms& offer, const OfferDefined& event) {
  offer.offer_id = event.offer_id;
  offer.name = event.name;
  offer.kind = event.kind;
  offer.monthly_credit = event.monthly_credit;
  offer.trial_credit = event.trial_credit;
  offer.trial_days = event.trial_days.value_or(30);
  offer.spending_limit = event.spending_limit.value_or(SpendingLimit::Off);
  offer.mails_invoices = event.email_invoices.value_or(true);
  offer.url = event.url;
}

}  // namespace daybook
