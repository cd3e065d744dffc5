#include "tests/engine/engine_fixture.h"

#include <algorithm>

#include "ledger/domain/enums.h"
#include "ledger/engine/books.h"
#include "ledger/log/views.h"

namespace daybook::engine {
namespace {

using ::testing::Test;

class RecordFacts : public EngineTest {};

TEST_F(RecordFacts, GivesConsecutivePositionsFromOne) {
  const auto done = post(account() + "," + subscription() + "," + price() + "," + usage("u-1"));
  ASSERT_EQ(done->facts.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(done->facts[i].status, FactStatus::Accepted) << i << (done->error_of(done->facts[i]) ? done->error_of(done->facts[i])->detail : "");
    EXPECT_EQ(done->facts[i].position, i + 1);
  }
  EXPECT_EQ(done->first, 1u);
  EXPECT_EQ(done->last, 4u);
  EXPECT_EQ(ledger_->log().position(), 4u);
}

TEST_F(RecordFacts, AnswersTheSameEventWithItsFirstPosition) {
  post(account());
  const auto again = post(account() + "," + account());
  EXPECT_EQ(again->facts[0].status, FactStatus::Duplicate);
  EXPECT_EQ(again->facts[0].position, 1u);
  EXPECT_EQ(again->facts[1].status, FactStatus::Duplicate);
  EXPECT_EQ(ledger_->log().position(), 1u);
}

TEST_F(RecordFacts, KnowsAnEventAgainAfterTheIndexWasFrozenAndAfterReopening) {
  post(account() + "," + subscription() + "," + price() + "," + usage("u-1"));
  ASSERT_TRUE(ledger_->maintain(true).has_value());
  EXPECT_EQ(post(usage("u-1"))->facts[0].position, 4u);
  reopen();
  EXPECT_EQ(post(usage("u-1"))->facts[0].status, FactStatus::Duplicate);
  std::filesystem::remove_all(directory_.path() + "/never");
  ledger_.reset();
  std::filesystem::remove_all(directory_.path() + "/ledger/views");
  open();
  EXPECT_EQ(post(usage("u-1"))->facts[0].position, 4u);
  EXPECT_EQ(ledger_->stream_version(StreamType::UsageLedger, "sub-01"), 1u);
}

TEST_F(RecordFacts, KeepsLittleInMemoryWhileALongLogIsReadAgain) {
  post(account() + "," + subscription() + "," + price());
  std::string events;
  for (int i = 0; i < 2'500; ++i) events += (i == 0 ? "" : ",") + usage("u-" + std::to_string(i));
  post(events);
  for (const unsigned threads : {0u, 1u}) {
    ledger_.reset();
    std::filesystem::remove_all(directory_.path() + "/ledger/views");
    planning_threads_ = threads;
    open();
    // Two tails of 1,000 were full: they are rows of the index already, before any housekeeping.
    log::ViewCursor rows(ledger_->log().views()->family("runs.identities").value());
    rows.seek_to_last();  // the manifest; before it the rows of the youngest run
    rows.prev();
    ASSERT_TRUE(rows.valid());
    EXPECT_EQ(static_cast<unsigned char>(rows.key()[3]), 2u) << "the second run";
    EXPECT_EQ(post(usage("u-0"))->facts[0].position, 4u);
    EXPECT_EQ(post(usage("u-2499"))->facts[0].position, 2'503u);
    EXPECT_EQ(post(usage("new-" + std::to_string(threads)))->facts[0].status, FactStatus::Accepted);
  }
}

TEST_F(RecordFacts, FindsADuplicateInsideOneBody) {
  const auto done = post(account() + "," + subscription() + "," + price() + "," + usage("u-1") + "," + usage("u-1"));
  EXPECT_EQ(done->facts[4].status, FactStatus::Duplicate);
  EXPECT_EQ(done->facts[4].position, 4u);
}

TEST_F(RecordFacts, RefusesAnIdUsedForAnotherEvent) {
  post(account() + "," + subscription() + "," + price() + "," + usage("u-1"));
  const auto other = post(usage("u-1", "25"));
  ASSERT_EQ(other->facts[0].status, FactStatus::Rejected);
  EXPECT_EQ(other->error_of(other->facts[0])->code, "EVENT_ID_REUSED");
  EXPECT_EQ(ledger_->log().position(), 4u);
}

TEST_F(RecordFacts, KeepsUsageThatMatchesNothingAndSaysSo) {
  const auto done = post(usage("u-1"));
  ASSERT_EQ(done->facts[0].status, FactStatus::Accepted);
  EXPECT_EQ(done->facts[0].code, static_cast<std::uint8_t>(Unmatched::UNKNOWN_SUBSCRIPTION) + 1);
  const auto later = post(account() + "," + subscription() + "," + usage("u-2"));
  EXPECT_EQ(later->facts[2].code, static_cast<std::uint8_t>(Unmatched::NO_PRICE) + 1);
  const auto priced = post(price() + "," + usage("u-3"));
  EXPECT_EQ(priced->facts[1].code, 0);
}

TEST_F(RecordFacts, RefusesAUsageIdUsedTwiceByOneSource) {
  post(account() + "," + subscription() + "," + price() + "," + usage("u-1", "1", R"(,"usageId":"row-9")"));
  const auto twice = post(usage("u-2", "1", R"(,"usageId":"row-9")"));
  EXPECT_EQ(twice->error_of(twice->facts[0])->code, "DUPLICATE_USAGE");
  const auto by_default = post(usage("row-9"));
  ASSERT_NE(by_default->error_of(by_default->facts[0]), nullptr);
  EXPECT_EQ(by_default->error_of(by_default->facts[0])->code, "DUPLICATE_USAGE");
  const auto taken_by_default = post(usage("u-5", "1", R"(,"usageId":"u-6")") + "," + usage("u-6"));
  EXPECT_EQ(taken_by_default->error_of(taken_by_default->facts[1])->code, "DUPLICATE_USAGE");
}

TEST_F(RecordFacts, CorrectsTheOnlyRowOfAnotherSource) {
  const auto from = [](std::string event, const std::string& source) {
    const std::string own = R"("source":"//test")";
    return event.replace(event.find(own), own.size(), R"("source":")" + source + '"');
  };
  const auto voided = [&](const std::string& id, const std::string& source, const std::string& usage_id = "u-1") {
    return from(fact("UsageVoided", id, R"({"subscriptionId":"sub-01","reason":"misread","usageId":")" + usage_id + R"("})"),
                source);
  };
  post(account() + "," + subscription() + "," + price() + "," + usage("u-1"));
  // The row of another source, while that is the only one of its name.
  const auto by_another = post(voided("c-1", "//office"));
  EXPECT_EQ(by_another->facts[0].status, FactStatus::Accepted);
  post(from(usage("u-1"), "//second"));
  const auto of_two = post(voided("c-2", "//office"));
  ASSERT_NE(of_two->error_of(of_two->facts[0]), nullptr);
  EXPECT_EQ(of_two->error_of(of_two->facts[0])->code, "UNKNOWN_REFERENCE");
  const auto by_its_own = post(voided("c-3", "//second"));
  EXPECT_EQ(by_its_own->facts[0].status, FactStatus::Accepted);
  // The sources are known after the ledger was closed, with its books and without.
  post(from(usage("u-5"), "//third") + "," + from(usage("u-6"), "//third"));
  ASSERT_TRUE(ledger_->maintain(true).has_value());
  reopen();
  EXPECT_EQ(post(voided("c-5", "//office", "u-5"))->facts[0].status, FactStatus::Accepted);
  ledger_.reset();
  std::filesystem::remove_all(directory_.path() + "/ledger/views");
  open();
  EXPECT_EQ(post(voided("c-6", "//office", "u-6"))->facts[0].status, FactStatus::Accepted);
}

TEST_F(RecordFacts, TakesTheGoodOnesOfAMixedBody) {
  const auto done = post(account() + "," +
                         fact("SubscriptionCreated", "sub-x",
                              R"({"subscriptionId":"s-9","accountId":"nobody","offerId":"MS-AZR-0003P"})") +
                         "," + subscription());
  EXPECT_EQ(done->facts[0].status, FactStatus::Accepted);
  EXPECT_EQ(done->error_of(done->facts[1])->code, "UNKNOWN_REFERENCE");
  EXPECT_EQ(done->facts[2].position, 2u);
}

TEST_F(RecordFacts, TakesAllOrNothingWhenAtomic) {
  const std::string bad = fact("SubscriptionCreated", "sub-x",
                               R"({"subscriptionId":"s-9","accountId":"nobody","offerId":"MS-AZR-0003P"})");
  const auto refused = post(account() + "," + subscription() + "," + usage("u-1") + "," + bad, true);
  EXPECT_EQ(ledger_->log().position(), 0u);
  EXPECT_EQ(ledger_->stream_number(StreamType::BillingAccount, "acc-1"), 0u);
  const auto taken = post(account() + "," + subscription() + "," + usage("u-1"), true);
  EXPECT_EQ(taken->facts[2].position, 3u);
  EXPECT_EQ(ledger_->stream_version(StreamType::UsageLedger, "sub-01"), 1u);
}

TEST_F(RecordFacts, ACheckpointAfterARefusedBodyKnowsNoneOfItsStreams) {
  post(account());
  const std::string bad = fact("SubscriptionCreated", "sub-x",
                               R"({"subscriptionId":"s-9","accountId":"nobody","offerId":"MS-AZR-0003P"})");
  post(subscription() + "," + usage("u-1") + "," + bad, true);
  EXPECT_TRUE(ledger_->maintain(true).has_value());
  reopen();
  EXPECT_EQ(ledger_->log().position(), 1u);
  EXPECT_EQ(ledger_->stream_number(StreamType::Subscription, "sub-01"), 0u);
  const auto taken = post(subscription() + "," + usage("u-1"));
  EXPECT_EQ(taken->facts[1].position, 3u);
}

TEST_F(RecordFacts, RefusesUsageThatNoBillCouldHold) {
  post(account() + "," + subscription() + "," + price());
  const auto done = post(usage("u-1", "1e30"));
  ASSERT_NE(done->error_of(done->facts[0]), nullptr);
  EXPECT_EQ(done->error_of(done->facts[0])->code, "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(done->error_of(done->facts[0])->pointer, "/data/quantity");
  EXPECT_EQ(ledger_->log().position(), 3u);
}

TEST_F(RecordFacts, HidesOtherTenantsFromAKeyOfOne) {
  post(account() + "," + subscription() + "," + price());
  Caller fabrikam;
  fabrikam.tenant = "fabrikam";
  const auto foreign = post(usage("u-1"), false, fabrikam);
  ASSERT_NE(foreign->error_of(foreign->facts[0]), nullptr);
  EXPECT_EQ(foreign->error_of(foreign->facts[0])->code, "NOT_FOUND");
  Caller contoso;
  contoso.tenant = "contoso";
  EXPECT_EQ(post(usage("u-1"), false, contoso)->facts[0].status, FactStatus::Accepted);
}

TEST_F(RecordFacts, GivesStreamsTheSameNumbersAndVersionsAfterReopening) {
  post(account() + "," + subscription() + "," + price() + "," + usage("u-1") + "," + usage("u-2"));
  const StreamNumber before = ledger_->stream_number(StreamType::UsageLedger, "sub-01");
  reopen();
  EXPECT_EQ(ledger_->stream_number(StreamType::UsageLedger, "sub-01"), before);
  EXPECT_EQ(ledger_->stream_version(StreamType::UsageLedger, "sub-01"), 2u);
  const auto done = post(usage("u-3"));
  const Result<log::StoredRecord> record = ledger_->log().read(done->facts[0].position);
  EXPECT_EQ(record->version, 3u);
  EXPECT_EQ(record->stream, before);
}

/// As a program leaves them that folds the same events to other states.
TEST_F(RecordFacts, FoldsTheLogAnewWhereBooksAreOfOtherRules) {
  post(account() + "," + subscription());
  EXPECT_TRUE(ledger_->maintain(true).has_value());
  const std::string of_others = "books.v1";
  {
    log::Views& views = *ledger_->log().views();
    log::ViewBatch rows(views.family(of_others).value());
    rows.put("p", std::string("\0\0\0\0\0\0\0\2", 8));
    ASSERT_TRUE(rows.write().has_value());
    ASSERT_TRUE(views.family(of_others)->flush().has_value());
    ASSERT_TRUE(views.drop(books_family_name()).has_value());
  }
  reopen();
  EXPECT_EQ(ledger_->stream_version(StreamType::Subscription, "sub-01"), 1u);
  const std::vector<std::string> families = ledger_->log().views()->families();
  EXPECT_EQ(std::ranges::count(families, of_others), 0);
  EXPECT_EQ(std::ranges::count(families, books_family_name()), 1);
}

}  // namespace
}  // namespace daybook::engine
