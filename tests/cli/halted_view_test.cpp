#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "cli/directory_target.h"
#include "cli/json_value.h"
#include "ledger/domain/invariant.h"
#include "projections/projection.h"
#include "server/app/ask.h"
#include "server/app/ledger_host.h"

/// A view that meets an event it cannot fold, in a whole ledger and asked for as anybody asks.
namespace daybook::cli {
namespace {

using namespace std::chrono_literals;

/// Counts the prices; one of them it cannot fold until it is mended.
class Stumbling final : public projections::SimpleFold {
 public:
  Stumbling(Position at, bool mended) : at_(at), mended_(mended) {}

 protected:
  void apply(const log::RecordView& record, projections::Rows& rows) override {
    if (record.position == at_ && !mended_) throw InvariantBroken("a total is below zero");
    rows.put_constant("k" + std::to_string(record.position), "v");
  }

 private:
  Position at_;
  bool mended_;
};

projections::Projection stumbling(Position at, bool mended) {
  return {.name = "stumbling", .version = 1, .types = ~0ULL, .make = [=](const projections::FoldPlace&) {
            return std::make_unique<Stumbling>(at, mended);
          }};
}

class HaltedView : public ::testing::Test {
 protected:
  HaltedView() {
    std::string name = (std::filesystem::temp_directory_path() / "daybook-halted-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
    before_ = spdlog::default_logger();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told_)));
  }
  ~HaltedView() override {
    host_.reset();
    spdlog::set_default_logger(before_);
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void open(Position at, bool mended) {
    host_.reset();
    server::LedgerHost::Options options;
    options.ledger.log.directory = directory_ / "ledger";
    options.ledger.clock = engine::ClockMode::Manual;
    options.more_views = {stumbling(at, mended)};
    server::LedgerHost::Opened host = server::LedgerHost::open(options);
    if (!host) throw std::runtime_error(host.error().detail);
    host_ = std::move(*host);
  }

  /// A price; its position.
  Position post(int number) {
    const std::string event =
        R"({"specversion":"1.0","type":"daybook.PriceChanged","source":"//test","id":")" + std::to_string(number) +
        R"(","data":{"meterId":"m-)" + std::to_string(number) + R"(","currency":"EUR","effectiveOn":"1970-01-01","unitPrice":"1"}})";
    DirectoryTarget target(*host_);
    const auto posted = target.post(std::span(&event, 1));
    if (!posted) throw std::runtime_error(posted.error().message);
    EXPECT_TRUE(host_->views().wait_for(posted->position, 60s));
    return posted->position;
  }

  /// GET `path`.
  JsonValue ask(const std::string& path) {
    engine::Caller caller;
    caller.key_name = "test";
    caller.viewer = Viewer::operating();
    const http::Response answer = server::ask(*host_, caller, path);
    EXPECT_EQ(answer.status(), 200u) << answer.body();
    return JsonValue::parse(answer.body()).value();
  }

  JsonValue view(const std::string& name) {
    const JsonValue answer = ask("/v1/projections");
    for (const JsonValue& item : answer["items"].items()) {
      if (item["name"].text() == name) return item;
    }
    throw std::logic_error("no such view");
  }

  std::filesystem::path directory_;
  std::ostringstream told_;
  std::shared_ptr<spdlog::logger> before_;
  std::unique_ptr<server::LedgerHost> host_;
};

TEST_F(HaltedView, SaysWhereAndWhyStopsNobodyElseAndGoesOnFromThereWhenMended) {
  open(3, false);
  Position newest = 0;
  for (int i = 1; i <= 5; ++i) newest = post(i);
  ASSERT_EQ(newest, 5u);
  JsonValue halted = view("stumbling");
  EXPECT_EQ(halted["status"].text(), "Halted");
  EXPECT_EQ(halted["position"].integer(), 2);
  EXPECT_EQ(halted["lag"].integer(), 3);
  EXPECT_EQ(halted["error"]["position"].integer(), 3);
  EXPECT_EQ(halted["error"]["reason"].text(), "a total is below zero");
  for (const char* name : {"entities", "usage", "invoices", "unmatched"}) {
    const JsonValue other = view(name);
    EXPECT_EQ(other["status"].text(), "Live") << name;
    EXPECT_EQ(other["position"].integer(), 5) << name;
    EXPECT_TRUE(other["error"].is_null()) << name;
  }
  EXPECT_EQ(ask("/v1/events?type=PriceChanged")["items"].items().size(), 5u) << "questions are answered";

  open(3, false);  // again with the program that cannot fold it
  EXPECT_EQ(post(6), 6u);
  EXPECT_EQ(view("stumbling")["error"]["position"].integer(), 3);
  host_.reset();
  const std::string told = told_.str();
  EXPECT_NE(told.find("the view stumbling has stopped at position 3: a total is below zero"), std::string::npos) << told;

  open(3, true);
  EXPECT_EQ(post(7), 7u);
  halted = view("stumbling");
  EXPECT_EQ(halted["status"].text(), "Live");
  EXPECT_EQ(halted["position"].integer(), 7);
  EXPECT_EQ(halted["lag"].integer(), 0);
  EXPECT_TRUE(halted["error"].is_null());
}

}  // namespace
}  // namespace daybook::cli
