#pragma once

#include <span>

#include "ledger/codec/codec.h"

// The headers of ledger/domain/facts and ledger/domain/commands: each has its tables made in a file
// of its name in ledger/codec/facts and ledger/codec/commands.

#define DAYBOOK_FACT_FILES(X) \
  X(access)                   \
  X(account)                  \
  X(audit)                    \
  X(charge)                   \
  X(clock)                    \
  X(credit)                   \
  X(customer)                 \
  X(discount)                 \
  X(email_preference)         \
  X(enrollment)               \
  X(exchange_rate)            \
  X(export_job)               \
  X(identity)                 \
  X(invoice)                  \
  X(invoice_documents)        \
  X(key)                      \
  X(payment_method)           \
  X(person)                   \
  X(policy)                   \
  X(price)                    \
  X(profile)                  \
  X(provider)                 \
  X(reservation)              \
  X(section)                  \
  X(subscription)             \
  X(support_plan)             \
  X(support_request)          \
  X(tax_rate)                 \
  X(usage)

#define DAYBOOK_COMMAND_FILES(X) \
  X(access)                      \
  X(account)                     \
  X(administration)              \
  X(email_preference)            \
  X(enrollment)                  \
  X(export_job)                  \
  X(invoice)                     \
  X(person)                      \
  X(reservation)                 \
  X(runs)                        \
  X(subscription)

namespace daybook::codec {

#define DAYBOOK_DECLARE(aggregate) [[nodiscard]] std::span<const EventCodec> aggregate##_events();
DAYBOOK_FACT_FILES(DAYBOOK_DECLARE)
#undef DAYBOOK_DECLARE

#define DAYBOOK_DECLARE(file) [[nodiscard]] std::span<const CommandCodec> file##_commands();
DAYBOOK_COMMAND_FILES(DAYBOOK_DECLARE)
#undef DAYBOOK_DECLARE

}  // namespace daybook::codec
