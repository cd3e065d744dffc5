#include "cli/commands/step_bars.h"

#include <memory>
#include <string>

#include "cli/progress.h"

namespace daybook::cli {

replay::StepProgress step_bars() {
  struct Bar {
    std::string step;
    std::unique_ptr<Progress> progress;
  };
  return [bar = std::make_shared<Bar>()](std::string_view step, std::uint64_t done, std::uint64_t total) {
    if (bar->step != step) {
      if (bar->progress) bar->progress->clear();
      bar->step = step;
      bar->progress = std::make_unique<Progress>(bar->step, 0);
    }
    bar->progress->show(done, total);
    if (done == total) bar->progress->clear();
  };
}

}  // namespace daybook::cli
