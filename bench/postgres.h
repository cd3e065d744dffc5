#pragma once

#include <memory>
#include <string>

#include "bench/child.h"
#include "bench/temporary_directory.h"

namespace daybook::bench {

/// A PostgreSQL server of its own, on a directory that goes with it: made with initdb, reached through a socket in
/// that directory alone, run as the user `postgres` where this process is root.
class PostgresServer {
 public:
  /// Where the programs of PostgreSQL 15 are, else those of the newest server that is installed, e.g. "/usr/lib/postgresql/15/bin"; empty: none is installed.
  [[nodiscard]] static std::string programs();

  /// Makes and starts it. Throws std::runtime_error where it does not come up.
  PostgresServer(const std::string& programs, const std::string& parent);

  /// For PQconnectdb.
  [[nodiscard]] std::string connection() const;
  /// "postgres (PostgreSQL) 15.10".
  [[nodiscard]] const std::string& version() const { return version_; }
  /// What it was given beside its defaults, as said on its command line.
  [[nodiscard]] static std::string settings();

 private:
  TemporaryDirectory directory_;
  std::string version_;
  std::unique_ptr<Child> server_;
};

}  // namespace daybook::bench
