#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"

/// Bodies of POST /v1/replay/…. Names are of files and directories where the configuration has them made.
namespace daybook::server {

struct ExportWish {
  std::string name;                    ///< of the segment
  std::optional<std::uint64_t> from;   ///< 1
  std::optional<std::uint64_t> to;     ///< the head

  friend bool operator==(const ExportWish&, const ExportWish&) = default;
};
BOOST_DESCRIBE_STRUCT(ExportWish, (), (name, from, to))

struct ImportWish {
  std::string name;                        ///< of the new ledger's directory
  std::vector<std::string> segments;       ///< in the order of their positions, from 1 on
  std::optional<std::string> public_key;   ///< that has to have signed the newest head, hexadecimal

  friend bool operator==(const ImportWish&, const ImportWish&) = default;
};
BOOST_DESCRIBE_STRUCT(ImportWish, (), (name, segments, public_key))

struct BranchWish {
  std::string name;  ///< of the branch's directory
  std::string at;    ///< a position or an instant

  friend bool operator==(const BranchWish&, const BranchWish&) = default;
};
BOOST_DESCRIBE_STRUCT(BranchWish, (), (name, at))

}  // namespace daybook::server
