#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/describe/enum.hpp>

#include "ledger/domain/enums.h"

namespace daybook {

/// Every kind of row that folding the log makes. Numbers are stored in views: new ones at the end.
enum class StateKind : std::uint8_t {
  Account = 1,           ///< key: accountId
  Subscription = 2,      ///< subscriptionId
  Profile = 3,           ///< profileId
  Section = 4,           ///< sectionId
  Customer = 5,          ///< customerId
  SupportPlan = 6,       ///< planId
  PaymentMethod = 7,     ///< methodId
  Identity = 8,          ///< identityId
  Invoice = 9,           ///< invoiceId
  InvoiceLines = 10,     ///< invoiceId; written once
  MeterPrices = 11,      ///< meterId
  TaxRates = 12,         ///< country
  ExchangeRates = 13,    ///< "EUR-USD"
  EmailPreference = 14,  ///< scope text
  InvoiceMails = 15,     ///< invoiceId
  Access = 16,           ///< scope text
  BillingMark = 17,      ///< scope text, '/', document type
  BilledPeriod = 18,     ///< scope text, '/', document type, '/', first day; written once
  Policies = 19,         ///< "policies"
  Key = 20,              ///< keyId
  Clock = 21,            ///< "clock"
  InvoiceDocument = 22,  ///< invoiceId; written once
  Enrollment = 28,       ///< enrollmentId, with its departments and accounts
  CreditLot = 29,        ///< lotId
  CreditNote = 30,       ///< creditNoteId; written once
  Discount = 31,         ///< discountId
  OfferTerms = 36,       ///< offerId
  Purchase = 37,         ///< chargeId
  Reservation = 38,      ///< reservationId
  ExportJob = 50,        ///< jobId
  EmailTerms = 51,       ///< "email"
  InvoiceNotices = 52,   ///< invoiceId
  AttachedDocument = 53,    ///< documentId
  InvoiceAttachments = 54,  ///< invoiceId
  SupportRequests = 55,     ///< identityId
  Provider = 60,         ///< "provider"
};
BOOST_DESCRIBE_ENUM(StateKind, Account, Subscription, Profile, Section, Customer, SupportPlan,
                    PaymentMethod, Identity, Invoice, InvoiceLines, MeterPrices, TaxRates,
                    ExchangeRates, EmailPreference, InvoiceMails, Access, BillingMark, BilledPeriod,
                    Policies, Key, Clock, InvoiceDocument, Enrollment, CreditLot, CreditNote, Discount,
                    OfferTerms, Purchase, Reservation, ExportJob, EmailTerms, Provider, InvoiceNotices,
                    AttachedDocument, InvoiceAttachments, SupportRequests)

/// Who belongs to whom: the listings that rules and answers need, kept beside the rows.
enum class Relation : std::uint8_t {
  AllAccounts = 1,             ///< parent "": accountIds
  ProfilesOfAccount = 2,       ///< profileIds
  SectionsOfProfile = 3,       ///< sectionIds
  SubscriptionsOfAccount = 4,  ///< subscriptionIds
  SubscriptionsOfProfile = 5,  ///< subscriptionIds
  SubscriptionsOnMethod = 6,   ///< parent methodId: subscriptionIds
  SupportPlansOfAccount = 7,   ///< planIds
  CustomersOfAccount = 8,      ///< customerIds
  MethodsOfAccount = 9,        ///< methodIds
  OpenInvoicesOfAccount = 10,  ///< invoiceIds that are Due, PastDue or Locked
  OpenInvoicesOfScope =
      11,  ///< parent scope text: the same of one subscription, support plan or profile
  ScopesOfIdentity =
      12,          ///< parent identityId: scope texts on which it holds a role or is administrator
  AllMeters = 13,  ///< parent "": meterIds with a price
  AllKeys = 14,    ///< parent "": keyIds
  EnrollmentsOfAccount = 24,           ///< enrollmentIds
  EnrollmentOfDepartment = 25,         ///< parent departmentId: its enrollmentId
  EnrollmentOfEnrollmentAccount = 26,  ///< parent enrollmentAccountId: its enrollmentId
  SubscriptionsOfEnrollment = 27,      ///< subscriptionIds
  LotsOfScope = 28,                    ///< parent scope text: lotIds
  DiscountsOfScope = 30,  ///< parent scope text, "" for everybody: discountIds
  IdentitiesOfTenant = 29,             ///< identityIds
  ScopesWithInvitations = 32,  ///< parent "" or an accountId: scope texts with an open invitation
  ScopeOfInvitation = 33,      ///< parent invitationId: its scope text
  FormerSubscriptions = 40,  ///< parent scope text of an account, profile or enrollment:
                             ///< subscriptionIds that were billed there before
  OpenCharges = 34,            ///< parent scope text: what stands on no document yet
  RefundsOfScope = 35,         ///< parent scope text of a limit of refunds: reservationIds
  ChargesOfEnrollment = 36,    ///< parent enrollmentId: every purchase and reservation, as above
  ReservationsOfScope = 53,    ///< parent scope text of who was billed first: every reservationId
};
BOOST_DESCRIBE_ENUM(Relation, AllAccounts, ProfilesOfAccount, SectionsOfProfile,
                    SubscriptionsOfAccount, SubscriptionsOfProfile, SubscriptionsOnMethod,
                    SupportPlansOfAccount, CustomersOfAccount, MethodsOfAccount,
                    OpenInvoicesOfAccount, OpenInvoicesOfScope, ScopesOfIdentity, AllMeters,
                    AllKeys, EnrollmentsOfAccount, EnrollmentOfDepartment,
                    EnrollmentOfEnrollmentAccount, SubscriptionsOfEnrollment, LotsOfScope,
                    DiscountsOfScope, IdentitiesOfTenant, ScopesWithInvitations,
                    ScopeOfInvitation, OpenCharges, RefundsOfScope, ChargesOfEnrollment,
                    FormerSubscriptions, ReservationsOfScope)

}  // namespace daybook
