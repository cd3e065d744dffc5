#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/codec/cloudevents.h"
#include "ledger/engine/ledger.h"
#include "ledger/log/clock.h"
#include "ledger/log/rng.h"
#include "tests/support/ledger_directory.h"

namespace daybook::engine {

/// A ledger with a manual clock in a directory of its own, opened and closed at will.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() { open(); }

  Ledger::Opened try_open() {
    LedgerOptions options;
    options.log.directory = directory_.path() + "/ledger";
    options.log.on_io_failure = [this](const log::IoFailure&) { stopped_ = true; };
    options.clock = ClockMode::Manual;
    options.identity_tail_keys = 1'000;
    options.unwritten_rows = unwritten_rows_;
    options.planning_threads = planning_threads_;
    log::Seams seams;
    seams.files = files_;
    seams.clock = &clock_;
    seams.rng = &rng_;
    return Ledger::open(options, seams);
  }
  void open() {
    Ledger::Opened opened = try_open();
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    ledger_ = std::move(*opened);
  }
  void reopen() {
    ledger_.reset();
    open();
  }

  /// Ingests a batch of structured events; `events` are the items of a JSON array.
  std::unique_ptr<FactBatch> post(const std::string& events, bool atomic = false, Caller caller = {}) {
    Result<std::unique_ptr<FactBatch>> done = ledger_->ingest(prepared(events, atomic, std::move(caller)));
    EXPECT_TRUE(done.has_value());
    return std::move(*done);
  }
  /// The same, as far as it goes off the sequencer.
  std::unique_ptr<FactBatch> prepared(const std::string& events, bool atomic = false, Caller caller = {}) {
    auto batch = std::make_unique<FactBatch>();
    batch->caller = caller;
    batch->atomic = atomic;
    codec::Intake intake;
    intake.now = ledger_->now();
    intake.tenant = caller.tenant;
    intake.import = caller.may_import;
    codec::CloudEventStream stream;
    stream.open(codec::BodyForm::Batch, "[" + events + "]", intake);
    while (auto item = stream.next()) {
      if (item->event) {
        ledger_->prepare(*batch, std::move(*item->event));
      } else {
        ledger_->prepare_refused(*batch, item->event.error());
      }
    }
    EXPECT_FALSE(stream.failure().has_value());
    return batch;
  }

  static std::string fact(std::string_view type, std::string_view id, std::string_view data,
                          std::string_view time = "1970-01-01T00:00:00Z") {
    return R"({"specversion":"1.0","type":"daybook.)" + std::string(type) + R"(","source":"//test","id":")" +
           std::string(id) + R"(","time":")" + std::string(time) + R"(","data":)" + std::string(data) + "}";
  }
  static std::string account() {
    return fact("BillingAccountOpened", "open-1",
                R"({"accountId":"acc-1","type":"MOSP","country":"NL","tenantId":"contoso","currency":"EUR",)"
                R"("signedUpBy":"jeroen","createdOn":"1970-01-01"})");
  }
  static std::string subscription() {
    return fact("SubscriptionCreated", "sub-1",
                R"({"subscriptionId":"sub-01","accountId":"acc-1","offerId":"MS-AZR-0003P","createdOn":"1970-01-01"})");
  }
  static std::string price() {
    return fact("PriceChanged", "price-1",
                R"({"meterId":"vm","currency":"EUR","effectiveOn":"1970-01-01","unitPrice":"0.12"})");
  }
  static std::string usage(std::string_view id, std::string_view quantity = "24", std::string_view more = "") {
    return fact("UsageRecorded", id,
                R"({"subscriptionId":"sub-01","meterId":"vm","quantity":")" + std::string(quantity) + "\"" +
                    std::string(more) + "}");
  }

  testing::TemporaryDirectory directory_;
  log::ManualClock clock_{1'700'000'000'000'000};
  log::SeededRng rng_{42};
  std::shared_ptr<rocksdb::FileSystem> files_;  ///< the host's where there is none
  std::atomic<bool> stopped_{false};            ///< the process would have ended with 74
  std::size_t unwritten_rows_ = LedgerOptions().unwritten_rows;
  unsigned planning_threads_ = 0;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace daybook::engine
