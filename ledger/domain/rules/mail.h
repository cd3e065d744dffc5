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

/// The address by which two are one (EML-18): the domain in lower case, the part before `@` as
/// given.
[[nodiscard]] std::string normalised_email(std::string_view address);

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
/// of a profile; no Marketplace document unless
/// asked for (CF-03). Where policy `email.invoiceReady` says so, administrators are told of it by a link besides
/// (EML-22). One mail for an address, whoever it belongs to.
[[nodiscard]] std::vector<EventData> invoice_mails(const StateReader& state,
                                                   const MailedInvoice& invoice);

}  // namespace daybook
