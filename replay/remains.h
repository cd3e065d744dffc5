#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace daybook::replay {

/// Takes away what an attempt left behind at a path, however it ended, unless it is kept.
class Remains {
 public:
  explicit Remains(std::string path) : path_(std::move(path)) {}
  ~Remains() {
    std::error_code ignored;
    if (!kept_) std::filesystem::remove_all(path_, ignored);
  }
  Remains(const Remains&) = delete;
  Remains& operator=(const Remains&) = delete;
  void keep() { kept_ = true; }

 private:
  std::string path_;
  bool kept_ = false;
};

}  // namespace daybook::replay
