#include <algorithm>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/history_ahead.h"
#include "ledger/log/log_state.h"
#include "ledger/log/tree_store.h"

namespace daybook::log {
namespace {

tl::unexpected<Error> beyond(std::uint64_t size, Position head) {
  return failed(ErrorKind::NotFound, "NOT_FOUND",
                "there is no tree of " + std::to_string(size) + " events; the log has " +
                    std::to_string(head));
}

}  // namespace

ReadLeaves Log::State::leaf_reader() const {
  return [this](std::uint64_t from, std::uint64_t count, std::vector<Hash>& out) -> Result<void> {
    FrameReader reader;
    const Position first = from + 1;
    const Position last = from + count;
    return rows->walk(first, last, [&](const FrameHead& frame, Bytes, Bytes value) -> Result<bool> {
      const auto records = reader.records(frame, value);
      if (!records) {
        return tl::unexpected(records.error());
      }
      for (const RecordView& record : *records) {
        if (record.position >= first && record.position <= last) {
          out.push_back(leaf_hash(record.event));
        }
      }
      return true;
    });
  };
}

Result<bool> Log::State::group_verifies(const FrameHead& end) const {
  Hash previous = lineage.first_chain();
  if (end.group.first > 1) {
    const Result<FrameHead> before = rows->head_at(end.group.first - 1);
    if (!before) {
      return tl::unexpected(before.error());
    }
    if (!before->ends_group || before->last() != end.group.first - 1) {
      return false;
    }
    previous = lineage.chain_after(before->last(), before->group.chain);
  }
  return tree->root_at(end.last(), leaf_reader()).map([&](const Hash& root) {
    return chain_hash(previous, {.epoch = end.group.epoch,
                                 .first = end.group.first,
                                 .count = end.last() - end.group.first + 1,
                                 .recorded_at = end.recorded_at,
                                 .root = root}) == end.group.chain;
  });
}

Result<Hash> Log::root_at(std::uint64_t size) const {
  if (size > position()) {
    return beyond(size, position());
  }
  return state_->tree->root_at(size, state_->leaf_reader());
}

Result<std::vector<Hash>> Log::inclusion_proof(Position position, std::uint64_t size) const {
  if (size > this->position()) {
    return beyond(size, this->position());
  }
  if (position == 0 || position > size) {
    return failed(ErrorKind::NotFound, "NOT_FOUND",
                  "position " + std::to_string(position) + " is not among the first " +
                      std::to_string(size) + " events");
  }
  return state_->tree->inclusion(position - 1, size, state_->leaf_reader());
}

Result<void> Log::read_each(std::span<const Position> positions, const EachRecord& each) const {
  LEDGER_INVARIANT(positions.empty() || (positions.front() > 0 && positions.back() <= position()));
  FrameReader reader;
  while (!positions.empty()) {
    const Result<void> taken = state_->rows->at(positions.front(), [&](const FrameHead& frame, Bytes value) -> Result<void> {
      const auto records = reader.records(frame, value);
      if (!records) {
        return tl::unexpected(records.error());
      }
      for (; !positions.empty() && positions.front() <= frame.last(); positions = positions.subspan(1)) {
        if (Result<void> done = each((*records)[positions.front() - frame.first]); !done) {
          return done;
        }
      }
      return {};
    });
    if (!taken) {
      return taken;
    }
  }
  return {};
}

Result<void> Log::prove_each(std::span<const Position> positions, std::uint64_t size, const EachProven& each) const {
  if (size > position()) {
    return beyond(size, position());
  }
  // Paths of a stretch, then its events: neither needs the other's frames at hand.
  constexpr std::size_t kStretch = 4'096;
  std::vector<std::uint64_t> indexes(positions.size());
  std::transform(positions.begin(), positions.end(), indexes.begin(), [](Position position) { return position - 1; });
  for (std::size_t at = 0; at < positions.size(); at += kStretch) {
    const std::size_t count = std::min(kStretch, positions.size() - at);
    std::vector<std::vector<Hash>> proofs;
    proofs.reserve(count);
    const Result<void> proven = state_->tree->inclusions(std::span(indexes).subspan(at, count), size, state_->leaf_reader(),
                                                         [&](std::uint64_t, const std::vector<Hash>& path) -> Result<void> {
                                                           proofs.push_back(path);
                                                           return {};
                                                         });
    if (!proven) {
      return proven;
    }
    std::size_t next = 0;
    const Result<void> read =
        read_each(positions.subspan(at, count), [&](const RecordView& record) { return each(record, proofs[next++]); });
    if (!read) {
      return read;
    }
  }
  return {};
}

Result<std::vector<Hash>> Log::cover(std::span<const Position> positions, std::uint64_t size) const {
  if (size > position()) {
    return beyond(size, position());
  }
  std::vector<std::uint64_t> indexes(positions.size());
  std::transform(positions.begin(), positions.end(), indexes.begin(), [](Position position) { return position - 1; });
  return state_->tree->cover(indexes, size, state_->leaf_reader());
}

Result<std::vector<Hash>> Log::consistency_proof(std::uint64_t old_size, std::uint64_t size) const {
  if (size > position()) {
    return beyond(size, position());
  }
  if (old_size == 0 || old_size > size) {
    return rejected("INVALID_QUERY", "the older tree has 1 to " + std::to_string(size) + " events");
  }
  return state_->tree->consistency(old_size, size, state_->leaf_reader());
}

Result<void> Log::save_tree() {
  if (state_->views == nullptr) {
    return {};
  }
  const std::lock_guard guard(state_->save_mutex);
  return save_blocks(*state_->views, *state_->tree, state_->saved_blocks);
}

Result<Head> Log::verify(const std::function<void(Position)>& progress) const {
  HistoryCheckAhead check(state_->lineage);
  const Head wanted = head();
  std::uint64_t rows = 0;
  const Result<void> walked = state_->rows->walk(
      1, wanted.position, [&](const FrameHead&, Bytes key, Bytes value) -> Result<bool> {
        if (const Result<void> added = check.add(key, value); !added) {
          return tl::unexpected(added.error());
        }
        if (progress && ++rows % 64 == 0) {
          progress(check.position());
        }
        return true;
      });
  if (!walked) {
    return tl::unexpected(walked.error());
  }
  Result<Head> found = check.end();
  if (found && *found != wanted) {
    return failed(ErrorKind::Corruption, "CHAIN_DIFFERS",
                  "the log on disk does not lead to the head at position " +
                      std::to_string(wanted.position));
  }
  if (found && progress) {
    progress(found->position);
  }
  return found;
}

}  // namespace daybook::log
