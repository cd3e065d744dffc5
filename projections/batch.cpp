#include "projections/batch.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "ledger/domain/invariant.h"
#include "projections/parallel.h"
#include "projections/row_reader.h"

namespace daybook::projections {
namespace {

/// One instance during one batch.
struct Task {
  Instance* instance;
  Position to;  ///< falls to the event before the first one that cannot be folded
  std::vector<std::unique_ptr<Fold::Intake>> pieces;
  std::vector<Rows> lanes;
  std::mutex mutex;
  std::optional<Halt> halt;

  Task(Instance* view, Position last) : instance(view), to(last) {}

  void fail(Position position, std::string reason) {
    const std::lock_guard lock(mutex);
    if (!halt || position < halt->position) halt = Halt{position, std::move(reason)};
  }
  [[nodiscard]] Position from() const { return instance->checkpoint.position + 1; }
};

/// Runs `step`; what it throws is a failure of `task` at `position()`.
template <class Step, class At>
void guarded(Task& task, At&& position, Step&& step) {
  try {
    step();
  } catch (const UnreadableView& unreadable) {
    task.fail(position(), unreadable.error().detail);
  } catch (const std::exception& broken) {
    task.fail(position(), broken.what());
  }
}

void take_pieces(const log::Log& log, std::span<Task* const> tasks, Position from, Position to,
                 unsigned workers) {
  const Position count = to - from + 1;
  const std::size_t pieces = workers == 1 ? 1 : std::min<std::size_t>(count, 4 * workers);
  std::uint64_t types = 0;
  for (Task* task : tasks) {
    types |= task->instance->projection->types;
    task->pieces.resize(pieces);
  }
  in_parallel(workers, pieces, [&](std::size_t piece, unsigned worker) {
    for (Task* task : tasks) task->pieces[piece] = task->instance->fold->intake(worker);
    const Position first = from + count * piece / pieces;
    const Position last = from + count * (piece + 1) / pieces - 1;
    const auto take = [&](std::span<const log::RecordView> records) {
      for (Task* task : tasks) {
        const std::uint64_t mask = task->instance->projection->types;
        Position position = first;
        guarded(
            *task, [&] { return position; },
            [&] {
              for (const log::RecordView& record : records) {
                position = record.position;
                if ((log::type_bit(record.type) & mask) == 0) continue;
                if (record.position < task->from() || record.position > task->to) continue;
                task->instance->fold->take(record, *task->pieces[piece]);
              }
            });
      }
      return true;
    };
    const auto scanned = log.scan_frames(first, last, take, types);
    if (!scanned) {
      for (Task* task : tasks) task->fail(std::max(first, task->from()), scanned.error().detail);
    }
  });
}

/// For the size of the next batch.
void note_bytes(const Task& task, Position from, Position to) {
  std::size_t bytes = 0;
  for (const auto& piece : task.pieces) bytes += piece->bytes();
  task.instance->event_bytes = bytes / (to - from + 1);
}

void fold_lanes(Task& task, unsigned workers) {
  Fold& fold = *task.instance->fold;
  for (std::size_t i = 0; i < fold.lanes(); ++i)
    task.lanes.emplace_back(task.instance->place.family);
  in_parallel(workers, task.lanes.size(), [&](std::size_t lane) {
    Rows& rows = task.lanes[lane];
    rows.at(task.from());
    guarded(
        task, [&] { return rows.position(); }, [&] { fold.fold(lane, task.pieces, rows); });
  });
  task.pieces.clear();
}

Result<void> write_batch(log::Family family, const std::vector<std::vector<Rows::Written>>& lanes,
                         const Checkpoint& checkpoint) {
  log::ViewBatch batch(std::move(family));
  for (const auto& lane : lanes) {
    for (const auto& [key, value] : lane) {
      if (value) {
        batch.put(key, *value);
      } else {
        batch.erase(key);
      }
    }
  }
  batch.put(Checkpoint::kKey, checkpoint.encode());
  return batch.write();
}

Result<void> add_rows(log::SortedFile& file, const std::vector<Rows::Written>& rows) {
  for (const auto& [key, value] : rows) {
    if (auto added = file.add(key, *value); !added) return added;
  }
  return {};
}

/// One file for each worker, all taken in at once. Lanes lie one after the other in the order of
/// keys, and the checkpoint's key comes after all of them, in the last file. What was written before and is still in memory goes to the disk
/// first: the key of the checkpoint is among it, and RocksDB flushes what overlaps with a file that
/// it takes in.
Result<void> ingest(const log::Family& family, const std::vector<std::vector<Rows::Written>>& lanes,
                    const Checkpoint& checkpoint, unsigned workers) {
  const std::size_t count = std::min<std::size_t>(workers, lanes.size());
  std::vector<std::optional<log::SortedFile>> files(count);
  std::vector<Result<void>> done(count);
  in_parallel(workers, count, [&](std::size_t i) {
    auto file = log::SortedFile::create(family);
    if (!file) {
      done[i] = tl::unexpected(file.error());
      return;
    }
    files[i] = std::move(*file);
    for (std::size_t lane = i * lanes.size() / count;
         lane < (i + 1) * lanes.size() / count && done[i]; ++lane) {
      done[i] = add_rows(*files[i], lanes[lane]);
    }
  });
  std::vector<log::SortedFile> all;
  for (std::size_t i = 0; i < count; ++i) {
    if (!done[i]) return done[i];
    all.push_back(std::move(*files[i]));
  }
  if (auto added = all.back().add(Checkpoint::kKey, checkpoint.encode()); !added) return added;
  return log::SortedFile::ingest(std::move(all));
}

/// Sorted files hold no erasures, and take rows in the order of lanes.
bool may_ingest(const std::vector<std::vector<Rows::Written>>& lanes, std::size_t ingest_bytes) {
  std::size_t bytes = 0;
  const std::string* last = nullptr;
  for (const auto& lane : lanes) {
    for (const auto& [key, value] : lane) {
      if (!value || (last && key <= *last)) return false;
      last = &key;
      bytes += key.size() + value->size();
    }
  }
  return bytes > ingest_bytes;
}

void commit(Task& task, const BatchOptions& options) {
  Instance& instance = *task.instance;
  std::vector<std::vector<Rows::Written>> lanes(task.lanes.size());
  in_parallel(options.workers, lanes.size(), [&](std::size_t lane) {
    guarded(
        task, [&] { return task.from(); }, [&] { lanes[lane] = task.lanes[lane].seal(); });
  });
  if (task.halt) return;
  Checkpoint next = instance.checkpoint;
  next.position = task.to;
  for (const Rows& lane : task.lanes) {
    next.hash.add(lane.hash());
    next.logical_rows += static_cast<std::uint64_t>(lane.logical_rows());
  }
  task.lanes.clear();
  const Result<void> written = may_ingest(lanes, options.ingest_bytes)
                                   ? ingest(instance.place.family, lanes, next, options.workers)
                                   : write_batch(instance.place.family, lanes, next);
  if (!written) {
    task.fail(task.from(), written.error().detail);
    return;
  }
  instance.checkpoint = next;
  instance.fold->committed();
}

/// Folds and commits one instance from what was taken. False when the batch was dropped.
bool finish(Task& task, const BatchOptions& options) {
  if (!task.halt) fold_lanes(task, options.workers);
  if (!task.halt) commit(task, options);
  return !task.halt.has_value();
}

/// Folds one instance alone. An event that it cannot fold halts it, with what stands before it
/// folded.
void fold_alone(const log::Log& log, Instance& instance, Position to, const BatchOptions& options) {
  std::optional<Halt> halt;
  while (to > instance.checkpoint.position) {
    Task task(&instance, to);
    guarded(
        task, [&] { return task.from(); },
        [&] {
          if (!instance.fold) instance.fold = instance.projection->make(instance.place);
        });
    if (!task.halt) {
      Task* const tasks[] = {&task};
      take_pieces(log, tasks, task.from(), to, options.workers);
      note_bytes(task, task.from(), to);
      if (finish(task, options)) break;
    }
    instance.fold.reset();
    halt = task.halt;
    to = halt->position - 1;
  }
  instance.halt = halt;
}

/// The last event up to `to` that everything which `instance` reads has folded.
Position reachable(const Instance& instance, Position to) {
  for (const std::string& name : instance.projection->reads)
    to = std::min(to, instance.place.reached(name));
  return to;
}

}  // namespace

std::size_t batch_size(std::span<Instance* const> instances, std::size_t most) {
  constexpr std::size_t kBytes = 32u << 20;  // rows made of them take some four times that
  constexpr std::size_t kLeast = 4096;
  for (const Instance* instance : instances) {
    if (instance->event_bytes > 0) most = std::min(most, std::max(kLeast, kBytes / instance->event_bytes));
  }
  return most;
}

void fold_batch(const log::Log& log, std::span<Instance* const> instances, Position to,
                const BatchOptions& given, const std::function<void(Instance&)>& committed) {
  BatchOptions options = given;
  std::vector<std::unique_ptr<Task>> owned;
  std::vector<Task*> tasks;
  Position from = to + 1;
  for (Instance* instance : instances) {
    if (instance->halt || instance->checkpoint.position >= to) continue;
    auto task = std::make_unique<Task>(instance, to);
    guarded(
        *task, [&] { return task->from(); },
        [&] {
          if (!instance->fold) instance->fold = instance->projection->make(instance->place);
        });
    if (task->halt) {
      instance->halt = task->halt;
      committed(*instance);
      continue;
    }
    from = std::min(from, task->from());
    tasks.push_back(owned.emplace_back(std::move(task)).get());
  }
  if (tasks.empty()) return;
  if (to - from < options.parallel_from) options.workers = 1;
  take_pieces(log, tasks, from, to, options.workers);
  for (const Task* task : tasks) note_bytes(*task, from, to);
  for (Task* task : tasks) {
    Instance& instance = *task->instance;
    const Position end = reachable(instance, to);
    if (end < to || !finish(*task, options)) {
      task->pieces.clear();
      task->lanes.clear();
      instance.fold.reset();
      fold_alone(log, instance, end, options);
    }
    committed(instance);
  }
}

}  // namespace daybook::projections
