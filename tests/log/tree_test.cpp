#include "ledger/log/tree.h"

#include <array>
#include <bit>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/hash.h"
#include "ledger/log/rng.h"

namespace daybook::log {
namespace {

/// RFC 9162, section 2.1, word for word and slowly.
Hash naive_root(std::span<const Hash> leaves) {
  if (leaves.empty()) {
    return sha256({});
  }
  if (leaves.size() == 1) {
    return leaves[0];
  }
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  return node_hash(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

std::vector<Hash> naive_path(std::size_t m, std::span<const Hash> leaves) {
  if (leaves.size() == 1) {
    return {};
  }
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  std::vector<Hash> path =
      m < k ? naive_path(m, leaves.first(k)) : naive_path(m - k, leaves.subspan(k));
  path.push_back(m < k ? naive_root(leaves.subspan(k)) : naive_root(leaves.first(k)));
  return path;
}

std::vector<Hash> naive_subproof(std::size_t m, std::span<const Hash> leaves, bool whole) {
  if (m == leaves.size()) {
    return whole ? std::vector<Hash>() : std::vector<Hash>{naive_root(leaves)};
  }
  const std::size_t k = std::bit_floor(leaves.size() - 1);
  std::vector<Hash> proof = m <= k ? naive_subproof(m, leaves.first(k), whole)
                                   : naive_subproof(m - k, leaves.subspan(k), false);
  proof.push_back(m <= k ? naive_root(leaves.subspan(k)) : naive_root(leaves.first(k)));
  return proof;
}

std::vector<Hash> random_leaves(std::size_t count) {
  SeededRng rng(count);
  std::vector<Hash> leaves(count);
  for (Hash& leaf : leaves) {
    rng.fill(leaf);
  }
  return leaves;
}

ReadLeaves reader_of(const std::vector<Hash>& leaves) {
  return [&leaves](std::uint64_t from, std::uint64_t count, std::vector<Hash>& out) -> Result<void> {
    out.insert(out.end(), leaves.begin() + static_cast<std::ptrdiff_t>(from),
               leaves.begin() + static_cast<std::ptrdiff_t>(from + count));
    return {};
  };
}

TEST(Hashes, AreThoseThatCoreutilsWouldGive) {
  // printf '\0abc' | sha256sum, and so on.
  const auto text = [](const Hash& hash) {
    std::string out;
    for (const std::byte byte : hash) {
      constexpr char kDigits[] = "0123456789abcdef";
      out += kDigits[std::to_integer<unsigned>(byte) >> 4];
      out += kDigits[std::to_integer<unsigned>(byte) & 15];
    }
    return out;
  };
  const std::byte abc[] = {std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
  EXPECT_EQ(text(sha256(abc)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(text(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  const std::byte zero_abc[] = {std::byte{0}, std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
  EXPECT_EQ(leaf_hash(abc), sha256(zero_abc));
  RunningHash running;
  for (int times = 0; times < 2; ++times) {
    running.add(Bytes(abc).first(1));
    running.add(Bytes(abc).subspan(1));
    EXPECT_EQ(running.end(), sha256(abc));
  }
}

TEST(Hashes, AreTheSameInOnePieceAndByteByByteAtEveryLengthUpToFourBlocks) {
  std::vector<std::byte> bytes;
  for (int length = 0; length <= 256; ++length) {
    RunningHash running;
    for (const std::byte& byte : bytes) running.add(Bytes(&byte, 1));
    EXPECT_EQ(sha256(bytes), running.end()) << length;
    bytes.push_back(static_cast<std::byte>(37 * length + 11));
  }
}

TEST(Tree, IsTheTreeOfTheRfcAtEverySizeUpTo300) {
  const std::vector<Hash> leaves = random_leaves(300);
  const std::span<const Hash> all(leaves);
  Tree one_by_one;
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    one_by_one.append(all.subspan(size - 1, 1));
    const Hash root = naive_root(all.first(size));
    ASSERT_EQ(one_by_one.root(), root) << size;
    Tree at_once;
    at_once.append(all.first(size));
    ASSERT_EQ(at_once.root(), root) << size;
    ASSERT_EQ(at_once.root_at(size, reader_of(leaves)).value(), root);
  }
}

/// The leaves and roots that implementations of RFC 6962 and RFC 9162 are checked with
/// (google/certificate-transparency, merkletree/merkle_tree_test.cc).
TEST(Tree, GivesWhatTheKnownVectorsSay) {
  const std::array<std::string_view, 8> inputs = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::array<std::string_view, 8> roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Hash> leaves;
  for (const std::string_view input : inputs) {
    std::vector<std::byte> bytes(input.size() / 2);
    ASSERT_TRUE(from_hex(input, bytes));
    leaves.push_back(leaf_hash(bytes));
  }
  Tree tree;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    tree.append(std::span(leaves).subspan(i, 1));
    EXPECT_EQ(hex(tree.root()), roots[i]) << i + 1;
  }
  const auto texts = [](const std::vector<Hash>& nodes) {
    std::vector<std::string> found;
    for (const Hash& node : nodes) found.push_back(hex(node));
    return found;
  };
  EXPECT_EQ(texts(tree.inclusion(5, 8, reader_of(leaves)).value()),
            (std::vector<std::string>{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(texts(tree.consistency(6, 8, reader_of(leaves)).value()),
            (std::vector<std::string>{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
}

TEST(Tree, ProofsAreThoseOfTheRfcForEveryPairUpTo130) {
  const std::vector<Hash> leaves = random_leaves(130);
  const std::span<const Hash> all(leaves);
  Tree tree;
  tree.append(leaves);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const Hash root = naive_root(all.first(size));
    for (std::size_t leaf = 0; leaf < size; ++leaf) {
      const auto path = tree.inclusion(leaf, size, reader_of(leaves)).value();
      ASSERT_EQ(path, naive_path(leaf, all.first(size)));
      ASSERT_TRUE(verify_inclusion(leaves[leaf], leaf, size, path, root));
    }
    for (std::size_t old = 1; old <= size; ++old) {
      const auto proof = tree.consistency(old, size, reader_of(leaves)).value();
      ASSERT_EQ(proof, naive_subproof(old, all.first(size), true));
      ASSERT_TRUE(verify_consistency(old, naive_root(all.first(old)), size, root, proof));
    }
  }
}

TEST(Tree, BatchesOfAnySizeGiveTheSameTreeAndProofsAcrossBlocks) {
  const std::vector<Hash> leaves = random_leaves(10'000);
  const std::span<const Hash> all(leaves);
  SeededRng rng(2);
  Tree tree;
  std::size_t at = 0;
  while (at < leaves.size()) {
    const std::size_t count = std::min<std::size_t>(rng.below(2'500), leaves.size() - at);
    tree.append(all.subspan(at, count));
    at += count;
    ASSERT_EQ(tree.size(), at);
    ASSERT_EQ(tree.root(), naive_root(all.first(at)));
  }
  std::vector<Hash> blocks;
  tree.blocks(0, blocks);
  ASSERT_EQ(blocks.size(), leaves.size() / kBlockLeaves);
  Tree again{std::span<const Hash>(blocks)};
  again.append(all.subspan(blocks.size() * kBlockLeaves));
  EXPECT_EQ(again.root(), tree.root());
  for (int i = 0; i < 60; ++i) {
    const std::size_t size = 1 + rng.below(leaves.size());
    const std::size_t other = 1 + rng.below(size);
    const Hash root = naive_root(all.first(size));
    ASSERT_EQ(again.root_at(size, reader_of(leaves)).value(), root);
    ASSERT_EQ(again.inclusion(other - 1, size, reader_of(leaves)).value(),
              naive_path(other - 1, all.first(size)));
    ASSERT_EQ(again.consistency(other, size, reader_of(leaves)).value(),
              naive_subproof(other, all.first(size), true));
  }
}

/// `count` of the first `size` numbers, ascending.
std::vector<std::uint64_t> some_of(std::uint64_t size, std::uint64_t count, SeededRng& rng) {
  std::set<std::uint64_t> chosen;
  while (chosen.size() < count) chosen.insert(rng.below(size));
  return {chosen.begin(), chosen.end()};
}

TEST(Tree, PathsOfManyAreThoseOfEach) {
  const std::vector<Hash> leaves = random_leaves(7'000);
  Tree tree;
  tree.append(leaves);
  SeededRng rng(4);
  for (const std::uint64_t size : {1u, 2u, 700u, 1'024u, 1'025u, 2'560u, 5'000u, 7'000u}) {
    const std::vector<std::uint64_t> chosen = some_of(size, std::min<std::uint64_t>(size, 150), rng);
    std::vector<std::uint64_t> seen;
    const auto done = tree.inclusions(chosen, size, reader_of(leaves), [&](std::uint64_t leaf, const std::vector<Hash>& path) -> Result<void> {
      seen.push_back(leaf);
      EXPECT_EQ(path, naive_path(leaf, std::span(leaves).first(size))) << leaf << " of " << size;
      return {};
    });
    ASSERT_TRUE(done);
    EXPECT_EQ(seen, chosen);
  }
}

TEST(Tree, ManyPathsReadEachStretchOnce) {
  const std::vector<Hash> leaves = random_leaves(10'300);
  Tree tree;
  tree.append(leaves);
  std::vector<std::uint64_t> all(leaves.size());
  std::iota(all.begin(), all.end(), 0);
  std::uint64_t read = 0;
  const ReadLeaves counting = [&](std::uint64_t from, std::uint64_t count, std::vector<Hash>& out) {
    read += count;
    return reader_of(leaves)(from, count, out);
  };
  const auto none = [](std::uint64_t, const std::vector<Hash>&) -> Result<void> { return {}; };
  ASSERT_TRUE(tree.inclusions(all, all.size(), counting, none));
  EXPECT_LE(read, leaves.size() + kBlockLeaves) << "the last, which is no whole block, lies beside every path too";
}

TEST(Tree, ManyLeavesAndTheirCoverLeadToTheRoot) {
  const std::vector<Hash> leaves = random_leaves(5'000);
  Tree tree;
  tree.append(leaves);
  SeededRng rng(5);
  for (const std::uint64_t size : {1u, 2u, 3u, 129u, 1'024u, 2'100u, 5'000u}) {
    const Hash root = naive_root(std::span(leaves).first(size));
    for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, size / 3, size}) {
      const std::vector<std::uint64_t> chosen = some_of(size, count, rng);
      std::vector<Hash> hashes;
      for (const std::uint64_t index : chosen) hashes.push_back(leaves[index]);
      const auto cover = tree.cover(chosen, size, reader_of(leaves)).value();
      ASSERT_EQ(root_of_cover(chosen, hashes, size, cover), root) << count << " of " << size;
      EXPECT_TRUE(count != size || cover.empty());
      EXPECT_TRUE(count != 0 || cover == std::vector<Hash>{root});
      if (cover.empty()) continue;
      EXPECT_FALSE(root_of_cover(chosen, hashes, size, std::span(cover).first(cover.size() - 1)));
      auto longer = cover;
      longer.push_back(root);
      EXPECT_FALSE(root_of_cover(chosen, hashes, size, longer));
      longer.pop_back();
      longer[rng.below(longer.size())][3] ^= std::byte{1};
      EXPECT_NE(root_of_cover(chosen, hashes, size, longer), root);
    }
  }
  const std::uint64_t twice[] = {3, 3};
  EXPECT_FALSE(root_of_cover(twice, std::span(leaves).first(2), 10, {}));
  const std::uint64_t beyond[] = {10};
  EXPECT_FALSE(root_of_cover(beyond, std::span(leaves).first(1), 10, {}));
}

TEST(Tree, ForgedProofsAreRefused) {
  const std::vector<Hash> leaves = random_leaves(100);
  Tree tree;
  tree.append(leaves);
  const Hash root = tree.root();
  const auto path = tree.inclusion(37, 100, reader_of(leaves)).value();
  EXPECT_FALSE(verify_inclusion(leaves[38], 37, 100, path, root));
  EXPECT_FALSE(verify_inclusion(leaves[37], 36, 100, path, root));
  EXPECT_FALSE(verify_inclusion(leaves[37], 37, 64, path, root));
  EXPECT_FALSE(verify_inclusion(leaves[37], 37, 100, std::span(path).first(path.size() - 1), root));
  EXPECT_FALSE(verify_inclusion(leaves[37], 100, 100, path, root));
  for (std::size_t i = 0; i < path.size(); ++i) {
    auto forged = path;
    forged[i][5] ^= std::byte{1};
    EXPECT_FALSE(verify_inclusion(leaves[37], 37, 100, forged, root));
  }
  const Hash old_root = naive_root(std::span(leaves).first(60));
  const auto proof = tree.consistency(60, 100, reader_of(leaves)).value();
  EXPECT_FALSE(verify_consistency(59, old_root, 100, root, proof));
  EXPECT_FALSE(verify_consistency(60, root, 100, root, proof));
  EXPECT_FALSE(verify_consistency(0, old_root, 100, root, proof));
  EXPECT_FALSE(verify_consistency(60, old_root, 100, root, {}));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    auto forged = proof;
    forged[i][0] ^= std::byte{0x80};
    EXPECT_FALSE(verify_consistency(60, old_root, 100, root, forged));
  }
}

TEST(Tree, AnErrorReadingLeavesIsTheAnswer) {
  const std::vector<Hash> leaves = random_leaves(1'500);
  Tree tree;
  tree.append(leaves);
  const ReadLeaves broken = [](std::uint64_t, std::uint64_t, std::vector<Hash>&) -> Result<void> {
    return failed(ErrorKind::Corruption, "LOG_DAMAGED", "as told");
  };
  EXPECT_EQ(tree.root_at(1'300, broken).error().code, "LOG_DAMAGED");
  EXPECT_EQ(tree.inclusion(1'100, 1'300, broken).error().code, "LOG_DAMAGED");
  EXPECT_EQ(tree.consistency(700, 1'300, broken).error().code, "LOG_DAMAGED");
  EXPECT_TRUE(tree.root_at(1'024, broken));
  const std::uint64_t some[] = {3, 1'100};
  const auto none = [](std::uint64_t, const std::vector<Hash>&) -> Result<void> { return {}; };
  EXPECT_EQ(tree.inclusions(some, 1'300, broken, none).error().code, "LOG_DAMAGED");
  EXPECT_EQ(tree.cover(some, 1'300, broken).error().code, "LOG_DAMAGED");
}

}  // namespace
}  // namespace daybook::log
