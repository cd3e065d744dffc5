#include "ledger/engine/erasure.h"

#include <algorithm>

#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/person.h"

namespace daybook::engine {

Result<Decision> erase_subject(Core& core, const EraseSubject& command, const DecisionContext& context) {
  if (!context.viewer.is_operator() || context.viewer.tenant) {
    return failed(ErrorKind::Forbidden, "FORBIDDEN", "Only the operator erases, with a key bound to no tenant.");
  }
  if (command.identity_id.has_value() == command.address.has_value()) {
    return rejected("INVALID_FIELD", "Give identityId or address, one of them.",
                    command.address ? "/address" : "/identityId");
  }
  std::vector<std::string> subjects;
  std::vector<std::string> addresses;
  if (command.identity_id) {
    const Identity* identity = core.books.identity(*command.identity_id);
    if (identity == nullptr) return failed(ErrorKind::NotFound, "NOT_FOUND", "There is no such identity.");
    subjects.push_back(codec::subject_of_identity(command.identity_id->text()));
    if (identity->email.value) addresses.push_back(codec::subject_of_address(*identity->email.value));
  } else {
    addresses.push_back(codec::subject_of_address(*command.address));
  }
  subjects.insert(subjects.end(), addresses.begin(), addresses.end());
  core.books.each<EmailPreference>([&](const EmailPreference& preference) {
    for (const EmailRecipient& recipient : preference.recipients) {
      if (recipient.address.value && std::find(addresses.begin(), addresses.end(),
                                               codec::subject_of_address(*recipient.address.value)) != addresses.end()) {
        subjects.push_back(recipient_subject(recipient.recipient_id));
      }
    }
  });
  std::erase_if(subjects, [&](const std::string& subject) { return !core.keys->has_key(subject); });
  if (subjects.empty()) return Decision{};

  SubjectErased erased;
  erased.subject = core.keys->reference(subjects.front());
  erased.identity_id = command.identity_id;
  if (Result<std::size_t> gone = core.keys->erase(subjects); !gone) {
    core.options.log.on_io_failure({"erase", "keys", gone.error().detail});
    throw log::FailStopped("the keys could not be erased");
  }
  core.books.forget_erased(*core.keys);
  return Decision{{erased}, {}};
}

}  // namespace daybook::engine
