#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/codec/event.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/profile.h"
#include "tests/engine/engine_fixture.h"

namespace daybook::engine {

/// A ledger with persons in it, and what can be found of them.
class PersonTest : public EngineTest {
 protected:
  static std::string linked(std::string_view identity, std::string_view email, std::string_view id) {
    return fact("IdentityLinked", id,
                R"({"identityId":")" + std::string(identity) + R"(","issuer":"https://login.example","subject":"s-)" +
                    std::string(identity) + R"(","email":")" + std::string(email) + R"(","tenantId":"contoso"})");
  }
  static std::string recipient_added(std::string_view recipient, std::string_view address) {
    return fact("EmailRecipientAdded", "add-" + std::string(recipient),
                R"({"scopeType":"Subscription","scopeId":"sub-01","recipientId":")" + std::string(recipient) +
                    R"(","address":")" + std::string(address) + R"("})");
  }
  static std::string recipient_removed(std::string_view recipient) {
    return fact("EmailRecipientRemoved", "remove-" + std::string(recipient),
                R"({"scopeType":"Subscription","scopeId":"sub-01","recipientId":")" + std::string(recipient) + R"("})");
  }
  static std::string profile() {
    return fact("BillingAccountOpened", "open-2",
                R"({"accountId":"acc-2","type":"MCA","country":"NL","tenantId":"contoso","currency":"EUR",)"
                R"("signedUpBy":"jeroen","createdOn":"1970-01-01"})") +
           "," +
           fact("BillingProfileCreated", "profile-1", R"({"profileId":"p-1","accountId":"acc-2","currency":"EUR"})");
  }
  /// `kind`: Added or Removed.
  static std::string contact(std::string_view kind, std::string_view id, std::string_view address) {
    return fact("AccountsPayableContact" + std::string(kind), id,
                R"({"profileId":"p-1","newValue":")" + std::string(address) + R"("})");
  }
  /// Who copies a history, decided events included.
  static Caller importer() {
    Caller caller;
    caller.may_import = true;
    return caller;
  }

  Result<CommandAnswer> erase(std::optional<std::string> identity, std::optional<std::string> address,
                              const std::string& idempotency_key = {}) {
    EraseSubject command;
    if (identity) command.identity_id = IdentityId(*identity);
    command.address = std::move(address);
    CommandRequest request;
    request.command = command;
    request.idempotency_key = idempotency_key;
    request.digest = idempotency_key.empty() ? "" : std::string(32, 'd');
    return ledger_->execute(request);
  }

  /// Every personal value in the log, by the id of its event; "(erased)" for one that cannot be read any more.
  std::map<std::string, std::string> persons() {
    std::map<std::string, std::string> found;
    const Result<void> scanned = ledger_->log().scan(1, ledger_->log().position(), [&](const log::RecordView& record) {
      const Result<Event> event = codec::decode_event(record.event, &ledger_->sealer());
      ASSERT_TRUE(event.has_value()) << event.error().detail;
      const Personal<std::string>* value = nullptr;
      if (const auto* linked = event->data.get_if<IdentityLinked>()) value = &linked->email;
      if (const auto* added = event->data.get_if<EmailRecipientAdded>()) value = &added->address;
      if (const auto* contact = event->data.get_if<AccountsPayableContactAdded>()) value = &contact->new_value;
      if (const auto* gone = event->data.get_if<AccountsPayableContactRemoved>()) value = &gone->new_value;
      if (value != nullptr) found[event->envelope.id] = value->value.value_or("(erased)");
    });
    EXPECT_TRUE(scanned.has_value()) << scanned.error().detail;
    return found;
  }

  /// The sign-in e-mail that the books hold.
  std::string email_of(const std::string& identity) {
    std::string email = "(no such identity)";
    ledger_->read_books([&](const StateReader& books) {
      if (const Identity* known = books.identity(IdentityId(identity))) email = known->email.value.value_or("(erased)");
    });
    return email;
  }

  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return std::filesystem::path(directory_.path()) / "ledger" / name;
  }
  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  /// The files under the ledger's directory that hold `text`.
  [[nodiscard]] std::vector<std::string> files_with(std::string_view text) const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path(""))) {
      if (entry.is_regular_file() && bytes_of(entry.path()).find(text) != std::string::npos) {
        found.push_back(std::filesystem::relative(entry.path(), path("")).string());
      }
    }
    return found;
  }
};

}  // namespace daybook::engine
