#include "ledger/domain/answers/line_order.h"

#include <algorithm>
#include <numeric>

namespace daybook {
namespace {

int enterprise_rank(const InvoiceLine& line) {
  if (line.value.is_zero()) return 2;
  return line.publisher_type == PublisherType::Marketplace ? 1 : 0;
}

}  // namespace

std::vector<std::size_t> shown_order(ScopeType scope, const std::vector<InvoiceLine>& lines) {
  std::vector<std::size_t> order(lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (scope == ScopeType::Enrollment) {
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
      return enterprise_rank(lines[left]) < enterprise_rank(lines[right]);
    });
  }
  return order;
}

}  // namespace daybook
