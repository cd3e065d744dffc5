#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/codec/evolution.h"

namespace daybook::codec {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> breaks_from_base_to(const std::string& name) {
  std::string released;
  std::string next;
  const std::string folder = std::string(DAYBOOK_EVOLUTION_BFBS) + "/";
  return evolution_breaks(load_schema(folder + "base.bfbs", released),
                          load_schema(folder + name + ".bfbs", next));
}

TEST(Evolution, LetsThroughWhatOldBytesSurvive) {
  EXPECT_THAT(breaks_from_base_to("base"), IsEmpty());
  EXPECT_THAT(breaks_from_base_to("allowed"), IsEmpty());
}

struct Break {
  const char* schema;
  const char* message;
};

class RefusedChange : public ::testing::TestWithParam<Break> {};

TEST_P(RefusedChange, IsNamed) {
  EXPECT_THAT(breaks_from_base_to(GetParam().schema), Contains(HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Evolution, RefusedChange,
    ::testing::Values(Break{"deleted_field", "First.maybe: deleted"},
                      Break{"deleted_table", "evolution.Second: deleted"},
                      Break{"deleted_table", "Data.Second: deleted"},
                      Break{"reused_field", "First.maybe: its id 5 is used again by other"},
                      Break{"newly_required", "First.where: newly required"},
                      Break{"no_longer_required", "First.text: no longer required"},
                      Break{"added_required", "First.added: new and required"},
                      Break{"changed_type", "First.count: was int, is long"},
                      Break{"changed_element", "First.parts: was [table Part], is [table Second]"},
                      Break{"changed_default", "First.count: another default"},
                      Break{"changed_optional", "First.maybe: absent means something else"},
                      Break{"changed_struct", "evolution.Point: another layout"},
                      Break{"union_value_changed", "Data.First: its number is now Second"},
                      Break{"union_value_moved", "Data.Second: deleted"},
                      Break{"enumerator_changed", "Colour.Red: its number is now Green"},
                      Break{"enumerator_deleted", "Colour.Green: deleted"},
                      Break{"enum_widened", "evolution.Colour: another size"}),
    [](const auto& test) { return std::string(test.param.schema) + std::to_string(test.index); });

/// schemas/released/VERSION holds a copy of schemas/*.fbs as each version was released.
TEST(Evolution, PresentSchemasReadWhatEveryReleaseWrote) {
  namespace fs = std::filesystem;
  std::string present_bytes;
  const reflection::Schema& present = load_schema(DAYBOOK_SCHEMA_BFBS, present_bytes);
  std::size_t versions = 0;
  for (const fs::directory_entry& version : fs::directory_iterator(DAYBOOK_RELEASED_BFBS)) {
    std::string bytes;
    const auto& schema = load_schema((version.path() / "event.bfbs").string(), bytes);
    EXPECT_THAT(evolution_breaks(schema, present), IsEmpty()) << version.path().filename();
    ++versions;
  }
  EXPECT_GE(versions, 1u);
}

}  // namespace
}  // namespace daybook::codec
