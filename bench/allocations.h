#pragma once

#include <cstdint>

namespace daybook::bench {

/// How often the calling thread has asked for memory so far. Programs that count have allocations.cpp among their
/// sources, which replaces operator new.
[[nodiscard]] std::uint64_t own_allocations();

}  // namespace daybook::bench
