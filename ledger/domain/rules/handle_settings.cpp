#include <algorithm>

#include "ledger/domain/rules/command_rules.h"
#include "ledger/domain/rules/try.h"

namespace daybook {

Result<Decision> handle_command(const StateReader& state, const SetPolicy& command,
                                const DecisionContext& context) {
  LEDGER_CHECK(require_operator(context));
  LEDGER_CHECK(check_policy(command.policy, command.value.text));
  if (command.account_id) {
    if (command.policy != "corrections") {
      return rejected("INVALID_FIELD", "only the policy `corrections` is set for one account",
                      "/accountId");
    }
    if (state.account(*command.account_id) == nullptr) {
      return rejected("UNKNOWN_REFERENCE", "there is no such account", "/accountId");
    }
  }
  const Policies& policies = state.policies();
  const bool is_set_already = std::any_of(
      policies.settings.begin(), policies.settings.end(), [&](const PolicySetting& setting) {
        return setting.policy == command.policy && setting.account_id == command.account_id &&
               setting.value == command.value.text;
      });
  if (command.account_id && is_set_already) return Decision();
  if (!command.account_id && policies.value(command.policy) == command.value.text)
    return Decision();
  return Decision{{PolicyChanged{command.policy, command.value, command.account_id}}, {}};
}

Result<Decision> handle_command(const StateReader&, const CreateKey& command,
                                const DecisionContext& context) {
  std::optional<IdentityId> bound_to = command.identity_id;
  if (const std::optional<IdentityId>& person = context.viewer.identity) {
    // A person's own key has his access and nothing else (api.md 8).
    if ((bound_to && bound_to != person) || command.tenant_id || !command.rights.empty()) {
      return failed(ErrorKind::Forbidden, "FORBIDDEN",
                    "a person makes keys for himself alone, without rights of their own; leave out "
                    "identityId and tenantId, and rights empty");
    }
    bound_to = person;
  } else {
    LEDGER_CHECK(require_operator(context));
  }
  if (command.name.empty()) return rejected("INVALID_STRING", "a key has a name", "/name");
  if (command.expires_on && *command.expires_on < context.today()) {
    return rejected("INVALID_TIME", "expiresOn is before today, " + context.today().text(), "/expiresOn");
  }
  KeyCreated created;
  created.key_id = KeyId(context.key_id);
  created.name = command.name;
  created.rights = command.rights;
  std::sort(created.rights.begin(), created.rights.end());
  created.rights.erase(std::unique(created.rights.begin(), created.rights.end()),
                       created.rights.end());
  created.tenant_id = command.tenant_id;
  created.identity_id = bound_to;
  created.secret_hash = context.secret_hash;
  created.expires_on = command.expires_on;
  if (bound_to && !created.rights.empty()) {
    return rejected("INVALID_FIELD",
                    "a key bound to an identity has its access and no rights of its own",
                    "/rights");
  }
  if (!bound_to && created.rights.empty()) {
    return rejected("INVALID_FIELD",
                    "name the rights of the key: ingest, read, admin, act-as, import", "/rights");
  }
  return Decision{{std::move(created)}, {}};
}

Result<Decision> handle_command(const StateReader& state, const RevokeKey& command,
                                const DecisionContext& context) {
  const Key* key = state.key(command.key_id);
  if (context.viewer.identity) {
    // What is not his is, to a person, not there.
    if (key == nullptr || key->identity_id != context.viewer.identity) return not_found();
  } else {
    LEDGER_CHECK(require_operator(context));
    if (key == nullptr) return not_found();
  }
  if (key->revoked) return Decision();
  return Decision{{KeyRevoked{command.key_id}}, {}};
}

}  // namespace daybook
