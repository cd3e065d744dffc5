#pragma once

#include <span>

#include "ledger/domain/files/file_row.h"

/// The columns of each kind of file, in order (domain.md 4.7).
namespace daybook {

[[nodiscard]] std::span<const Column> statement_columns_v1();
[[nodiscard]] std::span<const Column> statement_columns_v2();
[[nodiscard]] std::span<const Column> daily_columns_v1();
[[nodiscard]] std::span<const Column> daily_columns_v2();
[[nodiscard]] std::span<const Column> payg_columns();
[[nodiscard]] std::span<const Column> mca_columns();
[[nodiscard]] std::span<const Column> mpa_columns();
[[nodiscard]] std::span<const Column> ea_columns();
[[nodiscard]] std::span<const Column> focus_1_0_columns();
[[nodiscard]] std::span<const Column> focus_1_2_columns();

}  // namespace daybook
