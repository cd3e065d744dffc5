#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>

#include "ledger/log/rng.h"
#include "server/app/jobs.h"

/// Jobs that are cancelled, before they begin and at their next step.
namespace daybook::server {
namespace {

const std::string kOwner = "operator";

class JobsTest : public ::testing::Test {
 protected:
  Jobs::View start(const std::string& key, Jobs::Work work, Jobs::Ends ends = Jobs::Ends::WhenAsked) {
    Result<Jobs::View> job = jobs_.start({kOwner, key, "digest"}, std::move(work), ends);
    EXPECT_TRUE(job);
    return *job;
  }
  /// One that says that it has begun, and ends once it is let, or when a step is cut off.
  Jobs::Work held() {
    return [this](const std::string&, const Jobs::Progress& progress) -> Jobs::Outcome {
      begun_.set_value();
      while (let_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
        progress(1, 2);
        std::this_thread::yield();
      }
      return {true, "1"};
    };
  }
  Jobs::State ended(const std::string& id) {
    while (true) {
      const Jobs::State state = jobs_.find(id, kOwner)->state;
      if (state != Jobs::State::Queued && state != Jobs::State::Running) return state;
      std::this_thread::yield();
    }
  }

  log::SystemRng rng_;
  std::promise<void> begun_;
  std::promise<void> go_;
  std::shared_future<void> let_ = go_.get_future().share();
  Jobs jobs_{rng_};
};

TEST_F(JobsTest, OneThatWaitsIsCancelledAtOnceAndNeverBegins) {
  const Jobs::View first = start("first", held());
  begun_.get_future().wait();
  bool has_run = false;
  const Jobs::View second = start("second", [&](const std::string&, const Jobs::Progress&) -> Jobs::Outcome {
    has_run = true;
    return {true, "2"};
  }, Jobs::Ends::Done);
  const Result<Jobs::View> cancelled = jobs_.cancel(second.job_id, kOwner);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->state, Jobs::State::Cancelled);
  go_.set_value();
  EXPECT_EQ(ended(first.job_id), Jobs::State::Done);
  jobs_.stop();
  EXPECT_FALSE(has_run);
  EXPECT_EQ(jobs_.find(second.job_id, kOwner)->result, "");
}

TEST_F(JobsTest, OneThatRunsEndsAtItsNextStep) {
  const Jobs::View job = start("long", held());
  begun_.get_future().wait();
  ASSERT_TRUE(jobs_.cancel(job.job_id, kOwner));
  EXPECT_EQ(ended(job.job_id), Jobs::State::Cancelled);
  // What is over stays as it is, and the same request begins anew.
  EXPECT_EQ(jobs_.cancel(job.job_id, kOwner)->state, Jobs::State::Cancelled);
  const Jobs::View again = start("long", [](const std::string&, const Jobs::Progress&) -> Jobs::Outcome { return {true, "2"}; });
  EXPECT_NE(again.job_id, job.job_id);
  EXPECT_EQ(ended(again.job_id), Jobs::State::Done);
  EXPECT_EQ(jobs_.cancel(again.job_id, kOwner)->state, Jobs::State::Done);
}

TEST_F(JobsTest, ACommandThatHasBegunGoesOn) {
  const Jobs::View job = start("command", held(), Jobs::Ends::Done);
  begun_.get_future().wait();
  EXPECT_EQ(jobs_.cancel(job.job_id, kOwner).error().code, "NOT_SUPPORTED");
  go_.set_value();
  EXPECT_EQ(ended(job.job_id), Jobs::State::Done);
}

TEST_F(JobsTest, NobodyElseCancelsIt) {
  const Jobs::View job = start("mine", held());
  begun_.get_future().wait();
  EXPECT_EQ(jobs_.cancel(job.job_id, "somebody").error().code, "NOT_FOUND");
  EXPECT_EQ(jobs_.cancel("job-none", kOwner).error().code, "NOT_FOUND");
  go_.set_value();
  EXPECT_EQ(ended(job.job_id), Jobs::State::Done);
}

TEST_F(JobsTest, TheEndOfTheServerCutsOffWhatMayBeCutOff) {
  const Jobs::View job = start("long", held());
  begun_.get_future().wait();
  jobs_.stop();
  EXPECT_EQ(jobs_.find(job.job_id, kOwner)->state, Jobs::State::Cancelled);
}

}  // namespace
}  // namespace daybook::server
