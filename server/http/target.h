#pragma once

#include <string_view>
#include <vector>

#include "server/http/message.h"

namespace daybook::http {

/// Takes a request target apart, percent-decoding once. `out` has room for target.size() bytes; the
/// results point there. Returns what is wrong with it, or nothing.
[[nodiscard]] std::string_view decode(std::string_view target, char* out,
                                      std::vector<std::string_view>* segments,
                                      std::vector<QueryPair>* query);

}  // namespace daybook::http
