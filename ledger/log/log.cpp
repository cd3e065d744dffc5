#include "ledger/log/log.h"

#include <algorithm>

#include <unistd.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "ledger/log/canary.h"
#include "ledger/log/files.h"
#include "ledger/log/log_state.h"
#include "ledger/log/profile.h"

namespace daybook::log {
namespace {

tl::unexpected<Error> beyond(Position position, Position head) {
  return failed(ErrorKind::NotFound, "NOT_FOUND",
                "position " + std::to_string(position) + " is not in the log, which ends at " +
                    std::to_string(head));
}

/// Memory for taking frames apart, one for each thread that reads single events.
FrameReader& own_reader() {
  thread_local FrameReader reader;
  return reader;
}

/// Another: a look at single events may come from within a scan, whose records stay where they are.
FrameReader& second_reader() {
  thread_local FrameReader reader;
  return reader;
}

/// Every rule of the format that a caller could break, before anything is touched.
void check_group(std::span<const NewRecord> records) {
  LEDGER_INVARIANT(!records.empty());
  std::size_t raw = 0;
  for (const NewRecord& record : records) {
    LEDGER_INVARIANT(!record.event.empty() && record.event.size() <= kEventBytesMax);
    raw += Log::raw_bytes(record.event.size());
  }
  LEDGER_INVARIANT(raw <= kGroupBytesMax);
}

}  // namespace

Log::Log(std::unique_ptr<State> state) : state_(std::move(state)) {}

Log::~Log() = default;

void Log::State::stop(const IoFailure& failure) {
  const std::string what = failure.operation + " of " + failure.file + ": " + failure.reason;
  if (stopped->exchange(true)) {
    stop_after_another(what);
  }
  options.on_io_failure(failure);
  throw FailStopped(what);
}

void Log::State::stop_after_another(const std::string& what) const {
  const auto* const end = options.on_io_failure.target<void (*)(const IoFailure&)>();
  while (end != nullptr && *end == &end_process) {
    ::pause();
  }
  throw FailStopped(what);
}

void Log::State::publish(const Head& next) {
  {
    const std::lock_guard guard(head_mutex);
    head = next;
  }
  position.store(next.position, std::memory_order_release);
}

void Log::append(std::span<const NewRecord> records, std::int64_t now_micros) {
  State& state = *state_;
  LEDGER_INVARIANT(!state.options.read_only);
  check_group(records);
  if (state.stopped->load()) {
    state.stop_after_another("the log has stopped after an I/O error");
  }
  if (state.witness->overtaken()) {
    state.stop({"fence", state.options.directory,
                "another process has taken the ledger over (a higher epoch in the witness)",
                ExitCode::Locked});
  }

  Head next = state.head;  // only this thread changes it
  const Position first = next.position + 1;
  next.position += records.size();
  next.recorded_at = std::max(now_micros, next.recorded_at);
  next.epoch = state.epoch;
  state.leaves.clear();
  for (const NewRecord& record : records) {
    state.leaves.push_back(record.leaf);
  }
  state.tree->append(state.leaves);
  next.root = state.tree->root();
  next.chain = chain_hash(next.chain, {.epoch = next.epoch,
                                       .first = first,
                                       .count = records.size(),
                                       .recorded_at = next.recorded_at,
                                       .root = next.root});

  FrameWriter& writer = *state.writer;
  state.batch.Clear();
  Position frame_first = first;
  const auto put = [&](const GroupEnd* end) {
    const std::string_view value = as_text(writer.finish(end));
    const Key key = key_of(frame_first);
    const std::string_view key_text = as_text(key);
    const rocksdb::Status status = state.batch.Put(rocksdb::Slice(key_text.data(), key_text.size()),
                                                   rocksdb::Slice(value.data(), value.size()));
    LEDGER_INVARIANT(status.ok());
    frame_first += writer.count();
  };
  writer.begin(frame_first, next.recorded_at);
  for (const NewRecord& record : records) {
    if (!writer.has_room(record.event.size())) {
      put(nullptr);
      writer.begin(frame_first, next.recorded_at);
    }
    writer.add(record);
    if constexpr (kCanary == Canary::TwoBatches) {
      if (&record == &records[records.size() / 2] && &record != &records.back()) {
        put(nullptr);
        state.rows->db().Write(log_write_options(), &state.batch).PermitUncheckedError();
        state.batch.Clear();
        writer.begin(frame_first, next.recorded_at);
      }
    }
  }
  const GroupEnd end{.epoch = next.epoch, .first = first, .chain = next.chain};
  put(&end);

  if (const rocksdb::Status written = state.rows->db().Write(log_write_options(), &state.batch);
      !written.ok()) {
    state.stop({"write", state.options.directory + "/log", written.ToString(), ExitCode::IoError});
  }
  if (const rocksdb::IOStatus witnessed = state.witness->write(next.epoch, next.position, next.chain,
                                                               next.recorded_at);
      !witnessed.ok()) {
    state.stop(
        {"write", state.options.directory + "/witness", witnessed.ToString(), ExitCode::IoError});
  }
  state.publish(next);
}

Head Log::head() const {
  const std::lock_guard guard(state_->head_mutex);
  return state_->head;
}

Position Log::position() const { return state_->position.load(std::memory_order_acquire); }

std::uint64_t Log::epoch() const { return state_->epoch; }

const LedgerId& Log::ledger_id() const { return state_->lineage.ledger_id; }

const Lineage& Log::lineage() const { return state_->lineage; }

Views* Log::views() const { return state_->views.get(); }

const std::shared_ptr<rocksdb::FileSystem>& Log::trusted_files() const { return state_->trusted; }

const std::string& Log::directory() const { return state_->options.directory; }

std::uint64_t Log::disk_bytes() const {
  return directory_bytes(*state_->trusted, state_->options.directory + "/log");
}

MemoryUse Log::memory_use() const { return memory_use_of(state_->rows->db()); }

const Rows& Log::rows() const { return *state_->rows; }

SignedHead Log::signed_head() const { return state_->signing_key->sign(head()); }

std::array<std::byte, 64> Log::sign(Bytes message) const {
  return state_->signing_key->sign(message);
}

std::optional<Error> Log::damage() const { return state_->rows->damage(); }

std::vector<TableFile> Log::table_files() const { return table_files_of(state_->rows->db()); }

Result<void> Log::check(const TableFile& file) const { return state_->rows->check(file); }

Result<StoredRecord> Log::read(Position position) const {
  if (position == 0 || position > this->position()) {
    return beyond(position, this->position());
  }
  StoredRecord found;
  const Result<void> read =
      state_->rows->at(position, [&](const FrameHead& head, Bytes value) -> Result<void> {
        const auto records = own_reader().records(head, value);
        if (!records) {
          return tl::unexpected(records.error());
        }
        const RecordView& record = (*records)[position - head.first];
        found = {.position = position,
                 .recorded_at = record.recorded_at,
                 .stream = record.stream,
                 .version = record.version,
                 .type = record.type,
                 .code = record.code,
                 .event = {record.event.begin(), record.event.end()}};
        return {};
      });
  if (!read) {
    return tl::unexpected(read.error());
  }
  return found;
}

Result<void> Log::read_while(Position from, const std::function<bool(const RecordView&)>& each) const {
  const Position to = position();
  if (from == 0 || from > to) {
    return beyond(from, to);
  }
  bool goes_on = true;
  while (goes_on && from <= to) {
    const Result<void> read = state_->rows->at(from, [&](const FrameHead& head, Bytes value) -> Result<void> {
      const auto records = second_reader().records(head, value);
      if (!records) {
        return tl::unexpected(records.error());
      }
      for (; goes_on && from <= head.last(); ++from) {
        goes_on = each((*records)[from - head.first]);
      }
      return {};
    });
    if (!read) {
      return read;
    }
  }
  return {};
}

Result<void> Log::scan_frames(Position from, Position to, const EachFrame& each,
                              std::uint64_t type_mask) const {
  from = std::max<Position>(from, 1);
  to = std::min(to, position());
  if constexpr (kCanary == Canary::ScanOffByOne) {
    to = to > from ? to - 1 : to;
  }
  FrameReader reader;
  return state_->rows->walk(
      from, to, [&](const FrameHead& head, Bytes, Bytes value) -> Result<bool> {
        if ((head.type_mask & type_mask) == 0) {
          return true;
        }
        const auto records = reader.records(head, value);
        if (!records) {
          return tl::unexpected(records.error());
        }
        const Position skip = from > head.first ? from - head.first : 0;
        const Position last = std::min(to, head.last());
        return each(records->subspan(skip, last - head.first - skip + 1));
      });
}

Result<std::int64_t> Log::recorded_at(Position position) const {
  if (position == 0 || position > this->position()) {
    return beyond(position, this->position());
  }
  return state_->rows->head_at(position).map(
      [](const FrameHead& head) { return head.recorded_at; });
}

Result<Position> Log::position_at(std::int64_t micros) const {
  // Positions up to `before` were recorded in time, those from `after` on were not.
  Position before = 0;
  Position after = position() + 1;
  while (before + 1 < after) {
    const Result<FrameHead> head = state_->rows->head_at(before + (after - before) / 2);
    if (!head) {
      return tl::unexpected(head.error());
    }
    if (head->recorded_at <= micros) {
      before = std::min(head->last(), after - 1);
    } else {
      after = head->first;
    }
  }
  return before;
}

Result<Head> Log::group_end(Position position) const {
  if (position == 0 || position > this->position()) {
    return beyond(position, this->position());
  }
  FrameHead end;
  const Result<void> walked = state_->rows->walk(
      position, this->position(), [&](const FrameHead& head, Bytes, Bytes) -> Result<bool> {
        end = head;
        return !head.ends_group;
      });
  if (!walked) {
    return tl::unexpected(walked.error());
  }
  return root_at(end.last()).map([&](const Hash& root) {
    return Head{.position = end.last(),
                .chain = state_->lineage.chain_after(end.last(), end.group.chain),
                .root = root,
                .epoch = end.group.epoch,
                .recorded_at = end.recorded_at,
                .ledger_id = state_->lineage.ledger_id};
  });
}

}  // namespace daybook::log
