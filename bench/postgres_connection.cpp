#include "bench/postgres_connection.h"

#include <memory>
#include <stdexcept>

namespace daybook::bench {
namespace {

constexpr std::size_t kCopyBytes = 256 * 1024;

using Owned = std::unique_ptr<PGresult, void (*)(PGresult*)>;

}  // namespace

PostgresConnection::PostgresConnection(const std::string& to) : connection_(PQconnectdb(to.c_str())) {
  if (PQstatus(connection_) != CONNECTION_OK) {
    const std::string why = PQerrorMessage(connection_);
    PQfinish(connection_);
    throw std::runtime_error(why);
  }
}

std::string PostgresConnection::checked(PGresult* taken) {
  const Owned result(taken, PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COPY_IN) return "";
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection_));
  if (status == PGRES_COMMAND_OK) return PQcmdTuples(result.get());
  return PQntuples(result.get()) == 0 ? "" : PQgetvalue(result.get(), 0, 0);
}

std::string PostgresConnection::run(const std::string& statements) {
  return checked(PQexec(connection_, statements.c_str()));
}

PostgresConnection::Rows PostgresConnection::ask(const std::string& statement, const std::vector<std::string>& values) {
  const auto [known, is_new] = prepared_.try_emplace(statement, "q" + std::to_string(prepared_.size()));
  if (is_new) checked(PQprepare(connection_, known->second.c_str(), statement.c_str(), 0, nullptr));
  std::vector<const char*> texts;
  for (const std::string& value : values) texts.push_back(value.c_str());
  const Owned result(PQexecPrepared(connection_, known->second.c_str(), static_cast<int>(texts.size()), texts.data(),
                                    nullptr, nullptr, 0),
                     PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection_));
  Rows rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      rows[row].emplace_back(PQgetvalue(result.get(), static_cast<int>(row), column));
    }
  }
  return rows;
}

void PostgresConnection::copy_into(const std::string& table) {
  checked(PQexec(connection_, ("copy " + table + " from stdin").c_str()));
}

void PostgresConnection::copy(std::string_view line) {
  copied_ += line;
  copied_ += '\n';
  if (copied_.size() >= kCopyBytes) send_copied();
}

void PostgresConnection::send_copied() {
  if (!copied_.empty() && PQputCopyData(connection_, copied_.data(), static_cast<int>(copied_.size())) != 1) {
    throw std::runtime_error(PQerrorMessage(connection_));
  }
  copied_.clear();
}

void PostgresConnection::end_copy() {
  send_copied();
  if (PQputCopyEnd(connection_, nullptr) != 1) throw std::runtime_error(PQerrorMessage(connection_));
  while (PGresult* result = PQgetResult(connection_)) checked(result);
}

}  // namespace daybook::bench
