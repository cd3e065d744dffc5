#include <optional>
#include <string>

#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/support_plan.h"
#include "ledger/domain/facts/support_request.h"
#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/try.h"

/// Support plans that end, and requests for help.
namespace daybook {
namespace {

/// 404 for a scope or an invoice that the person does not see.
Result<void> check_subject(const StateReader& state, const CreateSupportRequest& command,
                           const DecisionContext& context) {
  if (command.scope_type.has_value() != command.scope_id.has_value()) {
    return rejected("INVALID_FIELD", "a scope is named by scopeType and scopeId together",
                    command.scope_type ? "/scopeId" : "/scopeType");
  }
  if (command.scope_type) {
    const ScopeRef scope(*command.scope_type, command.scope_id->text());
    if (!may(state, context.viewer, Action::See, AccessObject::of(scope)).allowed) return not_found();
  }
  if (!command.invoice_id) return {};
  const Invoice* invoice = state.invoice(*command.invoice_id);
  const bool is_seen =
      invoice != nullptr &&
      may(state, context.viewer, Action::ViewInvoices, AccessObject::of(*invoice)).allowed;
  if (!is_seen) return not_found();
  return {};
}

/// NAV-12: a request is a mail to the provider's address for support.
Result<void> check_support(const StateReader& state, const DecisionContext& context) {
  const ProviderDetailsChanged* block = state.provider().on(context.today());
  if (block != nullptr && block->support_email) return {};
  const bool has_page = block != nullptr && block->support_url;
  return rejected("SUPPORT_NOT_CONFIGURED",
                  has_page ? "requests for support are made at " + *block->support_url
                           : "this ledger names no address for support; ask whoever runs it by "
                             "another way");
}

Result<void> check_rate(const StateReader& state, const IdentityId& identity, Date today) {
  const auto* before = state.find<SupportRequests>(identity.text());
  const std::int32_t most = state.policies().number("support.requestsPerDay");
  if (before == nullptr || before->on(today) < most) return {};
  return failed(ErrorKind::Unavailable, "RATE_LIMITED",
                "a person may ask for support " + std::to_string(most) +
                    " times a day; ask again tomorrow (UTC)");
}

}  // namespace

Result<Decision> handle_command(const StateReader& state, const CreateSupportRequest& command,
                                const DecisionContext& context) {
  if (context.viewer.is_operator()) {
    return rejected("NO_IDENTITY",
                    "only a person asks for support; send Daybook-Identity with a key that may act-as");
  }
  const IdentityId& identity = *context.viewer.identity;
  LEDGER_CHECK(check_subject(state, command, context));
  LEDGER_CHECK(check_support(state, context));
  if (command.subject.empty())
    return rejected("INVALID_STRING", "a request for support has a subject", "/subject");
  if (command.text.empty())
    return rejected("INVALID_STRING", "a request for support says what it is about", "/text");
  LEDGER_CHECK(check_rate(state, identity, context.today()));
  SupportRequestCreated created;
  created.request_id = RequestId(made_id(context, "s-", identity.text()));
  created.identity_id = identity;
  created.scope_type = command.scope_type;
  created.scope_id = command.scope_id;
  created.invoice_id = command.invoice_id;
  created.subject = Personal<std::string>(command.subject);
  created.text = Personal<std::string>(command.text);
  return Decision{{std::move(created)}, {}};
}

Result<Decision> handle_command(const StateReader& state, const CancelSupportPlan& command,
                                const DecisionContext& context) {
  const SupportPlan* plan = state.support_plan(command.plan_id);
  if (plan == nullptr) return not_found();
  LEDGER_CHECK(require(state, context, Action::ReactivateSubscription,
                       AccessObject::of(ScopeRef(plan->subscription_id)), ErrorKind::Forbidden,
                       "NO_PERMISSION",
                       "a support plan is cancelled by the Account Administrator, an owner of its "
                       "subscription, or an owner or contributor of its profile"));
  if (plan->cancelled_on) return Decision();
  return Decision{{SupportPlanCancelled{command.plan_id, context.today()}}, {}};
}

}  // namespace daybook
