#include "ledger/log/text_log.h"

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <rocksdb/env.h>

namespace daybook::log {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

/// "2026/11/28-14:35:11.930123 4711 ", in UTC.
std::string line_start() {
  timeval now{};
  ::gettimeofday(&now, nullptr);
  std::tm utc{};
  ::gmtime_r(&now.tv_sec, &utc);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y/%m/%d-%H:%M:%S", &utc);
  std::snprintf(text + length, sizeof text - length, ".%06ld %d ", static_cast<long>(now.tv_usec),
                static_cast<int>(::gettid()));
  return text;
}

class TextLog final : public rocksdb::Logger {
 public:
  explicit TextLog(int file) : file_(file) {}
  ~TextLog() override { ::close(file_); }

  using rocksdb::Logger::Logv;
  [[gnu::format(printf, 2, 0)]] void Logv(const char* format, std::va_list arguments) override {
    std::va_list again;
    va_copy(again, arguments);
    const int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    if (length < 0) return;
    std::string line = line_start();
    const std::size_t start = line.size();
    line.resize(start + static_cast<std::size_t>(length) + 1);
    std::vsnprintf(line.data() + start, static_cast<std::size_t>(length) + 1, format, arguments);
    line.back() = '\n';
    if (line[line.size() - 2] == '\n') line.pop_back();
    // One call, so that lines of several threads do not mix; the outcome changes nothing.
    const ssize_t written = ::write(file_, line.data(), line.size());
    if (written > 0) size_.fetch_add(static_cast<std::size_t>(written), std::memory_order_relaxed);
  }

  [[nodiscard]] std::size_t GetLogFileSize() const override { return size_.load(std::memory_order_relaxed); }

 private:
  int file_;
  std::atomic<std::size_t> size_{0};
};

class WithTextLog final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;

  [[nodiscard]] const char* Name() const override { return "daybook.with-text-log"; }

  IOStatus NewLogger(const std::string& path, const IOOptions&, std::shared_ptr<rocksdb::Logger>* result,
                     IODebugContext*) override {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) return IOStatus::IOError(path, std::strerror(errno));
    *result = std::make_shared<TextLog>(file);
    return IOStatus::OK();
  }
};

class NoTextLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  [[gnu::format(printf, 2, 0)]] void Logv(const char* /*format*/, std::va_list /*arguments*/) override {}
  [[nodiscard]] std::size_t GetLogFileSize() const override { return 0; }
};

class WithoutTextLog final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;

  [[nodiscard]] const char* Name() const override { return "daybook.without-text-log"; }

  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>* result, IODebugContext*) override {
    *result = no_text_log();
    return IOStatus::OK();
  }
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> without_text_log(std::shared_ptr<rocksdb::FileSystem> files) {
  return std::make_shared<WithoutTextLog>(std::move(files));
}

std::shared_ptr<rocksdb::Logger> no_text_log() { return std::make_shared<NoTextLog>(); }

std::shared_ptr<rocksdb::FileSystem> with_text_log(std::shared_ptr<rocksdb::FileSystem> files) {
  return std::make_shared<WithTextLog>(std::move(files));
}

}  // namespace daybook::log
