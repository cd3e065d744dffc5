#include "ledger/engine/admission_cache.h"

#include <string>

#include <gtest/gtest.h>

namespace daybook::engine {
namespace {

TEST(AdmissionCache, AnswersTheSameHoweverMuchItHasTaken) {
  const Books books;
  StreamDirectory directory;
  AdmissionCache cache;
  UsageKeys usage;
  usage.usage_date = Date::of(2024, 3, 5);
  constexpr StreamNumber kSubscriptions = 5'000;
  for (int round = 0; round < 3; ++round) {
    for (StreamNumber number = 1; number <= kSubscriptions; ++number) {
      const AdmissionCache::Answer answer = cache.answer(books, directory, "sub-" + std::to_string(number), "vm", usage);
      ASSERT_EQ(answer.stream, number) << "round " << round;
      ASSERT_NE(answer.code, 0) << "there is no such subscription";
    }
  }
  EXPECT_EQ(directory.size(), kSubscriptions);
}

TEST(AdmissionCache, ForgetsStreamsThatWereTakenBack) {
  const Books books;
  StreamDirectory directory;
  AdmissionCache cache;
  UsageKeys usage;
  usage.usage_date = Date::of(2024, 3, 5);
  ASSERT_EQ(cache.answer(books, directory, "sub-1", "vm", usage).stream, 1u);
  directory.remove_last();
  cache.forget();
  EXPECT_EQ(cache.answer(books, directory, "sub-2", "vm", usage).stream, 1u);
  EXPECT_EQ(cache.answer(books, directory, "sub-1", "vm", usage).stream, 2u);
}

}  // namespace
}  // namespace daybook::engine
