#include "ledger/log/run_merge.h"

#include <algorithm>

namespace daybook::log {
namespace {

/// The entries of a run, a page at a time.
class RunInput {
 public:
  explicit RunInput(const Run& run) : run_(&run) {}

  /// Reads the next page; false after the last.
  Result<bool> fill() {
    entries_.clear();
    at_ = 0;
    if (next_page_ == run_->facts().pages) {
      return false;
    }
    return run_->page(next_page_++, entries_).map([] { return true; });
  }

  [[nodiscard]] const RunEntry& entry() const { return entries_[at_]; }

  /// Goes to the next entry; false at the end of the page.
  bool advance() { return ++at_ < entries_.size(); }

 private:
  const Run* run_;
  std::uint32_t next_page_ = 0;
  std::vector<RunEntry> entries_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::shared_ptr<Run>> merge_runs(const Family& family,
                                        std::span<const std::shared_ptr<Run>> sources,
                                        std::uint32_t id, bool filter) {
  std::vector<RunInput> inputs;
  const auto later = [&](std::size_t a, std::size_t b) {
    return inputs[a].entry() > inputs[b].entry();
  };
  std::vector<std::size_t> heap;
  RunFacts facts;
  for (const auto& run : sources) {
    inputs.push_back(RunInput(*run));
    facts.made = std::max(facts.made, run->facts().made);
    facts.tier = std::max(facts.tier, run->facts().tier + 1);
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (const Result<bool> filled = inputs[i].fill(); !filled) {
      return tl::unexpected(filled.error());
    }
    heap.push_back(i);
  }
  std::make_heap(heap.begin(), heap.end(), later);
  Result<RunWriter> writer = RunWriter::create(family, id, filter);
  if (!writer) {
    return tl::unexpected(writer.error());
  }
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    RunInput& source = inputs[heap.back()];
    if (Result<void> added = writer->add(std::span(&source.entry(), 1)); !added) {
      return tl::unexpected(added.error());
    }
    const Result<bool> more = source.advance() ? Result<bool>(true) : source.fill();
    if (!more) {
      return tl::unexpected(more.error());
    }
    if (*more) {
      std::push_heap(heap.begin(), heap.end(), later);
    } else {
      heap.pop_back();
    }
  }
  return writer->finish(facts);
}

}  // namespace daybook::log
