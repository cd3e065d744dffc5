#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/billed_past.h"
#include "bench/latencies.h"

/// Every day's questions, asked of Daybook and of PostgreSQL: the parts of bench_questions.
namespace daybook::bench {

/// What is asked for in turn `turn` of a question; both stores are asked the same.
class Picks {
 public:
  Picks(const BilledPast& past, std::uint64_t head) : past_(past), head_(head) {}

  [[nodiscard]] std::string invoice(std::size_t turn) const {
    return past_.invoice(mixed(turn) % BilledPast::kMonths, mixed(turn) / 64 % past_.subscriptions());
  }
  [[nodiscard]] std::string used_subscription(std::size_t turn) const {
    const std::uint64_t small = past_.used_subscriptions() - past_.big_subscriptions();
    return BilledPast::subscription(small == 0 ? mixed(turn) % past_.used_subscriptions()
                                               : past_.big_subscriptions() + mixed(turn) % small);
  }
  [[nodiscard]] std::string subscription(std::size_t turn) const {
    return BilledPast::subscription(mixed(turn) % past_.subscriptions());
  }
  [[nodiscard]] std::string invoice_of_big(std::size_t turn) const {
    return past_.invoice(mixed(turn) % (BilledPast::kMonths / 2), mixed(turn) / 64 % past_.big_subscriptions());
  }
  /// In the second half of the log.
  [[nodiscard]] std::uint64_t position(std::size_t turn) const { return head_ / 2 + mixed(turn) / 7 % (head_ / 2 + 1); }

  /// The filters of a first page.
  struct Filter {
    std::optional<InvoiceStatus> status;
    std::optional<Date> from;
    std::optional<Date> to;
  };
  [[nodiscard]] static Filter filter(std::size_t turn) {
    const Date month = BilledPast::month(1 + mixed(turn) % BilledPast::kMonths);
    switch (turn % 5) {
      case 0: return {InvoiceStatus::Due, std::nullopt, std::nullopt};
      case 1: return {InvoiceStatus::Paid, month, month.plus_days(20)};
      case 2: return {InvoiceStatus::PastDue, BilledPast::month(2), BilledPast::month(14)};
      case 3: return {std::nullopt, month.plus_days(-45), month.plus_days(45)};
      default: return {InvoiceStatus::Paid, std::nullopt, std::nullopt};
    }
  }
  static constexpr std::size_t kFilters = 5;
  static constexpr std::size_t kPage = 50;

 private:
  [[nodiscard]] static std::uint64_t mixed(std::size_t turn) { return (turn + 1) * 0x9e3779b97f4a7c15U >> 8; }
  const BilledPast& past_;
  std::uint64_t head_;
};

/// A question's times, and a sum of its answers that both stores must agree on.
struct Asked {
  Latencies times;
  std::uint64_t answered = 0;
};
using Answers = std::map<std::string, Asked>;

inline constexpr const char* kInvoice = "one invoice with its lines";
inline constexpr const char* kMonth = "one subscription's month of daily usage";
inline constexpr const char* kNextDate = "next invoice date of a subscription";
inline constexpr const char* kFirstPage = "first page of invoices, filters, exact total";
inline constexpr const char* kPastList = "invoice list of the large account, as of then";
inline constexpr const char* kPastInvoice = "invoice of the large account, as of then";
[[nodiscard]] std::vector<const char*> questions();

/// How often each is asked.
struct Turns {
  std::size_t daily = 2'000;
  std::size_t pages = 500;
  std::size_t batch_events = 0;  ///< of a batch while the views are made; 0: as a daemon does
};

[[nodiscard]] Answers ask_daybook(const std::string& directory, const BilledPast& past, const Turns& turns);
/// The same of PostgreSQL; nothing where it is not installed.
[[nodiscard]] Answers ask_postgres(const std::string& directory, const BilledPast& past, const Turns& turns);

}  // namespace daybook::bench
