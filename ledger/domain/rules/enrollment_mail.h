#pragma once

#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/email_preference.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// Documents of an enrollment go to its recipients as they stand: no opt-in, no terms (EML-23).
[[nodiscard]] inline InvoiceEmailQueued enrollment_mail(const EnrollmentId& enrollment,
                                                        const InvoiceId& invoice,
                                                        const EmailRecipient& recipient) {
  InvoiceEmailQueued queued;
  queued.scope_type = ScopeType::Enrollment;
  queued.scope_id = ScopeId(enrollment.text());
  queued.invoice_id = invoice;
  queued.kind = EmailKind::InvoicePdf;
  queued.because = EmailBecause::Enrollment;
  queued.recipient_id = recipient.recipient_id;
  queued.address = recipient.address;
  return queued;
}

}  // namespace daybook
