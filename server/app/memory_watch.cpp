#include "server/app/memory_watch.h"

#include <malloc.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <utility>

#include <spdlog/spdlog.h>

/// Of jemalloc, which programs as shipped take their memory from (docs/decisions/0057); null where they do not.
extern "C" [[gnu::weak]] int mallctl(const char* name, void* old, std::size_t* old_size, void* value, std::size_t size);

namespace daybook::server {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
/// Giving back takes time: it is tried again when so much more is resident than after the last time.
constexpr std::uint64_t kWorthwhile = 32 * kMebibyte;

/// What the allocator holds and nobody uses goes back to the system.
void give_back_unused() {
  constexpr const char* kPurgeAll = "arena.4096.purge";  // 4096: MALLCTL_ARENAS_ALL
  if (mallctl != nullptr) {
    mallctl(kPurgeAll, nullptr, nullptr, nullptr, 0);
  } else {
    malloc_trim(0);
  }
}

}  // namespace

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(file >> size >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t allowed_bytes(const std::string& root) {
  const long pages = sysconf(_SC_PHYS_PAGES);
  std::uint64_t least = pages > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
  const auto look = [&](const std::string& group) {
    std::ifstream file(group + "/memory.max");
    std::uint64_t limit = 0;
    if (file >> limit && (least == 0 || limit < least)) least = limit;  // "max": none
  };
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/")) continue;
    for (std::string group = line.substr(3); group.size() > 1; group.resize(group.rfind('/'))) look(root + group);
  }
  look(root);
  return least;
}

MemoryWatch::MemoryWatch(std::uint64_t most, std::chrono::milliseconds every, Means means) : most_(most), means_(std::move(means)) {
  if (most_ > 0 && every.count() > 0) thread_ = std::thread([this, every] { run(every); });
}

MemoryWatch::~MemoryWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void MemoryWatch::look() {
  std::uint64_t resident = means_.measure();
  if (resident > most_ && resident >= gave_back_at_ + kWorthwhile) {
    means_.give_back ? means_.give_back() : give_back_unused();
    resident = means_.measure();
    gave_back_at_ = resident;
  }
  const bool is_short = resident > most_;
  if (!is_short) gave_back_at_ = 0;
  if (short_.exchange(is_short, std::memory_order_relaxed) == is_short) return;
  if (!is_short) {
    spdlog::info("{} MiB of memory are taken, and no longer more than server.memoryMegabytes", resident / kMebibyte);
    return;
  }
  spdlog::warn("{} MiB of memory are taken, more than server.memoryMegabytes ({}): large bodies are refused with 503 while others are held. "
               "A ledger of this size needs more, or fewer requests at once",
               resident / kMebibyte, most_ / kMebibyte);
}

void MemoryWatch::run(std::chrono::milliseconds every) {
  std::unique_lock lock(mutex_);
  while (!stop_.wait_for(lock, every, [this] { return stopping_; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

}  // namespace daybook::server
