#include "server/auth/gate.h"

#include <algorithm>

#include "ledger/domain/rules/state_reader.h"
#include "server/auth/api_key.h"
#include "server/http/problem.h"

namespace daybook::server {
namespace {

http::Response refused(const http::Request& request, std::string_view code, std::string_view detail) {
  return http::problem(code, detail, request.request_id());
}

http::Response unauthenticated(const http::Request& request) {
  return refused(request, "UNAUTHENTICATED",
                 "Send a valid key as \"Authorization: Bearer KEY\". `daybook key create` makes the first one.");
}

/// The key a request presents, as the ledger knows it; nothing for every kind of bad one.
std::optional<Key> presented_key(const engine::Ledger& ledger, const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  const std::optional<std::string_view> header = request.header("Authorization");
  if (!header || header->size() <= kScheme.size() ||
      !http::equal_ignoring_case(header->substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  const std::optional<ApiKey> presented = parse_api_key(header->substr(kScheme.size()));
  if (!presented) return std::nullopt;
  std::optional<Key> known;
  ledger.read_books([&](const StateReader& state) {
    if (const Key* key = state.key(KeyId(presented->key_id))) known = *key;
  });
  // An unknown id costs the same comparison as a known one.
  const std::vector<std::byte> nothing(32);
  if (!same_secret(known ? known->secret_hash : nothing, presented->secret_hash) || !known || known->revoked) {
    return std::nullopt;
  }
  if (known->expires_on && *known->expires_on <= ledger.now().date()) return std::nullopt;
  return known;
}

bool has(const Key& key, Right right) {
  return std::find(key.rights.begin(), key.rights.end(), right) != key.rights.end();
}

}  // namespace

http::Gate make_gate(engine::Ledger& ledger, HistoryTokens& tokens, KeyUses& uses) {
  return [&ledger, &tokens, &uses](http::Request* request, const http::Auth& auth) -> std::optional<http::Response> {
    if (!auth.knows_callers()) return std::nullopt;
    const std::optional<Key> key = presented_key(ledger, *request);
    if (!key && auth.is_open()) return std::nullopt;
    if (!key) return unauthenticated(*request);
    uses.note(key->key_id.text(), ledger.now().date());

    auto caller = std::make_shared<engine::Caller>();
    caller->key_id = key->key_id.text();
    caller->key_name = key->name;
    if (key->tenant_id) caller->tenant = key->tenant_id->text();
    caller->may_import = has(*key, Right::Import);
    if (key->tenant_id) caller->viewer = Viewer::operating_in(*key->tenant_id);

    std::optional<IdentityId> identity = key->identity_id;
    if (const auto acting = request->header("Daybook-Identity")) {
      Result<IdentityId> parsed = IdentityId::parse(*acting);
      if (!has(*key, Right::ActAs) || key->identity_id) {
        return refused(*request, "FORBIDDEN", "This key may not act as an identity; it lacks the right `act-as`.");
      }
      if (!parsed) return refused(*request, "INVALID_IDENTIFIER", "Daybook-Identity: " + parsed.error().detail);
      identity = *parsed;
    } else if (request->header("Daybook-Tenant") && !identity) {
      return refused(*request, "FORBIDDEN", "Daybook-Tenant goes with Daybook-Identity.");
    }
    if (identity) {
      const auto tenant_header = request->header("Daybook-Tenant");
      std::optional<TenantId> tenant = key->tenant_id;
      if (tenant_header) {
        Result<TenantId> parsed = TenantId::parse(*tenant_header);
        if (!parsed) return refused(*request, "INVALID_IDENTIFIER", "Daybook-Tenant: " + parsed.error().detail);
        if (tenant && *tenant != *parsed) {
          return refused(*request, "FORBIDDEN", "This key is bound to another tenant than the one in Daybook-Tenant.");
        }
        tenant = *parsed;
      }
      bool member = true;
      ledger.read_books([&](const StateReader& state) {
        const Identity* known = state.identity(*identity);
        if (tenant) {
          // Who was never linked belongs to no directory; one that his key is bound to is not his claim.
          member = known != nullptr ? known->is_member_of(*tenant) : !tenant_header;
        } else if (known != nullptr && !known->tenants.empty()) {
          tenant = known->tenants.front();
        }
      });
      if (!member) {
        return refused(*request, "NOT_A_MEMBER", "The identity is no member of this tenant; choose one of its own.");
      }
      caller->viewer = Viewer::person(*identity, tenant.value_or(TenantId()));
    }

    const bool admin = has(*key, Right::Admin);
    const auto allows = [&](const std::string& wanted) {
      if (wanted == right::kIngest) return !identity && (admin || has(*key, Right::Ingest) || caller->may_import);
      if (wanted == right::kRead) return identity || admin || has(*key, Right::Read);
      if (wanted == right::kLedger) return !identity && !key->tenant_id && (admin || has(*key, Right::Read));
      if (wanted == right::kCommand) return identity || admin;
      return false;
    };
    const bool allowed =
        auth.rights().empty() || std::any_of(auth.rights().begin(), auth.rights().end(), allows);
    if (!allowed) {
      return refused(*request, "FORBIDDEN",
                     identity          ? "This is not open to identities; it is the operator's."
                     : key->tenant_id ? "This concerns the whole ledger or is not among the key's rights; it needs a key "
                                        "that is bound to no tenant and has the right."
                              : "This key lacks the right to do this. Create one with `daybook key create --rights`.");
    }
    for (const http::Field& field : request->headers()) {
      if (!http::equal_ignoring_case(field.name, "Daybook-Token")) continue;
      if (const Result<void> same = tokens.check(field.value); !same) {
        return http::problem(same.error(), request->request_id());
      }
    }
    request->set_principal(std::move(caller));
    return std::nullopt;
  };
}

}  // namespace daybook::server
