#include "ledger/domain/rules/document.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ledger/domain/allocate.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/rules/invoice_id.h"
#include "ledger/domain/rules/paying.h"
#include "ledger/domain/rules/rule_versions.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// Lines of one event: far below the limit of an event, whatever stands in them.
constexpr std::size_t kLinesPerEvent = 250;

std::optional<std::string> text_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// Rounds the sum of the lines of which `is_refund` is `refunds`, and gives each its part of it.
Result<std::int64_t> round_lines(DraftDocument& draft, bool refunds, Rounding rounding) {
  Exact sum;
  std::vector<Exact> values;
  std::vector<InvoiceLine*> lines;
  for (DraftLine& each : draft.lines) {
    if ((each.line.charge_type == ChargeType::Refund) != refunds) continue;
    LEDGER_TRY(sum, add(sum, each.value));
    values.push_back(each.value);
    lines.push_back(&each.line);
  }
  const int digits = draft.currency.minor_digits();
  LEDGER_TRY(const std::int64_t total, sum.to_minor(digits, rounding));
  LEDGER_TRY(const std::vector<std::int64_t> amounts, amounts_of_lines(total, values, digits));
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i]->amount = {amounts[i], draft.currency};
  return total;
}

Result<std::int64_t> tax_on(std::int64_t sub_total, const TaxRateVersion& rate, int minor_digits,
                            bool is_enterprise) {
  const Exact base = Exact::from_minor(sub_total, minor_digits);
  LEDGER_TRY(const Exact percent, base.times(rate.rate_percent, Rounding::HalfAwayFromZero));
  LEDGER_TRY(const Exact tax, percent.divided_by(Decimal(100), Rounding::HalfAwayFromZero));
  return tax.to_minor(minor_digits, rules_in_force().tax.mode(is_enterprise));
}

/// The heading under which a line of a profile stands: its section, else the profile's own.
SectionId section_of(const DraftDocument& draft, const InvoiceLine& line) {
  return line.section_id.value_or(SectionId(draft.profile->profile_id.text()));
}

std::string section_name(const StateReader& state, const Profile& profile, const SectionId& id) {
  if (const Section* section = state.section(id)) return section->name;
  return profile.display_name.value_or(profile.profile_id.text());
}

Result<std::vector<InvoiceSectionTotals>> sections_of(const StateReader& state,
                                                      const DraftDocument& draft,
                                                      std::int64_t tax) {
  std::vector<InvoiceSectionTotals> sections;
  if (draft.profile == nullptr) return sections;
  std::map<std::string, std::int64_t> charges;
  std::map<std::string, std::int64_t> credits;
  for (const DraftLine& each : draft.lines) {
    const std::string id = section_of(draft, each.line).text();
    charges[id] += each.line.amount.minor_units;
    credits[id] += each.line.credit.minor_units;
  }
  std::vector<std::int64_t> weights;
  for (const auto& [id, amount] : charges) weights.push_back(amount - credits[id]);
  LEDGER_TRY(const std::vector<std::int64_t> taxes, allocate(tax, weights));
  std::size_t i = 0;
  for (const auto& [id, amount] : charges) {
    const SectionId section(id);
    const Currency currency = draft.currency;
    sections.push_back({section,
                        section_name(state, *draft.profile, section),
                        {amount, currency},
                        {credits[id], currency},
                        {taxes[i], currency},
                        {amount - credits[id] + taxes[i], currency}});
    ++i;
  }
  return sections;
}

/// A spending limit stops charging with the credit: takes back what eligible lines cost beyond it,
/// at most `owed`. What was taken back.
std::int64_t end_with_credit(DraftDocument& draft, std::int64_t owed) {
  std::int64_t beyond = 0;
  for (const DraftLine& each : draft.lines) {
    if (!is_credit_eligible(each.line)) continue;
    beyond += each.line.amount.minor_units - each.line.credit.minor_units;
  }
  beyond = std::min(beyond, owed);
  if (beyond <= 0) return 0;
  DraftLine draft_line;
  InvoiceLine& line = draft_line.line;
  line.charge_type = ChargeType::Adjustment;
  line.subscription_id = draft.subscription->subscription_id;
  line.description = "Beyond the spending limit, not charged";
  line.amount = {-beyond, draft.currency};
  line.credit = {0, draft.currency};
  draft_line.value = Exact::from_minor(-beyond, draft.currency.minor_digits());
  line.value = draft_line.value.to_display();
  line.period = draft.period;
  line.is_credit_eligible = true;
  draft.lines.push_back(std::move(draft_line));
  return beyond;
}

/// The marks that the document sets: of its scope, and of each subscription of a support plan's
/// none.
BilledThrough mark_of(const DraftDocument& draft) {
  const ScopeRef scope = draft.scope();
  return {scope.type, ScopeId(scope.id), draft.type, draft.period.last_day(),
          draft.manifest.position};
}

InvoiceIssued issued_for(const StateReader& state, const DraftDocument& draft) {
  InvoiceIssued issued;
  const ScopeRef scope = draft.scope();
  issued.invoice_id = invoice_id_for(state, scope, draft.type, draft.period.start);
  issued.type = draft.type;
  issued.account_id = draft.account->account_id;
  issued.account_type = draft.account->type;
  if (draft.profile != nullptr) {
    issued.scope_type = ScopeType::Profile;
    issued.scope_id = ScopeId(draft.profile->profile_id.text());
    issued.profile_id = draft.profile->profile_id;
    issued.po_number = draft.profile->po_number;
    issued.bill_to = draft.profile->bill_to;
  } else if (draft.enrollment != nullptr) {
    issued.scope_type = ScopeType::Enrollment;
    issued.scope_id = ScopeId(draft.enrollment->enrollment_id.text());
    issued.enrollment_id = draft.enrollment->enrollment_id;
    issued.po_number = po_number_of(*draft.enrollment, draft.period);
  } else {
    issued.scope_type = ScopeType::Subscription;
    issued.scope_id = ScopeId(draft.subscription->subscription_id.text());
    issued.subscription_id = draft.subscription->subscription_id;
    if (draft.support_plan != nullptr) issued.support_plan_id = draft.support_plan->plan_id;
  }
  issued.sold_to = draft.account->sold_to;
  issued.run_date = draft.run_date;
  issued.issue_date = draft.issue_date;
  issued.period = draft.period;
  issued.is_monthly = true;
  issued.currency = draft.currency;
  PayingMethod method;  // of an enrollment always wire (PAY-2)
  if (draft.profile != nullptr) {
    method = paying_method(state, *draft.account, *draft.profile);
  } else if (draft.enrollment == nullptr) {
    method = paying_method(state, *draft.account, *draft.subscription);
  }
  issued.method_id = method.method_id;
  issued.method_family = method.family;
  issued.payment_term_days = payment_term_days(state.policies(), method, draft.profile);
  issued.due_date = draft.issue_date.plus_days(issued.payment_term_days);
  issued.special_taxation = SpecialTaxation::SubtotalLevel;
  issued.line_count = static_cast<std::int32_t>(draft.lines.size());
  issued.manifest = draft.manifest;
  issued.manifest.rule_version = rules_in_force().number;
  if (issued.manifest.rows_root.empty()) issued.manifest.rows_root = rows_root({});
  issued.manifest.marks.push_back(mark_of(draft));
  return issued;
}

}  // namespace

ScopeRef DraftDocument::scope() const {
  if (profile != nullptr) return ScopeRef(profile->profile_id);
  if (enrollment != nullptr) return ScopeRef(enrollment->enrollment_id);
  if (support_plan != nullptr) return ScopeRef(support_plan->plan_id);
  LEDGER_INVARIANT(subscription != nullptr);
  return ScopeRef(subscription->subscription_id);
}

DraftLine draft_line(const RatedLine& rated, const RatingScope& scope, Period period) {
  const Subscription& subscription = *scope.subscriptions[rated.subscription];
  DraftLine draft;
  InvoiceLine& line = draft.line;
  line.charge_type = rated.charge_type;
  line.subscription_id = subscription.subscription_id;
  line.section_id = subscription.invoice_section_id;
  line.meter_id = MeterId(rated.meter_id);
  line.description = rated.meter_name.empty() ? rated.meter_id : rated.meter_name;
  line.category = text_or_none(rated.category);
  line.region = text_or_none(rated.region);
  line.pricing_model = rated.pricing_model;
  line.publisher_type = rated.publisher_type;
  line.unit = text_or_none(rated.unit);
  if (rated.discount == nullptr) {
    line.consumed = rated.consumed.to_display();
    line.included = rated.included.to_display();
    line.billable = rated.billable.to_display();
  } else {
    line.description += " −" + rated.discount->percent.to_string() + " %";
    line.discount_id = rated.discount->discount_id;
  }
  if (rated.tiers.size() == 1) line.rate = rated.tiers.front().unit_price;
  line.value = rated.value.to_display();
  for (const RatedTier& tier : rated.tiers) {
    line.tiers.push_back(
        {tier.from, tier.quantity.to_display(), tier.unit_price, tier.value.to_display()});
  }
  line.period = period;
  line.is_credit_eligible = rated.is_credit_eligible;
  line.row_count = rated.row_count;
  if (rated.pricing_currency != scope.currency) {
    line.pricing_currency = rated.pricing_currency;
    line.exchange_rate = rated.exchange_rate;
  }
  draft.value = rated.value;
  draft.billed = rated.rows;
  if (scope.with_rows) {
    draft.derivation = std::make_shared<LineDerivation>(
        LineDerivation{rated.price, rated.exchange, rated.discount, rated.included, rated.tiers,
                       rated.row_parts});
  }
  for (std::size_t i = 0; i < rated.parts.size(); ++i) {
    const Date date = i == 0 ? scope.edges.front().plus_days(-1) : scope.edges[i - 1];
    draft.parts.push_back({date, rated.parts[i]});
  }
  return draft;
}

TaxInForce tax_in_force(const StateReader& state, const Account& account, Date issue_date) {
  const bool is_sold_elsewhere = account.sold_to && account.sold_to->value;
  const std::string& country =
      is_sold_elsewhere ? account.sold_to->value->country : account.country;
  for (const std::string& of_account : {country, account.country}) {
    const TaxRates* rates = state.tax_rates(of_account);
    const TaxRateVersion* rate =
        rates != nullptr ? rates->on(issue_date, account.account_id) : nullptr;
    if (rate != nullptr && rate->account_id) return {rate, of_account};
  }
  const TaxRates* rates = state.tax_rates(country);
  return {rates != nullptr ? rates->on(issue_date, account.account_id) : nullptr, country};
}

Result<Document> make_document(const StateReader& state, DraftDocument draft) {
  const Currency currency = draft.currency;
  for (DraftLine& each : draft.lines) {
    each.line.credit = {0, currency};
    if (draft.profile != nullptr) each.line.section_id = section_of(draft, each.line);
  }
  const bool is_enterprise = draft.enrollment != nullptr;
  LEDGER_TRY(std::int64_t billed,
             round_lines(draft, false, rules_in_force().billed.mode(is_enterprise)));
  LEDGER_TRY(const std::int64_t refunds,
             round_lines(draft, true, rules_in_force().credits.mode(is_enterprise)));

  Document document;
  document.charges = std::move(draft.charges);
  if (draft.credit != nullptr) {
    const auto section = [&](const InvoiceLine& line) {
      return draft.profile != nullptr ? section_of(draft, line).text() : std::string();
    };
    LEDGER_TRY(document.credit, draft.credit->cover(draft.lines, draft.type, billed + refunds, section));
  }
  std::int64_t prepayment = 0;
  std::int64_t free_credit = 0;
  for (const CreditTaken& taken : document.credit) {
    (taken.source == CreditSource::Prepayment ? prepayment : free_credit) +=
        taken.amount.minor_units;
  }
  const std::int64_t credit = prepayment + free_credit;
  if (draft.ends_with_credit) billed -= end_with_credit(draft, billed + refunds - credit);
  const std::int64_t sub_total = billed + refunds - credit;  // refunds are negative
  LEDGER_INVARIANT(sub_total >= 0);
  document.issued = issued_for(state, draft);
  InvoiceIssued& issued = document.issued;
  std::int64_t tax = 0;
  const TaxInForce in_force = tax_in_force(state, *draft.account, draft.issue_date);
  if (in_force.rate != nullptr) {
    LEDGER_TRY(tax, tax_on(sub_total, *in_force.rate, currency.minor_digits(), is_enterprise));
    issued.taxes.push_back({in_force.rate->name,
                            in_force.rate->rate_percent,
                            {sub_total, currency},
                            {tax, currency},
                            in_force.rate->treatment,
                            in_force.country});
    issued.manifest.rate_positions.push_back(in_force.rate->position);
    std::sort(issued.manifest.rate_positions.begin(), issued.manifest.rate_positions.end());
  }
  LEDGER_TRY(issued.sections, sections_of(state, draft, tax));
  issued.totals = {{billed, currency},      {-refunds, currency}, {prepayment, currency},
                   {free_credit, currency}, {credit, currency},   {sub_total, currency},
                   {tax, currency},         {sub_total + tax, currency}};
  for (DraftLine& each : draft.lines) {
    each.line.line_id = std::to_string(document.lines.size() + 1);
    document.lines.push_back(std::move(each.line));
  }
  return document;
}

bool Document::is_within_credit() const {
  return issued.totals.credit_applied.minor_units > 0 && issued.totals.sub_total.minor_units == 0;
}

std::vector<EventData> Document::credit_events(bool invoiced) const {
  std::vector<EventData> result;
  for (const CreditTaken& taken : credit) {
    CreditApplied applied{issued.scope_type, issued.scope_id, taken.lot_id,
                          taken.amount,      std::nullopt,    issued.period};
    if (invoiced) applied.invoice_id = issued.invoice_id;
    result.emplace_back(std::move(applied));
  }
  return result;
}

std::vector<EventData> Document::events() const {
  std::vector<EventData> result;
  result.emplace_back(issued);
  for (std::size_t first = 0; first < lines.size(); first += kLinesPerEvent) {
    const std::size_t last = std::min(first + kLinesPerEvent, lines.size());
    result.emplace_back(InvoiceLinesAdded{issued.invoice_id,
                                          static_cast<std::int32_t>(first),
                                          {lines.begin() + static_cast<std::ptrdiff_t>(first),
                                           lines.begin() + static_cast<std::ptrdiff_t>(last)}});
  }
  for (EventData& event : credit_events(true)) result.push_back(std::move(event));
  return result;
}

}  // namespace daybook
