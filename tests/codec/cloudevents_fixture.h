#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "ledger/codec/cloudevents.h"

namespace daybook::codec {

inline constexpr std::string_view kUsage =
    R"({"specversion":"1.0","type":"daybook.UsageRecorded","source":"//meter/eu-1","id":"u-000017","time":"2024-03-07T10:00:00Z",
 "data":{"subscriptionId":"sub-01","meterId":"vm-b1s","quantity":"24","unit":"1 Hour","resourceId":"/subscriptions/sub-01/vm/web","category":"Virtual Machines","region":"EU West"}})";

/// The usual event with `from` replaced by `to`.
inline std::string usage_with(std::string_view from, std::string_view to) {
  std::string text(kUsage);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

class CloudEvents : public ::testing::Test {
 protected:
  CloudEvents() {
    intake.now = Instant::parse("2024-03-08T09:00:00Z").value();
    intake.tenant = "tenant-a";
    intake.actor.key_id = "key-1";
  }

  Result<Event> read(std::string_view text) {
    stream.open(BodyForm::Single, text, intake);
    auto* item = stream.next();
    EXPECT_TRUE(item != nullptr);
    Result<Event> event = std::move(item->event);
    EXPECT_EQ(stream.next(), nullptr);
    return event;
  }
  std::string refused(std::string_view text) {
    const Result<Event> event = read(text);
    return event ? "accepted" : std::string(event.error().code) + " " + event.error().pointer;
  }
  /// "ok" or the code of every item, then the code of a failure.
  std::string read_all(BodyForm form, std::string_view body) {
    std::string text;
    stream.open(form, body, intake);
    std::size_t index = 0;
    while (auto* item = stream.next()) {
      EXPECT_EQ(item->index, index++);
      text += (item->event ? "ok"
                           : std::string(item->event.error().code) + item->event.error().pointer) +
              " ";
    }
    if (stream.failure()) text += "! " + std::string(stream.failure()->code);
    return text;
  }

  Intake intake;
  CloudEventStream stream;
};

}  // namespace daybook::codec
