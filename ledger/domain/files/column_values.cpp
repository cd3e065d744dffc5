#include "ledger/domain/files/column_values.h"

#include <string>

#include "ledger/domain/rules/price_lookup.h"

namespace daybook::columns {
namespace {

constexpr int kPricePlaces = 20;

Cell text(std::string_view value) {
  return value.empty() ? Cell() : Cell(std::string(value));
}
Cell maybe(const std::optional<std::string>& value) { return value ? text(*value) : Cell(); }
template <class Tag>
Cell maybe(const std::optional<Id<Tag>>& id) {
  return id ? text(id->text()) : Cell();
}
Cell number(const std::optional<Decimal>& value) { return value ? Cell(*value) : Cell(); }
Cell number(const Result<Decimal>& value) { return value ? Cell(*value) : Cell(); }

const Department* department(const FileRow& row, const FileSubject& subject) {
  if (subject.enrollment == nullptr || row.subscription == nullptr ||
      !row.subscription->enrollment_account_id) {
    return nullptr;
  }
  const EnrollmentAccount* account =
      subject.enrollment->account(*row.subscription->enrollment_account_id);
  return account != nullptr && account->department_id
             ? subject.enrollment->department(*account->department_id)
             : nullptr;
}

const EnrollmentAccount* enrollment_account(const FileRow& row, const FileSubject& subject) {
  return subject.enrollment != nullptr && row.subscription != nullptr &&
                 row.subscription->enrollment_account_id
             ? subject.enrollment->account(*row.subscription->enrollment_account_id)
             : nullptr;
}

const Customer* customer(const FileRow& row, const FileSubject& subject) {
  return row.subscription != nullptr && row.subscription->customer_id
             ? subject.state.customer(*row.subscription->customer_id)
             : nullptr;
}

/// Nothing where there is no exchange rate.
Cell in_usd(const Decimal& amount, const FileSubject& subject) {
  if (subject.currency == kUsd) return amount;
  const ExchangeRateVersion* rate =
      exchange_rate_on(subject.state, subject.currency, kUsd, subject.rate_date);
  return rate != nullptr ? number(multiply(amount, rate->rate)) : Cell();
}

std::optional<Decimal> price_of_unit(const Decimal& cost, const std::optional<Decimal>& quantity) {
  if (!quantity || quantity->is_zero()) return std::nullopt;
  const Result<Decimal> price =
      divide(cost, *quantity, kPricePlaces, Rounding::HalfAwayFromZero);
  return price ? std::optional(*price) : std::nullopt;
}

std::optional<Decimal> list_cost_of(const FileRow& row) {
  if (!row.list_price || !row.quantity) return std::nullopt;
  const Result<Decimal> cost = multiply(*row.list_price, *row.quantity);
  return cost ? std::optional(*cost) : std::nullopt;
}

void put_json_text(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20) {
      out.push_back(c);
      continue;
    }
    out += "\\u00";
    out.push_back(kHex[static_cast<unsigned char>(c) >> 4]);
    out.push_back(kHex[static_cast<unsigned char>(c) & 0xF]);
  }
  out.push_back('"');
}

/// Support terms and what is charged anew each month.
bool recurs(const FileRow& row) {
  return row.line != nullptr && (row.line->support_plan_id || row.line->reservation_id);
}

}  // namespace

Cell nothing(const FileRow&, const FileSubject&) { return {}; }

Cell invoice_id(const FileRow&, const FileSubject& s) {
  return s.invoice != nullptr ? text(s.invoice->invoice_id.text()) : Cell();
}
Cell previous_invoice_id(const FileRow& row, const FileSubject& s) {
  if (row.line != nullptr && row.line->corrected_invoice_id)
    return maybe(row.line->corrected_invoice_id);
  return s.invoice != nullptr ? maybe(s.invoice->previous_invoice_id) : Cell();
}
Cell account_id(const FileRow&, const FileSubject& s) { return text(s.account.account_id.text()); }
Cell account_name(const FileRow& row, const FileSubject& s) {
  const bool is_known = s.account.sold_to && s.account.sold_to->value;
  return is_known ? text(s.account.sold_to->value->company_name) : account_id(row, s);
}
Cell profile_id(const FileRow&, const FileSubject& s) {
  return s.profile != nullptr ? text(s.profile->profile_id.text()) : Cell();
}
Cell profile_name(const FileRow& row, const FileSubject& s) {
  if (s.profile == nullptr) return {};
  return s.profile->display_name ? maybe(s.profile->display_name) : profile_id(row, s);
}
Cell enrollment_id(const FileRow&, const FileSubject& s) {
  return s.enrollment != nullptr ? text(s.enrollment->enrollment_id.text()) : Cell();
}
Cell document_scope_id(const FileRow& row, const FileSubject& s) {
  if (s.profile != nullptr) return profile_id(row, s);
  return s.enrollment != nullptr ? enrollment_id(row, s) : account_id(row, s);
}
Cell document_scope_name(const FileRow& row, const FileSubject& s) {
  if (s.profile != nullptr) return profile_name(row, s);
  return s.enrollment != nullptr ? enrollment_id(row, s) : account_name(row, s);
}
Cell section_id(const FileRow& row, const FileSubject& s) {
  if (s.profile == nullptr) return {};
  if (row.line != nullptr && row.line->section_id) return maybe(row.line->section_id);
  return text(s.profile->profile_id.text());
}
Cell section_name(const FileRow& row, const FileSubject& s) {
  if (s.profile == nullptr) return {};
  const Cell id = section_id(row, s);
  const Section* section = s.state.section(SectionId(std::get<std::string>(id)));
  return section != nullptr ? text(section->name) : profile_name(row, s);
}
Cell department_id(const FileRow& row, const FileSubject& s) {
  const Department* found = department(row, s);
  return found != nullptr ? text(found->department_id.text()) : Cell();
}
Cell department_name(const FileRow& row, const FileSubject& s) {
  const Department* found = department(row, s);
  return found != nullptr ? text(found->name) : Cell();
}
Cell enrollment_account_id(const FileRow& row, const FileSubject& s) {
  const EnrollmentAccount* found = enrollment_account(row, s);
  return found != nullptr ? text(found->enrollment_account_id.text()) : Cell();
}
Cell enrollment_account_name(const FileRow& row, const FileSubject& s) {
  const EnrollmentAccount* found = enrollment_account(row, s);
  return found != nullptr ? text(found->name) : Cell();
}
Cell enrollment_account_owner(const FileRow& row, const FileSubject& s) {
  const EnrollmentAccount* found = enrollment_account(row, s);
  return found != nullptr ? text(found->owner.text()) : Cell();
}
Cell tenant_id(const FileRow&, const FileSubject& s) { return text(s.account.tenant_id.text()); }
Cell customer_id(const FileRow& row, const FileSubject&) {
  return row.subscription != nullptr ? maybe(row.subscription->customer_id) : Cell();
}
Cell customer_name(const FileRow& row, const FileSubject& s) {
  const Customer* found = customer(row, s);
  return found != nullptr ? text(found->name) : Cell();
}
Cell customer_tenant_id(const FileRow& row, const FileSubject& s) {
  const Customer* found = customer(row, s);
  return found != nullptr ? text(found->tenant_id.text()) : Cell();
}
Cell reseller_id(const FileRow& row, const FileSubject&) {
  return row.subscription != nullptr ? maybe(row.subscription->reseller_id) : Cell();
}
Cell subscription_id(const FileRow& row, const FileSubject&) {
  return row.subscription != nullptr ? text(row.subscription->subscription_id.text()) : Cell();
}
Cell subscription_name(const FileRow& row, const FileSubject& s) {
  if (row.subscription == nullptr) return {};
  return row.subscription->name ? maybe(row.subscription->name) : subscription_id(row, s);
}
Cell offer_id(const FileRow& row, const FileSubject&) {
  return row.subscription != nullptr ? text(row.subscription->offer_id.text()) : Cell();
}

Cell date(const FileRow& row, const FileSubject&) { return row.date; }
Cell period_text(const FileRow& row, const FileSubject& s) {
  const Period period = row.line != nullptr ? row.line->period : s.period;
  return period.start.text() + " - " + period.last_day().text();
}
Cell period_start(const FileRow&, const FileSubject& s) { return s.period.start; }
Cell period_end(const FileRow&, const FileSubject& s) { return s.period.last_day(); }
Cell service_start(const FileRow& row, const FileSubject&) { return row.service.start; }
Cell service_end(const FileRow& row, const FileSubject&) { return row.service.last_day(); }

Cell category(const FileRow& row, const FileSubject&) {
  if (row.charge_type == ChargeType::RoundingAdjustment) return text("RoundingAdjustment");
  if (row.usage != nullptr) return text(row.usage->category);
  return row.line != nullptr ? maybe(row.line->category) : Cell();
}
Cell sub_category(const FileRow& row, const FileSubject&) {
  return row.recorded != nullptr ? maybe(row.recorded->meter_sub_category) : Cell();
}
Cell meter_id(const FileRow& row, const FileSubject&) {
  if (row.usage != nullptr) return text(row.usage->meter_id);
  return row.line != nullptr ? maybe(row.line->meter_id) : Cell();
}
Cell meter_name(const FileRow& row, const FileSubject&) {
  if (row.usage != nullptr && !row.usage->meter_name.empty()) return text(row.usage->meter_name);
  return row.line != nullptr ? text(row.line->description) : Cell();
}
Cell region(const FileRow& row, const FileSubject&) {
  if (row.usage != nullptr) return text(row.usage->region);
  return row.line != nullptr ? maybe(row.line->region) : Cell();
}
Cell product(const FileRow& row, const FileSubject& s) {
  if (row.recorded != nullptr && row.recorded->product) return maybe(row.recorded->product);
  return meter_name(row, s);
}
Cell charge_id(const FileRow& row, const FileSubject&) {
  return row.line != nullptr ? maybe(row.line->charge_id) : Cell();
}
Cell reservation_id(const FileRow& row, const FileSubject&) {
  if (row.line != nullptr && row.line->reservation_id) return maybe(row.line->reservation_id);
  return row.reservation != nullptr ? text(row.reservation->reservation_id.text()) : Cell();
}
Cell resource_id(const FileRow& row, const FileSubject&) {
  return row.usage != nullptr ? text(row.usage->resource_id) : Cell();
}
Cell resource_name(const FileRow& row, const FileSubject&) {
  if (row.usage == nullptr) return {};
  const std::size_t slash = row.usage->resource_id.rfind('/');
  return text(row.usage->resource_id.substr(slash == std::string_view::npos ? 0 : slash + 1));
}
Cell resource_group(const FileRow& row, const FileSubject&) {
  return row.usage != nullptr ? text(row.usage->resource_group) : Cell();
}
Cell tags(const FileRow& row, const FileSubject&) {
  if (row.usage == nullptr || row.usage->tags == nullptr || row.usage->tags->empty()) return {};
  std::string json = "{";
  for (const auto& [key, value] : *row.usage->tags) {
    if (json.size() > 1) json.push_back(',');
    put_json_text(key, json);
    json.push_back(':');
    put_json_text(value, json);
  }
  return json + "}";
}
Cell additional_info(const FileRow& row, const FileSubject&) {
  return row.recorded != nullptr && row.recorded->additional_info
             ? text(row.recorded->additional_info->text)
             : Cell();
}
Cell charge_type(const FileRow& row, const FileSubject&) { return text(wire_name(row.charge_type)); }
Cell frequency(const FileRow& row, const FileSubject&) {
  if (row.usage != nullptr) return text("UsageBased");
  if (row.line == nullptr) return {};
  return text(recurs(row) ? "Recurring" : row.line->meter_id ? "UsageBased" : "OneTime");
}
Cell pricing_model(const FileRow& row, const FileSubject&) {
  if (row.line == nullptr && row.reservation != nullptr) return text(wire_name(PricingModel::Reservation));
  if (row.line == nullptr || !row.line->pricing_model) return {};
  const PricingModel model = *row.line->pricing_model;
  return text(model == PricingModel::OnDemand ? "On Demand" : wire_name(model));
}
Cell publisher_type(const FileRow& row, const FileSubject& s) {
  if (row.line == nullptr || !row.line->publisher_type) return {};
  const PublisherType type = *row.line->publisher_type;
  const bool is_own = type == PublisherType::Azure || type == PublisherType::Microsoft;
  // The schema of these files fixes the word for what the provider publishes itself, by the kind of agreement and
  // whoever provides (domain.md 4.7, "Generic field rules").
  if (is_own) return text(wire_name(s.account.has_profiles() ? PublisherType::Microsoft : PublisherType::Azure));
  return text(wire_name(type));
}
Cell is_credit_eligible(const FileRow& row, const FileSubject&) {
  return row.line != nullptr ? Cell(row.line->is_credit_eligible) : Cell();
}

Cell unit(const FileRow& row, const FileSubject&) {
  if (row.usage != nullptr) return text(row.usage->unit);
  return row.line != nullptr ? maybe(row.line->unit) : Cell();
}
Cell quantity(const FileRow& row, const FileSubject&) { return number(row.quantity); }
Cell included(const FileRow& row, const FileSubject&) {
  return row.line != nullptr ? number(row.line->included) : Cell();
}
Cell billable(const FileRow& row, const FileSubject&) {
  return row.line != nullptr ? number(row.line->billable) : Cell();
}
Cell within_commitment(const FileRow& row, const FileSubject&) {
  return row.line != nullptr ? Cell(Decimal(0)) : Cell();
}
Cell unit_price(const FileRow& row, const FileSubject&) { return number(row.unit_price); }
Cell list_price(const FileRow& row, const FileSubject&) { return number(row.list_price); }
Cell effective_price(const FileRow& row, const FileSubject&) {
  return number(price_of_unit(row.cost, row.quantity));
}
Cell rate(const FileRow& row, const FileSubject&) {
  if (row.line == nullptr) return {};
  return number(row.line->rate ? row.line->rate : price_of_unit(row.cost, row.line->billable));
}
Cell cost(const FileRow& row, const FileSubject&) { return row.cost; }
Cell cost_in_usd(const FileRow& row, const FileSubject& s) { return in_usd(row.cost, s); }
Cell effective_cost(const FileRow& row, const FileSubject&) { return row.effective_cost.value_or(row.cost); }
Cell effective_cost_in_usd(const FileRow& row, const FileSubject& s) {
  return in_usd(row.effective_cost.value_or(row.cost), s);
}
Cell effective_unit_price(const FileRow& row, const FileSubject&) {
  return number(price_of_unit(row.effective_cost.value_or(row.cost), row.quantity));
}
Cell list_cost(const FileRow& row, const FileSubject&) { return number(list_cost_of(row)); }
Cell list_cost_in_usd(const FileRow& row, const FileSubject& s) {
  const std::optional<Decimal> cost = list_cost_of(row);
  return cost ? in_usd(*cost, s) : Cell();
}
Cell currency(const FileRow&, const FileSubject& s) { return text(s.currency.text()); }
Cell pricing_currency(const FileRow& row, const FileSubject& s) {
  const bool is_other = row.line != nullptr && row.line->pricing_currency;
  return text((is_other ? *row.line->pricing_currency : s.currency).text());
}
Cell cost_in_pricing_currency(const FileRow& row, const FileSubject&) {
  if (row.line == nullptr || !row.line->exchange_rate) return row.cost;
  return number(
      divide(row.cost, *row.line->exchange_rate, kPricePlaces, Rounding::HalfAwayFromZero));
}
Cell exchange_rate(const FileRow& row, const FileSubject&) {
  if (row.line == nullptr) return {};
  return row.line->exchange_rate.value_or(Decimal(1));
}
Cell exchange_rate_date(const FileRow& row, const FileSubject& s) {
  return row.line != nullptr && row.line->exchange_rate ? Cell(s.rate_date) : Cell();
}

}  // namespace daybook::columns
