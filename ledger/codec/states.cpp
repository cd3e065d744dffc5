#include "ledger/codec/value_codec_instance.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/state_reader.h"

// The rows that folding the log makes: kept in views, so their layout may change with a view's version.
DAYBOOK_VALUE_CODEC(daybook::Account)
DAYBOOK_VALUE_CODEC(daybook::Subscription)
DAYBOOK_VALUE_CODEC(daybook::Profile)
DAYBOOK_VALUE_CODEC(daybook::Section)
DAYBOOK_VALUE_CODEC(daybook::Customer)
DAYBOOK_VALUE_CODEC(daybook::SupportPlan)
DAYBOOK_VALUE_CODEC(daybook::PaymentMethod)
DAYBOOK_VALUE_CODEC(daybook::Identity)
DAYBOOK_VALUE_CODEC(daybook::Invoice)
DAYBOOK_VALUE_CODEC(daybook::InvoiceDocument)
DAYBOOK_VALUE_CODEC(daybook::Enrollment)
DAYBOOK_VALUE_CODEC(daybook::CreditLot)
DAYBOOK_VALUE_CODEC(daybook::InvoiceLines)
DAYBOOK_VALUE_CODEC(daybook::CreditNote)
DAYBOOK_VALUE_CODEC(daybook::Discount)
DAYBOOK_VALUE_CODEC(daybook::MeterPrices)
DAYBOOK_VALUE_CODEC(daybook::TaxRates)
DAYBOOK_VALUE_CODEC(daybook::ExchangeRates)
DAYBOOK_VALUE_CODEC(daybook::EmailPreference)
DAYBOOK_VALUE_CODEC(daybook::InvoiceMails)
DAYBOOK_VALUE_CODEC(daybook::Access)
DAYBOOK_VALUE_CODEC(daybook::BillingMark)
DAYBOOK_VALUE_CODEC(daybook::BilledPeriod)
DAYBOOK_VALUE_CODEC(daybook::Policies)
DAYBOOK_VALUE_CODEC(daybook::Key)
DAYBOOK_VALUE_CODEC(daybook::Clock)
DAYBOOK_VALUE_CODEC(daybook::ExportJob)
DAYBOOK_VALUE_CODEC(daybook::EmailTerms)
DAYBOOK_VALUE_CODEC(daybook::OfferTerms)
DAYBOOK_VALUE_CODEC(daybook::Purchase)
DAYBOOK_VALUE_CODEC(daybook::Reservation)

// Part of the answers to commands.
DAYBOOK_VIEW_CODEC(daybook::Alarm)
