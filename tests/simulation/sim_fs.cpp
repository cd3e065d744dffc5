#include "tests/simulation/sim_fs.h"

#include <algorithm>
#include <cstring>
#include <utility>

/// What the simulator does with its disk, and what becomes of each operation.
namespace daybook::simulation {
namespace {

using rocksdb::IOStatus;
using rocksdb::Slice;

std::uint64_t fnv(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
  return hash;
}

}  // namespace

SimFS::SimFS() = default;

// The simulator's side ----------------------------------------------------------------------------------

void SimFS::cut_before(std::uint64_t changes) {
  const std::lock_guard lock(mutex_);
  cut_at_ = changes_ + changes;
}

void SimFS::cut_now() { off_.store(true); }

void SimFS::crash(Loss loss, log::SeededRng& rng) {
  const std::lock_guard lock(mutex_);
  disk_.crash(loss, rng);
  faults_.clear();
  room_.reset();
  full_ = false;
  meanwhile_ = nullptr;
  locks_.clear();
  cut_at_ = ~std::uint64_t{0};
  second_syncs_ = 0;
  off_.store(false);
}

void SimFS::before_next_log_write(std::function<void()> meanwhile) {
  const std::lock_guard lock(mutex_);
  meanwhile_ = std::move(meanwhile);
}

void SimFS::add(const Rule& rule) {
  const std::lock_guard lock(mutex_);
  faults_.add(rule);
}

void SimFS::clear_rules() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::vector<Rule> SimFS::rules() const {
  const std::lock_guard lock(mutex_);
  return faults_.rules();
}

void SimFS::set_room(std::optional<std::uint64_t> bytes) {
  const std::lock_guard lock(mutex_);
  room_ = bytes;
}

bool SimFS::is_full() const {
  const std::lock_guard lock(mutex_);
  return full_;
}

std::uint64_t SimFS::changes() const {
  const std::lock_guard lock(mutex_);
  return changes_;
}

std::uint64_t SimFS::second_syncs() const {
  const std::lock_guard lock(mutex_);
  return second_syncs_;
}

std::uint64_t SimFS::trace_hash() const {
  const std::lock_guard lock(mutex_);
  return trace_ + removals_;
}

void SimFS::keep_trace(std::size_t lines) {
  const std::lock_guard lock(mutex_);
  trace_lines_ = lines;
}

std::deque<std::string> SimFS::trace() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

void SimFS::note(Op op, const std::string& path, std::uint64_t length) {
  if (kind_of(path) == FileKind::Owner) return;  // it holds the number of a process
  const std::uint64_t hash = fnv(fnv(fnv(0xCBF29CE484222325ull, name(op)), path), std::to_string(length));
  if (op == Op::Delete) {
    removals_ += hash;
  } else {
    trace_ = (trace_ ^ hash) * 0x100000001B3ull;
  }
  if (trace_lines_ == 0) return;
  lines_.push_back(std::to_string(changes_) + " " + std::string(name(op)) + " " + path + " " + std::to_string(length));
  if (lines_.size() > trace_lines_) lines_.pop_front();
}

SimFS::Verdict SimFS::begin(Op op, const std::string& path, std::uint64_t length) {
  if (is_change(op) && before_change_) before_change_();
  std::unique_lock lock(mutex_);
  if (meanwhile_ && op == Op::Write && kind_of(path) == FileKind::Wal && !in_views(path)) {
    const std::function<void()> meanwhile = std::exchange(meanwhile_, nullptr);
    lock.unlock();
    meanwhile();
    lock.lock();
  }
  if (is_change(op) && !off_.load() && ++changes_ >= cut_at_) off_.store(true);
  if (off_.load()) return {IOStatus::IOError("the power has failed", path), std::nullopt};
  if (is_change(op)) note(op, path, length);
  const std::optional<Effect> effect = faults_.befalls(op, path);
  if (effect == Effect::Error) return {IOStatus::IOError("Input/output error", path), effect};
  if (effect == Effect::NoSpace) return {IOStatus::NoSpace("No space left on device", path), effect};
  return {IOStatus::OK(), effect};
}

IOStatus SimFS::write(Node& node, const std::string& path, std::uint64_t offset, std::string_view bytes) {
  Verdict verdict = begin(Op::Write, path, bytes.size());
  const std::lock_guard lock(mutex_);
  if (offset == ~std::uint64_t{0}) offset = node.live.size();
  if (room_ && verdict.status.ok() && offset + bytes.size() > node.live.size()) {
    const std::uint64_t more = offset + bytes.size() - node.live.size();
    if (more > *room_) {
      verdict = {IOStatus::NoSpace("No space left on device", path), Effect::NoSpace};
      bytes = bytes.substr(0, bytes.size() - (more - *room_));
      *room_ = 0;
      full_ = true;
      node.write(offset, bytes);
      return verdict.status;
    }
    *room_ -= more;
  }
  if (verdict.status.ok()) {
    node.write(offset, bytes);
  } else if (verdict.effect) {
    node.write(offset, bytes.substr(0, bytes.size() / 2));
  }
  return verdict.status;
}

IOStatus SimFS::sync(Node& node, const std::string& path) {
  const Verdict verdict = begin(Op::Sync, path);
  const std::lock_guard lock(mutex_);
  if (node.sync_failed && !off_.load() && !in_views(path)) ++second_syncs_;
  if (verdict.status.ok()) {
    node.sync();
  } else if (verdict.effect) {
    node.fail_sync();
  }
  return verdict.status;
}

std::string SimFS::misdirected(const Node& node, const std::string& path) const {
  const auto [directory, own] = disk_.place(path);
  if (directory) {
    for (const auto& [name, other] : directory->entries) {
      if (other.get() != &node && !other->is_directory && kind_of(name) == kind_of(own)) return other->live;
    }
  }
  return node.live;
}

IOStatus SimFS::read(const Node& node, const std::string& path, std::uint64_t offset, std::size_t size, Slice* result,
                     char* scratch) {
  const Verdict verdict = begin(Op::Read, path, size);
  *result = Slice();
  if (!verdict.status.ok()) return verdict.status;
  const std::lock_guard lock(mutex_);
  std::string other;
  if (verdict.effect == Effect::Stale) other = node.remembered;
  if (verdict.effect == Effect::Misdirect) other = misdirected(node, path);
  const bool elsewhere = verdict.effect == Effect::Stale || verdict.effect == Effect::Misdirect;
  const std::string& from = elsewhere ? other : node.live;
  if (offset >= from.size()) return IOStatus::OK();
  size = std::min<std::size_t>(size, from.size() - offset);
  if (verdict.effect == Effect::ShortRead) size /= 2;
  std::memcpy(scratch, from.data() + offset, size);
  // Which bit or sector: any will do, as long as a run can be repeated.
  const std::size_t place = size == 0 ? 0 : (offset * 0x9E3779B97F4A7C15ull >> 20) % size;
  if (verdict.effect == Effect::FlipBit && size > 0) scratch[place] = static_cast<char>(scratch[place] ^ 0x10);
  if (verdict.effect == Effect::ZeroSector && size > 0) {
    const std::size_t begin = place / kSectorBytes * kSectorBytes;
    std::memset(scratch + begin, 0, std::min(kSectorBytes, size - begin));
  }
  *result = Slice(scratch, size);
  return IOStatus::OK();
}

}  // namespace daybook::simulation
