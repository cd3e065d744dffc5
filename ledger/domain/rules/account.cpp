#include "ledger/domain/rules/account.h"

#include <algorithm>

namespace daybook {

bool Account::allows(const TenantId& tenant) const {
  return tenant == tenant_id || std::find(associated_tenants.begin(), associated_tenants.end(),
                                          tenant) != associated_tenants.end();
}

void apply(Account& account, const BillingAccountOpened& event, const Occurrence& at) {
  account.account_id = event.account_id;
  account.type = event.type;
  account.country = event.country;
  account.tenant_id = event.tenant_id;
  account.currency = event.currency;
  account.signed_up_by = event.signed_up_by;
  account.administrator = event.signed_up_by;
  account.created_on = event.created_on.value_or(at.day());
  account.agreement_id = event.agreement_id;
  account.sold_to = event.sold_to;
  account.channel = event.channel.value_or(SalesChannel::Website);
  account.cloud = event.cloud.value_or(Cloud::Public);
}

void apply(Account& account, const AssociatedTenantAdded& event, const Occurrence&) {
  if (!account.allows(event.tenant_id)) account.associated_tenants.push_back(event.tenant_id);
}

void apply(Account& account, const AssociatedTenantRemoved& event, const Occurrence&) {
  std::erase(account.associated_tenants, event.tenant_id);
}

void apply(Account& account, const SoldToChanged& event, const Occurrence&) {
  account.sold_to = event.new_value;
}

void apply(Account& account, const TaxIdChanged& event, const Occurrence&) {
  account.tax_id = event.new_value;
}

void apply(Account& account, const BillingAccountUpgraded& event, const Occurrence&) {
  account.type = event.to_type;
}

void apply(Account& account, const BillingAccountClosed&, const Occurrence&) {
  account.status = AccountStatus::Closed;
}

void apply(Account& account, const AccountAdministratorChanged& event, const Occurrence&) {
  account.administrator = event.identity_id;
}

void apply(Customer& customer, const CustomerRegistered& event, const Occurrence&) {
  customer.customer_id = event.customer_id;
  customer.account_id = event.account_id;
  customer.tenant_id = event.tenant_id;
  customer.name = event.name;
}

void apply(Customer& customer, const CustomerCostVisibilityChanged& event, const Occurrence&) {
  customer.cost_visibility = event.value;
}

}  // namespace daybook
