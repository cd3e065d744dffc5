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

/// Of the calling thread alone.
[[nodiscard]] double own_thread_cpu_seconds();

/// A line of /proc/PROCESS/status in MiB: VmRSS is what is resident now, VmHWM the most that ever was. 0: this process.
[[nodiscard]] std::uint64_t memory_mib(const std::string& name, int process = 0);

/// Bytes of all files below `directory`.
[[nodiscard]] std::uint64_t bytes_below(const std::string& directory);

/// What of the files below `directory` lies in the system's memory goes, so that the next look at them is cold.
void forget_files(const std::string& directory);

/// Appends `name value` to the file that DAYBOOK_BENCH_FIGURES names, for the report of bench/run. Does nothing
/// where it names none.
void figure(const std::string& name, double value);

}  // namespace daybook::bench
