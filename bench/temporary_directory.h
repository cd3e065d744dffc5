#pragma once

#include <string>

namespace daybook::bench {

/// A new directory below `parent`, removed with everything in it at the end. `parent` itself may be anybody's, /tmp
/// for one: nothing else in it is touched.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(const std::string& parent);
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace daybook::bench
