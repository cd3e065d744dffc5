#pragma once

#include <string_view>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"

namespace daybook {

/// An offer of the catalogue that ships (domain.md 1.6).
struct Offer {
  std::string_view offer_id;
  OfferKind kind = OfferKind::PayAsYouGo;
  bool mails_invoices = true;
  std::string_view url = {};
};

/// The offer; one that is unknown is pay-as-you-go (OFF-1).
[[nodiscard]] const Offer& offer_of(const OfferId& id);

[[nodiscard]] inline bool mails_invoices(const OfferId& id) { return offer_of(id).mails_invoices; }

}  // namespace daybook
