#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/invariant.h"
#include "projections/runner.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"
#include "tests/projections/random_ledger.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

using namespace std::chrono_literals;

ProjectionStatus status_of(const Projections& views, std::string_view name) {
  for (ProjectionStatus& view : views.status()) {
    if (view.name == name) return view;
  }
  throw std::logic_error("no such view");
}

WrittenEvent broken(EventType type) {
  WrittenEvent event;
  event.stream = 1;
  event.version = 1000;
  event.type = static_cast<std::uint16_t>(type);
  event.bytes.assign(64, std::byte{0xee});
  return event;
}

TEST(PoisonousEvent, HaltsTheViewThatCannotFoldItAndNoOther) {
  RandomLedger history(21);
  ViewLedger ledger;
  std::vector<WrittenEvent> events;
  for (int i = 0; i < 200; ++i) events.push_back(history.next());
  events.push_back(broken(EventType::SubscriptionMoved));
  for (int i = 0; i < 100; ++i) events.push_back(history.next());
  ledger.append(events);
  Projections& views = ledger.views();
  views.catch_up();

  const ProjectionStatus halted = status_of(views, "entities");
  EXPECT_EQ(halted.status, ProjectionState::Halted);
  EXPECT_EQ(halted.position, 200U) << "everything before it is folded";
  EXPECT_EQ(halted.lag, 101U);
  ASSERT_TRUE(halted.error);
  EXPECT_EQ(halted.error->position, 201U);
  EXPECT_NE(halted.error->reason.find("cannot be decoded"), std::string::npos)
      << halted.error->reason;

  EXPECT_EQ(status_of(views, "usage").position, 301U);
  EXPECT_EQ(status_of(views, "unmatched").position, 301U);
  // What reads the halted one goes as far as it.
  EXPECT_EQ(status_of(views, "invoices").position, 200U);
  EXPECT_EQ(status_of(views, "invoices").status, ProjectionState::Live);
}

TEST(PoisonousEvent, IsMetAgainAfterReopeningAndInARebuild) {
  RandomLedger history(22);
  ViewLedger ledger;
  std::vector<WrittenEvent> events;
  for (int i = 0; i < 50; ++i) events.push_back(history.next());
  events.push_back(broken(EventType::UsageAmended));
  for (int i = 0; i < 50; ++i) events.push_back(history.next());
  ledger.append(events);
  ledger.views().catch_up();
  EXPECT_EQ(status_of(ledger.views(), "usage").position, 50U);
  ledger.close();
  Projections& views = ledger.open();
  views.catch_up();
  const ProjectionStatus usage = status_of(views, "usage");
  EXPECT_EQ(usage.status, ProjectionState::Halted);
  EXPECT_EQ(usage.error->position, 51U);
  EXPECT_EQ(status_of(views, "entities").position, 101U);
  const auto rebuilt = views.rebuild({"usage"}, false);
  ASSERT_TRUE(rebuilt);
  EXPECT_EQ(rebuilt->front().position, 50U);
  EXPECT_EQ(rebuilt->front().live_hash, rebuilt->front().rebuilt_hash);
}

/// Counts events; stumbles over one until it is mended, or waits there until it may pass.
class Stumbling final : public SimpleFold {
 public:
  Stumbling(Position at, const std::atomic<bool>& mended, const std::atomic<bool>* passable)
      : at_(at), mended_(mended), passable_(passable) {}

 protected:
  void apply(const log::RecordView& record, Rows& rows) override {
    if (record.position == at_) {
      if (passable_ != nullptr) passable_->wait(false);
      if (!mended_) throw InvariantBroken("a total is below zero");
    }
    rows.put_constant("k" + std::to_string(record.position), "v");
  }

 private:
  Position at_;
  const std::atomic<bool>& mended_;
  const std::atomic<bool>* passable_;
};

Projection stumbling(Position at, const std::atomic<bool>& mended,
                     const std::atomic<bool>* passable = nullptr) {
  return Projection{
      .name = "stumbling", .version = 1, .types = ~0ULL, .make = [=, &mended](const FoldPlace&) {
        return std::make_unique<Stumbling>(at, mended, passable);
      }};
}

TEST(PoisonousEvent, IsFoldedOnceWhatStoppedItIsMended) {
  std::atomic<bool> mended = false;
  RandomLedger history(23);
  ViewLedger ledger;
  std::vector<WrittenEvent> events;
  for (int i = 0; i < 100; ++i) events.push_back(history.next());
  ledger.append(events);
  Projections& views = ledger.open({}, {stumbling(42, mended)});
  views.catch_up();
  EXPECT_EQ(views.status().front().error, (Halt{42, "a total is below zero"}));
  EXPECT_EQ(views.status().front().logical_rows, 41U);
  EXPECT_FALSE(views.step());
  mended = true;
  views.resume("stumbling");
  views.catch_up();
  EXPECT_EQ(views.status().front().status, ProjectionState::Live);
  EXPECT_EQ(views.status().front().logical_rows, 100U);
}

TEST(Runner, FollowsTheHeadAndASlowViewKeepsNoOtherWaiting) {
  const std::atomic<bool> mended = true;
  std::atomic<bool> passable = false;
  RandomLedger history(24);
  ViewLedger ledger;
  auto projections = all_projections();
  projections.push_back(stumbling(10, mended, &passable));
  Projections& views = ledger.open({}, std::move(projections));
  Runner runner(views);
  std::vector<WrittenEvent> events;
  for (int i = 0; i < 100; ++i) events.push_back(history.next());
  ledger.append(events);
  runner.wake();
  // Without end where the others waited for the slow one.
  while (views.position("usage") < 100 || views.position("invoices") < 100) {
    std::this_thread::yield();
  }
  EXPECT_LT(views.position("stumbling"), 100U);
  EXPECT_FALSE(views.wait_for(100, 1ms)) << "the slow one is not there yet";
  passable = true;
  passable.notify_all();
  EXPECT_TRUE(views.wait_for(100, 60s));
}

}  // namespace
}  // namespace daybook::projections::testing
