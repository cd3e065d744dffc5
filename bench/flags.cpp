#include "bench/flags.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>

namespace daybook::bench {
namespace {

std::uint64_t number_of(std::string_view name, std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::runtime_error(std::string(name) + " wants a whole number, not \"" + std::string(text) + "\"");
  }
  return value;
}

}  // namespace

std::string Flags::text(std::string_view name, const std::string& otherwise) {
  const auto found = std::find(words_.begin(), words_.end(), name);
  if (found == words_.end()) return otherwise;
  if (found + 1 == words_.end()) throw std::runtime_error(std::string(name) + " wants a value");
  std::string value = *(found + 1);
  words_.erase(found, found + 2);
  return value;
}

std::uint64_t Flags::number(std::string_view name, std::uint64_t otherwise) {
  return number_of(name, text(name, std::to_string(otherwise)));
}

std::vector<std::size_t> Flags::numbers(std::string_view name, std::vector<std::size_t> otherwise) {
  const std::string list = text(name, "");
  if (list.empty()) return otherwise;
  std::vector<std::size_t> all;
  if (list == "none") return all;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    all.push_back(number_of(name, std::string_view(list).substr(begin, end - begin)));
    begin = end + 1;
  }
  return all;
}

bool Flags::given(std::string_view name) {
  const auto found = std::find(words_.begin(), words_.end(), name);
  if (found == words_.end()) return false;
  words_.erase(found);
  return true;
}

void Flags::end() const {
  if (!words_.empty()) throw std::runtime_error("\"" + words_.front() + "\" is no flag of this program");
}

int run_main(int count, const char* const* words, int (*bench)(Flags)) {
  try {
    return bench(Flags(count, words));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s: %s\n", std::filesystem::path(words[0]).filename().c_str(), failure.what());
    return 1;
  }
}

}  // namespace daybook::bench
