#include <algorithm>

#include "ledger/log/opening.h"
#include "ledger/log/tree_store.h"

namespace daybook::log::opening {
namespace {

/// Builds the tree from `blocks` and the events after them.
Result<void> build_tree(Log::State& state, const std::vector<Hash>& blocks) {
  state.tree.emplace(blocks);
  std::vector<Hash> leaves;
  FrameReader reader;
  const Position from = state.tree->size() + 1;
  return state.rows->walk(
      from, state.head.position, [&](const FrameHead& head, Bytes, Bytes value) -> Result<bool> {
        const auto records = reader.records(head, value);
        if (!records) {
          return tl::unexpected(records.error());
        }
        leaves.clear();
        for (const RecordView& record : *records) {
          if (record.position >= from) {
            leaves.push_back(leaf_hash(record.event));
          }
        }
        state.tree->append(leaves);
        return true;
      });
}

Result<bool> all_verify(const Log::State& state, const std::vector<FrameHead>& ends) {
  for (const FrameHead& end : ends) {
    if (Result<bool> verified = state.group_verifies(end); !verified || !*verified) {
      return verified;
    }
  }
  return true;
}

}  // namespace

Opening<void> hold_against_witness(const Log::State& state, const std::optional<FrameHead>& last,
                                   std::vector<FrameHead>& ends) {
  const Testimony& seen = state.witness->newest();
  const Position head = last ? last->last() : 0;
  if (head < seen.position) {
    return refuse(ExitCode::HistoryLost,
                  "the log ends at position " + std::to_string(head) + ", but positions " +
                      std::to_string(head + 1) + " to " + std::to_string(seen.position) +
                      " were acknowledged. Keep a copy of the directory as it is, then restore it "
                      "from a backup.");
  }
  if (last && !last->ends_group) {
    return refuse(ExitCode::Corruption, "the log's last group, at position " +
                                            std::to_string(last->first) + ", is not whole");
  }
  if (seen.position == 0 && seen.chain != state.lineage.first_chain()) {
    return refuse(ExitCode::HistoryLost, "the witness is that of another ledger");
  }
  if (head == 0) {
    return {};
  }
  const Position from = std::max<Position>(seen.position, 1);
  bool same = true;
  const Result<void> walked =
      state.rows->walk(from, head, [&](const FrameHead& row, Bytes, Bytes) -> Result<bool> {
        if (seen.position != 0 && row.first <= seen.position) {
          same = row.ends_group && row.last() == seen.position &&
                 state.lineage.chain_after(row.last(), row.group.chain) == seen.chain;
        }
        if (row.ends_group) {
          ends.push_back(row);
        }
        return same && ends.size() <= 4;
      });
  if (!walked) {
    return damaged(walked.error());
  }
  if (!same) {
    return refuse(ExitCode::HistoryLost,
                  "the log at position " + std::to_string(seen.position) +
                      " is not the one that was acknowledged; restore the ledger from a backup");
  }
  if (ends.size() > (seen.position == 0 ? 2u : 3u)) {
    return refuse(ExitCode::Corruption,
                  "the witness is an old copy: it knows the log up to position " +
                      std::to_string(seen.position) + ", which ends at " + std::to_string(head));
  }
  return {};
}

Opening<void> prove_tree(Log::State& state, const std::vector<FrameHead>& ends) {
  std::vector<Hash> blocks;
  if (state.views != nullptr) {
    if (auto loaded = load_blocks(*state.views)) {
      blocks = std::move(*loaded);
    }
    if (blocks.size() > (state.head.position >> kBlockLevel)) {
      blocks.clear();
    }
  }
  for (const bool last_try : {blocks.empty(), true}) {
    if (const Result<void> built = build_tree(state, blocks); !built) {
      return damaged(built.error());
    }
    const Result<bool> verified = all_verify(state, ends);
    if (!verified) {
      return damaged(verified.error());
    }
    if (*verified) {
      state.saved_blocks = blocks.size();
      state.head.root = state.tree->root();
      return {};
    }
    if (last_try) {
      break;
    }
    blocks.clear();
    if (const Result<void> dropped = drop_blocks(*state.views); !dropped) {
      return refuse(ExitCode::IoError, dropped.error().detail);
    }
  }
  return refuse(ExitCode::Corruption, "the chain of the last groups, up to position " +
                                          std::to_string(state.head.position) +
                                          ", does not follow from the events before it");
}

}  // namespace daybook::log::opening
