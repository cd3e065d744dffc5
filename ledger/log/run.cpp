#include "ledger/log/run.h"

#include <algorithm>
#include <cstring>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/run_page.h"
#include "ledger/log/run_rows.h"

namespace daybook::log {
namespace {

tl::unexpected<Error> damaged(std::uint32_t id, const char* what) {
  return failed(ErrorKind::Corruption, "VIEWS_DAMAGED",
                "run " + std::to_string(id) + " of an index: " + what);
}

Result<void> read_row(const Family& family, std::uint32_t id, RunRow kind, std::uint32_t index,
                      std::string& out) {
  const Result<bool> found = family.get(as_text(run_key(id, kind, index)), out);
  if (!found) {
    return tl::unexpected(found.error());
  }
  if (!*found) {
    return damaged(id, "a row is missing");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<Run>> Run::load(Family family, const RunFacts& facts) {
  std::shared_ptr<Run> run(new Run(std::move(family), facts));
  if (Result<void> done = run->load_fences(); !done) {
    return tl::unexpected(done.error());
  }
  if (Result<void> done = run->load_filters(); !done) {
    return tl::unexpected(done.error());
  }
  return run;
}

Result<void> Run::load_fences() {
  std::string row;
  for (std::uint32_t index = 0; fences_.size() < facts_.pages; ++index) {
    if (Result<void> done = read_row(family_, facts_.id, RunRow::Fences, index, row); !done) {
      return done;
    }
    const std::size_t before = fences_.size();
    if (row.empty() || row.size() % sizeof(RunEntry) != 0) {
      return damaged(facts_.id, "fences of a wrong length");
    }
    fences_.resize(before + row.size() / sizeof(RunEntry));
    std::memcpy(fences_.data() + before, row.data(), row.size());
  }
  return fences_.size() == facts_.pages ? Result<void>() : damaged(facts_.id, "too many fences");
}

Result<void> Run::load_filters() {
  std::string row;
  std::uint32_t piece = 0;
  for (std::uint32_t index = 0; index < facts_.filters; ++index) {
    if (Result<void> done = read_row(family_, facts_.id, RunRow::FilterHead, index, row); !done) {
      return done;
    }
    if (row.size() != kFilterHeadBytes) {
      return damaged(facts_.id, "a filter's head of a wrong length");
    }
    const Bytes head = as_bytes(row);
    const auto keys = log::load<std::uint32_t>(head.data());
    const auto pieces = log::load<std::uint32_t>(head.data() + 4);
    const auto seed = log::load<std::uint64_t>(head.data() + 8);
    filter_first_.push_back(log::load<std::uint64_t>(head.data() + 16));
    std::vector<std::uint16_t> fingerprints;
    for (std::uint32_t i = 0; i < pieces; ++i) {
      if (Result<void> done = read_row(family_, facts_.id, RunRow::FilterPiece, piece++, row);
          !done) {
        return done;
      }
      const std::size_t before = fingerprints.size();
      fingerprints.resize(before + row.size() / sizeof(std::uint16_t));
      std::memcpy(fingerprints.data() + before, row.data(),
                  row.size() / sizeof(std::uint16_t) * sizeof(std::uint16_t));
    }
    auto filter = FuseFilter::restore(keys, seed, std::move(fingerprints));
    if (!filter) {
      return damaged(facts_.id, "a filter of a wrong length");
    }
    filters_.push_back(std::move(*filter));
  }
  return {};
}

Run::~Run() {
  if (obsolete_.load()) {
    static_cast<void>(remove_run(family_, facts_.id));
  }
}

/// The last filter that begins at or before the key; keys are distinct across filters. None before the first one.
const FuseFilter* Run::filter_of(std::uint64_t key) const {
  const auto after = std::upper_bound(filter_first_.begin(), filter_first_.end(), key);
  return after == filter_first_.begin() ? nullptr : &filters_[static_cast<std::size_t>(after - filter_first_.begin()) - 1];
}

bool Run::may_contain(std::uint64_t key) const {
  if (fences_.empty() || key < fences_.front().key) {
    return false;
  }
  if (filters_.empty()) {
    return true;
  }
  const FuseFilter* const filter = filter_of(key);
  return filter != nullptr && filter->may_contain(key);
}

void Run::expect(std::uint64_t key) const {
  if (const FuseFilter* const filter = filter_of(key)) {
    filter->expect(key);
  }
}

Result<void> Run::page(std::uint32_t number, std::vector<RunEntry>& out) const {
  std::string row;
  page_reads_.fetch_add(1, std::memory_order_relaxed);
  const Result<bool> packed = family_.get(as_text(run_key(facts_.id, RunRow::Page, kPackedPage + number)), row);
  if (!packed) {
    return tl::unexpected(packed.error());
  }
  if (*packed) {
    return unpack_page(row, out) ? Result<void>() : damaged(facts_.id, "a page of a wrong length");
  }
  if (Result<void> done = read_row(family_, facts_.id, RunRow::Page, number, row); !done) {
    return done;
  }
  if (row.empty() || row.size() % kPlainEntryBytes != 0 || row.size() > kPageEntries * kPlainEntryBytes) {
    return damaged(facts_.id, "a page of a wrong length");
  }
  const std::byte* at = as_bytes(row).data();
  for (std::size_t left = row.size(); left > 0; left -= kPlainEntryBytes, at += kPlainEntryBytes) {
    out.push_back(read_entry(at));
  }
  return {};
}

Result<void> Run::find(std::uint64_t key, Position from, Position to, std::size_t until,
                       std::vector<Position>& out) const {
  if (to < facts_.first || from > facts_.last || !may_contain(key)) {
    return {};
  }
  // The first page whose successor begins beyond (key, from).
  const RunEntry wanted{key, from};
  const auto after = std::upper_bound(fences_.begin(), fences_.end(), wanted);
  auto number = static_cast<std::uint32_t>(after - fences_.begin());
  number -= number > 0 ? 1 : 0;
  std::vector<RunEntry> entries;
  for (; number < facts_.pages && fences_[number].key <= key; ++number) {
    entries.clear();
    if (Result<void> read = page(number, entries); !read) {
      return read;
    }
    for (auto entry = std::lower_bound(entries.begin(), entries.end(), wanted);
         entry != entries.end(); ++entry) {
      if (entry->key != key || entry->position > to || out.size() >= until) {
        return {};
      }
      out.push_back(entry->position);
    }
  }
  return {};
}

std::size_t Run::memory_bytes() const {
  std::size_t bytes = fences_.size() * sizeof(RunEntry);
  for (const FuseFilter& filter : filters_) {
    bytes += filter.fingerprints().size_bytes();
  }
  return bytes;
}

}  // namespace daybook::log
