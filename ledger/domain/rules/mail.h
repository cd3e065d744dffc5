#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// Whether `address` can be mailed: one `@`, something before it, a domain behind it, no blanks or
/// controls.
[[nodiscard]] bool is_email(std::string_view address);

/// INVALID_EMAIL unless mail is sent to `address` by one spelling alone: a domain of other letters than ASCII has
/// several, and is given in its xn-- form (EML-18).
[[nodiscard]] Result<void> check_mail_address(std::string_view address, std::string pointer);

/// The address by which two are one (EML-18): the domain in lower case, the part before `@` as
/// given.
[[nodiscard]] std::string normalised_email(std::string_view address);

/// Whether the offer of a subscription, or of a support plan's own subscription, has its invoices
/// mailed (EML-3, 6.4). Of other scopes: yes.
[[nodiscard]] bool offer_mails_invoices(const StateReader& state, const ScopeRef& scope);

/// What of an invoice may be mailed to whom.
struct MailedInvoice {
  InvoiceId invoice_id;
  InvoiceType type = InvoiceType::AzureServices;
  AccountId account_id;
  ScopeRef scope;          ///< whose preference counts
  Position issued_at = 0;  ///< 0: being issued now
};

/// `InvoiceEmailQueued` for everybody entitled at this moment to whom it was not queued
/// before: nobody unless the scope is opted in since before the issue (of a profile, its recipients
/// alone where policy `email.profileRecipients` is `independent`), with it the accounts-payable contacts
/// of a profile; no Marketplace document unless asked for (CF-03), none of an offer that is not mailed or
/// of a support plan where policy `email.supportPlans` is off (CF-04), whatever was so at the opt-in. Where policy `email.invoiceReady` says so, administrators are told of it by a link besides
/// (EML-22). One mail for an address, whoever it belongs to.
[[nodiscard]] std::vector<EventData> invoice_mails(const StateReader& state,
                                                   const MailedInvoice& invoice);

}  // namespace daybook
