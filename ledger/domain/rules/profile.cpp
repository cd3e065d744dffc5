#include "ledger/domain/rules/profile.h"

#include <algorithm>

#include "ledger/domain/rules/periods.h"

namespace daybook {

Period profile_month(const Profile& profile, Date day) {
  Period month = month_of(profile.begins_on ? std::max(day, *profile.begins_on) : day);
  if (profile.begins_on) month.start = std::max(month.start, *profile.begins_on);
  return month;
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
