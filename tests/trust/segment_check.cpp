#include <cstdio>
#include <cstring>
#include <string>

#include "ledger/log/bytes.h"
#include "ledger/log/segment.h"

/// Verifies many segments in one process. stdin: (size: u64, bytes) a segment; stdout: a line each, `ok POSITION ROOT`, or the
/// code of what is wrong and its sentence.
int main() {
  using namespace daybook::log;
  std::string segment;
  for (std::uint64_t size = 0; std::fread(&size, sizeof size, 1, stdin) == 1;) {
    segment.resize(size);
    if (std::fread(segment.data(), 1, segment.size(), stdin) != segment.size()) return 1;
    const auto facts = verify_segment_bytes(as_bytes(segment));
    if (facts) {
      std::printf("ok %llu %s\n", static_cast<unsigned long long>(facts->head.position), hex(facts->head.root).c_str());
    } else {
      std::printf("%s %s\n", std::string(facts.error().code).c_str(), facts.error().detail.c_str());
    }
    std::fflush(stdout);
  }
  return 0;
}
