#include "cli/demo/temporary_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace daybook::cli {

Outcome<TemporaryDirectory> TemporaryDirectory::make() {
  const char* const parent = std::getenv("TMPDIR");
  std::string path = std::string(parent != nullptr && *parent != '\0' ? parent : "/tmp") + "/daybook-demo-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return fail(ExitCode::Failed, path + ": " + std::strerror(errno));
  return TemporaryDirectory(std::move(path));
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace daybook::cli
