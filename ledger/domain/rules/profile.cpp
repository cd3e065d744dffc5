#include "ledger/domain/rules/profile.h"

#include <algorithm>

#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/periods.h"

namespace daybook {

Period profile_month(const Profile& profile, Date day) {
  Period month = month_of(profile.begins_on ? std::max(day, *profile.begins_on) : day);
  if (profile.begins_on) month.start = std::max(month.start, *profile.begins_on);
  return month;
}

std::int32_t Profile::invoice_day_in(Date day) const {
  const Date month = day.first_of_month();
  std::int32_t result = invoice_day;
  for (const InvoiceDayFrom& later : later_invoice_days) {
    if (later.month <= month) result = later.day;
  }
  return result;
}

const PayablesContact* Profile::contact(const RecipientId& id) const {
  const auto found = std::find_if(payables_contacts.begin(), payables_contacts.end(),
                                  [&](const PayablesContact& each) { return each.recipient_id == id; });
  return found == payables_contacts.end() ? nullptr : &*found;
}

const PayablesContact* Profile::contact(const Personal<std::string>& address) const {
  if (!address.value) return nullptr;
  const std::string wanted = normalised_email(*address.value);
  const auto found = std::find_if(payables_contacts.begin(), payables_contacts.end(), [&](const PayablesContact& each) {
    return each.address.value && normalised_email(*each.address.value) == wanted;
  });
  return found == payables_contacts.end() ? nullptr : &*found;
}

Date profile_run(const Profile& profile, Period month) {
  return run_of_month(month, profile.invoice_day_in(month.end_exclusive));
}

void apply(Profile& profile, const BillingProfileCreated& event, const Occurrence& at) {
  profile.profile_id = event.profile_id;
  profile.account_id = event.account_id;
  profile.currency = event.currency;
  profile.display_name = event.display_name;
  profile.bill_to = event.bill_to;
  profile.po_number = event.po_number;
  if (event.invoice_day) profile.invoice_day = *event.invoice_day;
  if (event.payment_term_days) profile.payment_term_days = *event.payment_term_days;
  profile.default_payment_method = event.default_payment_method;
  profile.created_on = at.day();
  profile.holds_from = at.day();
}

void apply(Profile& profile, const BillToChanged& event, const Occurrence&) {
  profile.bill_to = event.new_value;
}

void apply(Profile& profile, const PoNumberChanged& event, const Occurrence&) {
  profile.po_number = event.new_value;
}

void apply(Profile& profile, const InvoiceDayChanged& event, const Occurrence& at) {
  // A run of the month of the change may be through, or be still to come: it keeps its day.
  const Date from = month_of(std::max(at.day(), at.recorded_at.date())).end_exclusive;
  std::erase_if(profile.later_invoice_days,
                [from](const InvoiceDayFrom& later) { return later.month >= from; });
  profile.later_invoice_days.push_back({from, event.new_value});
}

void apply(Profile& profile, const AccountsPayableContactAdded& event, const Occurrence&) {
  if (event.recipient_id) profile.payables_contacts.push_back({*event.recipient_id, event.new_value});
}

void apply(Profile& profile, const AccountsPayableContactRemoved& event, const Occurrence&) {
  std::erase_if(profile.payables_contacts,
                [&](const PayablesContact& each) { return each.recipient_id == event.recipient_id; });
}

void apply(Profile& profile, const BillingProfileStatusChanged& event, const Occurrence&) {
  profile.status = event.status;
  profile.status_reason = event.reason.value_or(SuspensionReason::None);
}

void apply(Section& section, const InvoiceSectionCreated& event, const Occurrence&) {
  section.section_id = event.section_id;
  section.profile_id = event.profile_id;
  section.name = event.name;
}

void apply(Section& section, const InvoiceSectionRenamed& event, const Occurrence&) {
  section.name = event.name;
}

}  // namespace daybook
