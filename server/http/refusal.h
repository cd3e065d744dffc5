#pragma once

#include <string_view>

namespace daybook::http {

/// Why a request is refused before routing; `code` is of the table in problem.cpp.
struct Refusal {
  std::string_view code;
  std::string_view detail;
  bool close = true;  ///< false only where the framing is beyond doubt
};

}  // namespace daybook::http
