#pragma once

#include <string_view>

namespace daybook::cli {

/// The name of the export that the binary carries.
inline constexpr std::string_view kSampleName = "focus_1.0_sample_1000_multicloud.csv";
/// What must stand wherever it is shown.
inline constexpr std::string_view kSampleAttribution =
    "FOCUS sample data (c) FinOps Foundation / FOCUS, CC BY 4.0, "
    "https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS-Sample-Data";

/// Its bytes: tests/data/focus.
[[nodiscard]] std::string_view sample_export();

}  // namespace daybook::cli
