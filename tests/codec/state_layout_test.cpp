#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "ledger/codec/type_info.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/rules/fold.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/sha256.h"

namespace daybook::codec {
namespace {

/// What is kept under kStatesVersion, and what its rows looked like when that number was last raised.
constexpr std::uint32_t kVersion = 7;
constexpr std::string_view kLayout = "c1dba0c313aabf59";

void describe(const TypeInfo& info, std::string& out) {
  out += std::to_string(static_cast<int>(info.kind)) + " " + std::to_string(info.is_signed) + " " + info.name + "{";
  for (const MemberInfo& member : info.members) {
    out += member.name + ":";
    describe(*member.type, out);
  }
  for (const EnumeratorInfo& value : info.enumerators) {
    out += std::string(value.name) + "=" + std::to_string(value.value) + ";";
  }
  if (info.element != nullptr) describe(*info.element, out);
  out += "}";
}

template <class... Ts>
std::string layout_of(TypeList<Ts...>) {
  std::string all;
  (describe(value_type<Ts>(), all), ...);
  return sha256_hex(all).substr(0, 16);
}

TEST(StateLayout, ChangesWithTheVersionAlone) {
  EXPECT_EQ(layout_of(States()), kLayout)
      << "The rows of a state look otherwise now. Raise kStatesVersion (ledger/domain/rules/fold.h), so that books and views are\n"
         "made anew where an older program wrote them; then write both figures here.";
  EXPECT_EQ(kStatesVersion, kVersion) << "Write the new number here, and the layout that this test tells.";
}

}  // namespace
}  // namespace daybook::codec
