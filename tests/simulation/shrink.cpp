#include "tests/simulation/shrink.h"

#include <algorithm>
#include <utility>

namespace daybook::simulation {
namespace {

class Shrinker {
 public:
  Shrinker(Script script, const std::function<bool(const Script&)>& fails, std::uint64_t plays)
      : script_(std::move(script)), fails_(fails), plays_(plays) {}

  Script shrunk() {
    for (bool smaller = true; smaller && plays_ > 0;) {
      smaller = false;
      smaller |= drop_lives();
      smaller |= drop_steps();
      smaller |= drop_misfortunes();
      smaller |= make_smaller();
    }
    return script_;
  }

 private:
  /// Keeps what `change` made of the script if it still fails.
  bool attempt(const std::function<void(Script&)>& change) {
    Script changed = script_;
    change(changed);
    if (changed == script_ || plays_ == 0) return false;
    --plays_;
    if (!fails_(changed)) return false;
    script_ = std::move(changed);
    return true;
  }

  /// Leaves out runs of elements, long ones first (ddmin).
  template <class Size, class Drop>
  bool drop_runs(const Size& size, const Drop& drop) {
    bool any = false;
    for (std::size_t length = std::max<std::size_t>(1, size() / 2); length > 0; length /= 2) {
      for (std::size_t first = 0; first < size();) {
        const std::size_t count = std::min(length, size() - first);
        if (attempt([&](Script& script) { drop(script, first, count); })) {
          any = true;
        } else {
          first += length;
        }
      }
    }
    return any;
  }

  bool drop_lives() {
    return drop_runs([&] { return script_.lives.size(); },
                     [](Script& script, std::size_t first, std::size_t count) {
                       const auto begin = script.lives.begin() + static_cast<std::ptrdiff_t>(first);
                       script.lives.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
                     });
  }

  bool drop_steps() {
    bool any = false;
    for (std::size_t life = 0; life < script_.lives.size(); ++life) {
      any |= drop_runs([&] { return script_.lives[life].steps.size(); },
                       [life](Script& script, std::size_t first, std::size_t count) {
                         auto& steps = script.lives[life].steps;
                         const auto begin = steps.begin() + static_cast<std::ptrdiff_t>(first);
                         steps.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
                       });
    }
    return any;
  }

  bool drop_misfortunes() {
    bool any = false;
    for (std::size_t i = 0; i < script_.lives.size(); ++i) {
      any |= attempt([i](Script& script) { script.lives[i].rule.reset(); });
      any |= attempt([i](Script& script) { script.lives[i].room.reset(); });
      any |= attempt([i](Script& script) { script.lives[i].rebuild = false; });
      any |= attempt([i](Script& script) { script.lives[i].cut = 0; });
      any |= attempt([i](Script& script) { script.lives[i].end = Life::End::Crash; });
      any |= attempt([i](Script& script) { script.lives[i].loss = Loss::Process; }) ||
             attempt([i](Script& script) { script.lives[i].loss = Loss::Drop; });
    }
    any |= attempt([](Script& script) { script.setup = {}; });
    any |= attempt([](Script& script) { script.setup.views = false; });
    any |= attempt([](Script& script) { script.setup.padding = 0; });
    return any;
  }

  bool make_smaller() {
    bool any = false;
    for (std::size_t life = 0; life < script_.lives.size(); ++life) {
      for (std::size_t i = 0; i < script_.lives[life].steps.size(); ++i) {
        const auto step = [life, i](Script& script) -> Step& { return script.lives[life].steps[i]; };
        while (attempt([&](Script& script) { step(script).count = (step(script).count + 1) / 2; })) any = true;
        any |= attempt([&](Script& script) { step(script).bodies = 1; });
        any |= attempt([&](Script& script) { step(script).atomic = false; });
      }
    }
    return any;
  }

  Script script_;
  const std::function<bool(const Script&)>& fails_;
  std::uint64_t plays_;
};

}  // namespace

Script shrink(Script script, const std::function<bool(const Script&)>& fails, std::uint64_t plays) {
  return Shrinker(std::move(script), fails, plays).shrunk();
}

}  // namespace daybook::simulation
