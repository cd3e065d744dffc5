#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/codec/random_values.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {

/// A random but possible history of a small provider: accounts, subscriptions that move, prices,
/// usage that is amended and voided, invoices on their way through their states, mail, roles. The
/// same for the same seed.
class RandomLedger {
 public:
  explicit RandomLedger(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] WrittenEvent next();

  /// Every id that any event named, for questions.
  std::vector<std::string> accounts, profiles, sections, subscriptions, meters, methods, invoices,
      identities;

 private:
  struct Used {
    std::size_t subscription;
    std::string usage_id;
    std::string source;
  };
  struct IssuedInvoice {
    std::string id;
    std::int64_t total;
    bool open = true;
    bool paid = false;
    int payments = 0;
  };

  EventData draw();
  EventData new_account();
  EventData new_subscription();
  EventData new_price();
  EventData usage();
  EventData correction();
  EventData invoice();
  EventData invoice_event();
  EventData mail_event();
  EventData access_event();
  EventData other();

  [[nodiscard]] std::uint64_t below(std::size_t bound) { return random_.below(bound); }
  [[nodiscard]] const std::string& one_of(const std::vector<std::string>& ids) {
    return ids[below(ids.size())];
  }
  [[nodiscard]] Decimal decimal(std::uint64_t coefficients, int scale);
  [[nodiscard]] Date day_back(std::uint64_t days) {
    return today_.plus_days(-static_cast<std::int64_t>(below(days)));
  }

  codec::RandomValues random_;
  EventMaker maker_;
  Date today_ = Date::of(2024, 1, 1);
  std::uint8_t code_ = 0;
  std::string source_;
  std::string id_;
  std::vector<Used> used_;
  std::vector<IssuedInvoice> issued_;
  std::uint64_t made_ = 0;
};

}  // namespace daybook::projections::testing
