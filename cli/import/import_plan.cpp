#include "cli/import/import_plan.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "ledger/codec/json_writer.h"

namespace daybook::cli {
namespace {

using Makes = PlannedFact::Makes;

constexpr std::string_view kSignedUpBy = "import";  ///< the identity that opened what an import made

void fill(std::string& text, const std::string& from) {
  if (text.empty()) text = from;
}

PlannedFact planned(Makes makes, std::string_view type, std::string id, std::string what, const std::string& account_id,
                    Date day) {
  PlannedFact fact;
  fact.makes = makes;
  fact.type = "daybook." + std::string(type);
  fact.id = std::move(id);
  fact.what = std::move(what);
  fact.account_id = account_id;
  fact.day = day;
  return fact;
}

void text_if_any(codec::JsonWriter& json, std::string_view name, const std::string& text) {
  if (!text.empty()) json.key(name).text(text);
}

}  // namespace

void ImportPlan::take(const ExportRow& row) {
  const auto [at, is_new] = accounts_.try_emplace(row.account_id);
  Account& account = at->second;
  if (is_new) {
    account.currency = row.currency;
    account.first_day = row.first_day;
    account.of_enrollment = row.of_enrollment;
  }
  fill(account.name, row.account_name);
  account.first_day = std::min(account.first_day, row.first_day);
  if (row.of_enrollment) {
    EnrollmentAccount& of = account.enrollment_accounts[row.enrollment_account_id];
    fill(of.name, row.enrollment_account_name);
    fill(of.owner, row.enrollment_account_owner);
  } else {
    Profile& profile = account.profiles[row.profile_id];
    fill(profile.name, row.profile_name);
    if (row.section_id != row.profile_id) fill(profile.sections[row.section_id], row.section_name);
  }
  Subscription& subscription = account.subscriptions[row.subscription_id];
  fill(subscription.name, row.subscription_name);
  fill(subscription.offer_id, row.offer_id);
  fill(subscription.section_id, row.section_id);
  fill(subscription.enrollment_account_id, row.enrollment_account_id);
}

std::vector<PlannedFact> ImportPlan::facts(const std::string& country, const std::string& tenant) const {
  std::vector<PlannedFact> facts;
  for (const auto& [id, account] : accounts_) {
    facts.push_back(opening(id, account, country, tenant.empty() ? id : tenant));
    account.of_enrollment ? add_enrollment(id, account, facts) : add_profiles(id, account, facts);
    add_subscriptions(id, account, facts);
  }
  return facts;
}

PlannedFact ImportPlan::opening(const std::string& id, const Account& account, const std::string& country,
                                const std::string& tenant) {
  PlannedFact fact = planned(Makes::Account, "BillingAccountOpened", "account:" + id, "account " + id, id, account.first_day);
  codec::JsonWriter json(fact.data);
  json.begin_object().key("accountId").text(id).key("type").text(account.of_enrollment ? "EA" : "MCA");
  json.key("country").text(country).key("tenantId").text(tenant).key("currency").text(account.currency.text());
  json.key("signedUpBy").text(kSignedUpBy).key("createdOn").date(account.first_day).end_object();
  return fact;
}

void ImportPlan::add_profiles(const std::string& id, const Account& account, std::vector<PlannedFact>& facts) {
  for (const auto& [profile_id, profile] : account.profiles) {
    PlannedFact fact = planned(Makes::Profile, "BillingProfileCreated", "profile:" + profile_id,
                               "billing profile " + profile_id, id, account.first_day);
    codec::JsonWriter json(fact.data);
    json.begin_object().key("profileId").text(profile_id).key("accountId").text(id);
    json.key("currency").text(account.currency.text());
    text_if_any(json, "displayName", profile.name);
    json.end_object();
    facts.push_back(std::move(fact));
    for (const auto& [section_id, name] : profile.sections) {
      PlannedFact section = planned(Makes::Section, "InvoiceSectionCreated", "section:" + section_id,
                                    "invoice section " + section_id, id, account.first_day);
      codec::JsonWriter of_section(section.data);
      of_section.begin_object().key("sectionId").text(section_id).key("profileId").text(profile_id);
      of_section.key("name").text(name.empty() ? section_id : name).end_object();
      facts.push_back(std::move(section));
    }
  }
}

void ImportPlan::add_enrollment(const std::string& id, const Account& account, std::vector<PlannedFact>& facts) {
  PlannedFact fact =
      planned(Makes::Enrollment, "EnrollmentRegistered", "enrollment:" + id, "enrollment " + id, id, account.first_day);
  codec::JsonWriter json(fact.data);
  json.begin_object().key("enrollmentId").text(id).key("accountId").text(id).key("startDate").date(account.first_day);
  json.key("channel").text("Direct").key("billingCycle").text("Monthly").end_object();
  facts.push_back(std::move(fact));
  for (const auto& [each, of] : account.enrollment_accounts) {
    PlannedFact made = planned(Makes::EnrollmentAccount, "EnrollmentAccountAdded", "enrollment-account:" + each,
                               "enrollment account " + each, id, account.first_day);
    codec::JsonWriter of_account(made.data);
    of_account.begin_object().key("enrollmentAccountId").text(each).key("enrollmentId").text(id);
    of_account.key("name").text(of.name.empty() ? each : of.name);
    of_account.key("ownerIdentityId").text(of.owner.empty() ? kSignedUpBy : std::string_view(of.owner)).end_object();
    facts.push_back(std::move(made));
  }
}

void ImportPlan::add_subscriptions(const std::string& id, const Account& account, std::vector<PlannedFact>& facts) {
  for (const auto& [subscription_id, subscription] : account.subscriptions) {
    PlannedFact fact = planned(Makes::Subscription, "SubscriptionCreated", "subscription:" + subscription_id,
                               "subscription " + subscription_id, id, account.first_day);
    fact.subscription_id = subscription_id;
    codec::JsonWriter json(fact.data);
    json.begin_object().key("subscriptionId").text(subscription_id).key("accountId").text(id);
    json.key("offerId").text(subscription.offer_id).key("createdOn").date(account.first_day);
    text_if_any(json, "name", subscription.name);
    text_if_any(json, "invoiceSectionId", subscription.section_id);
    text_if_any(json, "enrollmentAccountId", subscription.enrollment_account_id);
    json.end_object();
    facts.push_back(std::move(fact));
  }
}

}  // namespace daybook::cli
