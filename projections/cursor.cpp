#include "projections/cursor.h"

#include <sodium.h>

#include "ledger/domain/invariant.h"
#include "projections/row_key.h"

namespace daybook::projections {
namespace {

constexpr std::size_t kMacSize = 16;
constexpr std::size_t kCursorMax = 8192;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

tl::unexpected<Error> bad_cursor() {
  return rejected("BAD_CURSOR",
                  "the cursor is not one of this list; ask without a cursor to begin again");
}

}  // namespace

std::string CursorSeal::mac(std::string_view content, std::string_view question,
                            std::string_view caller) const {
  crypto_generichash_state state;
  std::string mac(kMacSize, '\0');
  crypto_generichash_init(&state, secret_.data(), secret_.size(), mac.size());
  for (const std::string_view part : {content, question, caller}) {
    const std::string length = KeyWriter().u64(part.size()).take();
    crypto_generichash_update(&state, bytes(length), length.size());
    crypto_generichash_update(&state, bytes(part), part.size());
  }
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(mac.data()), mac.size());
  return mac;
}

std::string CursorSeal::seal(const CursorContent& content, std::string_view question,
                             std::string_view caller) const {
  std::string text = KeyWriter().u64(content.position).raw(content.place).take();
  text += mac(text, question, caller);
  std::string out(sodium_base64_ENCODED_LEN(text.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                  '\0');
  sodium_bin2base64(out.data(), out.size(), bytes(text), text.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  out.pop_back();  // the terminating zero
  return out;
}

Result<CursorContent> CursorSeal::open(std::string_view cursor, std::string_view question,
                                       std::string_view caller) const {
  if (cursor.size() > kCursorMax) return bad_cursor();
  std::string text(cursor.size(), '\0');
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), cursor.data(),
                        cursor.size(), nullptr, &length, &end,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != cursor.data() + cursor.size() || length < 8 + kMacSize) {
    return bad_cursor();
  }
  text.resize(length);
  const std::string_view content = std::string_view(text).substr(0, length - kMacSize);
  const std::string_view given = std::string_view(text).substr(length - kMacSize);
  if (sodium_memcmp(given.data(), mac(content, question, caller).data(), kMacSize) != 0)
    return bad_cursor();
  KeyReader reader(content);
  CursorContent found;
  found.position = reader.u64();
  found.place = reader.rest();
  return found;
}

}  // namespace daybook::projections
