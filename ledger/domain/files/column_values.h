#pragma once

#include "ledger/domain/files/file_row.h"

/// What stands in the columns of usage files, whatever the column is called there.
///
/// All have the signature of `Column::value`. What the ledger has no such thing of is `nothing`.
namespace daybook::columns {

Cell nothing(const FileRow&, const FileSubject&);

// Whom it is billed to
Cell invoice_id(const FileRow&, const FileSubject&);
Cell previous_invoice_id(const FileRow&, const FileSubject&);
Cell account_id(const FileRow&, const FileSubject&);
Cell account_name(const FileRow&, const FileSubject&);
Cell profile_id(const FileRow&, const FileSubject&);
Cell profile_name(const FileRow&, const FileSubject&);
Cell enrollment_id(const FileRow&, const FileSubject&);
/// The profile or enrollment; of MOSP the account.
Cell document_scope_id(const FileRow&, const FileSubject&);
Cell document_scope_name(const FileRow&, const FileSubject&);
Cell section_id(const FileRow&, const FileSubject&);
Cell section_name(const FileRow&, const FileSubject&);
Cell department_id(const FileRow&, const FileSubject&);
Cell department_name(const FileRow&, const FileSubject&);
Cell enrollment_account_id(const FileRow&, const FileSubject&);
Cell enrollment_account_name(const FileRow&, const FileSubject&);
Cell enrollment_account_owner(const FileRow&, const FileSubject&);
Cell tenant_id(const FileRow&, const FileSubject&);
Cell customer_id(const FileRow&, const FileSubject&);
Cell customer_name(const FileRow&, const FileSubject&);
Cell customer_tenant_id(const FileRow&, const FileSubject&);
Cell reseller_id(const FileRow&, const FileSubject&);
Cell subscription_id(const FileRow&, const FileSubject&);
Cell subscription_name(const FileRow&, const FileSubject&);
Cell offer_id(const FileRow&, const FileSubject&);

// When
Cell date(const FileRow&, const FileSubject&);
Cell period_text(const FileRow&, const FileSubject&);  ///< "2024-03-05 - 2024-04-04"
Cell period_start(const FileRow&, const FileSubject&);
Cell period_end(const FileRow&, const FileSubject&);  ///< the last day
Cell service_start(const FileRow&, const FileSubject&);
Cell service_end(const FileRow&, const FileSubject&);  ///< the last day

// What
Cell category(const FileRow&, const FileSubject&);
Cell sub_category(const FileRow&, const FileSubject&);
Cell meter_id(const FileRow&, const FileSubject&);
Cell meter_name(const FileRow&, const FileSubject&);
Cell region(const FileRow&, const FileSubject&);
Cell product(const FileRow&, const FileSubject&);
Cell charge_id(const FileRow&, const FileSubject&);
Cell reservation_id(const FileRow&, const FileSubject&);
Cell resource_id(const FileRow&, const FileSubject&);
Cell resource_name(const FileRow&, const FileSubject&);  ///< what follows the last slash
Cell resource_group(const FileRow&, const FileSubject&);
Cell tags(const FileRow&, const FileSubject&);  ///< a JSON object
Cell additional_info(const FileRow&, const FileSubject&);
Cell charge_type(const FileRow&, const FileSubject&);
Cell frequency(const FileRow&, const FileSubject&);
Cell pricing_model(const FileRow&, const FileSubject&);
Cell publisher_type(const FileRow&, const FileSubject&);
Cell is_credit_eligible(const FileRow&, const FileSubject&);

// How much
Cell unit(const FileRow&, const FileSubject&);
Cell quantity(const FileRow&, const FileSubject&);
Cell included(const FileRow&, const FileSubject&);
Cell billable(const FileRow&, const FileSubject&);
Cell within_commitment(const FileRow&, const FileSubject&);
Cell unit_price(const FileRow&, const FileSubject&);
Cell list_price(const FileRow&, const FileSubject&);
/// What a unit cost in fact: cost by quantity, to 20 places.
Cell effective_price(const FileRow&, const FileSubject&);
/// The same of what was to be paid for, of lines.
Cell rate(const FileRow&, const FileSubject&);
Cell cost(const FileRow&, const FileSubject&);
Cell cost_in_usd(const FileRow&, const FileSubject&);
/// With its part of reservations where they are amortised, else as billed.
Cell effective_cost(const FileRow&, const FileSubject&);
Cell effective_cost_in_usd(const FileRow&, const FileSubject&);
Cell effective_unit_price(const FileRow&, const FileSubject&);
Cell list_cost(const FileRow&, const FileSubject&);
Cell list_cost_in_usd(const FileRow&, const FileSubject&);
Cell currency(const FileRow&, const FileSubject&);
Cell pricing_currency(const FileRow&, const FileSubject&);
Cell cost_in_pricing_currency(const FileRow&, const FileSubject&);
Cell exchange_rate(const FileRow&, const FileSubject&);
Cell exchange_rate_date(const FileRow&, const FileSubject&);

}  // namespace daybook::columns
