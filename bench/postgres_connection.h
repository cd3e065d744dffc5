#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

namespace daybook::bench {

/// A connection to a PostgreSQL server, for one thread. Everything throws std::runtime_error with the server's words.
class PostgresConnection {
 public:
  explicit PostgresConnection(const std::string& to);
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() { PQfinish(connection_); }

  /// Statements; of the last the rows affected, or the first value where it answers with rows.
  std::string run(const std::string& statements);

  /// A statement with $1, $2 …, prepared when it is first asked. Answers with its rows as text.
  using Rows = std::vector<std::vector<std::string>>;
  Rows ask(const std::string& statement, const std::vector<std::string>& values);

  /// COPY TABLE FROM STDIN: lines with tabs between the values.
  void copy_into(const std::string& table);
  void copy(std::string_view line);
  void end_copy();

 protected:
  /// Frees the result. As `run`.
  std::string checked(PGresult* taken);
  [[nodiscard]] PGconn* connection() { return connection_; }

 private:
  void send_copied();
  PGconn* connection_;
  std::map<std::string, std::string> prepared_;  // statement → name
  std::string copied_;
};

}  // namespace daybook::bench
