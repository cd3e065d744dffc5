#include "bench/postgres.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <thread>

#include <pwd.h>
#include <unistd.h>

#include <libpq-fe.h>

namespace daybook::bench {
namespace {

/// Beside the defaults: memory and checkpoints as an operator of a write-heavy database sets them. Durable commits
/// are the default and said again, since they are what is compared.
constexpr std::array<std::string_view, 7> kSettings = {
    "fsync=on",          "synchronous_commit=on", "shared_buffers=1GB",    "max_wal_size=8GB",
    "wal_buffers=64MB",  "wal_compression=lz4",   "checkpoint_timeout=30min"};

constexpr const char* kUser = "postgres";

}  // namespace

std::string PostgresServer::programs() {
  const std::string asked = "/usr/lib/postgresql/15/bin";  // the version of Debian 12
  if (std::filesystem::exists(asked + "/initdb")) return asked;
  std::string newest;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    const std::string path = entry.path() / "bin";
    if (std::filesystem::exists(path + "/initdb") && path > newest) newest = path;
  }
  return newest;
}

std::string PostgresServer::settings() {
  std::string all;
  for (const std::string_view setting : kSettings) all += (all.empty() ? "" : ", ") + std::string(setting);
  return all;
}

PostgresServer::PostgresServer(const std::string& programs, const std::string& parent)
    : directory_(parent), version_(first_line_of({programs + "/postgres", "--version"})) {
  if (::geteuid() == 0) {  // it refuses to run as root
    const passwd* const who = ::getpwnam(kUser);
    if (who == nullptr || ::chown(directory_.path().c_str(), who->pw_uid, who->pw_gid) != 0) {
      throw std::runtime_error("the directory cannot be given to the user postgres");
    }
  }
  const std::string data = directory_.path() + "/data";
  first_line_of({programs + "/initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"},
                kUser);
  std::vector<std::string> command{programs + "/postgres", "-D", data, "-k", directory_.path(), "-c",
                                   "listen_addresses=",    "-c", "log_min_messages=panic"};
  for (const std::string_view setting : kSettings) {
    command.emplace_back("-c");
    command.emplace_back(setting);
  }
  server_ = std::make_unique<Child>(command, kUser);
  for (int tries = 0; PQping(connection().c_str()) != PQPING_OK; ++tries) {
    if (tries == 300) throw std::runtime_error("PostgreSQL did not come up within 30 s");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::string PostgresServer::connection() const {
  return "host=" + directory_.path() + " user=bench dbname=postgres";
}

}  // namespace daybook::bench
