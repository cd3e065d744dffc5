#include "ledger/log/log_branch.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/hash.h"
#include "tests/log/log_fixture.h"

/// A branch has the events of its origin up to where it left, a history of its own from there, and another name; of the origin no
/// byte changes.
namespace daybook::log {
namespace {

using testing::every_file;
using testing::open_log;
using testing::random_group;
using testing::read_bytes;
using testing::small_options;
using testing::TemporaryDirectory;

std::unique_ptr<Log> open_to_read(const std::string& directory) {
  Options options = small_options(directory);
  options.read_only = true;
  options.keep_others_out = true;
  return open_log(options);
}

/// The rows alone, without the head's hashes.
std::string rows_of(const Log& log, Position upto) {
  std::string text;
  EXPECT_TRUE(log.scan(1, upto, [&](const RecordView& record) {
    text += std::to_string(record.position) + " " + std::to_string(record.recorded_at) + " " + hex(record.event) + "\n";
  }));
  return text;
}

class Branch : public ::testing::Test {
 protected:
  Branch() {
    {
      const auto log = open_log(small_options(origin()));
      append(*log, 1, 60);
    }
    const auto log = open_log(small_options(origin()));  // another epoch
    append(*log, 61, 120);
  }

  [[nodiscard]] std::string origin() const { return directory_.path("origin"); }
  [[nodiscard]] std::string path(const std::string& name) const { return directory_.path(name); }

  /// Groups of 50 events.
  static void append(Log& log, std::uint64_t from, std::uint64_t to, std::int64_t later = 0) {
    for (std::uint64_t seed = from; seed <= to; ++seed) {
      log.append(random_group(seed, 50).records(), static_cast<std::int64_t>(seed) + later);
    }
  }

  Result<Branched> branch(const std::string& from, Position position, const std::string& to, std::uint64_t seed = 7) const {
    const auto log = open_to_read(path(from));
    SeededRng rng(seed);
    return make_branch(*log, position, path(to), rng);
  }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
};

TEST_F(Branch, SharesThePastAndGoesOnAlone) {
  const auto before = every_file(origin());
  const Result<Branched> made = branch("origin", 2'000, "branch");
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_GT(made->linked, 0u) << "a log of this size has table files";
  EXPECT_TRUE(every_file(origin()) == before);
  Head grown;
  {
    const auto log = open_log(small_options(path("branch")));
    EXPECT_EQ(log->head(), made->head);
    EXPECT_EQ(log->position(), 2'000u);
    append(*log, 1'000, 1'400, 1'000);  // enough to merge and drop the files that both have
    ASSERT_TRUE(log->verify()) << log->verify().error().detail;
    grown = log->head();
  }
  EXPECT_TRUE(every_file(origin()) == before) << "whatever happens in the branch";
  {
    const auto log = open_log(small_options(path("branch")), 3);
    EXPECT_EQ(log->head(), grown);
    const Result<Head> verified = log->verify();
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_TRUE(verify_signature(log->signed_head()));
  }
  const auto parent = open_to_read(origin());
  const auto child = open_to_read(path("branch"));
  EXPECT_TRUE(parent->verify());
  EXPECT_EQ(parent->position(), 6'000u);
  EXPECT_EQ(rows_of(*parent, 2'000), rows_of(*child, 2'000));
  EXPECT_NE(rows_of(*parent, 2'050), rows_of(*child, 2'050));
}

TEST_F(Branch, CannotBeTakenForItsOrigin) {
  const Result<Branched> made = branch("origin", 2'000, "branch");
  ASSERT_TRUE(made);
  // Exactly what happened in the origin, at the same times.
  {
    const auto log = open_log(small_options(path("branch")));
    append(*log, 41, 50);
  }
  const auto parent = open_to_read(origin());
  const auto child = open_to_read(path("branch"));
  EXPECT_NE(child->ledger_id(), parent->ledger_id());
  EXPECT_NE(child->signed_head().public_key, parent->signed_head().public_key);
  EXPECT_EQ(child->root_at(2'500).value(), parent->root_at(2'500).value()) << "the events are the same";
  EXPECT_EQ(child->group_end(1'950)->chain, parent->group_end(1'950)->chain) << "up to where it left, the chain is the origin's";
  EXPECT_NE(child->group_end(2'000)->chain, parent->group_end(2'000)->chain) << "and from there on its own";
  EXPECT_NE(child->group_end(2'050)->chain, parent->group_end(2'050)->chain);
  EXPECT_EQ(child->group_end(2'000)->chain, branch_chain(parent->group_end(2'000)->chain, child->ledger_id()));
  EXPECT_EQ(child->lineage(), (Lineage{child->ledger_id(), {{parent->ledger_id(), 2'000}}}));
  EXPECT_EQ(child->lineage().branched_at(), 2'000u);
  EXPECT_EQ(parent->lineage().branched_at(), 0u);
}

TEST_F(Branch, CanBeBranchedBeforeAtAndAfterWhereItBegan) {
  ASSERT_TRUE(branch("origin", 2'000, "first"));
  {
    const auto log = open_log(small_options(path("first")));
    append(*log, 500, 520, 1'000);
  }
  const LedgerId root = open_to_read(origin())->ledger_id();
  const LedgerId first = open_to_read(path("first"))->ledger_id();
  const std::pair<Position, std::vector<Origin>> cases[] = {
      {1'000, {{root, 1'000}}}, {2'000, {{root, 2'000}}}, {2'500, {{root, 2'000}, {first, 2'500}}}};
  for (const auto& [position, origins] : cases) {
    const std::string name = "second-" + std::to_string(position);
    const Result<Branched> made = branch("first", position, name, position);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->lineage.origins, origins) << position;
    const auto log = open_log(small_options(path(name)));
    append(*log, 900, 905, 5'000);
    const Result<Head> verified = log->verify();
    ASSERT_TRUE(verified) << position << ": " << verified.error().detail;
    EXPECT_EQ(verified->ledger_id, made->lineage.ledger_id);
  }
}

TEST_F(Branch, AtTheHeadHasEverything) {
  const Result<Branched> made = branch("origin", 6'000, "branch");
  ASSERT_TRUE(made);
  const auto parent = open_to_read(origin());
  const auto child = open_to_read(path("branch"));
  EXPECT_EQ(rows_of(*parent, 6'000), rows_of(*child, 6'000));
  EXPECT_NE(child->head().chain, parent->head().chain);
}

TEST_F(Branch, RefusesWhatIsNoPlaceToLeaveAtOrToGo) {
  const Result<Branched> inside = branch("origin", 1'999, "branch");
  ASSERT_FALSE(inside);
  EXPECT_EQ(inside.error().code, "INSIDE_GROUP");
  EXPECT_NE(inside.error().detail.find("at 1950 or at 2000"), std::string::npos) << inside.error().detail;
  EXPECT_EQ(branch("origin", 6'001, "branch").error().code, "NOT_FOUND");
  EXPECT_EQ(branch("origin", 0, "branch").error().code, "NOT_FOUND");
  EXPECT_FALSE(std::filesystem::exists(path("branch")));
  EXPECT_EQ(branch("origin", 2'000, "origin").error().code, "ALREADY_EXISTS");
  EXPECT_EQ(branch("origin", 2'000, "no/parent").error().code, "COPY_FAILED");
  const auto log = open_log(small_options(origin()));
  EXPECT_THROW(open_to_read(origin()), std::runtime_error) << "somebody serves it";
}

TEST_F(Branch, LeavesNothingWhereItCannotBeMade) {
  const std::filesystem::path odd = std::filesystem::path(origin()) / "keys" / "odd";
  std::filesystem::create_directory(odd);  // a file of the ledger that cannot be read
  std::filesystem::create_directory(path("empty"));
  for (const std::string name : {"new", "empty"}) {
    const Result<Branched> failed = branch("origin", 3'000, name);
    ASSERT_FALSE(failed) << name;
    EXPECT_EQ(failed.error().code, "COPY_FAILED") << failed.error().detail;
  }
  EXPECT_FALSE(std::filesystem::exists(path("new")));
  EXPECT_TRUE(std::filesystem::is_empty(path("empty")));
  std::filesystem::remove(odd);
  EXPECT_TRUE(branch("origin", 3'000, "new"));
}

TEST_F(Branch, SaysSoInItsFormat) {
  ASSERT_TRUE(branch("origin", 2'000, "branch"));
  const std::string format = read_bytes(path("branch/FORMAT"));
  EXPECT_TRUE(format.starts_with("daybook-ledger 2\n")) << format;
  EXPECT_NE(format.find("\nbranch of " + hex(open_to_read(origin())->ledger_id()) + " at 2000\n"), std::string::npos) << format;
  for (std::size_t at = 0; at < format.size(); ++at) {
    std::string bad = format;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    testing::write_bytes(path("branch/FORMAT"), bad);
    EXPECT_THROW(open_to_read(path("branch")), std::runtime_error) << at;
  }
}

}  // namespace
}  // namespace daybook::log
