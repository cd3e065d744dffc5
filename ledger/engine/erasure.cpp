#include "ledger/engine/erasure.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/rules/mail.h"

namespace daybook::engine {

std::vector<std::string> keys_of_erased(const Books& books, const codec::KeyStore& keys, const SubjectErased& erased) {
  std::vector<std::string> references{erased.subject};
  std::string address = erased.identity_id ? std::string() : erased.subject;
  if (erased.identity_id) {
    references.push_back(keys.reference(codec::subject_of_identity(erased.identity_id->text())));
    const Identity* identity = books.identity(*erased.identity_id);
    if (identity != nullptr && identity->email.value) {
      address = keys.reference(codec::subject_of_address(*identity->email.value));
      references.push_back(address);
    }
  }
  if (address.empty()) return references;
  books.each<EmailPreference>([&](const EmailPreference& preference) {
    for (const EmailRecipient& recipient : preference.recipients) {
      if (recipient.address.value && keys.reference(codec::subject_of_address(*recipient.address.value)) == address) {
        references.push_back(keys.reference(recipient_subject(recipient.recipient_id)));
      }
    }
  });
  books.each<Enrollment>([&](const Enrollment& enrollment) {
    for (const EmailRecipient& recipient : enrollment.recipients) {
      if (recipient.address.value && keys.reference(codec::subject_of_address(*recipient.address.value)) == address) {
        references.push_back(keys.reference(recipient_subject(recipient.recipient_id)));
      }
    }
  });
  books.each<Profile>([&](const Profile& profile) {
    for (const PayablesContact& contact : profile.payables_contacts) {
      if (contact.address.value && keys.reference(codec::subject_of_address(*contact.address.value)) == address) {
        references.push_back(keys.reference(recipient_subject(contact.recipient_id)));
      }
    }
  });
  return references;
}

Result<Decision> erase_subject(const Books& books, const codec::KeyStore& keys, const EraseSubject& command,
                               const DecisionContext& context) {
  if (!context.viewer.is_operator() || context.viewer.tenant) {
    return failed(ErrorKind::Forbidden, "FORBIDDEN", "Only the operator erases, with a key bound to no tenant.");
  }
  if (command.identity_id.has_value() == command.address.has_value()) {
    return rejected("INVALID_FIELD", "Give identityId or address, one of them.",
                    command.address ? "/address" : "/identityId");
  }
  Decision decision;
  const auto add = [&](std::string subject, std::optional<IdentityId> identity_id) {
    SubjectErased erased;
    erased.subject = std::move(subject);
    erased.identity_id = std::move(identity_id);
    const std::vector<std::string> references = keys_of_erased(books, keys, erased);
    const bool holds_any = std::any_of(references.begin(), references.end(),
                                       [&](const std::string& reference) { return keys.has_reference(reference); });
    if (holds_any) decision.events.emplace_back(std::move(erased));
  };
  if (command.identity_id) {
    if (books.identity(*command.identity_id) == nullptr) {
      return failed(ErrorKind::NotFound, "NOT_FOUND", "There is no such identity.");
    }
    add(keys.reference(codec::subject_of_identity(command.identity_id->text())), command.identity_id);
    return decision;
  }
  const std::string subject = codec::subject_of_address(*command.address);
  add(keys.reference(subject), std::nullopt);
  std::set<std::string> identities;  // books have no order, the log has one
  books.each<Identity>([&](const Identity& identity) {
    if (identity.email.value && codec::subject_of_address(*identity.email.value) == subject) {
      identities.insert(identity.identity_id.text());
    }
  });
  for (const std::string& identity : identities) {
    add(keys.reference(codec::subject_of_identity(identity)), IdentityId(identity));
  }
  // What is kept under it goes, whatever it is; else a slip must not look as if somebody had been erased.
  if (decision.events.empty() && !is_email(*command.address)) {
    return rejected("INVALID_EMAIL", "this is no e-mail address, and nothing is kept under it", "/address");
  }
  return decision;
}

}  // namespace daybook::engine
