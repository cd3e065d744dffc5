#include "ledger/codec/state_codec.h"

#include <gtest/gtest.h>

#include "ledger/domain/rules/state_reader.h"

namespace daybook::codec {
namespace {

TEST(StateCodecs, AreThereForEveryKindAndForNoOtherNumber) {
  std::size_t known = 0;
  for (int number = 0; number < 256; ++number) {
    const StateCodec* codec = find_state_codec(static_cast<StateKind>(number));
    if (codec == nullptr) continue;
    ++known;
    const StateBox fresh = codec->make();
    std::string bytes;
    codec->encode(fresh.get(), bytes);
    Result<StateBox> read = codec->decode(" " + bytes);  // no such bytes begin with a space
    EXPECT_FALSE(read.has_value()) << number;
    const std::string shifted = " " + bytes;  // read from wherever a row happens to lie
    read = codec->decode(std::string_view(shifted).substr(1));
    ASSERT_TRUE(read.has_value()) << number << " " << read.error().detail;
    std::string again;
    codec->encode(codec->copy(read->get()).get(), again);
    EXPECT_EQ(again, bytes) << number;
  }
  EXPECT_EQ(known, boost::mp11::mp_size<States>::value);
}

TEST(StateCodecs, KnowWherePersonalValuesAre) {
  EXPECT_TRUE(state_codec(StateKind::Identity).has_personal());
  EXPECT_TRUE(state_codec(StateKind::InvoiceMails).has_personal());  // deep inside
  EXPECT_FALSE(state_codec(StateKind::MeterPrices).has_personal());
}

}  // namespace
}  // namespace daybook::codec
