#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// Purchases other than usage, and refunds of them. Stream `Charge`.
namespace daybook {

/// Something was bought; one term of it where it recurs: each is posted.
struct PurchaseCharged {
  static constexpr EventType kType = EventType::PurchaseCharged;
  static constexpr StreamType kStream = StreamType::Charge;
  static constexpr std::array kDatesFromTime = {std::string_view("purchased_on")};

  ChargeId charge_id;
  PurchaseKind kind{};
  Money amount;
  std::optional<SubscriptionId> subscription_id{};  ///< one of these three
  std::optional<ProfileId> profile_id{};
  std::optional<EnrollmentId> enrollment_id{};
  std::optional<Date> purchased_on{};
  std::optional<std::string> product_order_id{};
  std::optional<std::string> description{};
  std::optional<Date> term_start{};
  std::optional<Date> term_end{};  ///< the last day
  std::optional<Frequency> frequency{};

  [[nodiscard]] std::string stream_id() const { return charge_id.text(); }
  friend bool operator==(const PurchaseCharged&, const PurchaseCharged&) = default;
};
BOOST_DESCRIBE_STRUCT(PurchaseCharged, (),
                      (charge_id, kind, amount, subscription_id, profile_id, enrollment_id,
                       purchased_on, product_order_id, description, term_start, term_end,
                       frequency))
void fill_defaults(PurchaseCharged& fact, const FactContext& context);

/// Part or all of a purchase is given back.
struct PurchaseRefunded {
  static constexpr EventType kType = EventType::PurchaseRefunded;
  static constexpr StreamType kStream = StreamType::Charge;
  static constexpr std::array kDatesFromTime = {std::string_view("refunded_on")};

  ChargeId charge_id;
  ChargeId original_charge_id;
  Money amount;  ///< positive
  std::optional<std::string> reason_code{};
  std::optional<Date> refunded_on{};

  [[nodiscard]] std::string stream_id() const { return charge_id.text(); }
  friend bool operator==(const PurchaseRefunded&, const PurchaseRefunded&) = default;
};
BOOST_DESCRIBE_STRUCT(PurchaseRefunded, (),
                      (charge_id, original_charge_id, amount, reason_code, refunded_on))
void fill_defaults(PurchaseRefunded& fact, const FactContext& context);

namespace charge {
using Events = TypeList<PurchaseCharged, PurchaseRefunded>;
}  // namespace charge

}  // namespace daybook
