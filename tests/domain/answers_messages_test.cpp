#include "ledger/domain/answers/reasons.h"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <gtest/gtest.h>

#include "ledger/domain/sha256.h"

/// The catalogue of what is said to people.
namespace daybook {
namespace {

TEST(Messages, AreThereInBothLanguagesForEveryReason) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<MissingReason>>([](auto each) {
    const std::string_view english = message_of(each.value, Language::en);
    const std::string_view dutch = message_of(each.value, Language::nl);
    EXPECT_FALSE(english.empty()) << each.name;
    EXPECT_FALSE(dutch.empty()) << each.name;
    // One is a literal that help pages quote.
    EXPECT_EQ(english == dutch, each.value == MissingReason::OTHER_ACCOUNT) << each.name;
  });
  EXPECT_NE(message_of(Notice::ViewChargesOff, Language::en),
            message_of(Notice::ViewChargesOff, Language::nl));
}

TEST(Sha256, HasTheValuesOfTheStandard) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace daybook
