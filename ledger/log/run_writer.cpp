#include <algorithm>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/run.h"
#include "ledger/log/run_page.h"
#include "ledger/log/run_rows.h"

namespace daybook::log {

Result<RunWriter> RunWriter::create(const Family& family, std::uint32_t id, bool filter) {
  return SortedFile::create(family).map(
      [&](SortedFile file) { return RunWriter(family, std::move(file), id, filter); });
}

Result<void> RunWriter::add(std::span<const RunEntry> entries) {
  RunFacts& facts = run_->facts_;
  for (const RunEntry& entry : entries) {
    LEDGER_INVARIANT(entry.position >> 48 == 0);
    const bool new_key = facts.entries == 0 || entry.key != last_.key;
    if (facts.entries > 0 && !new_key && entry.position == last_.position) {
      continue;  // the same entry twice: added again after a restart
    }
    if (filter_ && new_key) {
      if (keys_.size() == kKeysAFilter) {
        end_filter();
      }
      if (keys_.empty()) {
        run_->filter_first_.push_back(entry.key);
      }
      keys_.push_back(entry.key);
    }
    if (page_.empty()) {
      run_->fences_.push_back(entry);
    }
    page_.push_back(entry);
    facts.first = facts.entries == 0 ? entry.position : std::min(facts.first, entry.position);
    facts.last = std::max(facts.last, entry.position);
    ++facts.entries;
    last_ = entry;
    if (page_.size() == kPageEntries) {
      if (Result<void> done = end_page(); !done) {
        return done;
      }
    }
  }
  return {};
}

Result<void> RunWriter::end_page() {
  RunFacts& facts = run_->facts_;
  Result<void> done = file_.add(as_text(run_key(facts.id, RunRow::Page, kPackedPage + facts.pages)), packed_page(page_));
  ++facts.pages;
  page_.clear();
  return done;
}

void RunWriter::end_filter() {
  run_->filters_.emplace_back(keys_);
  keys_.clear();
}

Result<void> RunWriter::write_fences() {
  const std::span<const RunEntry> fences(run_->fences_);
  for (std::size_t at = 0; at < fences.size(); at += kFencesARow) {
    const auto row = fences.subspan(at, std::min(kFencesARow, fences.size() - at));
    const auto index = static_cast<std::uint32_t>(at / kFencesARow);
    if (Result<void> done = file_.add(as_text(run_key(run_->facts_.id, RunRow::Fences, index)),
                                      as_text(std::as_bytes(row)));
        !done) {
      return done;
    }
  }
  return {};
}

Result<void> RunWriter::write_filters() {
  const std::uint32_t id = run_->facts_.id;
  for (std::uint32_t index = 0; index < run_->filters_.size(); ++index) {
    const FuseFilter& filter = run_->filters_[index];
    const std::size_t pieces =
        (filter.fingerprints().size() + kFingerprintsAPiece - 1) / kFingerprintsAPiece;
    std::array<std::byte, kFilterHeadBytes> head;
    store(head.data(), filter.keys());
    store(head.data() + 4, static_cast<std::uint32_t>(pieces));
    store(head.data() + 8, filter.seed());
    store(head.data() + 16, run_->filter_first_[index]);
    if (Result<void> done =
            file_.add(as_text(run_key(id, RunRow::FilterHead, index)), as_text(head));
        !done) {
      return done;
    }
  }
  std::uint32_t piece = 0;
  for (const FuseFilter& filter : run_->filters_) {
    const auto all = filter.fingerprints();
    for (std::size_t at = 0; at < all.size(); at += kFingerprintsAPiece) {
      const auto part = all.subspan(at, std::min(kFingerprintsAPiece, all.size() - at));
      if (Result<void> done = file_.add(as_text(run_key(id, RunRow::FilterPiece, piece++)),
                                        as_text(std::as_bytes(part)));
          !done) {
        return done;
      }
    }
  }
  return {};
}

Result<std::shared_ptr<Run>> RunWriter::finish(RunFacts given) {
  RunFacts& facts = run_->facts_;
  LEDGER_INVARIANT(facts.entries > 0);
  if (!keys_.empty()) {
    end_filter();
  }
  facts.tier = given.tier;
  facts.made = given.made;
  facts.filters = static_cast<std::uint32_t>(run_->filters_.size());
  if (!page_.empty()) {
    if (Result<void> done = end_page(); !done) {
      return tl::unexpected(done.error());
    }
  }
  if (Result<void> done = write_fences(); !done) {
    return tl::unexpected(done.error());
  }
  if (Result<void> done = write_filters(); !done) {
    return tl::unexpected(done.error());
  }
  std::vector<SortedFile> files;
  files.push_back(std::move(file_));
  if (Result<void> done = SortedFile::ingest(std::move(files)); !done) {
    return tl::unexpected(done.error());
  }
  return std::move(run_);
}

Result<void> remove_run(Family family, std::uint32_t id) {
  ViewBatch batch(family);
  const RunKey first = run_key(id, RunRow::Page, 0);
  const RunKey end = run_key(id + 1, RunRow::Page, 0);
  ViewCursor row(family, std::string(as_text(first)), std::string(as_text(end)));
  for (row.seek_to_first(); row.valid(); row.next()) {
    batch.erase(row.key());
    if (batch.rows() >= 10'000) {
      if (Result<void> done = batch.write(); !done) {
        return done;
      }
    }
  }
  if (Result<void> status = row.status(); !status) {
    return status;
  }
  return batch.write();
}

Result<void> remove_unknown_runs(Family family, std::span<const std::uint32_t> known) {
  std::vector<std::uint32_t> unknown;
  {
    ViewCursor row(family);
    row.seek_to_first();
    while (row.valid() && row.key().size() == sizeof(RunKey)) {
      const std::uint32_t id = load_big32(as_bytes(row.key()).data());
      if (std::find(known.begin(), known.end(), id) == known.end()) {
        unknown.push_back(id);
      }
      row.seek(as_text(run_key(id + 1, RunRow::Page, 0)));
    }
    if (Result<void> status = row.status(); !status) {
      return status;
    }
  }
  for (const std::uint32_t id : unknown) {
    if (Result<void> done = remove_run(family, id); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace daybook::log
