#include <algorithm>
#include <set>

#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/try.h"

/// What the configuration says becomes events where it differs from what it last said (docs/decisions/0030).
namespace daybook {
namespace {

tl::unexpected<Error> at(std::string pointer, Error error) {
  error.pointer = std::move(pointer) + error.pointer;
  return tl::unexpected(std::move(error));
}

/// The same block, whenever it begins.
bool is_same(ProviderDetailsChanged left, const ProviderDetailsChanged& right) {
  left.effective_on = right.effective_on;
  return left == right;
}

Result<void> add_policies(const StateReader& state, const ApplyConfiguration& command, Decision& decision) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < command.policies.size(); ++i) {
    const ConfiguredPolicy& each = command.policies[i];
    const std::string pointer = "/policies/" + std::to_string(i);
    if (Result<void> checked = check_policy(each.policy, each.value.text); !checked) return at(pointer, checked.error());
    if (!seen.insert(each.policy).second)
      return rejected("INVALID_FIELD", "this policy is named twice", pointer + "/policy");
    const PolicySetting* before = state.policies().setting(each.policy);
    if (before != nullptr && before->configured == each.value.text) continue;
    decision.events.emplace_back(PolicyChanged{each.policy, each.value, std::nullopt, true});
  }
  return {};
}

Result<void> add_provider(const StateReader& state, const ProviderDetailsChanged& wanted, Date today,
                          Decision& decision) {
  if (std::vector<Error> faults = faults_of(wanted); !faults.empty()) return at("/provider", std::move(faults.front()));
  const ProviderDetailsChanged* before = state.provider().current();
  if (before != nullptr && is_same(*before, wanted)) return {};
  if (wanted.effective_on < today) {
    return rejected("INVALID_FIELD",
                    "a document keeps the provider of its issue day: a new block holds from today on at the earliest",
                    "/provider/effectiveOn");
  }
  decision.events.emplace_back(wanted);
  return {};
}

Result<void> add_terms(const StateReader& state, const ConfiguredTerms& terms, const DecisionContext& context,
                       Decision& decision) {
  const EmailTerms* before = state.find<EmailTerms>(EmailTerms::kKey);
  if (before != nullptr) {
    for (const EmailTermsPublished& each : before->published) {
      if (each.terms_version != terms.version) continue;
      if (each.text == terms.text) return {};
      return conflict("DUPLICATE",
                      "this version of the terms was published with another text, and may have been accepted; give the "
                      "new text a version of its own",
                      "/emailTerms/version");
    }
  }
  Result<Decision> published = handle_command(state, PublishEmailTerms{terms.version, terms.text}, context);
  if (!published) return at("/emailTerms", published.error());
  for (EventData& event : published->events) decision.events.push_back(std::move(event));
  return {};
}

}  // namespace

Result<Decision> handle_command(const StateReader& state, const ApplyConfiguration& command,
                                const DecisionContext& context) {
  LEDGER_CHECK(require_operator(context));
  Decision decision;
  LEDGER_CHECK(add_policies(state, command, decision));
  if (command.provider) LEDGER_CHECK(add_provider(state, *command.provider, context.today(), decision));
  if (command.email_terms) LEDGER_CHECK(add_terms(state, *command.email_terms, context, decision));
  return decision;
}

}  // namespace daybook
