#include "replay/damage.h"

#include <gtest/gtest.h>

#include "replay/verify.h"

namespace daybook {
namespace {

using log::ExitCode;

TEST(Damage, IsLocatedByTheSentenceThatTellsOfIt) {
  const replay::Damage missing =
      replay::locate("/data/led", ExitCode::HistoryLost,
                     "the log ends at position 20, but positions 21 to 29 were acknowledged. Keep a copy.");
  EXPECT_EQ(missing.from, 21u);
  EXPECT_EQ(missing.to, 29u);
  EXPECT_EQ(missing.file, std::nullopt);

  const replay::Damage witness = replay::locate("/data/led/", ExitCode::HistoryLost, "/data/led/witness is missing; restore it");
  EXPECT_EQ(witness.file, "witness");
  EXPECT_EQ(witness.from, std::nullopt);

  const replay::Damage block = replay::locate(
      "/data/led", ExitCode::Corruption,
      "reading the log near position 17: Corruption: block checksum mismatch: in /data/led/log/000012.sst offset 0 size 99");
  EXPECT_EQ(block.file, "log/000012.sst");
  EXPECT_EQ(block.from, 17u);
  EXPECT_EQ(block.to, 17u);

  const replay::Damage manifest =
      replay::locate("/data/led", ExitCode::Corruption, "/data/led/log: Corruption: in file /data/led/log/MANIFEST-000004.");
  EXPECT_EQ(manifest.file, "log/MANIFEST-000004");
  const replay::Damage folder = replay::locate("/data/led", ExitCode::Corruption, "/data/led/log: Corruption: checksum mismatch.");
  EXPECT_EQ(folder.file, "log");
}

TEST(Damage, IsToldToPrograms) {
  replay::Verdict verdict;
  verdict.position = 7;
  EXPECT_EQ(verdict.to_json(), R"({"position":7,"ok":true})");
  EXPECT_EQ(verdict.exit_code(), ExitCode::Clean);
  verdict.damage = replay::locate("d", ExitCode::Corruption, "at position 3: bad");
  EXPECT_EQ(verdict.to_json(), R"({"ok":false,"file":null,"from":3,"to":3,"detail":"at position 3: bad"})");
  EXPECT_EQ(verdict.exit_code(), ExitCode::Corruption);
}

}  // namespace
}  // namespace daybook
