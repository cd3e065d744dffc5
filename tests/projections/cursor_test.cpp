#include <gtest/gtest.h>

#include "projections/cursor.h"

namespace daybook::projections {
namespace {

constexpr std::string_view kQuestion = "/v1/invoices?accountId=acc-1";
constexpr std::string_view kCaller = "key-1";

class CursorTest : public ::testing::Test {
 protected:
  CursorSeal::Secret secret() {
    CursorSeal::Secret secret{};
    secret[3] = 7;
    return secret;
  }
  CursorSeal seal_{secret()};
  CursorContent content_{12345, std::string("place\0with zero", 15)};
};

TEST_F(CursorTest, CarriesThePositionThatTheListBeganAt) {
  const std::string cursor = seal_.seal(content_, kQuestion, kCaller);
  EXPECT_EQ(
      cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  const auto opened = seal_.open(cursor, kQuestion, kCaller);
  ASSERT_TRUE(opened);
  EXPECT_EQ(*opened, content_);
}

TEST_F(CursorTest, IsRefusedWithEveryCharacterAltered) {
  const std::string cursor = seal_.seal(content_, kQuestion, kCaller);
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    std::string altered = cursor;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    const auto opened = seal_.open(altered, kQuestion, kCaller);
    ASSERT_FALSE(opened) << i;
    EXPECT_EQ(opened.error().code, "BAD_CURSOR");
  }
}

TEST_F(CursorTest, IsRefusedForAnotherQuestionOrCaller) {
  const std::string cursor = seal_.seal(content_, kQuestion, kCaller);
  EXPECT_FALSE(seal_.open(cursor, "/v1/invoices?accountId=acc-2", kCaller));
  EXPECT_FALSE(seal_.open(cursor, kQuestion, "key-2"));
  EXPECT_FALSE(seal_.open(cursor, std::string(kQuestion) + "k", "ey-1"));
  EXPECT_FALSE(CursorSeal(CursorSeal::Secret{}).open(cursor, kQuestion, kCaller));
}

TEST_F(CursorTest, IsRefusedWhenItIsNone) {
  for (const std::string& text :
       {std::string(), std::string("x"), std::string("!!"), std::string(40, 'A'),
        std::string(100'000, 'A'), seal_.seal(content_, kQuestion, kCaller) + "A",
        seal_.seal(content_, kQuestion, kCaller) + "="}) {
    EXPECT_FALSE(seal_.open(text, kQuestion, kCaller)) << text.substr(0, 50);
  }
}

}  // namespace
}  // namespace daybook::projections
