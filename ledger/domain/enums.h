#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>

/// Every enumeration of the contract. Enumerators are spelt as on the wire; where the wire's
/// spelling is no name in C++, an overload of `wire_name` stands beside. Numbers are stored: never
/// change one, put new ones at the end.
namespace daybook {

template <class E>
concept DescribedEnum = boost::describe::has_describe_enumerators<E>::value;

/// How `value` is written on the wire; empty for a number that names nothing.
template <DescribedEnum E>
[[nodiscard]] constexpr std::string_view wire_name(E value) {
  std::string_view name;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
    if (enumerator.value == value) name = enumerator.name;
  });
  return name;
}

/// The value written `name` on the wire.
template <DescribedEnum E>
[[nodiscard]] constexpr std::optional<E> parse_enum(std::string_view name) {
  std::optional<E> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
    if (wire_name(enumerator.value) == name) found = enumerator.value;
  });
  return found;
}

/// Whether `value` is one of those described: bytes from outside may hold any number.
template <DescribedEnum E>
[[nodiscard]] constexpr bool is_described(E value) {
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
      [&](auto enumerator) { found = found || enumerator.value == value; });
  return found;
}

// Parties and scopes

enum class AccountType : std::uint8_t { MOSP = 0, MCA = 1, MPA = 2, EA = 3 };
BOOST_DESCRIBE_ENUM(AccountType, MOSP, MCA, MPA, EA)

enum class ScopeType : std::uint8_t {
  Account = 0,
  Profile = 1,
  Section = 2,
  Subscription = 3,
  SupportPlan = 4,
  Enrollment = 5,
  Department = 6,
  EnrollmentAccount = 7,
  Customer = 8,
};
BOOST_DESCRIBE_ENUM(ScopeType, Account, Profile, Section, Subscription, SupportPlan, Enrollment,
                    Department, EnrollmentAccount, Customer)

/// How an account was signed up.
enum class SalesChannel : std::uint8_t { Website = 0, Representative = 1, Partner = 2 };
BOOST_DESCRIBE_ENUM(SalesChannel, Website, Representative, Partner)

enum class Cloud : std::uint8_t { Public = 0, Government = 1 };
BOOST_DESCRIBE_ENUM(Cloud, Public, Government)

enum class AccountStatus : std::uint8_t { Active = 0, Closed = 1 };
BOOST_DESCRIBE_ENUM(AccountStatus, Active, Closed)

enum class ProfileStatus : std::uint8_t { Active = 0, Warned = 1, Disabled = 2 };
BOOST_DESCRIBE_ENUM(ProfileStatus, Active, Warned, Disabled)

enum class SectionState : std::uint8_t { Active = 0, Restricted = 1 };
BOOST_DESCRIBE_ENUM(SectionState, Active, Restricted)

enum class EnrollmentChannel : std::uint8_t { Direct = 0, Indirect = 1 };
BOOST_DESCRIBE_ENUM(EnrollmentChannel, Direct, Indirect)

enum class BillingCycle : std::uint8_t { Monthly = 0, Quarterly = 1, Annual = 2 };
BOOST_DESCRIBE_ENUM(BillingCycle, Monthly, Quarterly, Annual)

enum class AccountOwnerState : std::uint8_t { Pending = 0, Active = 1 };
BOOST_DESCRIBE_ENUM(AccountOwnerState, Pending, Active)

enum class EnrollmentPolicy : std::uint8_t {
  accountOwnerViewCharges = 0,
  departmentAdminViewCharges = 1,
  marketplaceEnabled = 2,
  reservedInstancesEnabled = 3,
};
BOOST_DESCRIBE_ENUM(EnrollmentPolicy, accountOwnerViewCharges, departmentAdminViewCharges,
                    marketplaceEnabled, reservedInstancesEnabled)

/// Of which scopes a role is one: api.md 3.
enum class Role : std::uint8_t {
  Owner = 0,
  Contributor = 1,
  Reader = 2,
  ServiceAdministrator = 3,
  CoAdministrator = 4,
  BillingReader = 5,
  GlobalAdministrator = 6,
  AdminAgent = 7,
  InvoiceManager = 8,
  SubscriptionCreator = 9,
  EnterpriseAdministrator = 10,
  EnterpriseAdministratorReadOnly = 11,
  EnterprisePurchaser = 12,
  PartnerAdministrator = 13,
  DepartmentAdministrator = 14,
  DepartmentAdministratorReadOnly = 15,
};
BOOST_DESCRIBE_ENUM(Role, Owner, Contributor, Reader, ServiceAdministrator, CoAdministrator,
                    BillingReader, GlobalAdministrator, AdminAgent, InvoiceManager,
                    SubscriptionCreator, EnterpriseAdministrator, EnterpriseAdministratorReadOnly,
                    EnterprisePurchaser, PartnerAdministrator, DepartmentAdministrator,
                    DepartmentAdministratorReadOnly)

/// What a key may do.
enum class Right : std::uint8_t { Ingest = 0, Read = 1, Admin = 2, ActAs = 3, Import = 4 };
BOOST_DESCRIBE_ENUM(Right, Ingest, Read, Admin, ActAs, Import)

[[nodiscard]] constexpr std::string_view wire_name(Right value) {
  switch (value) {
    case Right::Ingest:
      return "ingest";
    case Right::Read:
      return "read";
    case Right::Admin:
      return "admin";
    case Right::ActAs:
      return "act-as";
    case Right::Import:
      return "import";
  }
  return {};
}

enum class Language : std::uint8_t { nl = 0, en = 1 };
BOOST_DESCRIBE_ENUM(Language, nl, en)

// Subscriptions

enum class OfferKind : std::uint8_t {
  PayAsYouGo = 0,
  FreeTrial = 1,
  MonthlyCredit = 2,
  PrepaidKey = 3,
  Plan = 4,
  Enterprise = 5,
  Support = 6,
  Sponsored = 7,
};
BOOST_DESCRIBE_ENUM(OfferKind, PayAsYouGo, FreeTrial, MonthlyCredit, PrepaidKey, Plan, Enterprise,
                    Support, Sponsored)

enum class SpendingLimit : std::uint8_t { Off = 0, On = 1 };
BOOST_DESCRIBE_ENUM(SpendingLimit, Off, On)

/// For how long a spending limit is removed.
enum class SpendingLimitMode : std::uint8_t { indefinite = 0, currentPeriod = 1 };
BOOST_DESCRIBE_ENUM(SpendingLimitMode, indefinite, currentPeriod)

enum class SubscriptionStatus : std::uint8_t {
  Active = 0,
  PastDue = 1,
  Warned = 2,
  Disabled = 3,
  Expired = 4,
  Deleted = 5,
};
BOOST_DESCRIBE_ENUM(SubscriptionStatus, Active, PastDue, Warned, Disabled, Expired, Deleted)

/// Why a subscription or profile is in its status (domain.md 3.6).
enum class SuspensionReason : std::uint8_t {
  None = 0,
  Cancelled = 1,
  PastDue = 2,
  SuspiciousActivity = 3,
  Other = 4,
  Transferred = 5,
  PolicyViolation = 6,
  SpendingLimitReached = 7,
  Expired = 8,
};
BOOST_DESCRIBE_ENUM(SuspensionReason, None, Cancelled, PastDue, SuspiciousActivity, Other,
                    Transferred, PolicyViolation, SpendingLimitReached, Expired)

// Usage, prices, credit

enum class ChargeType : std::uint8_t {
  Usage = 0,
  Purchase = 1,
  Refund = 2,
  Adjustment = 3,
  Credit = 4,
  Tax = 5,
  UnusedReservation = 6,
  Discount = 7,            ///< of document lines alone
  RoundingAdjustment = 8,  ///< of usage files alone
};
BOOST_DESCRIBE_ENUM(ChargeType, Usage, Purchase, Refund, Adjustment, Credit, Tax, UnusedReservation,
                    Discount, RoundingAdjustment)

enum class PricingModel : std::uint8_t { OnDemand = 0, Reservation = 1, Spot = 2, SavingsPlan = 3 };
BOOST_DESCRIBE_ENUM(PricingModel, OnDemand, Reservation, Spot, SavingsPlan)

enum class PublisherType : std::uint8_t { Azure = 0, Microsoft = 1, Marketplace = 2, AWS = 3 };
BOOST_DESCRIBE_ENUM(PublisherType, Azure, Microsoft, Marketplace, AWS)

enum class TierMode : std::uint8_t { Graduated = 0, Volume = 1 };
BOOST_DESCRIBE_ENUM(TierMode, Graduated, Volume)

/// How a meter's rows of a period make its quantity.
enum class Aggregation : std::uint8_t { Sum = 0 };
BOOST_DESCRIBE_ENUM(Aggregation, Sum)

enum class TaxTreatment : std::uint8_t { Standard = 0, ReverseCharge = 1, Exempt = 2 };
BOOST_DESCRIBE_ENUM(TaxTreatment, Standard, ReverseCharge, Exempt)

enum class PurchaseKind : std::uint8_t {
  Marketplace = 0,
  Reservation = 1,
  Support = 2,
  Licence = 3
};
BOOST_DESCRIBE_ENUM(PurchaseKind, Marketplace, Reservation, Support, Licence)

enum class Frequency : std::uint8_t { OneTime = 0, Recurring = 1, UsageBased = 2 };
BOOST_DESCRIBE_ENUM(Frequency, OneTime, Recurring, UsageBased)

/// How a reservation is paid: by card at once, or with the next document.
enum class ReservationPayment : std::uint8_t { card = 0, invoice = 1 };
BOOST_DESCRIBE_ENUM(ReservationPayment, card, invoice)

enum class BillingFrequency : std::uint8_t { Upfront = 0, Monthly = 1 };
BOOST_DESCRIBE_ENUM(BillingFrequency, Upfront, Monthly)

enum class CreditSource : std::uint8_t {
  MonthlyCredit = 0,
  FreeTrial = 1,
  Promotional = 2,
  Prepayment = 3,
  Other = 4,
};
BOOST_DESCRIBE_ENUM(CreditSource, MonthlyCredit, FreeTrial, Promotional, Prepayment, Other)

/// Why a row of usage is kept but not billed.
enum class Unmatched : std::uint8_t {
  NO_PRICE = 0,
  UNKNOWN_SUBSCRIPTION = 1,
  CURRENCY_MISMATCH = 2,
  SUBSCRIPTION_INACTIVE = 3,
};
BOOST_DESCRIBE_ENUM(Unmatched, NO_PRICE, UNKNOWN_SUBSCRIPTION, CURRENCY_MISMATCH,
                    SUBSCRIPTION_INACTIVE)

/// Why a period ended without a document.
enum class NoInvoiceReason : std::uint8_t {
  NoUsage = 0,
  WithinCredit = 1,
  NothingOwed = 2,
  NotYetInvoiced = 3
};
BOOST_DESCRIBE_ENUM(NoInvoiceReason, NoUsage, WithinCredit, NothingOwed, NotYetInvoiced)

// Documents and payments

enum class InvoiceType : std::uint8_t {
  AzureServices = 0,
  AzureMarketplace = 1,
  AzureSupport = 2,
  Profile = 3,
  EnrollmentOverage = 4,
};
BOOST_DESCRIBE_ENUM(InvoiceType, AzureServices, AzureMarketplace, AzureSupport, Profile,
                    EnrollmentOverage)

enum class InvoiceStatus : std::uint8_t { Due = 0, PastDue = 1, Paid = 2, Void = 3, Locked = 4 };
BOOST_DESCRIBE_ENUM(InvoiceStatus, Due, PastDue, Paid, Void, Locked)

enum class DocumentType : std::uint8_t { Invoice = 0, CreditNote = 1 };
BOOST_DESCRIBE_ENUM(DocumentType, Invoice, CreditNote)

/// What a file of an invoice is.
enum class DocumentKind : std::uint8_t {
  Invoice = 0,
  CreditNote = 1,
  VoidNote = 2,
  TaxReceipt = 3
};
BOOST_DESCRIBE_ENUM(DocumentKind, Invoice, CreditNote, VoidNote, TaxReceipt)

/// Where tax is computed (domain.md 4.4).
enum class SpecialTaxation : std::uint8_t { SubtotalLevel = 0, InvoiceLevel = 1 };
BOOST_DESCRIBE_ENUM(SpecialTaxation, SubtotalLevel, InvoiceLevel)

/// PAY-1. `CreditCard`, `EWallet` and `DirectDebit` are card, the others wire.
enum class PaymentFamily : std::uint8_t {
  CreditCard = 0,
  CheckWire = 1,
  Credits = 2,
  EWallet = 3,
  TaskOrder = 4,
  DirectDebit = 5,
  None = 6,
  Other = 7,
};
BOOST_DESCRIBE_ENUM(PaymentFamily, CreditCard, CheckWire, Credits, EWallet, TaskOrder, DirectDebit,
                    None, Other)

enum class PaymentFailure : std::uint8_t {
  BankDeclined = 0,
  CardExpired = 1,
  IncorrectCardDetails = 2,
  Other = 3
};
BOOST_DESCRIBE_ENUM(PaymentFailure, BankDeclined, CardExpired, IncorrectCardDetails, Other)

enum class ReversalReason : std::uint8_t { Chargeback = 0, Refund = 1 };
BOOST_DESCRIBE_ENUM(ReversalReason, Chargeback, Refund)

enum class PastDueReason : std::uint8_t {
  Declined = 0,
  DueDatePassed = 1,
  Reversed = 2,
  NotReported = 3
};
BOOST_DESCRIBE_ENUM(PastDueReason, Declined, DueDatePassed, Reversed, NotReported)

enum class RebillReason : std::uint8_t { BillTo = 0, PoNumber = 1, Correction = 2, Refund = 3 };
BOOST_DESCRIBE_ENUM(RebillReason, BillTo, PoNumber, Correction, Refund)

/// What a notice tells of (domain.md 3.3).
enum class NoticeKind : std::uint8_t { PastDue = 0, Warned = 1, Disabled = 2 };
BOOST_DESCRIBE_ENUM(NoticeKind, PastDue, Warned, Disabled)

// Mail

enum class EmailPreferenceState : std::uint8_t { OptedOut = 0, OptedIn = 1 };
BOOST_DESCRIBE_ENUM(EmailPreferenceState, OptedOut, OptedIn)

/// EML-22: with the document attached after opt-in, or a link alone.
enum class EmailKind : std::uint8_t { InvoicePdf = 0, InvoiceReady = 1 };
BOOST_DESCRIBE_ENUM(EmailKind, InvoicePdf, InvoiceReady)

/// Why somebody gets a mail.
enum class EmailBecause : std::uint8_t {
  AccountAdministrator = 0,
  Role = 1,
  Recipient = 2,
  Enrollment = 3
};
BOOST_DESCRIBE_ENUM(EmailBecause, AccountAdministrator, Role, Recipient, Enrollment)

enum class EmailState : std::uint8_t { Queued = 0, Sent = 1, Failed = 2 };
BOOST_DESCRIBE_ENUM(EmailState, Queued, Sent, Failed)

// Exports

enum class ExportKind : std::uint8_t {
  UsageV1 = 0,
  UsageV2 = 1,
  Payg = 2,
  Mca = 3,
  Mpa = 4,
  Ea = 5,
  Focus1_0 = 6,
  Focus1_2 = 7,
  PriceSheet = 8,
};
BOOST_DESCRIBE_ENUM(ExportKind, UsageV1, UsageV2, Payg, Mca, Mpa, Ea, Focus1_0, Focus1_2,
                    PriceSheet)

[[nodiscard]] constexpr std::string_view wire_name(ExportKind value) {
  if (value == ExportKind::Focus1_0) return "Focus1.0";
  if (value == ExportKind::Focus1_2) return "Focus1.2";
  return wire_name<ExportKind>(value);
}

enum class ExportMetric : std::uint8_t { ActualCost = 0, AmortizedCost = 1 };
BOOST_DESCRIBE_ENUM(ExportMetric, ActualCost, AmortizedCost)

enum class ExportState : std::uint8_t {
  Requested = 0,
  Preparing = 1,
  Ready = 2,
  Expired = 3,
  NoData = 4,
  Failed = 5,
};
BOOST_DESCRIBE_ENUM(ExportState, Requested, Preparing, Ready, Expired, NoData, Failed)

}  // namespace daybook
