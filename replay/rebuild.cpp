#include "replay/rebuild.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ledger/codec/json_writer.h"

namespace daybook::replay {
namespace {

constexpr std::chrono::hours kPatience{24};

}  // namespace

bool Rebuild::equal() const {
  return std::all_of(views.begin(), views.end(), [](const projections::Rebuilt& view) { return view.equal(); });
}

std::string Rebuild::to_json() const {
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object().key("position").number(position).key("projections").begin_array();
  for (const projections::Rebuilt& view : views) {
    json.begin_object().key("name").text(view.name).key("version").number(view.version);
    json.key("liveHash").text(view.live_hash).key("rebuiltHash").text(view.rebuilt_hash);
    json.key("equal").boolean(view.equal());
    if (view.error) {
      json.key("error").begin_object().key("position").number(view.error->position);
      json.key("detail").text(view.error->reason).end_object();
    }
    json.end_object();
  }
  json.end_array().end_object();
  return text;
}

Result<Rebuild> rebuild(projections::Projections& views, log::Position head,
                        const projections::Projections::Progress& progress) {
  if (!views.wait_for(head, kPatience)) {
    return failed(ErrorKind::Unavailable, "NOT_YET_VISIBLE",
                  "The live views have not folded the whole log; /v1/projections shows what halted them.");
  }
  Result<std::vector<projections::Rebuilt>> rebuilt = views.rebuild({}, false, progress);
  if (!rebuilt) return tl::unexpected(rebuilt.error());
  Rebuild done;
  done.position = head;
  done.views = std::move(*rebuilt);
  return done;
}

}  // namespace daybook::replay
