#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <boost/mp11/algorithm.hpp>

#include "ledger/domain/catalogue.h"

/// What callers may send, as the contract lists it (api.md 3, 4, 5 and 8): `?` may be left out.
namespace daybook {
namespace {

struct Fields {
  std::string_view name;
  std::string_view fields;  ///< sorted by name
};

constexpr std::array kFacts = {
    Fields{"AccountAdministratorChanged", "accountId identityId"},
    Fields{"AccountOwnerActivated", "enrollmentAccountId"},
    Fields{"AccountOwnerChanged", "enrollmentAccountId ownerIdentityId"},
    Fields{"AccountsPayableContactAdded", "newValue profileId"},
    Fields{"AccountsPayableContactRemoved", "newValue profileId"},
    Fields{"AssociatedTenantAdded", "accountId tenantId"},
    Fields{"AssociatedTenantRemoved", "accountId tenantId"},
    Fields{"BillToChanged", "newValue profileId"},
    Fields{"BillingAccountClosed", "accountId reason"},
    Fields{"BillingAccountOpened",
           "accountId agreementId? channel? cloud? country createdOn? currency signedUpBy soldTo? "
           "tenantId type"},
    Fields{"BillingAccountUpgraded", "accountId createdProfiles? effectiveDate fromType toType"},
    Fields{"BillingProfileCreated",
           "accountId billTo? currency defaultPaymentMethod? displayName? invoiceDay? "
           "paymentTermDays? poNumber? profileId"},
    Fields{"CreditAdjusted", "accountingCode? amount lotId"},
    Fields{"CreditGranted", "amount expiresOn? lotId scopeId scopeType source startOn"},
    Fields{"CustomerRegistered", "accountId customerId name tenantId"},
    Fields{"DepartmentCreated", "departmentId enrollmentId name"},
    Fields{"DiscountEnded", "discountId endOn"},
    Fields{"DiscountGranted", "discountId endOn? meterId? percent scopeId? scopeType? startOn"},
    Fields{"EmailChanged", "email identityId"},
    Fields{"EnrollmentAccountAdded",
           "departmentId? enrollmentAccountId enrollmentId name ownerIdentityId"},
    Fields{"EnrollmentBillingCycleChanged", "billingCycle effectiveOn enrollmentId"},
    Fields{"EnrollmentRegistered",
           "accountId billingCycle channel enrollmentId poNumber? prepayment? recipients? "
           "startDate"},
    Fields{"ExchangeRateChanged", "effectiveOn fromCurrency rate toCurrency"},
    Fields{"IdentityLinked", "email identityId issuer subject tenantId"},
    Fields{"InvoiceDayChanged", "newValue profileId"},
    Fields{"InvoicePaymentFailed", "invoiceId methodId? paymentId reason"},
    Fields{"InvoicePaymentReversed", "amount invoiceId paymentId reason?"},
    Fields{"InvoicePaymentSucceeded",
           "amount invoiceId methodFamily? methodId? paymentId receivedOn?"},
    Fields{"InvoiceSectionCreated", "labels? name profileId sectionId"},
    Fields{"InvoiceSectionRenamed", "name sectionId"},
    Fields{"OfferDefined",
           "emailInvoices? kind monthlyCredit? name offerId spendingLimit? trialCredit? trialDays? "
           "url?"},
    Fields{"OfferUpgraded", "fromOffer subscriptionId toOffer"},
    Fields{"PaymentMethodAdded", "accountId expiry? family methodId sharedBySubscriptions?"},
    Fields{"PaymentMethodDetached", "methodId subscriptionId"},
    Fields{"PaymentMethodMadeDefault", "methodId scopeId scopeType"},
    Fields{"PaymentMethodRemoved", "methodId"},
    Fields{"PoNumberChanged", "newValue profileId"},
    Fields{"PriceChanged",
           "aggregation? currency effectiveOn includedQuantity? meterId replaces? scopeId? "
           "scopeType? tierMode? tiers? unit? unitPrice?"},
    Fields{"PurchaseCharged",
           "amount chargeId description? enrollmentId? frequency? kind productOrderId? profileId? "
           "purchasedOn? subscriptionId? termEnd? termStart?"},
    Fields{"PurchaseRefunded", "amount chargeId originalChargeId reasonCode? refundedOn?"},
    Fields{"ReservationPurchased",
           "amount billingFrequency paymentMode purchasedOn? reservationId subscriptionId "
           "termMonths"},
    Fields{"RoleAssigned", "identityId role scopeId scopeType"},
    Fields{"RoleRevoked", "identityId role scopeId scopeType"},
    Fields{"SoldToChanged", "accountId newValue"},
    Fields{"SpendingLimitRemoved", "mode? subscriptionId"},
    Fields{"SpendingLimitRestored", "mode? subscriptionId"},
    Fields{"SubscriptionBillingTransferred",
           "acceptedOn enrollmentAccountId? fromAccount invoiceSectionId? moveTenant profileId? "
           "subscriptionId toAccount"},
    Fields{"SubscriptionCancelled", "effectiveOn? reason subscriptionId"},
    Fields{"SubscriptionCreated",
           "accountId createdOn? customerId? enrollmentAccountId? invoiceSectionId? name? offerId "
           "paymentMethodId? profileId? resellerId? spendingLimit? subscriptionId"},
    Fields{"SubscriptionDeleted", "effectiveOn? reason subscriptionId"},
    Fields{"SubscriptionMoved", "effectiveDate fromScope subscriptionId toScope"},
    Fields{"SupportPlanCancelled", "effectiveOn? planId"},
    Fields{"SupportPlanPurchased", "planId price purchasedOn? subscriptionId"},
    Fields{"TaxDocumentAdded", "content? country documentId invoiceId number"},
    Fields{"TaxIdChanged", "accountId newValue"},
    Fields{"TaxRateChanged", "accountId? country effectiveOn name ratePercent treatment?"},
    Fields{"UsageAmended", "cost? quantity? reason subscriptionId tags? unitPrice? usageId"},
    Fields{
        "UsageRecorded",
        "additionalInfo? category? chargeType? cost? currency? isCreditEligible? meterId "
        "meterName? meterSubCategory? pricingModel? product? publisherType? quantity receivedOn? "
        "region? resourceGroup? resourceId? subscriptionId tags? unit? unitPrice? usageDate? "
        "usageId?"},
    Fields{"UsageVoided", "reason subscriptionId usageId"},
};

constexpr std::array kCommands = {
    Fields{"AcceptEmailTerms", "scopeId scopeType termsVersion"},
    Fields{"AddEmailRecipient", "address scopeId scopeType"},
    Fields{"AdvanceClock", "run? to"},
    Fields{"AmendInvoice", "billTo? invoiceId poNumber?"},
    Fields{"ApplyConfiguration", "emailTerms? policies? provider?"},
    Fields{"AssignRole", "email? identityId? role scopeId scopeType"},
    Fields{"CancelSupportPlan", "planId"},
    Fields{"ChangeAccountAdministrator", "accountId identityId"},
    Fields{"CreateKey", "expiresOn? identityId? name rights? tenantId?"},
    Fields{"CreateSupportRequest", "invoiceId? scopeId? scopeType? subject text"},
    Fields{"DeliverInvoiceEmails", "invoiceId"},
    Fields{"EraseSubject", "address? identityId?"},
    Fields{"EvaluateDunning", "asOf"},
    Fields{"ExchangeReservation",
           "amount billingFrequency newReservationId reservationId subscriptionId termMonths"},
    Fields{"IssueCreditNote", "amount invoiceId reason"},
    Fields{"LockInvoice", "invoiceId reason?"},
    Fields{"OptInEmailInvoice", "includeMarketplace? preferredEmail? scopeId scopeType"},
    Fields{"OptOutEmailInvoice", "scopeId scopeType"},
    Fields{"PayNow", "invoiceId methodId paymentId?"},
    Fields{"PublishEmailTerms", "termsVersion text?"},
    Fields{"ReactivateSubscription", "subscriptionId"},
    Fields{"RefundReservation", "amount? reservationId"},
    Fields{"RemoveEmailRecipient", "address? recipientId? scopeId scopeType"},
    Fields{"RequestExport", "invoiceId? kind metric? period? scopeId scopeType"},
    Fields{"RevokeKey", "keyId"},
    Fields{"RevokeRole", "identityId role scopeId scopeType"},
    Fields{"RunEaInvoicing", "runDate"},
    Fields{"RunInvoicing", "accountId? corrections? through"},
    Fields{"RunMarketplaceInvoicing", "runDate"},
    Fields{"RunMospInvoicing", "runDate"},
    Fields{"RunProfileInvoicing", "runDate"},
    Fields{"SetCustomerCostVisibility", "customerId value"},
    Fields{"SetEnrollmentPolicy", "enrollmentId policy value"},
    Fields{"SetInvoiceSharing", "on subscriptionId"},
    Fields{"SetPolicy", "accountId? policy value"},
    Fields{"SettleBalance", "accountId amount? methodId"},
    Fields{"UnlockInvoice", "invoiceId reason?"},
    Fields{"UpdatePoNumber", "enrollmentId period poNumber"},
    Fields{"UpdatePreferredEmail", "address scopeId scopeType"},
    Fields{"UpdateProfile", "communicationEmail? language?"},
    Fields{"VoidInvoice", "invoiceId reason rebill?"},
    Fields{"WithdrawInvitation", "invitationId"},
};

template <class T>
inline constexpr bool kMayBeLeftOut =
    requires(const T& value) { value.has_value(); } || requires { typename T::mapped_type; };
template <class T>
inline constexpr bool kMayBeLeftOut<std::vector<T>> = true;

template <class T>
bool is_filled_by_ledger(std::string_view member) {
  if constexpr (requires { T::kFilledByLedger; }) {
    for (std::string_view name : T::kFilledByLedger) {
      if (name == member) return true;
    }
  }
  return false;
}

/// "accountId createdOn? …": what callers may send, by name.
template <class T>
std::string fields_of() {
  std::map<std::string, bool> fields;
  boost::mp11::mp_for_each<DescribedMembers<T>>([&](auto member) {
    using Member = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
    if (!is_filled_by_ledger<T>(member.name))
      fields[camel_case(member.name)] = kMayBeLeftOut<Member>;
  });
  std::string text;
  for (const auto& [field, optional] : fields) {
    text += (text.empty() ? "" : " ") + field + (optional ? "?" : "");
  }
  return text;
}

template <class List, class Table>
void expect_fields(const Table& table) {
  std::map<std::string_view, std::string> described;
  boost::mp11::mp_for_each<boost::mp11::mp_transform<std::add_pointer_t, List>>(
      [&]<class T>(T*) { described[name(T::kType)] = fields_of<T>(); });
  for (const Fields& expected : table)
    EXPECT_EQ(described[expected.name], expected.fields) << expected.name;
}

TEST(ContractFields, OfEveryFactAreTheDescribedOnes) {
  expect_fields<AllEvents>(kFacts);
  for (const EventTypeEntry& entry : kEventTypes) {
    if (!is_posted(entry.type)) continue;
    EXPECT_TRUE(std::ranges::any_of(kFacts, [&](const Fields& f) { return f.name == entry.name; }))
        << entry.name;
  }
}

TEST(ContractFields, OfEveryCommandAreTheDescribedOnes) {
  expect_fields<AllCommands>(kCommands);
  EXPECT_EQ(kCommands.size(), kCommandTypes.size());
}

}  // namespace
}  // namespace daybook
