#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/event.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

class StateReader;
struct Invoice;

/// One notice about an invoice.
struct InvoiceNotice {
  NoticeKind kind = NoticeKind::PastDue;
  std::optional<IdentityId> identity_id;
  std::optional<RecipientId> recipient_id;
  Personal<std::string> address;
  EmailState state = EmailState::Queued;
  Instant queued_at;

  friend bool operator==(const InvoiceNotice&, const InvoiceNotice&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceNotice, (),
                      (kind, identity_id, recipient_id, address, state, queued_at))

/// The notices about an invoice, in order.
struct InvoiceNotices {
  static constexpr StateKind kState = StateKind::InvoiceNotices;

  InvoiceId invoice_id;
  std::vector<InvoiceNotice> notices;

  friend bool operator==(const InvoiceNotices&, const InvoiceNotices&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceNotices, (), (invoice_id, notices))

void apply(InvoiceNotices& notices, const NoticeQueued& event, const Occurrence& at);
void apply(InvoiceNotices& notices, const NoticeSent& event, const Occurrence& at);
void apply(InvoiceNotices& notices, const NoticeFailed& event, const Occurrence& at);

/// `NoticeQueued` for everybody who is told that `invoice` has come to `kind` and was not told before: under
/// MOSP the Account Administrator; of a profile its owners, contributors and invoice managers, but its accounts-payable
/// contacts alone where it has some and pays by wire. Nobody of an enrollment: it is no part of dunning.
/// `already` has the notices of this decision, and grows by them. One notice for an address.
[[nodiscard]] std::vector<EventData> notices_of(const StateReader& state, const Invoice& invoice,
                                                NoticeKind kind, std::set<std::string>& already);

}  // namespace daybook
