#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"

/// What a person set for himself, and that he was erased. Stream `Person`, one an identity.
namespace daybook {

/// Where mail to the person goes. Absent: back to the sign-in e-mail (EML-20).
struct CommunicationEmailChanged {
  static constexpr EventType kType = EventType::CommunicationEmailChanged;
  static constexpr StreamType kStream = StreamType::Person;

  IdentityId identity_id;
  std::optional<Personal<std::string>> address{};

  [[nodiscard]] std::string stream_id() const { return identity_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "identity:" + identity_id.text(); }
  friend bool operator==(const CommunicationEmailChanged&,
                         const CommunicationEmailChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(CommunicationEmailChanged, (), (identity_id, address))

/// The language of his pages and mails.
struct LanguageChanged {
  static constexpr EventType kType = EventType::LanguageChanged;
  static constexpr StreamType kStream = StreamType::Person;

  IdentityId identity_id;
  Language language{};

  [[nodiscard]] std::string stream_id() const { return identity_id.text(); }
  friend bool operator==(const LanguageChanged&, const LanguageChanged&) = default;
};
BOOST_DESCRIBE_STRUCT(LanguageChanged, (), (identity_id, language))

/// The key of a subject was destroyed: all that was sealed under it can be read no more.
struct SubjectErased {
  static constexpr EventType kType = EventType::SubjectErased;
  static constexpr StreamType kStream = StreamType::Person;

  std::string subject;  ///< reference of the key; of an address a keyed digest, never the address
  std::optional<IdentityId> identity_id{};
  std::vector<std::string> fields{};  ///< what it made unreadable, as `EventType.member`

  [[nodiscard]] std::string stream_id() const {
    return identity_id ? identity_id->text() : subject;
  }
  friend bool operator==(const SubjectErased&, const SubjectErased&) = default;
};
BOOST_DESCRIBE_STRUCT(SubjectErased, (), (subject, identity_id, fields))

namespace person {
using Events = TypeList<CommunicationEmailChanged, LanguageChanged, SubjectErased>;
}  // namespace person

}  // namespace daybook
