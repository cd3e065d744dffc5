#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "cli/directory_target.h"
#include "ledger/domain/rules/rating.h"
#include "server/app/ledger_host.h"
#include "tests/support/ledger_directory.h"

// Whoever calls `rate` gets the first (the linker's --wrap, CMakeLists.txt); the second is `rate` itself.
daybook::Result<daybook::RatedUsage> counted_rate(const daybook::RatingScope& scope,
                                                  const daybook::UsageBatch& batch,
                                                  const std::function<bool(const daybook::UsageItem&)>& counts)
    __asm__("__wrap_" DAYBOOK_RATE_SYMBOL);
daybook::Result<daybook::RatedUsage> rate_itself(const daybook::RatingScope& scope,
                                                 const daybook::UsageBatch& batch,
                                                 const std::function<bool(const daybook::UsageItem&)>& counts)
    __asm__("__real_" DAYBOOK_RATE_SYMBOL);

namespace {
std::atomic<int> ratings = 0;
}  // namespace

daybook::Result<daybook::RatedUsage> counted_rate(const daybook::RatingScope& scope,
                                                  const daybook::UsageBatch& batch,
                                                  const std::function<bool(const daybook::UsageItem&)>& counts) {
  ++ratings;
  return rate_itself(scope, batch, counts);
}

namespace daybook::cli {
namespace {

using namespace std::chrono_literals;

/// A whole ledger, its views folding along. Usage is rated when something is asked or billed, never when it comes.
class Ratings : public ::testing::Test {
 protected:
  Ratings() {
    server::LedgerHost::Options options;
    options.ledger.log.directory = directory_.path() + "/ledger";
    options.ledger.clock = engine::ClockMode::Manual;
    server::LedgerHost::Opened host = server::LedgerHost::open(options);
    if (!host) throw std::runtime_error(host.error().detail);
    host_ = std::move(*host);
    post({fact("BillingAccountOpened", "open-1",
               R"({"accountId":"acc-1","type":"MOSP","country":"NL","tenantId":"contoso","currency":"EUR",)"
               R"("signedUpBy":"jeroen","createdOn":"1970-01-01"})"),
          fact("PriceChanged", "price-1",
               R"({"meterId":"vm","currency":"EUR","effectiveOn":"1970-01-01","unitPrice":"0.12"})"),
          fact("SubscriptionCreated", "sub-1",
               R"({"subscriptionId":"sub-01","accountId":"acc-1","offerId":"MS-AZR-0003P","createdOn":"1970-01-01"})")});
    ratings = 0;
  }

  static std::string fact(std::string_view type, std::string_view id, std::string_view data,
                          std::string_view day = "1970-01-01") {
    std::string text = R"({"specversion":"1.0","source":"//test","type":"daybook.)";
    text.append(type).append(R"(","id":")").append(id).append(R"(","time":")").append(day);
    return text.append(R"(T00:00:00Z","data":)").append(data).append("}");
  }
  static std::string usage(int number) {
    return fact("UsageRecorded", "u-" + std::to_string(number),
                R"({"subscriptionId":"sub-01","meterId":"vm","quantity":"24"})");
  }

  /// Posts in one body and waits until every view has it.
  void post(const std::vector<std::string>& events) {
    DirectoryTarget target(*host_);
    const auto posted = target.post(events);
    if (!posted) throw std::runtime_error(posted.error().message);
    for (const FactOutcome& fact : posted->facts) EXPECT_EQ(fact.status, FactOutcome::Status::Accepted) << fact.detail;
    EXPECT_TRUE(host_->views().wait_for(posted->position, 60s));
  }
  void go_to(std::string_view instant) {
    DirectoryTarget target(*host_);
    const auto done = target.command("AdvanceClock", R"({"to":")" + std::string(instant) + R"("})");
    if (!done) throw std::runtime_error(done.error().message);
  }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<server::LedgerHost> host_;
};

TEST_F(Ratings, AreNoneWhileFactsComeIn) {
  for (int body = 0; body < 20; ++body) {
    std::vector<std::string> events;
    for (int i = 0; i < 50; ++i) events.push_back(usage(50 * body + i));
    post(events);
  }
  post({fact("UsageAmended", "amend-1", R"({"subscriptionId":"sub-01","usageId":"u-1","reason":"read again","quantity":"7"})"),
        fact("UsageVoided", "void-1", R"({"subscriptionId":"sub-01","usageId":"u-2","reason":"never used"})"),
        fact("PriceChanged", "price-2",
             R"({"meterId":"vm","currency":"EUR","effectiveOn":"1970-02-01","unitPrice":"0.13"})")});
  EXPECT_GE(host_->ledger().log().position(), 1'006u);
  EXPECT_EQ(ratings, 0);
}

TEST_F(Ratings, AreThereWhenAnInvoiceIsMade) {
  post({usage(1)});
  EXPECT_EQ(ratings, 0);
  go_to("1970-02-05T00:00:00Z");
  EXPECT_GT(ratings, 0);
  // What comes late waits for the next one.
  const int before = ratings;
  post({fact("UsageRecorded", "late-1", R"({"subscriptionId":"sub-01","meterId":"vm","quantity":"3"})"),
        fact("UsageAmended", "amend-1", R"({"subscriptionId":"sub-01","usageId":"u-1","reason":"read again","quantity":"7"})")});
  EXPECT_EQ(ratings, before);
}

}  // namespace
}  // namespace daybook::cli
