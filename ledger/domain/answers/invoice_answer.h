#pragma once

#include <optional>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/email_preference_view.h"
#include "ledger/domain/views/invoice_view.h"

namespace daybook {

/// `GET /v1/invoices/{id}`: whole. Errors: NOT_FOUND, with one text for what is not there and what
/// the viewer may not see (SC-86).
[[nodiscard]] Result<InvoiceView> invoice_answer(const StateReader& state, const Viewer& viewer,
                                                 const InvoiceId& id);

/// The same as it stands in lists; nothing where the viewer may not see it: lists leave it out and
/// do not count it.
[[nodiscard]] std::optional<InvoiceItemView> invoice_item(const StateReader& state,
                                                          const Viewer& viewer,
                                                          const InvoiceId& id);

/// `GET /v1/invoices/{id}/emails`: what was queued and sent, in order. Errors: NOT_FOUND.
[[nodiscard]] Result<MailListView> invoice_mails_answer(const StateReader& state,
                                                        const Viewer& viewer, const InvoiceId& id);

/// `GET /v1/invoices/{id}/notices`: the notices about it, in order. Errors: NOT_FOUND.
[[nodiscard]] Result<NoticeListView> invoice_notices_answer(const StateReader& state,
                                                            const Viewer& viewer,
                                                            const InvoiceId& id);

}  // namespace daybook
