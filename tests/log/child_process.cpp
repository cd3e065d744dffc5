#include "tests/log/child_process.h"

#include <csignal>
#include <stdexcept>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/log/clock.h"

extern char** environ;

namespace daybook::log::testing {

Appender::Appender(const std::vector<std::string>& arguments) {
  int ends[2];
  if (::pipe(ends) != 0) {
    throw std::runtime_error("no pipe");
  }
  std::vector<std::string> words = {DAYBOOK_APPENDER};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execve(argv[0], argv.data(), environ);
    ::_exit(127);
  }
  ::close(ends[1]);
  pipe_ = ends[0];
}

Appender::~Appender() {
  if (pid_ > 0) {
    kill();
  }
  ::close(pipe_);
}

std::optional<std::string> Appender::read_line(std::optional<std::int64_t> limit_micros) {
  SystemClock clock;
  const std::int64_t deadline = clock.mono_micros() + limit_micros.value_or(60'000'000);
  for (;;) {
    const std::size_t end = buffer_.find('\n');
    if (end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const std::int64_t left = deadline - clock.mono_micros();
    if (left <= 0) {
      return std::nullopt;
    }
    pollfd waiting{.fd = pipe_, .events = POLLIN, .revents = 0};
    const timespec wait{.tv_sec = left / 1'000'000, .tv_nsec = left % 1'000'000 * 1'000};
    if (::ppoll(&waiting, 1, &wait, nullptr) == 0) {
      return std::nullopt;
    }
    char bytes[4096];
    const ssize_t got = ::read(pipe_, bytes, sizeof bytes);
    if (got <= 0) {
      return std::nullopt;
    }
    buffer_.append(bytes, static_cast<std::size_t>(got));
  }
}

void Appender::kill() {
  ::kill(pid_, SIGKILL);
  static_cast<void>(wait());
}

int Appender::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace daybook::log::testing
