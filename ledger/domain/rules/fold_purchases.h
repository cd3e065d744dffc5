#pragma once

#include <string>
#include <vector>

#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/rules/state_reader.h"

/// Folding of purchases and reservations: parts of fold.h. What stands on no document yet is kept
/// in Relation::OpenCharges of the scope that it is billed with.
namespace daybook {

void fold_event(StateStore& store, const PurchaseCharged& event, const Occurrence& at);
void fold_event(StateStore& store, const PurchaseRefunded& event, const Occurrence& at);
void fold_event(StateStore& store, const ReservationPurchased& event, const Occurrence& at);
void fold_event(StateStore& store, const ReservationCancelled& event, const Occurrence& at);
void fold_event(StateStore& store, const ReservationExchanged& event, const Occurrence& at);

/// The charges on these lines of `invoice` are billed.
void note_billed_charges(StateStore& store, const InvoiceLinesAdded& event);
/// The charges of these keys were held by a period that ended without a document, or given back then on none (`kGivenBack`).
void note_closed_charges(StateStore& store, const std::vector<std::string>& charges, Position at);
/// A subscription came from where it was billed with `left`: what of its charges is dated on days of
/// its new place stands with that.
void follow_moved(StateStore& store, const Subscription& subscription, const ScopeRef& left);
/// A void document sets its charges free for the next run (domain.md 9.4.2).
void free_charges(StateStore& store, const InvoiceId& invoice);

}  // namespace daybook
