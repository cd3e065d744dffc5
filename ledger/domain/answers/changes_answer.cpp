#include "ledger/domain/answers/changes_answer.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "ledger/domain/answers/explained_line.h"
#include "ledger/domain/answers/remade_document.h"
#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/tiers.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// What the same charge has on both documents.
using ChargeKey = std::tuple<std::string, std::string, std::string, std::string>;

/// The lines of one charge on one document.
struct Charge {
  const InvoiceLine* line = nullptr;  ///< the first
  std::int64_t minor = 0;
  Exact value;
  Exact quantity;
  std::set<Position> prices;
  std::set<Position> exchange_rates;
  const PriceVersion* price = nullptr;  ///< of the first line
  const ExchangeRateVersion* exchange = nullptr;
};

/// The charges of one document, and what stands on it beside them.
struct InvoiceCharges {
  std::map<ChargeKey, Charge> charges;
  std::map<std::string, int> charges_of_meter;
  std::map<ChangeKind, std::vector<const InvoiceLine*>> others;
};

ChargeKey key_of(const InvoiceLine& line) {
  const auto text = [](const auto& id) { return id ? id->text() : std::string(); };
  if (line.charge_id) return {"charge", line.charge_id->text(), "", ""};
  if (line.reservation_id) {
    return {"reservation", line.reservation_id->text(), std::string(wire_name(line.charge_type)), ""};
  }
  if (line.support_plan_id) return {"support", line.support_plan_id->text(), "", ""};
  std::string kind(wire_name(line.charge_type));
  if (line.pricing_model) kind += "/" + std::string(wire_name(*line.pricing_model));
  if (line.publisher_type) kind += "/" + std::string(wire_name(*line.publisher_type));
  kind += line.is_credit_eligible ? "/eligible" : "/not";
  return {text(line.subscription_id), text(line.meter_id), line.region.value_or(""), kind};
}

/// Whether the line is about a period that was billed before.
bool is_correction(const InvoiceIssued& issued, const InvoiceLine& line) {
  if (!line.meter_id) return false;
  return issued.corrected_invoice_id || line.corrected_invoice_id ||
         line.period.end_exclusive <= issued.period.start;
}

Result<void> add_charge(InvoiceCharges& document, const InvoiceLine& line, const DraftLine* made) {
  const auto [found, is_new] = document.charges.try_emplace(key_of(line));
  Charge& charge = found->second;
  if (is_new) {
    charge.line = &line;
    if (line.meter_id) ++document.charges_of_meter[line.meter_id->text()];
  }
  charge.minor += line.amount.minor_units;
  if (made == nullptr) return {};
  LEDGER_TRY(charge.value, add(charge.value, made->value));
  for (const RatedRow& row : made->derivation->rows) {
    LEDGER_TRY(charge.quantity, add(charge.quantity, row.quantity));
  }
  const PriceVersion* price = made->derivation->price;
  const ExchangeRateVersion* exchange = made->derivation->exchange;
  if (is_new) {
    charge.price = price;
    charge.exchange = exchange;
  }
  if (price != nullptr) charge.prices.insert(price->position);
  if (exchange != nullptr) charge.exchange_rates.insert(exchange->position);
  return {};
}

Result<InvoiceCharges> read(const RemadeDocument& remade, const InvoiceIssued& issued) {
  InvoiceCharges document;
  for (std::size_t i = 0; i < remade.told().size(); ++i) {
    const InvoiceLine& line = remade.told()[i];
    if (is_of_limit(line)) {
      document.others[ChangeKind::Limit].push_back(&line);
    } else if (is_correction(issued, line)) {
      document.others[ChangeKind::Corrections].push_back(&line);
    } else if (line.charge_type == ChargeType::Discount) {
      document.others[ChangeKind::Discounts].push_back(&line);
    } else {
      LEDGER_CHECK(
          add_charge(document, line, i < remade.lines().size() ? &remade.lines()[i] : nullptr));
    }
  }
  return document;
}

/// Splits what two documents differ by.
class Comparison {
 public:
  Comparison(const InvoiceIssued& from, const InvoiceIssued& to) : from_(from), to_(to) {
    view_.from = from.invoice_id;
    view_.to = to.invoice_id;
    view_.currency = to.currency;
    view_.from_total = from.totals.total;
    view_.to_total = to.totals.total;
    view_.difference = {to.totals.total.minor_units - from.totals.total.minor_units, to.currency};
  }

  Result<ChangesView> compare(const InvoiceCharges& before, const InvoiceCharges& after) {
    for (const auto& [key, charge] : before.charges) {
      const auto found = after.charges.find(key);
      if (found == after.charges.end()) {
        add_line(ChangeKind::Gone, *charge.line, -charge.minor, &charge, nullptr);
      } else {
        LEDGER_CHECK(split(before, charge, after, found->second));
      }
    }
    for (const auto& [key, charge] : after.charges) {
      if (!before.charges.contains(key))
        add_line(ChangeKind::New, *charge.line, charge.minor, nullptr, &charge);
    }
    for (const auto& [kind, lines] : before.others) {
      for (const InvoiceLine* line : lines)
        add_line(kind, *line, -line->amount.minor_units, nullptr, nullptr);
    }
    for (const auto& [kind, lines] : after.others) {
      for (const InvoiceLine* line : lines)
        add_line(kind, *line, line->amount.minor_units, nullptr, nullptr);
    }
    add_part(ChangeKind::Credits,
             from_.totals.credit_applied.minor_units - to_.totals.credit_applied.minor_units);
    add_part(ChangeKind::Tax, to_.totals.tax.minor_units - from_.totals.tax.minor_units);
    std::int64_t sum = 0;
    for (const auto& [kind, minor] : parts_) {
      sum += minor;
      if (minor != 0) view_.parts.push_back({kind, {minor, view_.currency}});
    }
    if (sum != view_.difference.minor_units) return does_not_lead(view_.to, "the difference");
    return std::move(view_);
  }

 private:
  void add_part(ChangeKind kind, std::int64_t minor) { parts_[kind] += minor; }

  void add_line(ChangeKind kind, const InvoiceLine& line, std::int64_t minor, const Charge* before,
                const Charge* after) {
    if (minor == 0) return;
    add_part(kind, minor);
    ChangedLineView changed;
    changed.kind = kind;
    changed.subscription_id = line.subscription_id;
    changed.meter_id = line.meter_id;
    changed.region = line.region;
    changed.description = line.description;
    if (line.meter_id && before != nullptr) changed.quantity_from = before->quantity.to_display();
    if (line.meter_id && after != nullptr) changed.quantity_to = after->quantity.to_display();
    changed.amount = {minor, view_.currency};
    view_.lines.push_back(std::move(changed));
  }

  /// What stands on both: first what the other quantity costs by the earlier price, then what is left.
  Result<void> split(const InvoiceCharges& of_before, const Charge& before, const InvoiceCharges& of_after,
                     const Charge& after) {
    const std::int64_t difference = after.minor - before.minor;
    std::int64_t of_quantity = 0;
    if (before.line->meter_id) {
      LEDGER_TRY(of_quantity, quantity_minor(of_before, before, of_after, after));
    }
    add_line(ChangeKind::Quantity, *after.line, of_quantity, &before, &after);
    add_line(ChangeKind::Price, *after.line, difference - of_quantity, &before, &after);
    return {};
  }

  Result<std::int64_t> quantity_minor(const InvoiceCharges& of_before, const Charge& before,
                                      const InvoiceCharges& of_after, const Charge& after) const {
    // By the same prices all of it is quantity: also what a tier made cheaper.
    const bool is_priced = !before.prices.empty();
    if (is_priced && before.prices == after.prices && before.exchange_rates == after.exchange_rates)
      return after.minor - before.minor;
    if (before.quantity == after.quantity) return 0;
    const std::string& meter = before.line->meter_id->text();
    const bool is_alone = of_before.charges_of_meter.at(meter) == 1 &&
                          of_after.charges_of_meter.at(meter) == 1;
    Exact then;
    if (before.prices.size() == 1 && before.price != nullptr &&
        (is_alone || is_linear(*before.price))) {
      LEDGER_TRY(then, value_of(*before.price, after.quantity));
      if (before.exchange != nullptr) {
        LEDGER_TRY(then, then.times(before.exchange->rate, Rounding::HalfAwayFromZero));
      }
    } else if (before.quantity.is_zero()) {
      return 0;
    } else {
      // A share of a tier that others fill too, or rows with values of their own: by their average.
      LEDGER_TRY(then, before.value.times(after.quantity.to_display(), Rounding::HalfAwayFromZero));
      LEDGER_TRY(then, then.divided_by(before.quantity.to_display(), Rounding::HalfAwayFromZero));
    }
    LEDGER_TRY(const Exact more, subtract(then, before.value));
    return more.to_minor(view_.currency.minor_digits(), Rounding::HalfAwayFromZero);
  }

  const InvoiceIssued& from_;
  const InvoiceIssued& to_;
  ChangesView view_;
  std::map<ChangeKind, std::int64_t> parts_;
};

}  // namespace

Result<ChangesView> changes_answer(const ExplainSources& sources, const Viewer& viewer,
                                   const InvoiceId& from, const InvoiceId& to) {
  LEDGER_TRY(const AskedInvoice earlier, invoice_asked_for(sources.now, viewer, from));
  LEDGER_TRY(const AskedInvoice later, invoice_asked_for(sources.now, viewer, to));
  if (earlier.issued->currency != later.issued->currency) {
    return rejected("CURRENCY_MISMATCH", "The invoices are in " +
                                             std::string(earlier.issued->currency.text()) +
                                             " and in " + std::string(later.issued->currency.text()) +
                                             "; compare two in one currency.");
  }
  RemadeDocument before(sources, *earlier.issued);
  LEDGER_CHECK(before.make(sources.usage));
  RemadeDocument after(sources, *later.issued);
  LEDGER_CHECK(after.make(sources.usage));
  LEDGER_TRY(const InvoiceCharges of_before, read(before, *earlier.issued));
  LEDGER_TRY(const InvoiceCharges of_after, read(after, *later.issued));
  return Comparison(*earlier.issued, *later.issued).compare(of_before, of_after);
}

}  // namespace daybook
