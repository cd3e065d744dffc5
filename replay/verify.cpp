#include "replay/verify.h"

#include <filesystem>
#include <system_error>

#include "ledger/codec/json_writer.h"
#include "ledger/codec/key_store.h"
#include "ledger/engine/key_files.h"
#include "ledger/log/offline.h"

namespace daybook::replay {
namespace {

using log::ExitCode;

bool is_about_bytes(ExitCode exit_code) {
  return exit_code == ExitCode::Corruption || exit_code == ExitCode::HistoryLost || exit_code == ExitCode::IntegrityFailed;
}

/// Opening proves the last groups' chain, and calls it corruption as all else that keeps a ledger from opening; here a
/// hash that differs is told from bytes that do not even add up.
ExitCode refined(const log::OpenError& error) {
  const bool differs = error.exit_code == ExitCode::Corruption &&
                       error.detail.find("does not follow from the events") != std::string::npos;
  return differs ? ExitCode::IntegrityFailed : error.exit_code;
}

/// Whether DIR/FORMAT is gone from beside what only a ledger has. To the log such a directory holds no ledger yet.
bool lost_its_format(const std::string& directory) {
  std::error_code ignored;
  const auto there = [&](const char* name) { return std::filesystem::exists(directory + name, ignored); };
  return !there("/FORMAT") && (there("/log") || there("/witness"));
}

}  // namespace

ExitCode Verdict::exit_code() const { return damage ? damage->exit_code : ExitCode::Clean; }

std::string Verdict::to_json() const {
  std::string text;
  codec::JsonWriter json(text);
  if (!damage) {
    json.begin_object().key("position").number(position).key("ok").boolean(true).end_object();
    return text;
  }
  json.begin_object().key("ok").boolean(false).key("file");
  damage->file ? json.text(*damage->file) : json.null();
  json.key("from");
  damage->from ? json.number(*damage->from) : json.null();
  json.key("to");
  damage->to ? json.number(*damage->to) : json.null();
  json.key("detail").text(damage->detail).end_object();
  return text;
}

std::optional<Damage> fault_of_keys(const std::string& directory, const log::Log& log) {
  const Result<void> sound = codec::KeyStore::check(directory + "/keys", log.position() == 0,
                                                    engine::key_files({log.trusted_files(), true}));
  if (sound) return std::nullopt;
  const bool missing = sound.error().kind == ErrorKind::NotFound;
  return locate(directory, missing ? ExitCode::HistoryLost : ExitCode::Corruption, sound.error().detail);
}

namespace {

Verdict look(const std::string& directory, log::Held held, const Progress& progress) {
  Verdict verdict;
  if (lost_its_format(directory)) {
    verdict.damage = locate(directory, ExitCode::HistoryLost,
                            directory + "/FORMAT is missing beside a ledger; restore it from a backup");
    return verdict;
  }
  const log::Log::Opened opened = log::open_offline(directory, held);
  if (!opened) {
    const ExitCode exit_code = refined(opened.error());
    verdict.looked = is_about_bytes(exit_code);
    verdict.damage = locate(directory, exit_code, opened.error().detail);
    return verdict;
  }
  const log::Position total = (*opened)->position();
  const Result<log::Head> head = (*opened)->verify([&](log::Position done) {
    if (progress) progress(done, total);
  });
  if (head) {
    verdict.position = head->position;
    verdict.damage = fault_of_keys(directory, **opened);
  } else {
    verdict.damage = locate(directory, head.error().code == "CHAIN_DIFFERS" ? ExitCode::IntegrityFailed : ExitCode::Corruption,
                            head.error().detail);
  }
  return verdict;
}

}  // namespace

Verdict verify(const std::string& directory, const Progress& progress) { return look(directory, log::Held::ToReadAlone, progress); }

Verdict verify_copy(const std::string& directory, const Progress& progress) { return look(directory, log::Held::ToRead, progress); }

}  // namespace daybook::replay
