#include "ledger/domain/rules/mail.h"

#include <algorithm>
#include <set>

#include "ledger/domain/rules/offers.h"

namespace daybook {
namespace {

/// Gathers mails, one for an address.
class Queue {
 public:
  Queue(const StateReader& state, const MailedInvoice& invoice) : invoice_(invoice) {
    const InvoiceMails* before = state.invoice_mails(invoice.invoice_id);
    if (before == nullptr) return;
    for (const InvoiceMail& mail : before->mails) {
      if (mail.address.value) addresses_.insert(normalised_email(*mail.address.value));
    }
  }

  void add(EmailBecause because, const Personal<std::string>& address,
           std::optional<IdentityId> identity, std::optional<RecipientId> recipient,
           EmailKind kind = EmailKind::InvoicePdf) {
    if (!address.value || !addresses_.insert(normalised_email(*address.value)).second) return;
    InvoiceEmailQueued queued;
    queued.scope_type = invoice_.scope.type;
    queued.scope_id = ScopeId(invoice_.scope.id);
    queued.invoice_id = invoice_.invoice_id;
    queued.kind = kind;
    queued.because = because;
    queued.recipient_id = std::move(recipient);
    queued.identity_id = std::move(identity);
    queued.address = address;
    events_.emplace_back(std::move(queued));
  }

  [[nodiscard]] std::vector<EventData> take() { return std::move(events_); }

 private:
  const MailedInvoice& invoice_;
  std::set<std::string> addresses_;
  std::vector<EventData> events_;
};

/// A person's mail goes to the scope's preferred address, else to his own.
void add_person(Queue& queue, const StateReader& state, const EmailPreference* preference,
                const IdentityId& identity_id, EmailBecause because,
                EmailKind kind = EmailKind::InvoicePdf) {
  const Identity* identity = state.identity(identity_id);
  if (preference != nullptr && preference->preferred_email) {
    queue.add(because, *preference->preferred_email, identity_id, std::nullopt, kind);
  } else if (identity != nullptr) {
    const bool has_own = identity->communication_email && identity->communication_email->value;
    queue.add(because, has_own ? *identity->communication_email : identity->email, identity_id,
              std::nullopt, kind);
  }
}

void add_role_holders(Queue& queue, const StateReader& state, const EmailPreference& preference,
                      const ScopeRef& profile) {
  const Access* access = state.access(profile);
  if (access == nullptr) return;
  const std::vector<std::string> mailed = state.policies().words("mca.emailRoles");
  for (const HeldRole& held : access->roles) {
    if (std::find(mailed.begin(), mailed.end(), wire_name(held.role)) == mailed.end()) continue;
    add_person(queue, state, &preference, held.identity_id, EmailBecause::Role);
  }
}

/// The document itself: to whom the scope's preference sends it.
void add_documents(Queue& queue, const StateReader& state, const MailedInvoice& invoice,
                   const EmailPreference& preference) {
  const bool is_profile = invoice.scope.type == ScopeType::Profile;
  const bool is_independent =
      is_profile && state.policies().word("email.profileRecipients") == "independent";
  if (!preference.opted_in() && !is_independent) return;
  if (invoice.issued_at != 0 && preference.opted_in_at && invoice.issued_at < *preference.opted_in_at) return;
  if (!offer_mails_invoices(state, invoice.scope)) return;
  if (invoice.scope.type == ScopeType::SupportPlan && !state.policies().is_on("email.supportPlans"))
    return;
  if (invoice.type == InvoiceType::AzureMarketplace &&
      (!preference.include_marketplace ||
       state.policies().word("mosp.emailMarketplace") != "optional")) {
    return;
  }
  if (!preference.opted_in()) {
    // Addresses alone, where they are independent of the opt-in (CF-19).
  } else if (is_profile) {
    add_role_holders(queue, state, preference, invoice.scope);
    if (const Profile* profile = state.find<Profile>(invoice.scope.id)) {
      for (const PayablesContact& contact : profile->payables_contacts)
        queue.add(EmailBecause::Recipient, contact.address, std::nullopt, contact.recipient_id);
    }
  } else if (const Account* account = state.account(invoice.account_id)) {
    add_person(queue, state, &preference, account->administrator, EmailBecause::AccountAdministrator);
  }
  for (const EmailRecipient& recipient : preference.recipients) {
    queue.add(EmailBecause::Recipient, recipient.address, std::nullopt, recipient.recipient_id);
  }
}

/// EML-22: who administers is told that there is an invoice, opted in or not; whoever gets the invoice itself gets no
/// second mail. Not of invoices from before the policy.
void add_invoice_ready(Queue& queue, const StateReader& state, const MailedInvoice& invoice,
                       const EmailPreference* preference) {
  const PolicySetting* policy = state.policies().setting("email.invoiceReady");
  if (policy == nullptr || policy->value != R"("administrators")") return;
  if (invoice.issued_at != 0 && invoice.issued_at < policy->set_at) return;
  if (invoice.scope.type != ScopeType::Profile) {
    if (const Account* account = state.account(invoice.account_id)) {
      add_person(queue, state, preference, account->administrator, EmailBecause::AccountAdministrator,
                 EmailKind::InvoiceReady);
    }
    return;
  }
  const Access* access = state.access(invoice.scope);
  if (access == nullptr) return;
  for (const HeldRole& held : access->roles) {
    if (held.role != Role::Owner && held.role != Role::Contributor && held.role != Role::InvoiceManager) continue;
    add_person(queue, state, preference, held.identity_id, EmailBecause::Role, EmailKind::InvoiceReady);
  }
}

/// The preference of a subscription is its present owner's: documents of others are not mailed by
/// it.
bool is_of_earlier_owner(const StateReader& state, const MailedInvoice& invoice) {
  if (invoice.scope.type != ScopeType::Subscription) return false;
  const Subscription* subscription = state.find<Subscription>(invoice.scope.id);
  return subscription != nullptr && subscription->account_id != invoice.account_id;
}

}  // namespace

bool is_email(std::string_view address) {
  if (address.size() > 254) return false;
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || address.find('@') != at) return false;
  const std::string_view domain = address.substr(at + 1);
  if (domain.empty() || domain.front() == '.' || domain.back() == '.' || domain.front() == '-')
    return false;
  if (domain.find("..") != std::string_view::npos) return false;
  if (address.front() == '.' || address[at - 1] == '.') return false;
  return std::none_of(address.begin(), address.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F ||
           std::string_view("()<>[]:;,\\\"").find(c) != std::string_view::npos;
  });
}

Result<void> check_mail_address(std::string_view address, std::string pointer) {
  if (!is_email(address))
    return rejected("INVALID_EMAIL", "this is no e-mail address", std::move(pointer));
  const std::string_view domain = address.substr(address.rfind('@') + 1);
  const bool is_ascii = std::all_of(domain.begin(), domain.end(),
                                    [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return {};
  return rejected("INVALID_EMAIL",
                  "the domain has letters beyond ASCII; give it in its ASCII form, whose labels "
                  "begin with xn--",
                  std::move(pointer));
}

std::string normalised_email(std::string_view address) {
  std::string result(address);
  const std::size_t at = result.rfind('@');
  if (at == std::string::npos) return result;
  std::transform(result.begin() + static_cast<std::ptrdiff_t>(at), result.end(),
                 result.begin() + static_cast<std::ptrdiff_t>(at), [](char c) {
                   return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
                 });
  return result;
}

bool offer_mails_invoices(const StateReader& state, const ScopeRef& scope) {
  const Subscription* subscription = nullptr;
  if (scope.type == ScopeType::Subscription) {
    subscription = state.subscription(SubscriptionId(scope.id));
  } else if (scope.type == ScopeType::SupportPlan) {
    const SupportPlan* plan = state.support_plan(PlanId(scope.id));
    if (plan != nullptr) subscription = state.subscription(plan->subscription_id);
  }
  return subscription == nullptr || offer_of(state, subscription->offer_id).mails_invoices;
}

std::vector<EventData> invoice_mails(const StateReader& state, const MailedInvoice& invoice) {
  if (invoice.scope.type == ScopeType::Enrollment) {
    Queue recipients(state, invoice);
    if (const Enrollment* enrollment = state.enrollment(EnrollmentId(invoice.scope.id))) {
      for (const EmailRecipient& recipient : enrollment->recipients) {
        recipients.add(EmailBecause::Enrollment, recipient.address, std::nullopt,
                       recipient.recipient_id);
      }
    }
    return recipients.take();
  }
  if (is_of_earlier_owner(state, invoice)) return {};
  const EmailPreference* preference = state.email_preference(invoice.scope);
  Queue queue(state, invoice);
  if (preference != nullptr) add_documents(queue, state, invoice, *preference);
  add_invoice_ready(queue, state, invoice, preference);
  return queue.take();
}

}  // namespace daybook
