#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ledger/domain/enums.h"
#include "ledger/domain/time.h"
#include "ledger/log/log.h"

/// Two years of invoices, made up, the same for every store that is asked about them.
namespace daybook::bench {

/// Subscriptions with an invoice a month, over 24 months; invoices are paid two months on, one in fifty is not. The first
/// of the subscriptions belong to one account. In the last month there is usage, 14 rows a day and subscription.
class BilledPast {
 public:
  static constexpr std::uint64_t kMonths = 24;
  static constexpr std::uint64_t kLines = 3;
  static constexpr std::uint64_t kMeters = 14;
  static constexpr std::uint64_t kDays = 31;

  /// About so many invoices and rows of usage, and about `big` events of one account.
  BilledPast(std::uint64_t invoices, std::uint64_t usage, std::uint64_t big);

  [[nodiscard]] std::uint64_t subscriptions() const { return subscriptions_; }
  [[nodiscard]] std::uint64_t invoices() const { return subscriptions_ * kMonths; }
  /// Those of the large account: the first ones.
  [[nodiscard]] std::uint64_t big_subscriptions() const { return big_subscriptions_; }
  /// The first so many have usage.
  [[nodiscard]] std::uint64_t used_subscriptions() const { return used_subscriptions_; }

  [[nodiscard]] static Date month(std::uint64_t number);  ///< its first day; 0 is January 2023
  [[nodiscard]] static std::string subscription(std::uint64_t number);
  [[nodiscard]] std::string account(std::uint64_t subscription) const;
  [[nodiscard]] static std::string big_account() { return "acc-big"; }
  [[nodiscard]] std::string invoice(std::uint64_t month, std::uint64_t subscription) const;
  [[nodiscard]] static std::string meter(std::uint64_t number) { return "vm-b" + std::to_string(number) + "s"; }
  /// Minor units of a line, before tax.
  [[nodiscard]] static std::int64_t amount(std::uint64_t month, std::uint64_t subscription, std::uint64_t line);
  [[nodiscard]] InvoiceStatus status(std::uint64_t month, std::uint64_t subscription) const;  ///< at the end

  /// Who is told. `position` is that of the event in a log that holds nothing else.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void opened(const std::string& account, std::uint64_t position) = 0;
    virtual void created(std::uint64_t subscription, std::uint64_t position) = 0;
    /// Its lines are the next event.
    virtual void issued(std::uint64_t month, std::uint64_t subscription, std::uint64_t position) = 0;
    virtual void settled(std::uint64_t month, std::uint64_t subscription, InvoiceStatus now, std::uint64_t position) = 0;
    virtual void used(std::uint64_t subscription, Date day, std::uint64_t meter, std::uint64_t milli_quantity,
                      std::uint64_t position) = 0;
    virtual void end() = 0;
  };
  /// Everything, in the order in which it happened. Returns how many events it was.
  std::uint64_t tell(Listener& listener) const;

 private:
  void tell_usage(Listener& listener, std::uint64_t& position) const;
  std::uint64_t subscriptions_;
  std::uint64_t big_subscriptions_;
  std::uint64_t used_subscriptions_;
  std::uint64_t rows_of_big_;  ///< of usage, a subscription of the large account
};

/// Writes it as events.
[[nodiscard]] std::unique_ptr<BilledPast::Listener> events_into(log::Log& log, const BilledPast& past);

}  // namespace daybook::bench
