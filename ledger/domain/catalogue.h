#pragma once

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/account.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/commands/export_job.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/commands/runs.h"
#include "ledger/domain/commands/subscription.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/facts/access.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/audit.h"
#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/clock.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/customer.h"
#include "ledger/domain/facts/discount.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "ledger/domain/facts/export_job.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/facts/key.h"
#include "ledger/domain/facts/payment_method.h"
#include "ledger/domain/facts/person.h"
#include "ledger/domain/facts/policy.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/profile.h"
#include "ledger/domain/facts/provider.h"
#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/facts/section.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/support_plan.h"
#include "ledger/domain/facts/support_request.h"
#include "ledger/domain/facts/tax_rate.h"
#include "ledger/domain/facts/usage.h"

/// The descriptions of all events and commands in one place: for tests, schemas and tables of
/// functions. Everything else includes the aggregates it needs. The tables of names and numbers,
/// with streams and with what callers may post, are in event_types.h.
namespace daybook {

/// Every event, aggregate by aggregate; `kEventTypes` lists the same by number.
using AllEvents = boost::mp11::mp_append<
    TypeList<>, provider::Events, account::Events, subscription::Events, profile::Events,
    section::Events, customer::Events, usage::Events, charge::Events, price::Events,
    tax_rate::Events, exchange_rate::Events, discount::Events, credit::Events, reservation::Events,
    support_plan::Events, enrollment::Events, invoice::Events, invoice_documents::Events,
    email_preference::Events, access::Events, payment_method::Events, export_job::Events,
    identity::Events, person::Events, support_request::Events, policy::Events, key::Events,
    clock::Events, audit::Events>;

/// Every command, aggregate by aggregate; `kCommandTypes` lists the same by number.
using AllCommands =
    boost::mp11::mp_append<TypeList<>, runs::Commands, access::Commands, account::Commands,
                           email_preference::Commands, invoice::Commands, subscription::Commands,
                           reservation::Commands, enrollment::Commands, export_job::Commands,
                           person::Commands, administration::Commands>;

static_assert(boost::mp11::mp_size<AllEvents>::value == kEventTypes.size());
static_assert(boost::mp11::mp_size<AllCommands>::value == kCommandTypes.size());

}  // namespace daybook
