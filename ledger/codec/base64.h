#pragma once

#include <string>
#include <string_view>

#include "ledger/codec/member_types.h"

namespace daybook::codec {

/// Appends the base64 of `bytes` with padding (RFC 4648, 4).
void append_base64(std::string_view bytes, std::string& out);

/// Appends what `text` stands for; false when it is not the one base64 text of some bytes.
[[nodiscard]] bool decode_base64(std::string_view text, ByteVector& out);

}  // namespace daybook::codec
