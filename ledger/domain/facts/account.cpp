#include "ledger/domain/facts/account.h"

namespace daybook {

void fill_defaults(BillingAccountOpened& fact, const FactContext& context) {
  if (!fact.created_on) fact.created_on = context.day;
  if (!fact.channel) fact.channel = SalesChannel::Website;
  if (!fact.cloud) fact.cloud = Cloud::Public;
}

void fill_defaults(AccountAdministratorChanged& fact, const FactContext& context) {
  if (!fact.effective_on) fact.effective_on = context.day;
}

}  // namespace daybook
