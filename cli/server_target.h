#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "cli/http_client.h"
#include "cli/json_value.h"
#include "cli/target.h"

namespace daybook::cli {

/// A ledger behind a server, worked on with a key.
class ServerTarget final : public Target {
 public:
  ServerTarget(ServerUrl url, std::string key) : client_(std::move(url)), authorization_("Bearer " + key) {}

  /// The server of `--url`, with the key in the file `--key-file` or `DAYBOOK_KEY_FILE`.
  /// Errors: Usage, Unauthorised where there is no key.
  [[nodiscard]] static Outcome<std::unique_ptr<ServerTarget>> of(const std::string& url, const std::string& key_file);

  Outcome<Posted> post(std::span<const std::string> events) override;
  Outcome<std::string> command(std::string_view name, const std::string& body) override;
  Outcome<std::string> question(const std::string& path) override;
  [[nodiscard]] Outcome<std::string> long_question(const std::string& path) override;
  Outcome<std::string> question_with(const std::string& path, std::string_view media_type,
                                     std::string_view body) override;
  [[nodiscard]] Outcome<std::string> long_question_with(const std::string& path, std::string_view media_type,
                                                        std::string_view body) override;
  Outcome<std::uint64_t> read_log(std::span<const EventType> types, const TakeEvent& take) override;

  /// GET /v1`path`. Errors: the problem document's code and sentence.
  [[nodiscard]] Outcome<JsonValue> get(const std::string& path);
  /// The same as an identity of the ledger, in one of its directories: the key needs the right `act-as`.
  [[nodiscard]] Outcome<JsonValue> get_as(const std::string& path, std::string_view identity, std::string_view tenant);
  /// GET /v1`path` of bytes that come as they are made: the answer without them, then `client().next_piece`. Errors: as `get`.
  [[nodiscard]] Outcome<HttpAnswer> begin(const std::string& path);
  [[nodiscard]] HttpClient& client() { return client_; }
  /// POST /v1`path` with a JSON body.
  [[nodiscard]] Outcome<JsonValue> ask(const std::string& path, const std::string& body);
  /// POST /v1`path` with a JSON body and an Idempotency-Key of its own; waits for the job that it begins, calling
  /// `progress` now and then, and answers its result as it stands. Errors: those of the job.
  using JobProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;
  [[nodiscard]] Outcome<std::string> job(const std::string& path, const std::string& body, const JobProgress& progress);

 private:
  /// Sends; what the server is too busy for is sent again a few times: everything here may be repeated.
  [[nodiscard]] Outcome<HttpAnswer> send(const HttpClient::Request& request);
  using Sending = Outcome<HttpAnswer> (HttpClient::*)(const HttpClient::Request& request);
  [[nodiscard]] Outcome<HttpAnswer> send_by(Sending sending, const HttpClient::Request& request);
  /// Waits for the job that an answer of 202 names; any other is the result itself.
  [[nodiscard]] Outcome<std::string> follow(const HttpAnswer& answer, const JobProgress& progress);
  /// The events of one type up to `head`, page by page.
  [[nodiscard]] Outcome<void> read_type(EventType type, std::uint64_t head, const TakeEvent& take);

  HttpClient client_;
  std::string authorization_;
};

}  // namespace daybook::cli
