#include "ledger/engine/stream_directory.h"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "ledger/engine/uuid.h"
#include "ledger/log/rng.h"

namespace daybook::engine {
namespace {

TEST(NumberStreams, InOrderOfFirstAppearance) {
  StreamDirectory directory;
  EXPECT_EQ(directory.find(StreamType::Invoice, "a"), 0u);
  EXPECT_EQ(directory.find_or_add(StreamType::Invoice, "a"), 1u);
  EXPECT_EQ(directory.find_or_add(StreamType::Subscription, "a"), 2u);
  EXPECT_EQ(directory.find_or_add(StreamType::Invoice, "a"), 1u);
  EXPECT_EQ(directory.next_version(1), 1u);
  EXPECT_EQ(directory.next_version(1), 2u);
}

TEST(NumberStreams, AgreesWithAMapWhateverIsAddedAndTakenBack) {
  StreamDirectory directory;
  std::map<std::string, StreamNumber> expected;
  std::vector<std::string> order;
  log::SeededRng rng(7);
  for (int step = 0; step < 200'000; ++step) {
    if (!order.empty() && rng.below(3) == 0) {
      expected.erase(order.back());
      order.pop_back();
      directory.remove_last();
    } else {
      const std::string id = "id-" + std::to_string(rng.below(100'000));
      const StreamNumber number = directory.find_or_add(StreamType::Price, id);
      if (expected.emplace(id, number).second) {
        order.push_back(id);
        ASSERT_EQ(number, order.size());
      } else {
        ASSERT_EQ(number, expected[id]);
      }
    }
    const std::string asked = "id-" + std::to_string(rng.below(100'000));
    const auto found = expected.find(asked);
    ASSERT_EQ(directory.find(StreamType::Price, asked), found == expected.end() ? 0 : found->second);
  }
}

TEST(MakeUuids, OfVersion7WithTheirTimeInFront) {
  EXPECT_EQ(uuid_v7(0x017F22E279B0, 0xCC3, 0x18C4DC0C0C07398Full << 2), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

}  // namespace
}  // namespace daybook::engine
