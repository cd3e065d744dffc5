#include "ledger/engine/logins.h"

#include "ledger/domain/rules/access.h"

namespace daybook::engine {
namespace {

std::string login(const std::string& issuer, const std::string& subject) { return issuer + '\n' + subject; }

}  // namespace

std::optional<IdentityId> Logins::of_another(const Books& books, const IdentityId& mine, const std::string& issuer,
                                             const std::string& subject, const std::optional<std::string>& tenant) {
  if (!known_) {
    known_.emplace();
    books.each<Identity>([&](const Identity& identity) { note(identity.identity_id, identity.issuer, identity.subject); });
  }
  const auto [begin, end] = known_->equal_range(login(issuer, subject));
  for (auto found = begin; found != end; ++found) {
    if (found->second == mine) continue;
    const Identity* identity = books.identity(found->second);
    const bool has_it = identity != nullptr && identity->issuer == issuer && identity->subject == subject && identity->email.value;
    if (has_it && (!tenant || identity->is_member_of(TenantId(*tenant)))) return found->second;
  }
  return std::nullopt;
}

void Logins::note(const IdentityId& identity, const std::string& issuer, const std::string& subject) {
  if (!known_) return;
  const auto [begin, end] = known_->equal_range(login(issuer, subject));
  for (auto found = begin; found != end; ++found) {
    if (found->second == identity) return;
  }
  known_->emplace(login(issuer, subject), identity);
}

}  // namespace daybook::engine
