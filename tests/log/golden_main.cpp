/// Writes the golden log's files to a directory: golden_log DIRECTORY. To be run once for a version of the
/// format; what is in tests/data/logs is never changed.

#include "tests/log/golden.h"
#include "tests/log/log_fixture.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const daybook::log::testing::TemporaryDirectory directory;
  daybook::log::testing::write_golden(directory.path("ledger"), argv[1]);
  return 0;
}
