#pragma once

#include <optional>
#include <string>
#include <vector>

namespace daybook::bench {

/// A program started by a bench and ended with it.
class Child {
 public:
  /// Starts `command` (its first word a path) with its stdout readable here and, where `user` is not empty and this
  /// process is root, as that user. Throws std::runtime_error where it cannot.
  explicit Child(const std::vector<std::string>& command, const std::string& user = "");
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Interrupts it where it still runs, and waits.
  ~Child();

  [[nodiscard]] int id() const { return process_; }
  /// The next line of its stdout, without the end of line; nothing at the end.
  [[nodiscard]] std::optional<std::string> line();
  /// Sends `signal`, 0 for none, and waits for the end. The exit code, 128 + signal where one ended it.
  int end(int signal);

 private:
  int process_ = -1;
  int out_ = -1;
};

/// Runs a command to its end and returns its first line. Throws std::runtime_error where it fails.
std::string first_line_of(const std::vector<std::string>& command, const std::string& user = "");

}  // namespace daybook::bench
