#include <algorithm>
#include <array>

#include "ledger/domain/rules/policies.h"

namespace daybook {
namespace {

constexpr SettingDefinition is(std::string_view name, std::string_view first, std::string_view source,
                               std::string_view meaning) {
  return {name, SettingKind::Switch, first, {}, 0, 0, source, meaning};
}
constexpr SettingDefinition word(std::string_view name, std::string_view first, std::string_view allowed,
                                 std::string_view source, std::string_view meaning) {
  return {name, SettingKind::Word, first, allowed, 0, 0, source, meaning};
}
constexpr SettingDefinition number(std::string_view name, std::string_view first, std::int32_t least,
                                   std::int32_t most, std::string_view source, std::string_view meaning) {
  return {name, SettingKind::Whole, first, {}, least, most, source, meaning};
}
constexpr SettingDefinition list(std::string_view name, SettingKind kind, std::string_view first,
                                 std::string_view allowed, std::string_view source, std::string_view meaning) {
  return {name, kind, first, allowed, 0, 3650, source, meaning};
}

constexpr std::int32_t kYears = 3650;  // the longest time that a policy counts, in days
constexpr std::int32_t kAmount = 1'000'000'000;

// clang-format off
constexpr auto kPolicies = std::to_array<SettingDefinition>({
    list("accounts.countries", SettingKind::Countries, "[]", {}, "9.3",
         "The countries in which accounts are opened; empty: everywhere."),
    word("card.unreported", R"("stayDue")", "stayDue|pastDueAfterWindow", "CF-20",
         "An unpaid card invoice of which nobody reports success or decline: it stays due (with the alarm PAYMENT_NOT_REPORTED), or is past due on the day after the charge window."),
    word("corrections", R"("nextInvoice")", "nextInvoice|note", "R-81",
         "Where late and corrected usage of a billed period goes: onto the scope's next invoice, or onto a note of its own."),
    number("credit.expiringDays", "30", 0, kYears, "EST-4",
           "A credit lot that is not renewed is shown as expiring so many days before it expires."),
    number("dunning.deleteDays", "90", 0, kYears, "3.4",
           "Days after a subscription was disabled or cancelled until its data is deleted."),
    number("dunning.disableDays", "30", 0, kYears, "3.4",
           "Days after an invoice became past due until subscriptions are disabled."),
    list("dunning.retryDays", SettingKind::WholeList, "[3,7,14,21]", {}, "3.4",
         "Days after the first decline on which a card is to be tried again; an invoice shows the next one as retryOn."),
    number("dunning.warnDays", "21", 0, kYears, "3.4",
           "Days after an invoice became past due until subscriptions are warned."),
    number("ea.invoiceAfterDays", "14", 1, 28, "T-EA-4",
           "Days after a billing period of an enrollment until its invoice, and through which its purchase order may change."),
    number("ea.maxSubscriptions", "500", 1, kAmount, "ACC-5",
           "How many subscriptions an enrollment account has room for, those that are deleted apart."),
    number("ea.noticeAfterDays", "7", 1, 28, "T-EA-4",
           "Days after a billing period of an enrollment until its overage is told."),
    is("ea.portalInvoices", "false", "CF-02",
       "Whether an Enterprise Administrator sees the invoices of an enrollment; otherwise they are sent alone."),
    number("ea.refundCutOffDay", "5", 1, 28, "CLS-3",
           "Reservation refunds before this day of a month count to the month before."),
    word("email.invoiceReady", R"("never")", "never|administrators", "EML-22",
         "Whether administrators are told of a new invoice by a mail with a link alone, opted in or not."),
    word("email.profileRecipients", R"("requireOptIn")", "requireOptIn|independent", "CF-19",
         "Whether further recipients of a profile need its opt-in, or are stored and mailed without."),
    is("email.supportPlans", "true", "CF-04", "Whether invoices of support plans can be mailed."),
    word("estimates.refresh", R"("live")", "live|daily", "CF-15",
         "Whether estimates count all that is recorded, or what was recorded before the day began (00:00Z)."),
    number("invitations.days", "30", 0, kYears, "ROL-13", "Days until an invitation that nobody accepted expires."),
    number("invoice.lateAfterDays", "2", 0, 27, "R-22",
           "Days after a run's date through which its documents are still dated that day; then they have the clock's, and the alarm INVOICE_LATE."),
    number("invoiceDay.mpa", "8", 1, 28, "CF-10", "Invoice day of profiles of partners, and of accounts bought through one."),
    number("invoiceDay.representative", "5", 1, 28, "CF-10", "Invoice day of profiles of accounts signed through a representative."),
    number("invoiceDay.website", "9", 1, 28, "CF-10", "Invoice day of profiles of accounts signed on the web site."),
    is("mca.accountContributorPays", "false", "CF-13", "Whether a contributor of the account may pay."),
    is("mca.alwaysInvoice", "true", "CF-11",
       "Whether a profile gets an invoice for a month in which nothing is owed."),
    list("mca.emailRoles", SettingKind::WordList, R"(["Owner","Contributor","Reader","InvoiceManager"])",
         "Owner|Contributor|Reader|InvoiceManager", "CF-06", "Roles on a profile whose holders get its invoice mail."),
    word("mca.invoiceManagerCreates", R"("profile")", "profile|always|never", "CF-14",
         "Where an invoice manager may create subscriptions: in the profile but not in a section, everywhere, or nowhere."),
    number("mca.maxSubscriptions", "5000", 1, kAmount, "ACC-5",
           "How many subscriptions an MCA account has room for, those that are deleted apart."),
    number("mosp.chargeWindowDays", "10", 0, kYears, "CF-17",
           "Days after the invoice date within which a card is charged."),
    list("mosp.delegatedFrom", SettingKind::Day, R"("2016-12-01")", {}, "ROL-3a",
         "First issue date of invoices that others than the Account Administrator see; none: all."),
    word("mosp.emailMarketplace", R"("unsupported")", "unsupported|optional", "CF-03",
         "Whether Marketplace and reservation invoices can be mailed."),
    word("mosp.emailTerms", R"("required")", "required|none", "CF-05",
         "Whether terms must be accepted before the opt-in to invoices by e-mail."),
    word("mosp.invoiceDay", R"("ACCOUNT_ANCHOR")", "ACCOUNT_ANCHOR|PERIOD_END_PLUS_1", "CF-09",
         "When a period is invoiced: on the account's day of month, or on the day after the period's last."),
    number("mosp.marketplaceDay", "9", 1, 28, "T-MOSP-7",
           "Day of month of the invoices for Marketplace products, reservations and spot of the month before."),
    word("mosp.reservationTiming", R"("paymentMode")", "paymentMode|monthly|immediate", "CF-08",
         "When a reservation is invoiced: at once where a card pays, always with the month, or always at once."),
    word("mosp.usageDownload", R"("delegated")", "delegated|accountAdministrator", "CF-16",
         "Who may download usage files: users with access to invoices too, or the Account Administrator alone."),
    word("mpa.access", R"("union")", "union|profileRoles|partnerRoles", "CF-07",
         "Which roles count for a partner's account: both, roles on it and its profiles, or Global Administrator and Admin Agent."),
    is("mpa.requirePlanCustomer", "true", "ACC-8",
       "Whether a partner's account is opened in the portal only once a customer of his has a plan."),
    number("payment.cardLimit", "50000", 0, kAmount, "PAY-2",
           "Most that a card pays at once of an account signed through a representative, in USD or its worth."),
    number("payment.mpaTermDays", "60", 0, 365, "PAY-4", "Days until an invoice of a partner's profile is due, where the profile names none."),
    number("payment.termDays", "30", 0, 365, "PAY-4",
           "Days until an invoice that no card pays is due, where the profile names none."),
    number("reasons.newForDays", "30", 0, kYears, "W1",
           "Days after subscribing in which a missing invoice is explained by that (TOO_NEW)."),
    number("reservation.prepaymentDays", "90", 1, kYears, "2.6",
           "Days for which prepayment holds that a reservation gives back after its own end."),
    number("reservation.refundLimit", "50000", 0, kAmount, "2.6",
           "Most that is refunded of reservations within the window, in USD or its worth."),
    number("reservation.refundLimitDays", "365", 1, kYears, "2.6", "Days for which a refund counts towards the limit."),
    word("subscription.warned", R"("restricted")", "restricted|usable", "CF-12",
         "Whether a warned subscription can be used and is charged."),
    word("support.renewalRun", R"("onOrAfterTermStart")", "onOrAfterTermStart|nextAccountDay", "CF-21",
         "When a support term is billed: on the first account day on or after its start, or on the next after the invoice before."),
    number("support.requestsPerDay", "10", 1, kAmount, "NAV-12", "How often a person may ask for support on one day (UTC)."),
    list("tax.receiptCountries", SettingKind::Countries, "[]", {}, "DOC-1",
         "Countries in which a payment makes a tax receipt."),
    number("usage.finalAfterDays", "3", 0, 28, "CLS-1", "Days after a period until its usage is final."),
});
// clang-format on

static_assert(std::is_sorted(kPolicies.begin(), kPolicies.end(),
                             [](const SettingDefinition& left, const SettingDefinition& right) {
                               return left.name < right.name;
                             }),
              "find_policy() searches by name");

}  // namespace

std::span<const SettingDefinition> all_policies() { return kPolicies; }

}  // namespace daybook
