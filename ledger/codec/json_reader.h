#pragma once

#include <memory>
#include <string_view>

#include "ledger/codec/type_info.h"
#include "ledger/domain/result.h"

namespace daybook::codec {

/// Reads whole JSON texts into described types. Keeps its buffers: use one again and again, from
/// one thread.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  /// Reads `text`, one object and nothing else, into `object`, which is as constructed.
  ///
  /// Errors (with the JSON Pointer of what is wrong): MALFORMED_JSON, JSON_TOO_DEEP,
  /// DUPLICATE_MEMBER, TOO_MANY_MEMBERS, INVALID_FIELD (unknown, missing, of a wrong type),
  /// INVALID_AMOUNT, AMOUNT_OUT_OF_RANGE, INVALID_CURRENCY, INVALID_TIME, INVALID_IDENTIFIER,
  /// INVALID_STRING.
  [[nodiscard]] Result<void> read(const TypeInfo& info, void* object, std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same with a reader of this thread.
[[nodiscard]] Result<void> read_json(const TypeInfo& info, void* object, std::string_view text);

}  // namespace daybook::codec
