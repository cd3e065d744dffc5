#include <gtest/gtest.h>

#include "replay/what_if.h"
#include "tests/support/in_memory_ledger.h"

namespace daybook::replay {
namespace {

using testing::money;

TEST(WhatIfCsv, HasAnAccountARow) {
  WhatIfView view;
  WhatIfAccountView account;
  account.account_id = AccountId("acc-1");
  account.currency = Currency::parse("EUR").value();
  account.documents = 2;
  account.rows = 30;
  account.before = {money("10.00"), money("2.10"), money("12.10")};
  account.after = {money("8.00"), money("1.68"), money("9.68")};
  account.difference = money("-2.42");
  account.change_percent = testing::decimal("-20");
  view.accounts = {account};
  account.account_id = AccountId("acc-2");
  account.change_percent.reset();
  view.accounts.push_back(account);
  EXPECT_EQ(what_if_csv(view),
            "AccountId,Currency,Documents,Rows,ChargesBefore,ChargesAfter,TaxBefore,TaxAfter,TotalBefore,TotalAfter,Difference,"
            "ChangePercent\r\n"
            "acc-1,EUR,2,30,10.00,8.00,2.10,1.68,12.10,9.68,-2.42,-20\r\n"
            "acc-2,EUR,2,30,10.00,8.00,2.10,1.68,12.10,9.68,-2.42,\r\n");
}

}  // namespace
}  // namespace daybook::replay
