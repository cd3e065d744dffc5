#include "bench/child.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace daybook::bench {

Child::Child(const std::vector<std::string>& command, const std::string& user) {
  const passwd* const who = !user.empty() && ::geteuid() == 0 ? ::getpwnam(user.c_str()) : nullptr;
  if (!user.empty() && ::geteuid() == 0 && who == nullptr) throw std::runtime_error("there is no user " + user);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(pipe_ends[1], STDOUT_FILENO);
    const bool changed = who == nullptr || (::initgroups(who->pw_name, who->pw_gid) == 0 &&
                                            ::setgid(who->pw_gid) == 0 && ::setuid(who->pw_uid) == 0);
    if (changed) ::execv(words.front(), words.data());
    ::_exit(127);
  }
  ::close(pipe_ends[1]);
  out_ = pipe_ends[0];
  if (process_ < 0) {
    ::close(out_);
    throw std::runtime_error("cannot start " + command.front());
  }
}

Child::~Child() {
  if (process_ > 0) end(SIGINT);
  ::close(out_);
}

std::optional<std::string> Child::line() {
  std::string text;
  for (char c = 0; ::read(out_, &c, 1) == 1; text.push_back(c)) {
    if (c == '\n') return text;
  }
  if (text.empty()) return std::nullopt;
  return text;
}

int Child::end(int signal) {
  if (process_ <= 0) return 0;
  if (signal != 0) ::kill(process_, signal);
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string first_line_of(const std::vector<std::string>& command, const std::string& user) {
  Child child(command, user);
  std::string first = child.line().value_or("");
  while (child.line()) {
  }
  if (const int code = child.end(0); code != 0) {
    throw std::runtime_error(command.front() + " ended with " + std::to_string(code));
  }
  return first;
}

}  // namespace daybook::bench
