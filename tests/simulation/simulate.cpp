#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/shrink.h"
#include "tests/simulation/simulation.h"

/// Plays seeds or one script, and says what came of them. tests/simulation/README.md.
namespace daybook::simulation {
namespace {

constexpr std::string_view kUsage =
    "simulate --seed N [--shrink] [--trace]   one seed, as ./check plays it\n"
    "simulate --seeds FIRST:END               all of them; ends with 1 where one fails\n"
    "simulate --rounds N [--from FIRST]       seeds until so many crashes have been looked at\n"
    "simulate --script FILE [--seed N] [--shrink] [--trace]\n";

struct Wish {
  std::optional<std::uint64_t> seed;
  std::uint64_t first = 1;
  std::uint64_t end = 0;     // of seeds; 0: none
  std::uint64_t rounds = 0;  // 0: as many as the seeds have
  std::string script_file;
  bool shrink = false;
  bool trace = false;
};

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw std::runtime_error("no number: " + std::string(text));
  return value;
}

Wish parse(const std::vector<std::string>& words) {
  Wish wish;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto next = [&]() -> const std::string& {
      if (i + 1 == words.size()) throw std::runtime_error(words[i] + " needs a value");
      return words[++i];
    };
    if (words[i] == "--seed") {
      wish.seed = number(next());
    } else if (words[i] == "--seeds") {
      const std::string& range = next();
      const std::size_t colon = range.find(':');
      wish.first = number(std::string_view(range).substr(0, colon));
      wish.end = number(std::string_view(range).substr(colon + 1));
    } else if (words[i] == "--rounds") {
      wish.rounds = number(next());
    } else if (words[i] == "--from") {
      wish.first = number(next());
    } else if (words[i] == "--script") {
      wish.script_file = next();
    } else if (words[i] == "--shrink") {
      wish.shrink = true;
    } else if (words[i] == "--trace") {
      wish.trace = true;
    } else {
      throw std::runtime_error("not understood: " + words[i]);
    }
  }
  return wish;
}

int play_one(const Script& script, std::uint64_t seed, const Wish& wish) {
  const Outcome outcome = play(script, seed, wish.trace ? 5000 : 0);
  for (const std::string& line : outcome.trace) std::printf("%s\n", line.c_str());
  std::printf("seed %llu: %llu rounds, trace %016llx%s\n", static_cast<unsigned long long>(seed),
              static_cast<unsigned long long>(outcome.rounds), static_cast<unsigned long long>(outcome.trace_hash),
              outcome.repeatable ? "" : " (not repeatable)");
  if (outcome.ok()) {
    std::printf("every promise was kept\n");
    return 0;
  }
  std::printf("FAILED in life %zu: %s\n", outcome.life, outcome.failure.c_str());
  if (!wish.shrink) {
    std::printf("%s", to_text(script).c_str());
    return 1;
  }
  const Script small = shrink(script, [seed](const Script& shorter) { return !play(shorter, seed).ok(); });
  const Outcome again = play(small, seed);
  std::printf("shrunk, it fails so: %s\n%s", again.failure.c_str(), to_text(small).c_str());
  return 1;
}

int play_many(const Wish& wish) {
  std::uint64_t rounds = 0;
  std::uint64_t failed = 0;
  std::uint64_t stops = 0;
  std::uint64_t openings = 0;
  std::uint64_t refusals = 0;
  std::uint64_t seed = wish.first;
  for (; wish.rounds != 0 ? rounds < wish.rounds : seed < wish.end; ++seed) {
    const Outcome outcome = play(script_of(seed), seed);
    rounds += outcome.rounds;
    stops += outcome.stops;
    openings += outcome.cut_in_opening;
    refusals += outcome.refusals;
    if (!outcome.ok()) {
      ++failed;
      std::printf("seed %llu FAILED in life %zu: %s\n", static_cast<unsigned long long>(seed), outcome.life, outcome.failure.c_str());
      std::fflush(stdout);
    }
  }
  std::printf("seeds %llu to %llu: %llu rounds, %llu in openings, %llu stops with 74, %llu refusals of damage, %llu failed\n",
              static_cast<unsigned long long>(wish.first), static_cast<unsigned long long>(seed - 1),
              static_cast<unsigned long long>(rounds), static_cast<unsigned long long>(openings),
              static_cast<unsigned long long>(stops), static_cast<unsigned long long>(refusals),
              static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}

int run(const std::vector<std::string>& words) {
  const Wish wish = parse(words);
  if (!wish.script_file.empty()) {
    std::ifstream in(wish.script_file);
    if (!in) throw std::runtime_error("cannot read " + wish.script_file);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    return play_one(parse_script(text), wish.seed.value_or(1), wish);
  }
  if (wish.seed) return play_one(script_of(*wish.seed), *wish.seed, wish);
  if (wish.rounds == 0 && wish.end == 0) throw std::runtime_error("say what to play");
  return play_many(wish);
}

}  // namespace
}  // namespace daybook::simulation

int main(int argc, char** argv) {
  try {
    return daybook::simulation::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "simulate: %s\n%s", error.what(), daybook::simulation::kUsage.data());
    return 2;
  }
}
