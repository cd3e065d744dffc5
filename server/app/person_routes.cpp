#include "server/app/person_routes.h"

#include "ledger/codec/json_writer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/views/settings_view.h"
#include "projections/row_reader.h"
#include "server/app/questions.h"
#include "server/app/reading.h"
#include "server/auth/gate.h"

namespace daybook::server {
namespace {

void write_text(codec::JsonWriter& json, std::string_view name, const std::optional<std::string>& text) {
  json.key(name);
  text ? json.text(*text) : json.null();
}

/// The keys that are bound to him and still work.
void write_keys(const Reading& reading, const KeyUses& uses, const IdentityId& person, codec::JsonWriter& json) {
  const StateReader& state = *reading.state;
  const Date today = reading.now.date();
  json.key("keys").begin_array();
  for (const std::string& id : state.members(Relation::AllKeys, {})) {
    const Key* key = state.find<Key>(id);
    if (key == nullptr || key->revoked || key->identity_id != person) continue;
    if (key->expires_on && *key->expires_on <= today) continue;
    json.begin_object().key("keyId").text(id).key("name").text(key->name).key("expiresOn");
    key->expires_on ? json.date(*key->expires_on) : json.null();
    const std::optional<Date> used = reading.at_head ? uses.last(id) : std::nullopt;  // of a past position nobody knows
    json.key("lastUsedOn");
    used ? json.date(*used) : json.null();
    json.end_object();
  }
  json.end_array();
}

http::Response me(LedgerHost& host, const http::Request& request) {
  const Result<Reading> reading = begin_reading(host, request);
  if (!reading) return refuse(reading.error(), request, host.ledger().log().position());
  const std::optional<IdentityId>& person = reading->viewer.identity;
  if (!person) {
    return refuse(Error{ErrorKind::NotFound, "NOT_FOUND", "This key is no person's; ask with one that is, or act as one.", {}},
                  request, reading->position);
  }
  const Identity* identity = reading->state->identity(*person);
  const std::optional<std::string> email = identity == nullptr ? std::nullopt : identity->email.value;
  http::Response response = http::Response::json(200, {});
  codec::JsonWriter json(response.body());
  json.begin_object().key("identityId").text(person->text());
  write_text(json, "email", email);
  // Until a person chooses another, mail goes to the address he signs in with (EML-20).
  const bool has_chosen = identity != nullptr && identity->communication_email && identity->communication_email->value;
  write_text(json, "communicationEmail", has_chosen ? identity->communication_email->value : email);
  const bool has_language = identity != nullptr && identity->language;
  write_text(json, "language",
             has_language ? std::optional<std::string>(wire_name(*identity->language)) : std::nullopt);
  json.key("tenants").begin_array();
  if (identity != nullptr) {
    for (const TenantId& tenant : identity->tenants) json.text(tenant.text());
  }
  json.end_array();
  const std::optional<TenantId>& tenant = reading->viewer.tenant;
  const bool has_tenant = tenant && !tenant->text().empty();
  write_text(json, "activeTenant", has_tenant ? std::optional<std::string>(tenant->text()) : std::nullopt);
  write_keys(*reading, host.key_uses(), *person, json);
  json.end_object();
  set_position(response, reading->position);
  return response;
}

}  // namespace

void add_person_routes(http::Router& router, LedgerHost& host) {
  http::Doc doc;
  doc.operation_id = "readMe";
  doc.summary = "The person who asks, and his keys";
  doc.tag = "Questions";
  doc.parameters = {{"asOf", "a position, or an RFC 3339 instant with zone"},
                    {"minPosition", "wait until this position shows"}};
  doc.answers = {{200, "The answer"}};
  answer_is<PersonView>(doc);
  doc.problems = {"NOT_FOUND"};
  router.add(http::Route(http::Method::Get, "/v1/me", http::Auth::any_of({right::kRead}), doc,
                         http::Pooled{[&host](const http::Request& request) {
                           Result<http::Response> made = projections::reading([&] { return me(host, request); });
                           return made ? std::move(*made) : refuse(made.error(), request, host.ledger().log().position());
                         }}));
}

}  // namespace daybook::server
