#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::bench {

/// The command line of a bench: `--name value` and `--name`. Whoever asks for a flag takes it.
class Flags {
 public:
  Flags(int count, const char* const* words) : words_(words + 1, words + count) {}

  /// The number after `name`. Throws std::runtime_error where there stands no number.
  [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t otherwise);
  /// Numbers with commas between them; "none" for none.
  [[nodiscard]] std::vector<std::size_t> numbers(std::string_view name, std::vector<std::size_t> otherwise);
  [[nodiscard]] std::string text(std::string_view name, const std::string& otherwise);
  [[nodiscard]] bool given(std::string_view name);

  /// Throws std::runtime_error where something was given that nobody asked for.
  void end() const;

 private:
  std::vector<std::string> words_;
};

/// The main of a bench: its exit code, or 1 after what it threw was printed behind the program's name.
[[nodiscard]] int run_main(int count, const char* const* words, int (*bench)(Flags));

}  // namespace daybook::bench
