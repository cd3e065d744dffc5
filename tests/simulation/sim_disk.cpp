#include "tests/simulation/sim_disk.h"

#include <algorithm>
#include <array>

namespace daybook::simulation {
namespace {

constexpr std::array<std::pair<Loss, std::string_view>, 7> kLosses = {{{Loss::Process, "process"},
                                                                       {Loss::Drop, "drop"},
                                                                       {Loss::Keep, "keep"},
                                                                       {Loss::Prefix, "prefix"},
                                                                       {Loss::Torn, "torn"},
                                                                       {Loss::Mixed, "mixed"},
                                                                       {Loss::Zero, "zero"}}};

Loss drawn(Loss loss, log::SeededRng& rng) {
  constexpr std::array kEach = {Loss::Drop, Loss::Keep, Loss::Prefix, Loss::Torn};
  return loss == Loss::Mixed ? kEach[rng.below(kEach.size())] : loss;
}

/// Takes bytes `from` … `to` of `live` over, as far as it goes.
void take_over(std::string& disk, const std::string& live, std::size_t from, std::size_t to) {
  to = std::min(to, live.size());
  if (from >= to) return;
  if (disk.size() < to) disk.resize(to, '\0');
  std::copy(live.begin() + static_cast<std::ptrdiff_t>(from), live.begin() + static_cast<std::ptrdiff_t>(to),
            disk.begin() + static_cast<std::ptrdiff_t>(from));
}

void lose_content(Node& file, Loss loss, log::SeededRng& rng) {
  std::set<std::uint64_t> open = file.dirty;
  open.insert(file.lost.begin(), file.lost.end());
  file.dirty.clear();
  file.lost.clear();
  file.sync_failed = false;
  if (open.empty() && file.live.size() == file.durable.size()) return;
  const Loss own = drawn(loss, rng);
  switch (own) {
    case Loss::Keep:
      file.durable = file.live;
      break;
    case Loss::Prefix:
    case Loss::Torn: {
      if (file.live.size() < file.durable.size() && rng.below(2) == 0) file.durable.resize(file.live.size());
      const std::uint64_t whole = rng.below(open.size() + 1);
      const std::size_t sectors = own == Loss::Prefix ? 0 : rng.below(kPageBytes / kSectorBytes);
      std::uint64_t done = 0;
      for (const std::uint64_t page : open) {
        const std::size_t begin = page * kPageBytes;
        take_over(file.durable, file.live, begin, begin + (done < whole ? kPageBytes : sectors * kSectorBytes));
        if (done++ == whole) break;
      }
      break;
    }
    case Loss::Zero:
      file.durable.resize(file.live.size(), '\0');
      for (const std::uint64_t page : open) {
        if (rng.below(2) == 0) take_over(file.durable, file.live, page * kPageBytes, (page + 1) * kPageBytes);
      }
      break;
    default:
      break;
  }
  file.live = file.durable;
}

void lose_entries(Node& directory, Loss loss, log::SeededRng& rng) {
  const std::size_t all = directory.pending.size();
  const Loss own = drawn(loss, rng);
  std::size_t kept = 0;
  if (own == Loss::Keep) kept = all;
  if (own == Loss::Prefix || own == Loss::Torn) kept = rng.below(all + 1);
  for (std::size_t i = 0; i < all; ++i) {
    if (own == Loss::Zero ? rng.below(2) == 0 : i >= kept) continue;
    for (const auto& [name, node] : directory.pending[i]) {
      if (node) {
        directory.durable_entries[name] = node;
      } else {
        directory.durable_entries.erase(name);
      }
    }
  }
  directory.pending.clear();
  directory.entries = directory.durable_entries;
}

void lose_all(Node& node, Loss loss, log::SeededRng& rng, std::set<const Node*>& seen) {
  if (!seen.insert(&node).second) return;
  if (!node.is_directory) {
    lose_content(node, loss, rng);
    return;
  }
  lose_entries(node, loss, rng);
  for (const auto& [name, child] : node.entries) lose_all(*child, loss, rng, seen);
}

void visit(const std::string& path, Node& node, const std::function<void(const std::string&, Node&)>& look) {
  if (!node.is_directory) {
    look(path, node);
    return;
  }
  for (const auto& [name, child] : node.entries) visit(path + "/" + name, *child, look);
}

}  // namespace

std::string_view name(Loss loss) {
  for (const auto& [each, text] : kLosses) {
    if (each == loss) return text;
  }
  return "?";
}

std::optional<Loss> parse_loss(std::string_view text) {
  for (const auto& [each, name] : kLosses) {
    if (name == text) return each;
  }
  return std::nullopt;
}

void Node::write(std::uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  const std::uint64_t end = offset + bytes.size();
  const std::uint64_t first = std::min<std::uint64_t>(offset, live.size()) / kPageBytes;  // a hole is written too
  if (live.size() < end) live.resize(end, '\0');
  std::copy(bytes.begin(), bytes.end(), live.begin() + static_cast<std::ptrdiff_t>(offset));
  for (std::uint64_t page = first; page <= (end - 1) / kPageBytes; ++page) {
    dirty.insert(page);
    lost.erase(page);  // written again: the next sync takes it
  }
}

void Node::truncate(std::uint64_t size) {
  const std::uint64_t before = live.size();
  live.resize(size, '\0');
  if (size > before) {
    for (std::uint64_t page = before / kPageBytes; page <= (size - 1) / kPageBytes; ++page) dirty.insert(page);
  }
}

void Node::sync() {
  durable.resize(live.size(), '\0');
  for (const std::uint64_t page : dirty) take_over(durable, live, page * kPageBytes, (page + 1) * kPageBytes);
  dirty.clear();
}

void Node::fail_sync() {
  lost.insert(dirty.begin(), dirty.end());
  dirty.clear();
  sync_failed = true;
}

void Node::change(Change change) {
  for (const auto& [name, node] : change) {
    if (node) {
      entries[name] = node;
    } else {
      entries.erase(name);
    }
  }
  pending.push_back(std::move(change));
}

void Node::sync_entries() {
  durable_entries = entries;
  pending.clear();
}

Disk::Disk() : root_(std::make_shared<Node>()) { root_->is_directory = true; }

std::pair<NodePtr, std::string> Disk::place(std::string_view path) const {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  NodePtr at = root_;
  std::size_t begin = path.find_first_not_of('/');
  while (begin != std::string_view::npos) {
    const std::size_t end = path.find('/', begin);
    const std::string part(path.substr(begin, end - begin));
    begin = end == std::string_view::npos ? end : path.find_first_not_of('/', end);
    if (begin == std::string_view::npos) return {at, part};
    const auto next = at->entries.find(part);
    if (next == at->entries.end() || !next->second->is_directory) return {nullptr, part};
    at = next->second;
  }
  return {nullptr, {}};
}

NodePtr Disk::find(std::string_view path) const {
  const auto [directory, name] = place(path);
  if (!directory) return name.empty() ? root_ : nullptr;
  const auto found = directory->entries.find(name);
  return found == directory->entries.end() ? nullptr : found->second;
}

void Disk::make_durable_directory(std::string_view path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const auto [directory, name] = place(path.substr(0, end));
    if (!directory->entries.contains(name)) {
      auto made = std::make_shared<Node>();
      made->is_directory = true;
      directory->change({{name, made}});
      directory->sync_entries();
    }
    if (end == std::string_view::npos) return;
  }
}

void Disk::crash(Loss loss, log::SeededRng& rng) {
  if (loss == Loss::Process) {
    each_file([](const std::string&, Node& file) { file.sync_failed = false; });
    return;
  }
  std::set<const Node*> seen;
  lose_all(*root_, loss, rng, seen);
}

void Disk::remember() {
  each_file([](const std::string&, Node& file) { file.remembered = file.live; });
}

void Disk::each_file(const std::function<void(const std::string&, Node&)>& look) { visit("", *root_, look); }

}  // namespace daybook::simulation
