#include "bench/temporary_directory.h"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace daybook::bench {

TemporaryDirectory::TemporaryDirectory(const std::string& parent) : path_(parent + "/daybook-bench-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary directory below " + parent);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace daybook::bench
