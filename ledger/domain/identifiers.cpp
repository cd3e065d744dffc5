#include "ledger/domain/identifiers.h"

#include <algorithm>
#include <array>

namespace daybook {
namespace {

constexpr auto kAllowed = [] {
  std::array<bool, 256> allowed{};
  for (char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-")) {
    allowed[static_cast<unsigned char>(c)] = true;
  }
  return allowed;
}();

constexpr std::size_t kMaxLength = 128;

}  // namespace

bool is_identifier(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLength &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return kAllowed[static_cast<unsigned char>(c)]; });
}

tl::unexpected<Error> invalid_identifier(std::string_view what) {
  return rejected("INVALID_IDENTIFIER",
                  std::string(what) + " takes 1 to 128 of the characters A-Z a-z 0-9 . _ : -");
}

}  // namespace daybook
