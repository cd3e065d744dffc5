#pragma once

#include <cstdint>
#include <string>

namespace daybook::bench {

/// Processor, kernel, compiler, libraries, and the disk's own fdatasync time in `directory`: without them a figure
/// says nothing.
void print_machine(const std::string& directory);

/// Processor time of all threads of this process so far: what a busy machine does not blur.
[[nodiscard]] double own_cpu_seconds();

/// Of another process, from /proc, to 10 ms. 0 where it is gone.
[[nodiscard]] double cpu_seconds_of(int process);

/// Appends `name value` to the file that DAYBOOK_BENCH_FIGURES names, for the report of bench/run. Does nothing
/// where it names none.
void figure(const std::string& name, double value);

}  // namespace daybook::bench
