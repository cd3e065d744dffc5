#include <gtest/gtest.h>

#include <string>

#include "replay/json_place.h"

namespace daybook::replay {
namespace {

std::string at(std::string_view json, std::string_view pointer) {
  const auto place = place_in_json(json, pointer);
  return place ? std::to_string(place->offset) + " " + std::string(place->text) : "nothing";
}

TEST(PlaceInJson, IsThatOfTheValueAsItIsWritten) {
  constexpr std::string_view kJson =
      R"( {"a": 1.50 , "data":{"text":"x\"},y","list":[{"n":1},[2,3], "z"] ,"e":{}, "a/b~":true},"last":null} )";
  EXPECT_EQ(at(kJson, "/a"), "7 1.50");
  EXPECT_EQ(at(kJson, "/data/text"), R"(29 "x\"},y")");
  EXPECT_EQ(at(kJson, "/data/list/0/n"), "51 1");
  EXPECT_EQ(at(kJson, "/data/list/1/1"), "57 3");
  EXPECT_EQ(at(kJson, "/data/list/2"), R"(61 "z")");
  EXPECT_EQ(at(kJson, "/data/e"), "71 {}");
  EXPECT_EQ(at(kJson, "/data/a~1b~0"), "82 true");
  EXPECT_EQ(at(kJson, "/last"), "95 null");
  EXPECT_EQ(at(kJson, "").substr(0, 6), R"(1 {"a")");
}

TEST(PlaceInJson, IsNowhereForWhatIsNotThere) {
  for (const std::string_view pointer : {"/b", "/a/b", "/data/list/3", "/data/list/x", "/data/e/n", "/data/list/99999999999"}) {
    EXPECT_EQ(at(R"({"a":1,"data":{"list":[1,2,3],"e":{}}})", pointer), "nothing") << pointer;
  }
}

TEST(PlaceInJson, EndsOnWhatIsNoJson) {
  const std::string json = R"({"a":{"b":["x\u00e9",{"c":"d"}]},"e":1})";
  for (std::size_t length = 0; length <= json.size(); ++length) {
    for (const std::string_view pointer : {"/a", "/a/b/1/c", "/e", "/a/b/0", ""}) {
      const auto place = place_in_json(std::string_view(json).substr(0, length), pointer);
      EXPECT_LE(place ? place->offset + place->text.size() : 0, length);
    }
  }
  for (const std::string_view odd : {"", "x", "[", "{{{{", "\"", "\"\\", "{\"a\"", "{\"a\":", "}]", "{]"})
    static_cast<void>(place_in_json(odd, "/a/0"));
}

}  // namespace
}  // namespace daybook::replay
