#include "ledger/domain/rules/credit_pool.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "ledger/domain/allocate.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Whether `lot` pays usage of `period`.
bool is_for(const CreditLot& lot, Period period, Currency currency) {
  return lot.original.currency == currency && !lot.is_for_reservations && lot.overlaps(period);
}

/// What is not yet covered of a line on its days between two edges.
struct Uncovered {
  InvoiceLine* line = nullptr;
  Date date;
  std::int64_t left = 0;
  std::string section;
};

Result<void> split_line(DraftLine& draft, const std::string& section,
                        std::vector<Uncovered>& result) {
  InvoiceLine& line = draft.line;
  if (draft.parts.size() < 2) {
    const Date date = draft.parts.empty() ? line.period.start : draft.parts.front().date;
    result.push_back({&line, date, line.amount.minor_units, section});
    return {};
  }
  std::vector<Exact> values;
  for (const DatedValue& part : draft.parts) values.push_back(part.value);
  LEDGER_TRY(const std::vector<std::int64_t> amounts, allocate(line.amount.minor_units, values));
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    result.push_back({&line, draft.parts[i].date, amounts[i], section});
  }
  return {};
}

/// Whether charges like `line` on a document of `type` are what the lot is for (domain.md 2.1).
bool pays_for(const CreditLot& lot, const InvoiceLine& line, InvoiceType type) {
  if (lot.is_for_reservations) return is_reservation(line);
  // Prepayment of an enrollment alone covers reservations.
  if (is_reservation(line))
    return lot.source == CreditSource::Prepayment && lot.scope.type == ScopeType::Enrollment;
  return type != InvoiceType::AzureMarketplace && is_credit_eligible(line);
}

std::int64_t sum_left(const std::vector<Uncovered*>& parts) {
  return std::accumulate(parts.begin(), parts.end(), std::int64_t{0},
                         [](std::int64_t sum, const Uncovered* part) { return sum + part->left; });
}

Result<void> spread(std::int64_t amount, const std::vector<Uncovered*>& parts) {
  std::map<std::string, std::vector<Uncovered*>> sections;
  for (Uncovered* part : parts) sections[part->section].push_back(part);
  std::vector<std::int64_t> weights;
  for (const auto& [id, members] : sections) weights.push_back(sum_left(members));
  LEDGER_TRY(const std::vector<std::int64_t> of_sections, allocate(amount, weights));
  std::size_t i = 0;
  for (const auto& [id, members] : sections) {
    std::vector<std::int64_t> lefts;
    for (const Uncovered* part : members) lefts.push_back(part->left);
    const std::int64_t of_section = of_sections[i++];
    if (of_section == 0) continue;
    LEDGER_TRY(const std::vector<std::int64_t> of_lines, allocate(of_section, lefts));
    for (std::size_t k = 0; k < members.size(); ++k) {
      members[k]->left -= of_lines[k];
      members[k]->line->credit.minor_units += of_lines[k];
    }
  }
  return {};
}

}  // namespace

std::vector<CreditLot> credit_lots(const StateReader& state, const ScopeRef& scope) {
  std::vector<CreditLot> lots;
  for (const std::string& id : state.members(Relation::LotsOfScope, scope.text())) {
    if (const CreditLot* lot = state.find<CreditLot>(id)) lots.push_back(*lot);
  }
  const auto order = [](const CreditLot& lot) {
    return std::tuple(lot.expires_on.value_or(kLastDate), lot.start_on, lot.granted_at);
  };
  std::sort(lots.begin(), lots.end(), [&](const CreditLot& left, const CreditLot& right) {
    return order(left) < order(right);
  });
  return lots;
}

bool is_credit_eligible(const InvoiceLine& line) {
  return line.is_credit_eligible && line.publisher_type != PublisherType::Marketplace;
}

bool is_reservation(const InvoiceLine& line) {
  return line.pricing_model == PricingModel::Reservation && !line.meter_id;
}

CreditPool::CreditPool(const StateReader& state, const ScopeRef& scope, const InvoiceId* without)
    : lots_(credit_lots(state, scope)) {
  set_aside(state, scope);
  if (without == nullptr) return;
  for (CreditLot& lot : lots_) give_back(lot, *without);
}

void CreditPool::set_aside(const StateReader& state, const ScopeRef& scope) {
  if (scope.type != ScopeType::Enrollment || lots_.empty()) return;
  const BillingMark* mark = state.billing_mark(scope, InvoiceType::EnrollmentOverage);
  if (mark == nullptr) return;
  for (const ReopenedDocument& reopened : mark->reopened) {
    const InvoiceDocument* document = state.invoice_document(reopened.invoice_id);
    if (document == nullptr) continue;
    const InvoiceIssued& issued = document->issued;
    std::int64_t took = issued.totals.credit_applied.minor_units;
    for (CreditLot& lot : lots_) {
      const std::int64_t part = std::min(took, lot.left_minor);
      if (part <= 0 || !is_for(lot, issued.period, issued.currency)) continue;
      lot.left_minor -= part;
      took -= part;
      aside_[reopened.invoice_id.text()].push_back({lot.lot_id, lot.source, {part, issued.currency}});
    }
  }
}

void CreditPool::release(const InvoiceId& invoice) {
  const auto aside = aside_.find(invoice.text());
  if (aside == aside_.end()) return;
  for (const CreditTaken& each : aside->second) put_back(each.lot_id, each.amount.minor_units);
  aside_.erase(aside);
}

void CreditPool::renew(const MonthlyCreditRenewed& renewed, const CreditLot& previous) {
  for (CreditLot& each : lots_) {
    if (each.lot_id == previous.lot_id && each.expires_on)
      each.expires_on = std::min(*each.expires_on, std::max(renewed.period.start, each.start_on));
  }
  CreditLot lot = renewed_lot(previous, renewed);
  const auto later = std::find_if(lots_.begin(), lots_.end(), [&](const CreditLot& other) {
    return other.expires_on.value_or(kLastDate) > *lot.expires_on;
  });
  lots_.insert(later, std::move(lot));
}

void CreditPool::put_back(const LotId& id, std::int64_t amount_minor) {
  for (CreditLot& lot : lots_) {
    if (lot.lot_id == id) lot.left_minor += amount_minor;
  }
}

std::vector<CreditTaken> CreditPool::hold_prepayment(Date on, std::int64_t but,
                                                     std::int64_t most) {
  const auto may_be_held = [&](const CreditLot& lot) {
    return lot.source == CreditSource::Prepayment && lot.covers(on) && lot.left_minor > 0;
  };
  std::int64_t free = -but;
  for (const CreditLot& lot : lots_) free += may_be_held(lot) ? lot.left_minor : 0;
  most = std::min(most, free);
  std::vector<CreditTaken> held;
  for (auto lot = lots_.rbegin(); lot != lots_.rend() && most > 0; ++lot) {
    if (!may_be_held(*lot)) continue;
    const std::int64_t part = std::min(most, lot->left_minor);
    lot->left_minor -= part;
    most -= part;
    held.push_back({lot->lot_id, lot->source, {part, lot->original.currency}});
  }
  return held;
}

std::vector<Date> CreditPool::edges() const {
  std::set<Date> edges;
  for (const CreditLot& lot : lots_) {
    if (lot.left_minor <= 0) continue;
    edges.insert(lot.start_on);
    if (lot.expires_on) edges.insert(*lot.expires_on);
  }
  return {edges.begin(), edges.end()};
}

std::optional<std::int64_t> CreditPool::left_in(Period period, Currency currency) const {
  std::optional<std::int64_t> left;
  for (const CreditLot& lot : lots_) {
    if (is_for(lot, period, currency)) left = left.value_or(0) + lot.left_minor;
  }
  return left;
}

bool CreditPool::ends(const Subscription& subscription, Period period, Currency currency,
                      std::optional<Position> upto) const {
  return subscription.is_limited_on(period.last_day()) &&
         std::any_of(lots_.begin(), lots_.end(), [&](const CreditLot& lot) {
           return is_for(lot, period, currency) && (!upto || lot.granted_at <= *upto);
         });
}

Result<std::vector<CreditTaken>> CreditPool::cover(
    std::vector<DraftLine>& lines, InvoiceType type, std::int64_t most,
    const std::function<std::string(const InvoiceLine&)>& section_of) {
  std::vector<CreditTaken> taken;
  if (lots_.empty() || lines.empty()) return taken;
  const Currency currency = lines.front().line.amount.currency;
  std::vector<Uncovered> parts;
  for (DraftLine& draft : lines) {
    if (is_credit_eligible(draft.line) || is_reservation(draft.line))
      LEDGER_CHECK(split_line(draft, section_of(draft.line), parts));
  }
  for (CreditLot& lot : lots_) {
    if (lot.left_minor <= 0 || lot.original.currency != currency) continue;
    std::vector<Uncovered*> covered;
    for (Uncovered& part : parts) {
      if (lot.covers(part.date) && pays_for(lot, *part.line, type)) covered.push_back(&part);
    }
    const std::int64_t amount = std::min({lot.left_minor, sum_left(covered), most});
    if (amount <= 0) continue;
    LEDGER_CHECK(spread(amount, covered));
    lot.left_minor -= amount;
    most -= amount;
    taken.push_back({lot.lot_id, lot.source, {amount, lot.original.currency}});
  }
  return taken;
}

}  // namespace daybook
