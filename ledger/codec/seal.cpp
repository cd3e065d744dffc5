#include "ledger/codec/seal.h"

#include "ledger/codec/personal_values.h"
#include "ledger/codec/value_codec_instance.h"

namespace daybook::codec {

std::string subject_of_identity(std::string_view identity_id) {
  return "identity:" + std::string(identity_id);
}

std::string subject_of_address(std::string_view address) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = address.find_first_not_of(kSpace);
  const std::size_t end = address.find_last_not_of(kSpace);
  std::string subject = "address:";
  if (begin == std::string_view::npos) return subject;
  for (const char c : address.substr(begin, end - begin + 1)) {
    subject.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return subject;
}

Result<void> open_personal(const TypeInfo& info, void* object, const Sealer& sealer) {
  return for_each_personal(
      info, object,
      [&](std::string_view field, const TypeInfo& type, void* personal) -> Result<void> {
        const std::string& sealed = type.sealed(personal);
        const std::string pointer = "/" + std::string(field);
        if (sealed.empty()) return {};
        Result<std::optional<std::string>> plain = sealer.open(sealed);
        if (!plain) {
          Error error = std::move(plain.error());
          error.pointer = pointer;
          return tl::unexpected(std::move(error));
        }
        if (!*plain) {
          type.clear(personal);
          return {};
        }
        if (type.read_plain(personal, as_bytes(**plain))) return {};
        return failed(ErrorKind::Corruption, "CORRUPTION", "a sealed value holds something else",
                      pointer);
      });
}

}  // namespace daybook::codec
