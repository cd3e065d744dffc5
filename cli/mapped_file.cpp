#include "cli/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace daybook::cli {

Outcome<MappedFile> MappedFile::open(const std::string& path) {
  const auto refused = [&](ExitCode exit_code, const char* why) { return fail(exit_code, path + ": " + why); };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return refused(errno == ENOENT ? ExitCode::NotFound : ExitCode::Failed, std::strerror(errno));
  struct stat found {};
  MappedFile mapped;
  if (::fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) {
    ::close(file);
    return refused(ExitCode::Failed, "this is no regular file");
  }
  mapped.size_ = static_cast<std::size_t>(found.st_size);
  if (mapped.size_ != 0) {
    void* const at = ::mmap(nullptr, mapped.size_, PROT_READ, MAP_PRIVATE, file, 0);
    const int error = errno;
    if (at == MAP_FAILED) {
      ::close(file);
      mapped.size_ = 0;
      return refused(ExitCode::Failed, std::strerror(error));
    }
    mapped.data_ = static_cast<const char*>(at);
  }
  ::close(file);
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace daybook::cli
