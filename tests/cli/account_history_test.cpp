#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cli/commands/proof_reader.h"
#include "ledger/codec/event.h"
#include "ledger/codec/json_writer.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/log/clock.h"
#include "ledger/log/log.h"
#include "ledger/log/rng.h"
#include "replay/account_proof.h"

/// The history of an account as it is handed over: any byte of it that was changed is found with nothing but the file.
namespace daybook::cli {
namespace {

/// These events have no personal values.
class NoSeals final : public codec::Sealer {
 public:
  Result<std::string> seal(std::string_view, codec::Binding, std::string_view plain) override { return std::string(plain); }
  Result<std::optional<std::string>> open(std::string_view sealed) const override { return std::string(sealed); }
};

class AccountHistory : public ::testing::Test {
 protected:
  AccountHistory() {
    std::string name = (std::filesystem::temp_directory_path() / "daybook-history-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = name;
    log::Options options;
    options.directory = name + "/ledger";
    options.open_views = false;
    log::Log::Opened opened = log::Log::open(options, log::Seams{nullptr, &clock_, &rng_});
    if (!opened) throw std::runtime_error(opened.error().detail);
    log_ = std::move(*opened);
  }
  ~AccountHistory() override {
    log_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void append(EventData data) {
    Event event;
    event.envelope.source = "//test/ü";
    event.envelope.id = "e-" + std::to_string(log_->position() + 1);
    event.envelope.time = Instant::start_of(Date::of(2024, 3, 5));
    event.data = std::move(data);
    codec::Buffer buffer;
    NoSeals sealer;
    if (auto encoded = codec::encode_event(event, sealer, buffer); !encoded) throw std::runtime_error(encoded.error().detail);
    const log::Bytes bytes = buffer.bytes();
    const log::NewRecord record{.stream = 1, .version = static_cast<std::uint32_t>(log_->position() + 1),
                                .type = static_cast<std::uint16_t>(event.data.type()), .code = 0, .event = bytes,
                                .leaf = log::leaf_hash(bytes)};
    log_->append(std::span(&record, 1), 1'000'000);
  }

  void append_account(const std::string& id) {
    BillingAccountOpened account;
    account.account_id = AccountId(id);
    account.type = AccountType::MOSP;
    account.country = "NL";
    account.currency = Currency::parse("EUR").value();
    account.signed_up_by = IdentityId("jeroen");
    append(account);
  }

  std::string history(const std::vector<log::Position>& positions) const {
    const auto proof = replay::prove_account(*log_, log_->position(), "acc-1", positions);
    if (!proof) throw std::runtime_error(proof.error().detail);
    std::string text;
    codec::JsonWriter json(text);
    replay::write_account_proof(*proof, json);
    return text;
  }

  std::filesystem::path directory_;
  log::SystemClock clock_;
  log::SeededRng rng_{7};
  std::unique_ptr<log::Log> log_;
};

TEST_F(AccountHistory, HoldsWithNothingButItsFile) {
  for (int i = 0; i < 9; ++i) append_account(i % 3 == 0 ? "acc-1" : "acc-2");
  const std::string text = history({1, 4, 7});
  for (const std::string& each : {text, text + "\n"}) {
    const auto checked = checked_history("history.json", each);
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(checked->items.size(), 3u);
    EXPECT_EQ(checked->items[1].position, 4u);
    EXPECT_EQ(checked->items[1].type, "daybook.BillingAccountOpened");
    EXPECT_EQ(checked->head.position, 9u);
    EXPECT_EQ(checked->public_key, log_->signed_head().public_key);
  }
}

TEST_F(AccountHistory, EveryChangedByteIsFound) {
  for (int i = 0; i < 5; ++i) append_account(i % 2 == 0 ? "acc-1" : "acc-2");
  const std::string text = history({1, 3, 5});
  ASSERT_TRUE(checked_history("history.json", text));
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const int bit : {0, 1, 5}) {  // 5: the other case of a letter
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      const auto checked = checked_history("history.json", changed);
      ASSERT_FALSE(checked) << "byte " << at << " of " << changed;
      ASSERT_EQ(checked.error().exit_code, ExitCode::IntegrityFailed);
    }
  }
  for (std::size_t size = 0; size < text.size(); ++size) ASSERT_FALSE(checked_history("history.json", text.substr(0, size))) << size;
}

TEST_F(AccountHistory, AnEventLeftOutOrPutInIsDenied) {
  for (int i = 0; i < 9; ++i) append_account(i % 3 == 0 ? "acc-1" : "acc-2");
  const auto whole = replay::prove_account(*log_, 9, "acc-1", std::vector<log::Position>{1, 4, 7});
  ASSERT_TRUE(whole);
  const auto fewer = replay::prove_account(*log_, 9, "acc-1", std::vector<log::Position>{1, 7});
  ASSERT_TRUE(fewer);
  replay::AccountProof forged = *fewer;  // proven to be in the log, under the statement of the whole
  forged.event_count = whole->event_count;
  forged.positions_root = whole->positions_root;
  forged.statement_signature = whole->statement_signature;
  EXPECT_NE(replay::first_fault(forged).value_or("").find("3 events, 2 are here"), std::string::npos);
  forged.event_count = fewer->event_count;
  EXPECT_NE(replay::first_fault(forged).value_or("").find("not signed"), std::string::npos);
  forged = *whole;
  forged.account_id = "acc-2";
  EXPECT_NE(replay::first_fault(forged).value_or("").find("not signed"), std::string::npos);
  forged = *whole;
  std::swap(forged.items[0], forged.items[1]);
  EXPECT_NE(replay::first_fault(forged).value_or("").find("out of order"), std::string::npos);
  forged = *whole;
  forged.items[1].event = whole->items[0].event;
  EXPECT_NE(replay::first_fault(forged).value_or("").find("another one than it says"), std::string::npos);
  forged = *whole;
  forged.nodes.pop_back();
  EXPECT_NE(replay::first_fault(forged).value_or("").find("do not lead to the head's root"), std::string::npos);
  EXPECT_EQ(replay::first_fault(*whole), std::nullopt);
}

}  // namespace
}  // namespace daybook::cli
