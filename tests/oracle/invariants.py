"""What must hold of one document, and which events there are: 9.2, 9.4.4, 9.4.5 of the specification."""

from decimal import Decimal

from exact import ZERO

# 9.2 of the specification, and what api 8 adds.
LISTED = set("""
ProviderDetailsChanged OfferDefined EmailTermsPublished BillingAccountOpened AssociatedTenantAdded AssociatedTenantRemoved
BillingAccountUpgraded SoldToChanged TaxIdChanged BillingAccountClosed AccountAdministratorChanged SubscriptionCreated
SubscriptionMoved SubscriptionBillingTransferred SubscriptionCancelled SubscriptionReactivated SubscriptionDeleted
SubscriptionBecamePastDue SubscriptionWarned SubscriptionDisabled SubscriptionReenabled SubscriptionExpired
SpendingLimitReached SpendingLimitRemoved SpendingLimitRestored OfferUpgraded BillingProfileCreated BillToChanged
PoNumberChanged InvoiceDayChanged AccountsPayableContactAdded AccountsPayableContactRemoved BillingProfileStatusChanged
InvoiceSectionCreated InvoiceSectionRenamed CustomerRegistered CustomerCostVisibilityChanged EnrollmentRegistered
DepartmentCreated EnrollmentAccountAdded AccountOwnerActivated AccountOwnerChanged EnrollmentBillingCycleChanged
EnrollmentRecipientAdded EnrollmentRecipientRemoved PoNumberUpdatedForPeriod EnrollmentPolicyChanged
OverageNotificationSent UsageRecorded UsageAmended UsageVoided PeriodClosed PeriodClosedWithoutInvoice PurchaseCharged
PurchaseRefunded PriceChanged TaxRateChanged ExchangeRateChanged DiscountGranted DiscountEnded CreditGranted CreditApplied
CreditExpired CreditAdjusted MonthlyCreditRenewed ReservationPurchased ReservationExchanged ReservationCancelled
SupportPlanPurchased SupportPlanRenewed SupportPlanCancelled InvoiceIssued InvoiceLinesAdded DocumentContentAdded
InvoicePaymentScheduled InvoicePaymentAttempted InvoicePaymentSucceeded InvoicePaymentFailed InvoicePaymentReversed
InvoiceBecamePastDue InvoicePaid InvoiceLocked InvoiceUnlocked CreditNoteIssued InvoiceVoided InvoiceRebilled
InvoiceDocumentGenerated TaxDocumentAdded EmailInvoiceTermsAccepted EmailInvoiceOptedIn EmailInvoiceOptedOut
PreferredEmailChanged EmailRecipientAdded EmailRecipientRemoved InvoiceEmailQueued InvoiceEmailSent InvoiceEmailFailed
NoticeQueued NoticeSent NoticeFailed InvoiceSharingEnabled InvoiceSharingDisabled RoleAssigned RoleRevoked RoleInvited
RoleInvitationAccepted RoleInvitationWithdrawn RoleInvitationExpired ExportRequested ExportStarted ExportReady ExportFailed
ExportEmpty ExportDownloaded ExportExpired PaymentMethodAdded PaymentMethodMadeDefault PaymentMethodDetached
PaymentMethodRemoved BalanceSettled IdentityLinked EmailChanged CommunicationEmailChanged LanguageChanged SubjectErased
SupportRequestCreated PolicyChanged KeyCreated KeyRevoked ClockAdvanced InvoiceViewed InvoiceDownloaded UsageDownloaded
AccessDenied
""".split())
# What 75 random ledgers reach together, states too; the rest has scenarios of its own.
REACHED = set("""
Active PastDue Warned Disabled Expired Deleted invoice_Due invoice_PastDue invoice_Paid invoice_Void
BillingAccountOpened SubscriptionCreated SubscriptionMoved SubscriptionBillingTransferred SubscriptionCancelled
SubscriptionDeleted SubscriptionBecamePastDue SubscriptionWarned SubscriptionDisabled SubscriptionReenabled
SubscriptionExpired SpendingLimitReached SpendingLimitRemoved SpendingLimitRestored BillingProfileCreated
BillingProfileStatusChanged InvoiceSectionCreated CustomerRegistered EnrollmentRegistered EnrollmentAccountAdded
OverageNotificationSent UsageRecorded UsageAmended UsageVoided PeriodClosed PeriodClosedWithoutInvoice PurchaseCharged
PriceChanged TaxRateChanged ExchangeRateChanged DiscountGranted DiscountEnded CreditGranted CreditApplied CreditExpired
MonthlyCreditRenewed ReservationPurchased SupportPlanPurchased SupportPlanRenewed InvoiceIssued InvoiceLinesAdded
InvoicePaymentSucceeded InvoicePaymentFailed InvoicePaymentReversed InvoiceBecamePastDue InvoicePaid CreditNoteIssued
InvoiceVoided InvoiceRebilled EmailInvoiceTermsAccepted EmailInvoiceOptedIn EmailRecipientAdded
InvoiceEmailQueued RoleAssigned RoleRevoked RoleInvited RoleInvitationExpired PaymentMethodAdded IdentityLinked
EmailChanged CommunicationEmailChanged KeyCreated ClockAdvanced
""".split())
STATUSES = {"Due", "PastDue", "Paid", "Void", "Locked"}


def listed(kind):
    return kind in LISTED


def _sum(amounts):
    return sum((Decimal(money["amount"]) for money in amounts), ZERO)


def of_invoice(invoice, noted):
    """[(number of 9.4, sentence)] of what does not hold; `noted`: what its credit notes come to."""
    total = {word: Decimal(money["amount"]) for word, money in invoice["totals"].items()}
    due, status = Decimal(invoice["amountDue"]["amount"]), invoice["status"]
    paid = sum((Decimal(payment["amount"]["amount"]) - Decimal(payment["reversed"]["amount"])
                for payment in invoice["payments"]), ZERO)
    lines, sections = invoice["lines"], invoice["sections"]
    charged = total["billed"] - total["credits"]
    said = [invoice["totals"][word] for word in total] + [line["amount"] for line in lines] + [invoice["amountDue"]]
    checks = [
        (4, "more than one currency", {money["currency"] for money in said} == {invoice["currency"]}),
        (4, "lines do not add up to billed - credits", _sum(line["amount"] for line in lines) == charged),
        (4, "credit of the lines is not creditApplied", _sum(line["credit"] for line in lines) == total["creditApplied"]),
        (4, "creditApplied is not prepayment and free credit",
         total["creditApplied"] == total["azurePrepaymentApplied"] + total["freeAzureCreditApplied"]),
        (4, "subTotal is not billed - credits - creditApplied", total["subTotal"] == charged - total["creditApplied"]),
        (4, "total is not subTotal + tax", total["total"] == total["subTotal"] + total["tax"]),
        (4, "tax is not the sum of taxes", total["tax"] == _sum(tax["amount"] for tax in invoice["taxes"])),
        (4, "sections do not add up", not sections or total["total"] == _sum(part["total"] for part in sections)),
        (5, "something is below zero", min(due, total["subTotal"], total["total"], total["billed"]) >= 0),
        (5, "amountDue is not total - payments + reversals - credit notes",
         status == "Void" or due == max(ZERO, total["total"] - paid - noted)),
        (5, f"{status} with {due} due", status == "Locked" or (status in ("Paid", "Void")) == (due == 0)),
        (13, f"a status {status}", status in STATUSES),
    ]
    return [(number, words) for number, words, holds in checks if not holds]
