#pragma once

#include <string>

#include "cli/outcome.h"

namespace daybook::cli {

/// A directory of its own for as long as this lives, for its owner alone.
class TemporaryDirectory {
 public:
  /// Under $TMPDIR or /tmp. Errors: Failed with the system's reason.
  [[nodiscard]] static Outcome<TemporaryDirectory> make();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace daybook::cli
