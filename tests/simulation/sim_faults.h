#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What can go wrong with one operation of a file system, by rule.
namespace daybook::simulation {

enum class Op : std::uint8_t {
  Open, Create, Read, Write, Sync, DirSync, Rename, Delete, Link, MakeDirectory, Stat, List
};
[[nodiscard]] std::string_view name(Op op);
[[nodiscard]] std::optional<Op> parse_op(std::string_view text);
/// Does it change what is on the disk, or when? Such operations are counted: power fails before one of them.
[[nodiscard]] constexpr bool is_change(Op op) {
  return op != Op::Open && op != Op::Read && op != Op::Stat && op != Op::List;
}

/// What a file is for.
enum class FileKind : std::uint8_t { Wal, Sst, Manifest, Current, Witness, Keys, Format, Options, Owner, Other };
[[nodiscard]] std::string_view name(FileKind kind);
[[nodiscard]] std::optional<FileKind> parse_kind(std::string_view text);
[[nodiscard]] FileKind kind_of(std::string_view path);
/// Is it under DIR/views?
[[nodiscard]] bool in_views(std::string_view path);

enum class Effect : std::uint8_t {
  Error,      ///< EIO; of a write half is done, of a sync nothing
  NoSpace,    ///< ENOSPC; the same
  ShortRead,  ///< fewer bytes than asked for, and no error
  FlipBit,    ///< one bit of what is read is another
  ZeroSector, ///< a sector of what is read is zeros
  Misdirect,  ///< the same place of another file of this kind is read
  Stale       ///< what was there at the last `Disk::remember` is read
};
[[nodiscard]] std::string_view name(Effect effect);
[[nodiscard]] std::optional<Effect> parse_effect(std::string_view text);

/// The `nth` operation that matches (from 1) goes wrong; `sticky`: it and all that follow.
struct Rule {
  std::optional<Op> op = {};
  std::optional<FileKind> kind = {};
  std::optional<bool> views = {};  ///< under DIR/views, or anywhere else
  std::uint64_t nth = 1;
  bool sticky = false;
  Effect effect = Effect::Error;
  std::uint64_t seen = 0;

  [[nodiscard]] bool fired() const { return seen >= nth; }
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// The rules in force.
class Faults {
 public:
  void add(const Rule& rule) { rules_.push_back(rule); }
  void clear() { rules_.clear(); }
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
  /// What befalls this operation, if anything.
  [[nodiscard]] std::optional<Effect> befalls(Op op, std::string_view path);

 private:
  std::vector<Rule> rules_;
};

}  // namespace daybook::simulation
