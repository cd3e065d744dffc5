#pragma once

#include <string>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"

/// Facts about an invoice section: it groups what is charged to a profile. Stream `InvoiceSection`.
namespace daybook {

/// A section begins under a profile.
struct InvoiceSectionCreated {
  static constexpr EventType kType = EventType::InvoiceSectionCreated;
  static constexpr StreamType kStream = StreamType::InvoiceSection;

  SectionId section_id;
  ProfileId profile_id;
  std::string name;
  Texts labels{};

  [[nodiscard]] std::string stream_id() const { return section_id.text(); }
  friend bool operator==(const InvoiceSectionCreated&, const InvoiceSectionCreated&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceSectionCreated, (), (section_id, profile_id, name, labels))

/// Another name on documents issued from now on.
struct InvoiceSectionRenamed {
  static constexpr EventType kType = EventType::InvoiceSectionRenamed;
  static constexpr StreamType kStream = StreamType::InvoiceSection;

  SectionId section_id;
  std::string name;

  [[nodiscard]] std::string stream_id() const { return section_id.text(); }
  friend bool operator==(const InvoiceSectionRenamed&, const InvoiceSectionRenamed&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceSectionRenamed, (), (section_id, name))

namespace section {
using Events = TypeList<InvoiceSectionCreated, InvoiceSectionRenamed>;
}  // namespace section

}  // namespace daybook
