#include "ledger/domain/rules/policies.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "ledger/domain/enums.h"
#include "ledger/domain/invariant.h"
#include "ledger/domain/time.h"

namespace daybook {
namespace {

constexpr auto kPolicies = std::to_array<PolicyDefinition>({
    {"accounts.countries", "[]", "countries"},
    {"card.unreported", R"("stayDue")", R"("stayDue"|"pastDueAfterWindow")"},
    {"corrections", R"("nextInvoice")", R"("nextInvoice"|"note")"},
    {"dunning.deleteDays", "90", "number"},
    {"dunning.disableDays", "30", "number"},
    {"dunning.retryDays", "[3,7,14,21]", "numbers"},
    {"dunning.warnDays", "21", "number"},
    {"ea.maxSubscriptions", "500", "count"},
    {"ea.portalInvoices", "false", "false|true"},
    {"email.invoiceReady", R"("never")", R"("never"|"administrators")"},
    {"email.profileRecipients", R"("requireOptIn")", R"("requireOptIn"|"independent")"},
    {"email.supportPlans", "true", "true|false"},
    {"estimates.refresh", R"("live")", R"("live"|"daily")"},
    {"invitations.days", "30", "number"},
    {"invoiceDay.mpa", "8", "day"},
    {"invoiceDay.representative", "5", "day"},
    {"invoiceDay.website", "9", "day"},
    {"mca.accountContributorPays", "false", "false|true"},
    {"mca.alwaysInvoice", "true", "true|false"},
    {"mca.emailRoles", R"(["Owner","Contributor","Reader","InvoiceManager"])", "roles"},
    {"mca.invoiceManagerCreates", R"("profile")", R"("profile"|"always"|"never")"},
    {"mca.maxSubscriptions", "5000", "count"},
    {"mosp.chargeWindowDays", "10", "number"},
    {"mosp.delegatedFrom", R"("2016-12-01")", "date"},
    {"mosp.emailMarketplace", R"("unsupported")", R"("unsupported"|"optional")"},
    {"mosp.emailTerms", R"("required")", R"("required"|"none")"},
    {"mosp.invoiceDay", R"("ACCOUNT_ANCHOR")", R"("ACCOUNT_ANCHOR"|"PERIOD_END_PLUS_1")"},
    {"mosp.reservationTiming", R"("paymentMode")", R"("paymentMode"|"monthly"|"immediate")"},
    {"mosp.usageDownload", R"("delegated")", R"("delegated"|"accountAdministrator")"},
    {"mpa.access", R"("union")", R"("union"|"profileRoles"|"partnerRoles")"},
    {"mpa.requirePlanCustomer", "true", "true|false"},
    {"subscription.warned", R"("restricted")", R"("restricted"|"usable")"},
    {"support.renewalRun", R"("onOrAfterTermStart")", R"("onOrAfterTermStart"|"nextAccountDay")"},
    {"tax.receiptCountries", "[]", "countries"},
});

const PolicyDefinition* definition_of(std::string_view policy) {
  const auto* found =
      std::lower_bound(kPolicies.begin(), kPolicies.end(), policy,
                       [](const PolicyDefinition& definition, std::string_view name) {
                         return definition.name < name;
                       });
  return found != kPolicies.end() && found->name == policy ? found : nullptr;
}

/// The elements of `[a,b]` as they stand, or nothing where `json` is no flat array.
std::optional<std::vector<std::string_view>> elements(std::string_view json) {
  if (json.size() < 2 || json.front() != '[' || json.back() != ']') return std::nullopt;
  json = json.substr(1, json.size() - 2);
  std::vector<std::string_view> result;
  while (!json.empty()) {
    const std::size_t comma = json.find(',');
    result.push_back(json.substr(0, comma));
    if (comma == std::string_view::npos) break;
    json.remove_prefix(comma + 1);
    if (json.empty()) return std::nullopt;
  }
  return result;
}

std::optional<std::string_view> unquoted(std::string_view json) {
  if (json.size() < 2 || json.front() != '"' || json.back() != '"') return std::nullopt;
  return json.substr(1, json.size() - 2);
}

std::optional<std::int32_t> whole(std::string_view json) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), value);
  if (error != std::errc() || end != json.data() + json.size()) return std::nullopt;
  return value;
}

template <class Allowed>
bool all_elements(std::string_view json, Allowed allowed) {
  const auto parts = elements(json);
  return parts && std::all_of(parts->begin(), parts->end(), allowed);
}

bool is_days(std::string_view json) {
  const auto value = whole(json);
  return value && *value >= 0 && *value <= 3650;
}

bool is_profile_role(std::string_view json) {
  const auto word = unquoted(json);
  return word == "Owner" || word == "Contributor" || word == "Reader" || word == "InvoiceManager";
}

bool is_country(std::string_view json) {
  const auto word = unquoted(json);
  return word && word->size() == 2 &&
         std::all_of(word->begin(), word->end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_allowed(std::string_view allowed, std::string_view value) {
  if (allowed == "number") return is_days(value);
  if (allowed == "count") {
    const auto count = whole(value);
    return count && *count >= 1;
  }
  if (allowed == "numbers") return all_elements(value, is_days);
  if (allowed == "roles") return all_elements(value, is_profile_role);
  if (allowed == "countries") return all_elements(value, is_country);
  if (allowed == "day") {
    const auto day = whole(value);
    return day && *day >= 1 && *day <= 28;
  }
  if (allowed == "date") {
    const auto word = unquoted(value);
    return word && (*word == "none" || Date::parse(*word).has_value());
  }
  while (true) {
    const std::size_t bar = allowed.find('|');
    if (allowed.substr(0, bar) == value) return true;
    if (bar == std::string_view::npos) return false;
    allowed.remove_prefix(bar + 1);
  }
}

}  // namespace

std::span<const PolicyDefinition> all_policies() { return kPolicies; }

Result<void> check_policy(std::string_view policy, std::string_view value) {
  const PolicyDefinition* definition = definition_of(policy);
  if (definition == nullptr) {
    return rejected("INVALID_FIELD", "there is no policy of this name; GET /v1/policies lists them",
                    "/policy");
  }
  if (!is_allowed(definition->allowed, value)) {
    return rejected("INVALID_FIELD",
                    "this policy takes " + std::string(definition->allowed) + ", as in " +
                        std::string(definition->default_value),
                    "/value");
  }
  const bool has_rules = !(policy == "mca.alwaysInvoice" && value == "false");
  if (!has_rules) {
    return rejected(
        "INVALID_FIELD",
        "this version has no rules for this value; it is refused rather than billed otherwise",
        "/value");
  }
  return {};
}

std::string_view Policies::value(std::string_view policy) const {
  for (const PolicySetting& setting : settings) {
    if (setting.policy == policy && !setting.account_id) return setting.value;
  }
  const PolicyDefinition* definition = definition_of(policy);
  LEDGER_INVARIANT(definition != nullptr);
  return definition->default_value;
}

std::string_view Policies::word(std::string_view policy) const {
  return unquoted(value(policy)).value_or(std::string_view());
}

std::string_view Policies::word(std::string_view policy, const AccountId& account) const {
  for (const PolicySetting& setting : settings) {
    if (setting.policy == policy && setting.account_id == account)
      return unquoted(setting.value).value_or(std::string_view());
  }
  return word(policy);
}

std::int32_t Policies::number(std::string_view policy) const {
  return whole(value(policy)).value_or(0);
}

std::vector<std::int32_t> Policies::numbers(std::string_view policy) const {
  std::vector<std::int32_t> result;
  for (std::string_view part : elements(value(policy)).value_or(std::vector<std::string_view>())) {
    result.push_back(whole(part).value_or(0));
  }
  return result;
}

std::vector<std::string> Policies::words(std::string_view policy) const {
  std::vector<std::string> result;
  for (std::string_view part : elements(value(policy)).value_or(std::vector<std::string_view>())) {
    result.emplace_back(unquoted(part).value_or(std::string_view()));
  }
  return result;
}

void apply(Policies& policies, const PolicyChanged& event, const Occurrence&) {
  for (PolicySetting& setting : policies.settings) {
    if (setting.policy == event.policy && setting.account_id == event.account_id) {
      setting.value = event.value.text;
      return;
    }
  }
  policies.settings.push_back({event.policy, event.value.text, event.account_id});
}

}  // namespace daybook
