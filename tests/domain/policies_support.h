#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "tests/support/in_memory_ledger.h"

namespace daybook::testing {

/// Sets a policy of the whole ledger; `value` in JSON.
inline void set(InMemoryLedger& ledger, std::string_view policy, std::string_view value) {
  ledger.when(SetPolicy{std::string(policy), {std::string(value)}, {}});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

}  // namespace daybook::testing
