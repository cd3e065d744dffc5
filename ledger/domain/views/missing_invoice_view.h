#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Why somebody sees no invoice (domain.md 7), in the order in which the first hit counts.
enum class MissingReason : std::uint8_t {
  CSP_CUSTOMER = 0,
  EA_NOT_IN_PORTAL = 1,
  OTHER_ACCOUNT = 2,
  OTHER_IDENTITY = 3,
  WRONG_TENANT = 4,
  NO_PERMISSION_MCA = 5,
  NO_PERMISSION_NOT_AA = 6,
  NONE = 7,  ///< the invoice is there and he may see it
  USAGE_FILE_NOT_READY = 8,
  TOO_NEW = 9,
  NOT_GENERATED_YET = 10,
  PREPAID_OFFER = 11,
  WITHIN_CREDIT = 12,
  NO_USAGE = 13,
  NOTHING_OWED = 14,
};
BOOST_DESCRIBE_ENUM(MissingReason, CSP_CUSTOMER, EA_NOT_IN_PORTAL, OTHER_ACCOUNT, OTHER_IDENTITY,
                    WRONG_TENANT, NO_PERMISSION_MCA, NO_PERMISSION_NOT_AA, NONE,
                    USAGE_FILE_NOT_READY, TOO_NEW, NOT_GENERATED_YET, PREPAID_OFFER, WITHIN_CREDIT,
                    NO_USAGE, NOTHING_OWED)

struct MissingReasonView {
  MissingReason code = MissingReason::NONE;
  std::string message;
  std::optional<std::string> link;  ///< PREPAID_OFFER: the offer's page

  friend bool operator==(const MissingReasonView&, const MissingReasonView&) = default;
};
BOOST_DESCRIBE_STRUCT(MissingReasonView, (), (code, message, link))

/// `GET /v1/missing-invoice`.
struct MissingInvoiceView {
  MissingReason primary = MissingReason::NONE;
  std::vector<MissingReasonView> reasons;
  std::string message;
  std::optional<Period> period;
  std::optional<InvoiceId> invoice_id;

  friend bool operator==(const MissingInvoiceView&, const MissingInvoiceView&) = default;
};
BOOST_DESCRIBE_STRUCT(MissingInvoiceView, (), (primary, reasons, message, period, invoice_id))

}  // namespace daybook
