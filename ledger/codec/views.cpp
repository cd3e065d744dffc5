#include "ledger/codec/value_codec_instance.h"
#include "ledger/domain/views/access_view.h"
#include "ledger/domain/views/account_view.h"
#include "ledger/domain/views/alarms_view.h"
#include "ledger/domain/views/billing_history_view.h"
#include "ledger/domain/views/billing_scopes_view.h"
#include "ledger/domain/views/changes_view.h"
#include "ledger/domain/views/corrections_view.h"
#include "ledger/domain/views/credits_view.h"
#include "ledger/domain/views/document_view.h"
#include "ledger/domain/views/email_preference_view.h"
#include "ledger/domain/views/enrollment_view.h"
#include "ledger/domain/views/explain_view.h"
#include "ledger/domain/views/export_view.h"
#include "ledger/domain/views/history_view.h"
#include "ledger/domain/views/invoice_view.h"
#include "ledger/domain/views/missing_invoice_view.h"
#include "ledger/domain/views/price_list_view.h"
#include "ledger/domain/views/profile_view.h"
#include "ledger/domain/views/settings_view.h"
#include "ledger/domain/views/statement_view.h"
#include "ledger/domain/views/subscription_view.h"
#include "ledger/domain/views/terms_view.h"
#include "ledger/domain/views/unmatched_view.h"
#include "ledger/domain/views/usage_view.h"
#include "ledger/domain/views/what_if_view.h"

// The answers of the contract: JSON alone, they are stored nowhere.

namespace daybook::codec {
namespace {

/// The members of a type by their names on the wire.
const MemberInfo& member_named(const TypeInfo& info, std::string_view name) {
  for (const MemberInfo& member : info.members) {
    if (member.name == name) return member;
  }
  LEDGER_INVARIANT(false);
}

constexpr std::string_view kTag = "tag:";

/// An item has those members of its dimensions that were grouped by.
void write_usage_item(const UsageItemView& item, const std::vector<std::string>& group_by,
                      JsonWriter& json) {
  const TypeInfo& info = type_info<UsageItemView>();
  const auto write = [&](std::string_view name) {
    const MemberInfo& member = member_named(info, name);
    json.raw_key(member.json_key);
    write_json(*member.type, member_of(&item, member), json);
  };
  json.begin_object();
  write("date");
  for (const std::string& dimension : group_by) {
    if (!dimension.starts_with(kTag)) {
      write(dimension);
      continue;
    }
    const auto tag = item.tags.find(dimension.substr(kTag.size()));
    json.key(dimension);
    tag != item.tags.end() ? json.text(tag->second) : json.null();
  }
  for (const std::string_view name : {"quantity", "unit", "cost", "currency"}) write(name);
  json.end_object();
}

}  // namespace

template <>
void to_json(const UsageView& view, JsonWriter& json) {
  json.begin_object();
  for (const MemberInfo& member : type_info<UsageView>().members) {
    json.raw_key(member.json_key);
    if (member.name != "items") {
      write_json(*member.type, member_of(&view, member), json);
      continue;
    }
    json.begin_array();
    for (const UsageItemView& item : view.items) write_usage_item(item, view.group_by, json);
    json.end_array();
  }
  json.end_object();
}

}  // namespace daybook::codec

DAYBOOK_VIEW_CODEC(daybook::AccessView)
DAYBOOK_VIEW_CODEC(daybook::AccountListView)
DAYBOOK_VIEW_CODEC(daybook::AccountView)
DAYBOOK_VIEW_CODEC(daybook::AlarmListView)
DAYBOOK_VIEW_CODEC(daybook::BillingHistoryView)
DAYBOOK_VIEW_CODEC(daybook::BisectView)
DAYBOOK_VIEW_CODEC(daybook::BillingScopeListView)
DAYBOOK_VIEW_CODEC(daybook::ChangesView)
DAYBOOK_VIEW_CODEC(daybook::CorrectionsView)
DAYBOOK_VIEW_CODEC(daybook::ClockView)
DAYBOOK_VIEW_CODEC(daybook::CreditListView)
DAYBOOK_VIEW_CODEC(daybook::DepartmentView)
DAYBOOK_VIEW_CODEC(daybook::DocumentListView)
DAYBOOK_VIEW_CODEC(daybook::DiffView)
DAYBOOK_VIEW_CODEC(daybook::EmailPreferenceView)
DAYBOOK_VIEW_CODEC(daybook::EnrollmentAccountView)
DAYBOOK_VIEW_CODEC(daybook::EnrollmentMonthListView)
DAYBOOK_VIEW_CODEC(daybook::EnrollmentView)
DAYBOOK_VIEW_CODEC(daybook::EstimateBisectView)
DAYBOOK_VIEW_CODEC(daybook::EmailTermsView)
DAYBOOK_VIEW_CODEC(daybook::ExplainView)
DAYBOOK_VIEW_CODEC(daybook::ExportView)
DAYBOOK_VIEW_CODEC(daybook::InvoiceItemView)
DAYBOOK_VIEW_CODEC(daybook::InvoiceListView)
DAYBOOK_VIEW_CODEC(daybook::InvoiceView)
DAYBOOK_VIEW_CODEC(daybook::MailListView)
DAYBOOK_VIEW_CODEC(daybook::NoticeListView)
DAYBOOK_VIEW_CODEC(daybook::MissingInvoiceView)
DAYBOOK_VIEW_CODEC(daybook::PendingChargesView)
DAYBOOK_VIEW_CODEC(daybook::PersonView)
DAYBOOK_VIEW_CODEC(daybook::PolicyListView)
DAYBOOK_VIEW_CODEC(daybook::ProviderView)
DAYBOOK_VIEW_CODEC(daybook::PriceItemView)
DAYBOOK_VIEW_CODEC(daybook::PriceListView)
DAYBOOK_VIEW_CODEC(daybook::ProfileListView)
DAYBOOK_VIEW_CODEC(daybook::ProfileView)
DAYBOOK_VIEW_CODEC(daybook::StatementView)
DAYBOOK_VIEW_CODEC(daybook::SubscriptionListView)
DAYBOOK_VIEW_CODEC(daybook::SubscriptionView)
DAYBOOK_VIEW_CODEC(daybook::UnmatchedItemView)
DAYBOOK_VIEW_CODEC(daybook::UnmatchedListView)

// All of DAYBOOK_VIEW_CODEC but `to_json`, which is written out above.
template const daybook::codec::TypeInfo& daybook::codec::value_type<daybook::UsageView>();
template daybook::Result<daybook::UsageView> daybook::codec::from_json(std::string_view);
template std::string daybook::codec::print(const daybook::UsageView&);
template daybook::Result<void> daybook::codec::open_personal(daybook::UsageView&,
                                                             const daybook::codec::Sealer&);
DAYBOOK_VIEW_CODEC(daybook::WhatIfView)
