#include "ledger/log/views.h"

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

using testing::TemporaryDirectory;

class ViewsTest : public ::testing::Test {
 protected:
  ViewsTest() { reopen(); }

  void reopen() {
    views_.reset();
    views_ = std::move(Views::open(path(), nullptr).value());
  }

  [[nodiscard]] std::string path() const { return directory_.path("views"); }
  [[nodiscard]] Family family(std::string_view name) { return views_->family(name).value(); }

  static void put(const Family& family, std::string_view key, std::string_view value) {
    ViewBatch batch(family);
    batch.put(key, value);
    ASSERT_TRUE(batch.write());
  }

  static std::string walk(ViewCursor& cursor) {
    std::string out;
    for (; cursor.valid(); cursor.next()) {
      out += std::string(cursor.key()) + "=" + std::string(cursor.value()) + " ";
    }
    EXPECT_TRUE(cursor.status());
    return out;
  }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
  std::unique_ptr<Views> views_;
};

TEST_F(ViewsTest, FamiliesAreApartAndKnownByName) {
  put(family("books"), "a", "1");
  put(family("invoices.v1"), "a", "2");
  EXPECT_EQ(family("books").get("a").value(), "1");
  EXPECT_EQ(family("invoices.v1").get("a").value(), "2");
  EXPECT_EQ(family("books").get("b").value(), std::nullopt);
  EXPECT_EQ(views_->families(), (std::vector<std::string>{"books", "invoices.v1"}));
  ASSERT_TRUE(views_->drop("books"));
  EXPECT_EQ(family("books").get("a").value(), std::nullopt);
}

TEST_F(ViewsTest, ABatchIsSeenWholeAndClearedByWriting) {
  ViewBatch batch(family("f"));
  batch.put("a", "1");
  batch.put("b", "2");
  batch.erase("a");
  EXPECT_EQ(batch.rows(), 3u);
  EXPECT_FALSE(family("f").get("b").value());
  ASSERT_TRUE(batch.write());
  EXPECT_EQ(batch.rows(), 0u);
  EXPECT_FALSE(family("f").get("a").value());
  EXPECT_EQ(family("f").get("b").value(), "2");
  EXPECT_EQ(family("f").multi_get({"b", "a", "b"}).value(),
            (std::vector<std::optional<std::string>>{"2", std::nullopt, "2"}));
}

TEST_F(ViewsTest, ACursorStaysInItsBoundsAndSeesOneMoment) {
  const Family own = family("f");
  for (const char* key : {"a", "b", "c", "d", "e"}) {
    put(own, key, key);
  }
  ViewCursor cursor(own, "b", "e");
  put(own, "bb", "later");
  cursor.seek_to_first();
  EXPECT_EQ(walk(cursor), "b=b c=c d=d ");
  cursor.seek_to_last();
  ASSERT_TRUE(cursor.valid());
  EXPECT_EQ(cursor.key(), "d");
  cursor.seek("bb");
  EXPECT_EQ(cursor.key(), "c");
  cursor.seek_back("cc");
  EXPECT_EQ(cursor.key(), "c");
  cursor.prev();
  EXPECT_EQ(cursor.key(), "b");
  cursor.prev();
  EXPECT_FALSE(cursor.valid());
}

TEST_F(ViewsTest, AReadersPointsFindWhatItsWalkFindsAndBothSeeOneMoment) {
  Family own = family("f");
  std::mt19937 random(7);
  const auto name = [&] { return std::string(random() % 5, static_cast<char>('a' + random() % 3)); };
  const auto version = [](std::string key, std::uint64_t position) {
    for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(~position >> shift));
    return key;
  };
  for (int round = 0; round < 6; ++round) {
    ViewBatch batch(own);
    std::map<std::string, std::string> sorted;
    for (int i = 0; i < 40; ++i) {
      batch.put(version(name(), random() % 20), std::to_string(round));
      sorted[version(name(), random() % 20)] = "file " + std::to_string(round);
      if (i % 8 == 0) batch.erase(version(name(), random() % 20));
      if (i % 8 == 1) batch.put(name(), "short");  // of a few bytes only: no filter knows them
    }
    ASSERT_TRUE(batch.write());
    if (round % 3 == 0) {
      ASSERT_TRUE(own.flush());
    }
    if (round % 3 == 1) {
      std::vector<SortedFile> file;
      file.push_back(SortedFile::create(own).value());
      for (const auto& [key, value] : sorted) ASSERT_TRUE(file.front().add(key, value));
      ASSERT_TRUE(SortedFile::ingest(std::move(file)));
    }
    ViewReader reader(own);
    ViewBatch later(own);
    later.put(version("a", 5), "later");
    ASSERT_TRUE(later.write());
    for (int i = 0; i < 300; ++i) {
      const std::string key = i % 3 == 0 ? name() : version(name(), random() % 20);
      reader.walk().seek(key);
      reader.point().seek(key);
      ASSERT_TRUE(reader.point().status());
      const bool is_near = reader.walk().valid() && key.size() >= 8 && reader.walk().key().size() == key.size() &&
                           reader.walk().key().starts_with(key.substr(0, key.size() - 8));
      if (is_near || (reader.walk().valid() && reader.walk().key() == key)) {
        ASSERT_TRUE(reader.point().valid());
        EXPECT_EQ(reader.point().key(), reader.walk().key());
        EXPECT_EQ(reader.point().value(), reader.walk().value());
        EXPECT_NE(reader.point().value(), "later");
      } else if (reader.point().valid()) {
        EXPECT_NE(reader.point().key(), key);
      }
    }
    ASSERT_TRUE([&] {
      ViewBatch undo(own);
      undo.erase(version("a", 5));
      return undo.write().has_value();
    }());
  }
}

TEST_F(ViewsTest, WhatWasFlushedIsThereAfterReopening) {
  put(family("f"), "a", "1");
  ASSERT_TRUE(family("f").flush());
  reopen();
  EXPECT_EQ(family("f").get("a").value(), "1");
  EXPECT_FALSE(views_->was_reset());
}

TEST_F(ViewsTest, SortedFilesComeInWholeAndHideOlderRows) {
  put(family("f"), "k5", "old");
  std::vector<SortedFile> files;
  for (int part = 0; part < 3; ++part) {
    files.push_back(SortedFile::create(family("f")).value());
  }
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(files[static_cast<std::size_t>(i / 5)].add("k" + std::to_string(i), "new"));
  }
  EXPECT_EQ(family("f").get("k5").value(), "old");
  ASSERT_TRUE(SortedFile::ingest(std::move(files)));  // the third is empty
  EXPECT_EQ(family("f").get("k5").value(), "new");
  EXPECT_EQ(family("f").get("k9").value(), "new");
  files.clear();
  reopen();
  EXPECT_EQ(family("f").get("k0").value(), "new");
}

TEST_F(ViewsTest, ASortedFileThatIsNotTakenInLeavesNothing) {
  {
    auto file = SortedFile::create(family("f")).value();
    ASSERT_TRUE(file.add("a", "1"));
  }
  EXPECT_FALSE(family("f").get("a").value());
  EXPECT_TRUE(std::filesystem::is_empty(path() + "/aside"));
  auto file = SortedFile::create(family("f")).value();
  ASSERT_TRUE(file.add("b", "1"));
  EXPECT_FALSE(file.add("a", "1"));  // out of order
}

TEST_F(ViewsTest, AfterCompactingErasedTextIsGoneFromTheFiles) {
  put(family("people"), "a", "Willemijn van der Doorn, Oude Gracht 7");
  put(family("people"), "b", "kept");
  ASSERT_TRUE(family("people").flush());
  {
    ViewBatch batch(family("people"));
    batch.erase("a");
    ASSERT_TRUE(batch.write());
  }
  ASSERT_TRUE(family("people").compact());
  reopen();
  EXPECT_EQ(family("people").get("b").value(), "kept");
  for (const auto& entry : std::filesystem::directory_iterator(path())) {
    if (entry.is_regular_file()) {
      EXPECT_EQ(testing::read_bytes(entry.path()).find("Oude Gracht"), std::string::npos)
          << entry.path();
    }
  }
}

TEST_F(ViewsTest, ADatabaseInUseIsNotTouched) {
  put(family("f"), "a", "1");
  EXPECT_EQ(Views::open(path(), nullptr).error().code, "VIEWS_UNAVAILABLE");
  EXPECT_EQ(family("f").get("a").value(), "1");
}

TEST_F(ViewsTest, HandlesKeepTheDatabaseOpen) {
  const Family own = family("f");
  put(own, "a", "1");
  views_.reset();
  EXPECT_EQ(own.get("a").value(), "1");
}

}  // namespace
}  // namespace daybook::log
