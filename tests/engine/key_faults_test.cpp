#include <algorithm>
#include <functional>

#include <sys/stat.h>

#include "tests/engine/person_fixture.h"
#include "tests/log/faulty_files.h"

/// A disk that fails under keys/, at every possible place of a short life of a ledger; key files that were
/// damaged, put back or lost.
namespace daybook::engine {
namespace {

using ::testing::HasSubstr;
using log::FileOp;
using log::testing::FaultyFiles;

class KeyFiles : public PersonTest {
 protected:
  /// What was acknowledged.
  struct Known {
    std::map<std::string, std::string> persons;   ///< id of the event → its personal value
    std::vector<std::string> erasing;             ///< ids whose erasure was asked for, with or without an answer
    bool erasure_acknowledged = false;
  };

  /// A short life: persons and recipients come, one is erased, one is removed, another comes. Ends early where the
  /// process would have.
  void live(Known& known) {
    const auto came = [&](const std::string& facts, std::vector<std::pair<std::string, std::string>> values,
                          const Caller& caller = {}) {
      const auto done = post(facts, false, caller);
      for (const PreparedFact& each : done->facts) {
        ASSERT_EQ(each.status, FactStatus::Accepted) << facts << (each.error != 0 ? done->error_of(each)->detail : "");
      }
      ASSERT_FALSE(stopped_) << "acknowledged after a failure";
      for (auto& [id, value] : values) known.persons[id] = std::move(value);
    };
    came(account() + "," + subscription(), {});
    came(linked("jeroen", "jeroen@contoso.example", "p-1"), {{"p-1", "jeroen@contoso.example"}});
    came(linked("ria", "ria@contoso.example", "p-2"), {{"p-2", "ria@contoso.example"}});
    came(recipient_added("r-1", "fin@contoso.example") + "," + recipient_added("r-2", "cfo@contoso.example"),
         {{"add-r-1", "fin@contoso.example"}, {"add-r-2", "cfo@contoso.example"}}, importer());
    known.erasing = {"p-1"};
    const auto erased = erase("jeroen", std::nullopt, "erase-1");
    ASSERT_TRUE(erased.has_value());
    ASSERT_FALSE(stopped_) << "acknowledged after a failure";
    known.persons["p-1"] = "(erased)";
    known.erasing = {"add-r-1"};
    came(recipient_removed("r-1"), {{"add-r-1", "(erased)"}}, importer());
    known.erasing.clear();
    came(profile() + "," + contact("Added", "c-1", "ap@contoso.example"), {{"c-1", "ap@contoso.example"}});
    known.erasing = {"c-1"};
    came(contact("Removed", "c-2", "ap@contoso.example"), {{"c-1", "(erased)"}, {"c-2", "(erased)"}});
    known.erasing.clear();
    came(linked("sofie", "sofie@contoso.example", "p-3"), {{"p-3", "sofie@contoso.example"}});
    known.erasure_acknowledged = true;
  }

  /// Lets the n-th operation of a kind under keys/ fail, for every n that there is.
  void every_nth(FileOp op, std::uint64_t at_least) {
    std::uint64_t nth = 1;
    for (;; ++nth) {
      ledger_.reset();
      std::filesystem::remove_all(path(""));
      stopped_ = false;
      auto faults = std::make_shared<FaultyFiles>(
          [op](FileOp now, const std::string& file) {
            return now == op && file.find("/keys/") != std::string::npos &&
                   file.find("log_signing") == std::string::npos;
          },
          nth);
      files_ = log::guarded_files(rocksdb::FileSystem::Default(), faults);
      Known known;
      Ledger::Opened opened = try_open();
      if (opened) {
        ledger_ = std::move(*opened);
        try {
          live(known);
        } catch (const log::FailStopped&) {
          EXPECT_TRUE(stopped_);
        }
        if (HasFatalFailure()) return;
        ledger_.reset();
      } else {
        EXPECT_EQ(opened.error().exit_code, log::ExitCode::IoError) << opened.error().detail;
      }
      files_ = nullptr;
      if (!faults->fired()) {
        EXPECT_TRUE(known.erasure_acknowledged);
        EXPECT_FALSE(stopped_);
        break;
      }
      ASSERT_TRUE(stopped_) << "operation " << nth << " failed and nobody stopped";
      stopped_ = false;
      check_after_restart(known, nth);
    }
    EXPECT_GT(nth, at_least);
  }

  void check_after_restart(const Known& known, std::uint64_t nth) {
    open();
    ASSERT_TRUE(ledger_->log().verify().has_value());
    const std::map<std::string, std::string> found = persons();
    for (const auto& [id, value] : known.persons) {
      const bool in_doubt = std::find(known.erasing.begin(), known.erasing.end(), id) != known.erasing.end();
      ASSERT_TRUE(found.contains(id)) << "operation " << nth << ": " << id << " is lost";
      if (in_doubt && found.at(id) == "(erased)") continue;
      EXPECT_EQ(found.at(id), value) << "operation " << nth << ": " << id;
    }
    // What the log says is erased is erased: the process that said so could not do it, this one has.
    bool said = false;
    bool removed = false;
    bool contact_removed = false;
    ASSERT_TRUE(ledger_->log().scan(1, ledger_->log().position(), [&](const log::RecordView& record) {
      said = said || record.type == static_cast<std::uint16_t>(EventType::SubjectErased);
      removed = removed || record.type == static_cast<std::uint16_t>(EventType::EmailRecipientRemoved);
      contact_removed = contact_removed || record.type == static_cast<std::uint16_t>(EventType::AccountsPayableContactRemoved);
    }).has_value());
    if (removed) {
      EXPECT_EQ(found.at("add-r-1"), "(erased)") << "operation " << nth;
    }
    if (contact_removed) {
      EXPECT_EQ(found.at("c-1"), "(erased)") << "operation " << nth;
      EXPECT_EQ(found.at("c-2"), "(erased)") << "operation " << nth;
    }
    if (!found.contains("p-1")) return;
    EXPECT_EQ(found.at("p-1"), said ? "(erased)" : "jeroen@contoso.example") << "operation " << nth;
    const auto again = erase("jeroen", std::nullopt, "erase-1");
    ASSERT_TRUE(again.has_value()) << again.error().detail;
    EXPECT_EQ(again->replayed, said);
    EXPECT_EQ(again->count, 1u);
    EXPECT_EQ(persons()["p-1"], "(erased)");
  }
};

TEST_F(KeyFiles, AnyFailedWriteEndsWith74) { every_nth(FileOp::Write, 12); }
TEST_F(KeyFiles, AnyFailedSyncEndsWith74) { every_nth(FileOp::Sync, 12); }
TEST_F(KeyFiles, AnyFailedOpenEndsWith74) { every_nth(FileOp::Open, 12); }
TEST_F(KeyFiles, AnyFailedRenameEndsWith74) { every_nth(FileOp::Rename, 5); }
TEST_F(KeyFiles, AnyFailedRemovalEndsWith74) { every_nth(FileOp::Delete, 1); }
TEST_F(KeyFiles, AnyFailedCloseEndsWith74) { every_nth(FileOp::Close, 10); }

/// A checkpoint that an opening writes on its way must not put an erasure behind it that is still to be done.
TEST_F(KeyFiles, AnErasureThatIsCutOffTwiceIsFinishedByTheStartAfterThat) {
  post(account() + "," + linked("jeroen", "jeroen@contoso.example", "p-1"));
  unwritten_rows_ = 0;  // one after every frame
  const auto failing = [&] {
    ledger_.reset();
    stopped_ = false;
    files_ = log::guarded_files(rocksdb::FileSystem::Default(), std::make_shared<FaultyFiles>(
        [](FileOp op, const std::string& file) { return op == FileOp::Rename && file.find("/keys/") != std::string::npos; }, 1));
  };
  failing();
  open();
  EXPECT_THROW(static_cast<void>(erase("jeroen", std::nullopt)), log::FailStopped);
  failing();
  try {
    EXPECT_FALSE(try_open());
  } catch (const log::FailStopped&) {
    EXPECT_TRUE(stopped_);
  }
  files_ = nullptr;
  stopped_ = false;
  open();
  EXPECT_EQ(persons()["p-1"], "(erased)");
  EXPECT_EQ(email_of("jeroen"), "(erased)");
}

TEST_F(KeyFiles, AreForTheirOwnerAlone) {
  post(account() + "," + linked("jeroen", "jeroen@contoso.example", "p-1"));
  ASSERT_TRUE(erase("jeroen", std::nullopt).has_value());
  for (const char* file : {"keys/subjects", "keys/master-2"}) {
    struct stat status {};
    ASSERT_EQ(::stat(path(file).c_str(), &status), 0) << file;
    EXPECT_EQ(status.st_mode & 0777, 0600u) << file;
  }
}

TEST_F(KeyFiles, ATornTailIsRecovered) {
  post(account() + "," + linked("jeroen", "jeroen@contoso.example", "p-1"));
  ledger_.reset();
  for (const std::size_t torn : {1u, 24u, 100u}) {
    const std::string whole = bytes_of(path("keys/subjects"));
    std::ofstream(path("keys/subjects"), std::ios::binary) << whole << std::string(torn, '\x7f');
    open();
    EXPECT_EQ(email_of("jeroen"), "jeroen@contoso.example");
    post(linked("ria", "ria@contoso.example", "torn-" + std::to_string(torn)));
    reopen();
    EXPECT_EQ(persons()["torn-" + std::to_string(torn)], "ria@contoso.example");
    ledger_.reset();
  }
}

TEST_F(KeyFiles, AKeyThatTheLogRefersToAndTheFileHasLostIsSaidAtOpen) {
  post(account() + "," + linked("jeroen", "jeroen@contoso.example", "p-1"));
  const std::string older = bytes_of(path("keys/subjects"));
  post(linked("ria", "ria@contoso.example", "p-2"));
  for (const bool checkpoint : {false, true}) {  // found in the books' rows, or in the log behind them
    if (checkpoint) {
      ASSERT_TRUE(ledger_->maintain(true).has_value());
    }
    ledger_.reset();
    const std::string newer = bytes_of(path("keys/subjects"));
    std::ofstream(path("keys/subjects"), std::ios::binary) << older;
    const Ledger::Opened opened = try_open();
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().exit_code, log::ExitCode::Corruption);
    EXPECT_THAT(opened.error().detail, HasSubstr("keys/subjects does not have: restore that file from its backup"));
    std::ofstream(path("keys/subjects"), std::ios::binary) << newer;
    open();
    EXPECT_EQ(email_of("ria"), "ria@contoso.example");
  }
}

TEST_F(KeyFiles, AKeyThatOnlyThePastRefersToIsMissedWhenItIsRead) {
  const auto preferred = [&](const std::string& address, const std::string& id) {
    return post(fact("PreferredEmailChanged", id,
                     R"({"scopeType":"Subscription","scopeId":"sub-01","address":")" + address + R"("})"),
                false, importer())->facts[0].position;
  };
  post(account() + "," + subscription());
  preferred("fin@contoso.example", "pref-1");
  const std::string older = bytes_of(path("keys/subjects"));
  const log::Position lost = preferred("cfo@contoso.example", "pref-2");
  const log::Position kept = preferred("fin@contoso.example", "pref-3");
  ASSERT_TRUE(ledger_->maintain(true).has_value());  // no row of the books needs the second key any more
  ledger_.reset();
  std::ofstream(path("keys/subjects"), std::ios::binary) << older;
  open();
  const auto read = [&](log::Position position) {
    const Result<log::StoredRecord> record = ledger_->log().read(position);
    return codec::decode_event(record.value().event, &ledger_->sealer());
  };
  EXPECT_TRUE(read(kept).has_value());
  const Result<Event> event = read(lost);
  ASSERT_FALSE(event.has_value());
  EXPECT_EQ(event.error().kind, ErrorKind::Corruption);
  EXPECT_THAT(event.error().detail, HasSubstr("keys/subjects does not have: restore that file from its backup"));
}

TEST_F(KeyFiles, AMissingOrDamagedFileIsNamedAndRefused) {
  post(account() + "," + linked("jeroen", "jeroen@contoso.example", "p-1"));
  ledger_.reset();
  for (const std::string file : {"keys/subjects", "keys/master-1"}) {
    const std::string whole = bytes_of(path(file));
    std::filesystem::remove(path(file));
    const Ledger::Opened missing = try_open();
    ASSERT_FALSE(missing.has_value()) << file;
    EXPECT_EQ(missing.error().exit_code, log::ExitCode::HistoryLost);
    EXPECT_THAT(missing.error().detail, HasSubstr(file));
    EXPECT_THAT(missing.error().detail, HasSubstr("restore it from its backup"));
    std::string damaged = whole;
    damaged[20] = static_cast<char>(damaged[20] ^ 1);
    std::ofstream(path(file), std::ios::binary) << damaged;
    const Ledger::Opened refused = try_open();
    ASSERT_FALSE(refused.has_value()) << file;
    EXPECT_EQ(refused.error().exit_code, log::ExitCode::Corruption);
    EXPECT_THAT(refused.error().detail, HasSubstr(file));
    std::ofstream(path(file), std::ios::binary) << whole;
  }
  open();
  EXPECT_EQ(email_of("jeroen"), "jeroen@contoso.example");
}

}  // namespace
}  // namespace daybook::engine
