#include "ledger/domain/identifiers.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace daybook {
namespace {

TEST(Identifier, TakesOneTo128OfItsCharacters) {
  EXPECT_EQ(AccountId::parse("acc-1.eu_west:2")->text(), "acc-1.eu_west:2");
  EXPECT_TRUE(AccountId::parse(std::string(128, 'a')));
  for (const std::string& text :
       {std::string(), std::string(129, 'a'), std::string("a b"), std::string("a/b"),
        std::string("é"), std::string("a\0b", 3), std::string("a\n"), std::string("a@b")}) {
    const Result<AccountId> refused = AccountId::parse(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, "INVALID_IDENTIFIER");
    EXPECT_NE(refused.error().detail.find("AccountId"), std::string::npos);
  }
  int allowed = 0;
  for (int c = 0; c < 256; ++c)
    allowed += is_identifier(std::string(1, static_cast<char>(c))) ? 1 : 0;
  EXPECT_EQ(allowed, 26 + 26 + 10 + 4);
}

TEST(Identifier, OfOneKindIsNotOneOfAnother) {
  static_assert(!std::is_convertible_v<AccountId, InvoiceId>);
  static_assert(!std::is_convertible_v<std::string, AccountId>);
  static_assert(!std::is_constructible_v<AccountId, InvoiceId>);
  static_assert(Identifier<AccountId> && !Identifier<std::string>);
  EXPECT_TRUE(AccountId().empty());
}

TEST(Identifier, IsComparedOrderedAndHashedByItsText) {
  const AccountId a("a");
  const AccountId b("b");
  EXPECT_EQ(a, AccountId("a"));
  EXPECT_NE(a, b);
  EXPECT_LT(a, b);
  const std::unordered_set<AccountId> set{a, b, AccountId("a")};
  EXPECT_EQ(set.size(), 2U);
}

}  // namespace
}  // namespace daybook
