#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/codec/json_writer.h"
#include "ledger/domain/result.h"
#include "ledger/log/log.h"

namespace daybook::replay {

/// A head as it is signed for callers (docs/reference/log_format.md, section 7): `chain` and `recorded_at` are those of
/// the group, the chain empty inside one.
struct HeadText {
  std::string ledger_id;
  log::Position position = 0;
  std::string root;
  std::string chain;
  std::string recorded_at;

  [[nodiscard]] std::string signed_text() const;
};

/// Errors: NOT_FOUND for the empty log; those of reading it.
[[nodiscard]] Result<HeadText> head_at(const log::Log& log, log::Position position);

enum class HeadForm : std::uint8_t {
  Signed,      ///< what is signed, and by whom
  WithOrigin,  ///< and of a branch `"branchOf":{"ledgerId","position"}`: the ledger it goes on from, their last common event
};

/// `{"ledgerId","position","chain","root","recordedAt","publicKey","signature"}`.
void write_head(const log::Log& log, const HeadText& head, codec::JsonWriter& json, HeadForm form = HeadForm::Signed);

/// The same of a head that somebody else signed.
void write_signed_head(const HeadText& head, const std::array<std::byte, 32>& public_key,
                       const std::array<std::byte, 64>& signature, codec::JsonWriter& json);

/// `"path":[…]`.
void write_path(const std::vector<log::Hash>& path, codec::JsonWriter& json);

}  // namespace daybook::replay
