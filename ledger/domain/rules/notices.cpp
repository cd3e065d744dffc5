#include "ledger/domain/rules/notices.h"

#include <algorithm>
#include <utility>

#include "ledger/domain/rules/mail.h"
#include "ledger/domain/rules/paying.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {
namespace {

void set_state(InvoiceNotices& notices, NoticeKind kind, const std::optional<IdentityId>& identity,
               const std::optional<RecipientId>& recipient, EmailState state) {
  for (InvoiceNotice& notice : notices.notices) {
    if (notice.kind == kind && notice.identity_id == identity && notice.recipient_id == recipient)
      notice.state = state;
  }
}

/// Gathers the notices of one kind about one invoice, one for an address.
class Notices {
 public:
  Notices(const StateReader& state, const Invoice& invoice, NoticeKind kind,
          std::set<std::string>& already)
      : state_(state), invoice_(invoice), kind_(kind), already_(already) {
    const auto* before = state.find<InvoiceNotices>(invoice.invoice_id.text());
    if (before == nullptr) return;
    for (const InvoiceNotice& notice : before->notices) {
      if (notice.kind == kind && notice.address.value) already_.insert(key(*notice.address.value));
    }
  }

  void add_person(const IdentityId& id) {
    const Identity* identity = state_.identity(id);
    if (identity == nullptr) return;
    const bool has_own = identity->communication_email && identity->communication_email->value;
    const Personal<std::string>& address =
        has_own ? *identity->communication_email : identity->email;
    add(id, std::nullopt, address);
  }

  void add_contact(const PayablesContact& contact) {
    add(std::nullopt, contact.recipient_id, contact.address);
  }

  [[nodiscard]] std::vector<EventData> take() { return std::move(events_); }

 private:
  void add(std::optional<IdentityId> identity, std::optional<RecipientId> recipient,
           const Personal<std::string>& address) {
    if (!address.value || !already_.insert(key(*address.value)).second) return;
    events_.emplace_back(NoticeQueued{invoice_.invoice_id, kind_, std::move(identity),
                                      std::move(recipient), address});
  }

  [[nodiscard]] std::string key(const std::string& address) const {
    return invoice_.invoice_id.text() + " " + std::string(wire_name(kind_)) + " " +
           normalised_email(address);
  }

  const StateReader& state_;
  const Invoice& invoice_;
  NoticeKind kind_;
  std::set<std::string>& already_;
  std::vector<EventData> events_;
};

bool is_told(Role role) {
  return role == Role::Owner || role == Role::Contributor || role == Role::InvoiceManager;
}

/// The profile whose accounts-payable contacts are told in place of its roles; null: none. A contact whose address was
/// erased is nobody.
const Profile* told_by_contacts(const StateReader& state, const ScopeRef& scope) {
  const Profile* profile = state.find<Profile>(scope.id);
  const Account* account = profile != nullptr ? state.account(profile->account_id) : nullptr;
  if (account == nullptr || paying_method(state, *account, *profile).is_card) return nullptr;
  const bool has_some = std::any_of(profile->payables_contacts.begin(), profile->payables_contacts.end(),
                                    [](const PayablesContact& each) { return each.address.value.has_value(); });
  return has_some ? profile : nullptr;
}

}  // namespace

void apply(InvoiceNotices& notices, const NoticeQueued& event, const Occurrence& at) {
  notices.invoice_id = event.invoice_id;
  notices.notices.push_back({event.kind, event.identity_id, event.recipient_id, event.address,
                             EmailState::Queued, at.time});
}

void apply(InvoiceNotices& notices, const NoticeSent& event, const Occurrence&) {
  set_state(notices, event.kind, event.identity_id, event.recipient_id, EmailState::Sent);
}

void apply(InvoiceNotices& notices, const NoticeFailed& event, const Occurrence&) {
  set_state(notices, event.kind, event.identity_id, event.recipient_id, EmailState::Failed);
}

std::vector<EventData> notices_of(const StateReader& state, const Invoice& invoice, NoticeKind kind,
                                  std::set<std::string>& already) {
  Notices notices(state, invoice, kind, already);
  if (invoice.scope.type == ScopeType::Profile) {
    if (const Profile* profile = told_by_contacts(state, invoice.scope)) {
      for (const PayablesContact& contact : profile->payables_contacts) notices.add_contact(contact);
    } else if (const Access* access = state.access(invoice.scope)) {
      for (const HeldRole& held : access->roles) {
        if (is_told(held.role)) notices.add_person(held.identity_id);
      }
    }
  } else if (invoice.scope.type != ScopeType::Enrollment) {
    if (const Account* account = state.account(invoice.account_id))
      notices.add_person(account->administrator);
  }
  return notices.take();
}

}  // namespace daybook
