#include "ledger/log/zeroed_pages.h"

#include <new>

#include <sys/mman.h>

namespace daybook::log {
namespace {

constexpr std::size_t kLargePage = 2U << 20;

}  // namespace

void ReleasePages::operator()(void* memory) const {
  if (memory != nullptr) ::munmap(memory, bytes);
}

void* reserve_pages(std::size_t bytes) {
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // A wish: without it everything works as before, only slower.
  if (bytes >= 2 * kLargePage) static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));
  return memory;
}

}  // namespace daybook::log
