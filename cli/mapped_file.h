#pragma once

#include <string>
#include <string_view>

#include "cli/outcome.h"

namespace daybook::cli {

/// A file's bytes, as they lie on the disk. The file must not change meanwhile.
class MappedFile {
 public:
  /// Errors: NotFound, Failed with the system's reason.
  [[nodiscard]] static Outcome<MappedFile> open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();

  [[nodiscard]] std::string_view text() const { return {data_, size_}; }

 private:
  MappedFile() = default;
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace daybook::cli
