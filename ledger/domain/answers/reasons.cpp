#include "ledger/domain/answers/reasons.h"

namespace daybook {

std::string_view message_of(MissingReason reason) {
  switch (reason) {
    case MissingReason::CSP_CUSTOMER:
      return "Usage and invoices come from your partner.";
    case MissingReason::EA_NOT_IN_PORTAL:
      return "Invoices are sent to whoever is set up to receive them for the enrollment.";
    case MissingReason::OTHER_ACCOUNT:
      return "We can't display your invoices. Please try again";
    case MissingReason::OTHER_IDENTITY:
      return "You have access through a different identity; sign in with the right one.";
    case MissingReason::WRONG_TENANT:
      return "You're signed in to the wrong directory: choose your e-mail address, then Switch "
             "directory, and pick one under All directories.";
    case MissingReason::NO_PERMISSION_MCA:
      return "You don't have permission to view invoices.";
    case MissingReason::NO_PERMISSION_NOT_AA:
      return "You might not see invoices if you aren't the account administrator.";
    case MissingReason::NONE:
      return "The invoice is available.";
    case MissingReason::USAGE_FILE_NOT_READY:
      return "Your usage and charges file is not ready";
    case MissingReason::TOO_NEW:
      return "It's less than 30 days since you subscribed to Azure.";
    case MissingReason::NOT_GENERATED_YET:
      return "The invoice isn't generated yet; wait until the end of the billing period.";
    case MissingReason::PREPAID_OFFER:
      return "This subscription is paid for with a prepaid key from your reseller; billing and "
             "usage are described on the offer's page.";
    case MissingReason::WITHIN_CREDIT:
      return "You only get an invoice when you exceed the monthly credit.";
    case MissingReason::NO_USAGE:
      return "Not available: there's no usage for the billing period.";
    case MissingReason::NOTHING_OWED:
      return "There was usage in the period, but nothing is owed for it.";
  }
  return {};
}

}  // namespace daybook
