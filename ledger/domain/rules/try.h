#pragma once

#include <utility>

#include <tl/expected.hpp>

#define LEDGER_TRY_CONCAT_(a, b) a##b
#define LEDGER_TRY_CONCAT(a, b) LEDGER_TRY_CONCAT_(a, b)
#define LEDGER_TRY_(result, declaration, expression)    \
  auto result = (expression);                           \
  if (!result) return tl::unexpected((result).error()); \
  declaration = *std::move(result)

/// `LEDGER_TRY(const Exact value, product(quantity, price));` declares the value, or returns the
/// error. For arithmetic of several steps, each of which may leave the range.
#define LEDGER_TRY(declaration, ...) \
  LEDGER_TRY_(LEDGER_TRY_CONCAT(ledger_try_, __LINE__), declaration, (__VA_ARGS__))

#define LEDGER_CHECK_(result, expression) \
  if (auto result = (expression); !result) return tl::unexpected((result).error())

/// `LEDGER_CHECK(usage.rows(…));` returns the error of what has no value.
#define LEDGER_CHECK(...) LEDGER_CHECK_(LEDGER_TRY_CONCAT(ledger_check_, __LINE__), (__VA_ARGS__))
