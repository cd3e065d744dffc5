#include "tests/simulation/sim_faults.h"

#include <array>
#include <utility>

namespace daybook::simulation {
namespace {

template <class Enum, std::size_t n>
std::string_view text_of(const std::array<std::pair<Enum, std::string_view>, n>& names, Enum value) {
  for (const auto& [each, text] : names) {
    if (each == value) return text;
  }
  return "?";
}

template <class Enum, std::size_t n>
std::optional<Enum> value_of(const std::array<std::pair<Enum, std::string_view>, n>& names, std::string_view text) {
  for (const auto& [each, name] : names) {
    if (name == text) return each;
  }
  return std::nullopt;
}

constexpr std::array<std::pair<Op, std::string_view>, 12> kOps = {{{Op::Open, "open"},
                                                                   {Op::Create, "create"},
                                                                   {Op::Read, "read"},
                                                                   {Op::Write, "write"},
                                                                   {Op::Sync, "sync"},
                                                                   {Op::DirSync, "dirsync"},
                                                                   {Op::Rename, "rename"},
                                                                   {Op::Delete, "delete"},
                                                                   {Op::Link, "link"},
                                                                   {Op::MakeDirectory, "mkdir"},
                                                                   {Op::Stat, "stat"},
                                                                   {Op::List, "list"}}};
constexpr std::array<std::pair<FileKind, std::string_view>, 10> kKinds = {{{FileKind::Wal, "wal"},
                                                                           {FileKind::Sst, "sst"},
                                                                           {FileKind::Manifest, "manifest"},
                                                                           {FileKind::Current, "current"},
                                                                           {FileKind::Witness, "witness"},
                                                                           {FileKind::Keys, "keys"},
                                                                           {FileKind::Format, "format"},
                                                                           {FileKind::Options, "options"},
                                                                           {FileKind::Owner, "owner"},
                                                                           {FileKind::Other, "other"}}};
constexpr std::array<std::pair<Effect, std::string_view>, 7> kEffects = {{{Effect::Error, "error"},
                                                                          {Effect::NoSpace, "nospace"},
                                                                          {Effect::ShortRead, "short"},
                                                                          {Effect::FlipBit, "bit"},
                                                                          {Effect::ZeroSector, "sector"},
                                                                          {Effect::Misdirect, "misdirected"},
                                                                          {Effect::Stale, "stale"}}};

}  // namespace

std::string_view name(Op op) { return text_of(kOps, op); }
std::optional<Op> parse_op(std::string_view text) { return value_of(kOps, text); }
std::string_view name(FileKind kind) { return text_of(kKinds, kind); }
std::optional<FileKind> parse_kind(std::string_view text) { return value_of(kKinds, text); }
std::string_view name(Effect effect) { return text_of(kEffects, effect); }
std::optional<Effect> parse_effect(std::string_view text) { return value_of(kEffects, text); }

FileKind kind_of(std::string_view path) {
  const std::string_view base = path.substr(path.rfind('/') + 1);
  if (path.find("/keys/") != std::string_view::npos) return FileKind::Keys;
  if (base.ends_with(".log")) return FileKind::Wal;
  if (base.ends_with(".sst")) return FileKind::Sst;
  if (base.starts_with("MANIFEST")) return FileKind::Manifest;
  if (base.starts_with("CURRENT") || base.ends_with(".dbtmp")) return FileKind::Current;
  if (base.starts_with("witness")) return FileKind::Witness;
  if (base.starts_with("FORMAT")) return FileKind::Format;
  if (base.starts_with("OPTIONS")) return FileKind::Options;
  if (base == "OWNER") return FileKind::Owner;
  return FileKind::Other;
}

bool in_views(std::string_view path) {
  return path.find("/views/") != std::string_view::npos || path.ends_with("/views");
}

std::optional<Effect> Faults::befalls(Op op, std::string_view path) {
  std::optional<Effect> effect;
  for (Rule& rule : rules_) {
    const bool matches = (!rule.op || *rule.op == op) && (!rule.kind || *rule.kind == kind_of(path)) &&
                         (!rule.views || *rule.views == in_views(path)) && kind_of(path) != FileKind::Owner;
    if (!matches) continue;
    ++rule.seen;
    if (!effect && (rule.seen == rule.nth || (rule.sticky && rule.fired()))) effect = rule.effect;
  }
  return effect;
}

}  // namespace daybook::simulation
