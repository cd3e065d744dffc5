#pragma once

#include <array>
#include <string_view>

/// What the tour plays, as data: what its customers are, buy and use in 2024.
namespace daybook::cli {

inline constexpr std::array<std::string_view, 12> kMonthNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// A quantity a month, used at noon of the 10th; "0": none.
using Year = std::array<std::string_view, 12>;

struct TourSubscription {
  std::string_view id;
  std::string_view account;
  std::string_view meter;
  std::string_view unit;
  Year used;
};

inline constexpr TourSubscription kTourSubscriptions[] = {
    {"web-shop", "contoso", "vm-hours", "hours",
     {"175.5", "210.25", "260", "305.5", "330.75", "410", "0", "385.25", "365.5", "402", "350", "300"}},
    {"dev-box", "contoso", "storage", "GB",
     {"1200", "1500", "1900", "2000", "2400", "2550.5", "1800", "0", "900", "2600", "1700", "1000"}},
    {"open-key", "contoso", "storage", "GB",
     {"500", "520", "480", "510", "500", "530", "490", "500", "505", "495", "500", "500"}},
    {"factory", "fabrikam", "vm-hours", "hours",
     {"420", "515.5", "0", "633", "610.25", "480", "455", "390.5", "512", "530", "498.75", "560"}},
    {"adatum-plan", "northwind", "storage", "GB",
     {"8500", "9000.25", "8750", "9200.5", "9400", "9100", "9300.75", "9500", "9250", "9600", "9750", "9999.75"}},
    {"woodgrove-prod", "woodgrove", "vm-hours", "hours",
     {"900.5", "1000", "1100.25", "1200", "1350.5", "1400", "1500", "1600.75", "900", "1700", "1800", "1900"}},
};

struct TourFact {
  std::string_view type;
  std::string_view data;  ///< JSON
};

/// All that is there before the first day of use.
inline constexpr TourFact kTourBeginnings[] = {
    {"TaxRateChanged", R"({"country":"NL","name":"VAT","ratePercent":"21","effectiveOn":"2024-01-01"})"},
    {"TaxRateChanged", R"({"country":"DE","name":"VAT","ratePercent":"19","effectiveOn":"2024-01-01"})"},
    {"TaxRateChanged", R"({"country":"GB","name":"VAT","ratePercent":"20","effectiveOn":"2024-01-01"})"},
    {"PriceChanged",
     R"({"meterId":"vm-hours","currency":"EUR","effectiveOn":"2024-01-01","unit":"1 Hour","includedQuantity":"100",)"
     R"("tiers":[{"from":"0","unitPrice":"0.12"},{"from":"200","unitPrice":"0.10"}]})"},
    {"PriceChanged", R"({"meterId":"vm-hours","currency":"GBP","effectiveOn":"2024-01-01","unit":"1 Hour","unitPrice":"0.10"})"},
    {"PriceChanged", R"({"meterId":"storage","currency":"EUR","effectiveOn":"2024-01-01","unit":"1 GB","unitPrice":"0.02"})"},

    // Website customer in the Netherlands, by card.
    {"IdentityLinked",
     R"({"identityId":"jeroen","issuer":"https://login.example","subject":"jeroen","email":"jeroen@contoso.example",)"
     R"("tenantId":"contoso"})"},
    {"BillingAccountOpened",
     R"({"accountId":"contoso","type":"MOSP","country":"NL","tenantId":"contoso","currency":"EUR","signedUpBy":"jeroen",)"
     R"("createdOn":"2024-01-02"})"},
    {"PaymentMethodAdded", R"({"methodId":"card-1","accountId":"contoso","family":"CreditCard","expiry":"2027-04"})"},
    {"SubscriptionCreated",
     R"({"subscriptionId":"web-shop","accountId":"contoso","offerId":"MS-AZR-0003P","createdOn":"2024-01-05",)"
     R"("paymentMethodId":"card-1"})"},
    {"SubscriptionCreated",
     R"({"subscriptionId":"dev-box","accountId":"contoso","offerId":"MS-AZR-0063P","createdOn":"2024-01-05",)"
     R"("spendingLimit":"Off","paymentMethodId":"card-1"})"},
    {"CreditGranted",
     R"({"lotId":"dev-credit","scopeType":"Subscription","scopeId":"dev-box","source":"MonthlyCredit",)"
     R"("amount":{"amount":"40.00","currency":"EUR"},"startOn":"2024-01-05"})"},
    {"SubscriptionCreated",
     R"({"subscriptionId":"open-key","accountId":"contoso","offerId":"MS-AZR-0111P","createdOn":"2024-01-05",)"
     R"("paymentMethodId":"card-1"})"},
    {"CreditGranted",
     R"({"lotId":"open-key-1","scopeType":"Subscription","scopeId":"open-key","source":"Prepayment",)"
     R"("amount":{"amount":"150.00","currency":"EUR"},"startOn":"2024-01-05","expiresOn":"2025-01-05"})"},

    // Signed with a representative, by wire.
    {"IdentityLinked",
     R"({"identityId":"fay","issuer":"https://login.example","subject":"fay","email":"fay@fabrikam.example","tenantId":"fabrikam"})"},
    {"BillingAccountOpened",
     R"({"accountId":"fabrikam","type":"MCA","country":"NL","tenantId":"fabrikam","currency":"EUR","signedUpBy":"fay",)"
     R"("createdOn":"2024-01-02","channel":"Representative"})"},
    {"BillingProfileCreated", R"({"profileId":"fabrikam-eur","accountId":"fabrikam","currency":"EUR"})"},
    {"RoleAssigned", R"({"scopeType":"Profile","scopeId":"fabrikam-eur","role":"Owner","identityId":"fay"})"},
    {"SubscriptionCreated",
     R"({"subscriptionId":"factory","accountId":"fabrikam","offerId":"MS-AZR-0017G","createdOn":"2024-01-05",)"
     R"("invoiceSectionId":"fabrikam-eur"})"},
    {"CreditGranted",
     R"({"lotId":"welcome","scopeType":"Profile","scopeId":"fabrikam-eur","source":"Promotional",)"
     R"("amount":{"amount":"100.00","currency":"EUR"},"startOn":"2024-01-01","expiresOn":"2024-07-01"})"},

    // A partner in Germany with a customer of his own.
    {"IdentityLinked",
     R"({"identityId":"nora","issuer":"https://login.example","subject":"nora","email":"nora@northwind.example",)"
     R"("tenantId":"northwind"})"},
    {"IdentityLinked",
     R"({"identityId":"ada","issuer":"https://login.example","subject":"ada","email":"ada@adatum.example","tenantId":"adatum"})"},
    {"BillingAccountOpened",
     R"({"accountId":"northwind","type":"MPA","country":"DE","tenantId":"northwind","currency":"EUR","signedUpBy":"nora",)"
     R"("createdOn":"2024-01-02"})"},
    {"BillingProfileCreated", R"({"profileId":"northwind-eur","accountId":"northwind","currency":"EUR"})"},
    {"CustomerRegistered", R"({"customerId":"adatum","accountId":"northwind","tenantId":"adatum","name":"Adatum"})"},
    {"SubscriptionCreated",
     R"({"subscriptionId":"adatum-plan","accountId":"northwind","offerId":"MS-AZR-0017G","createdOn":"2024-01-05",)"
     R"("profileId":"northwind-eur","customerId":"adatum"})"},

    // An enrollment in the United Kingdom with a prepayment.
    {"IdentityLinked",
     R"({"identityId":"wendy","issuer":"https://login.example","subject":"wendy","email":"wendy@woodgrove.example",)"
     R"("tenantId":"woodgrove"})"},
    {"BillingAccountOpened",
     R"({"accountId":"woodgrove","type":"EA","country":"GB","tenantId":"woodgrove","currency":"GBP","signedUpBy":"wendy",)"
     R"("createdOn":"2024-01-02"})"},
    {"EnrollmentRegistered",
     R"({"enrollmentId":"wg-1","accountId":"woodgrove","startDate":"2024-01-01","channel":"Direct","billingCycle":"Monthly",)"
     R"("prepayment":{"amount":"1000.00","currency":"GBP"},"recipients":["ap@woodgrove.example"]})"},
    {"RoleAssigned", R"({"scopeType":"Enrollment","scopeId":"wg-1","role":"EnterpriseAdministrator","identityId":"wendy"})"},
    {"EnrollmentAccountAdded",
     R"({"enrollmentAccountId":"wg-it","enrollmentId":"wg-1","name":"IT","ownerIdentityId":"wendy"})"},
    {"SubscriptionCreated",
     R"({"subscriptionId":"woodgrove-prod","accountId":"woodgrove","offerId":"MS-AZR-0017P","createdOn":"2024-01-05",)"
     R"("enrollmentAccountId":"wg-it"})"},
};

/// What is bought besides.
struct TourPurchase {
  std::string_view day;
  std::string_view data;
};
inline constexpr TourPurchase kTourPurchases[] = {
    {"2024-02-14",
     R"({"chargeId":"licence-server","kind":"Marketplace","amount":{"amount":"120.00","currency":"EUR"},)"
     R"("subscriptionId":"factory","description":"Licence server"})"},
    {"2024-04-14",
     R"({"chargeId":"firewall","kind":"Marketplace","amount":{"amount":"50.00","currency":"GBP"},)"
     R"("subscriptionId":"woodgrove-prod","description":"Firewall"})"},
};

}  // namespace daybook::cli
