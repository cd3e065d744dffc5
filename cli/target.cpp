#include "cli/target.h"

#include "cli/json_value.h"

namespace daybook::cli {
namespace {

/// RFC 3986, 2.3: what needs no encoding.
bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded.push_back('%');
    encoded.push_back(kHex[byte >> 4]);
    encoded.push_back(kHex[byte & 0xF]);
  }
  return encoded;
}

}  // namespace

std::string with_query(std::string path, std::span<const std::pair<std::string_view, std::string>> pairs) {
  char joint = path.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : pairs) {
    if (value.empty()) continue;
    path.push_back(joint);
    path += std::string(name) + "=" + percent_encoded(value);
    joint = '&';
  }
  return path;
}

tl::unexpected<Failure> refusal(int status, std::string_view problem) {
  const Result<JsonValue> json = JsonValue::parse(problem);
  if (!json || (*json)["code"].text().empty()) {
    return fail(exit_code_of_status(status), "The server answered " + std::to_string(status) + " without saying why.");
  }
  const std::string& code = (*json)["code"].text();
  std::string message = code + ": " + (*json)["detail"].text();
  for (const JsonValue& error : (*json)["errors"].items()) {
    message += "\n  " + error["pointer"].text() + " " + error["code"].text() + ": " + error["detail"].text();
  }
  const ExitCode exit_code = code == "CORRUPTION" ? ExitCode::Corruption : exit_code_of_status(status);
  return tl::unexpected(Failure{exit_code, std::move(message), std::string(problem)});
}

std::uint64_t position_of(Target& target) {
  const Outcome<std::string> answer = target.question("/log/head");
  const Result<JsonValue> head = JsonValue::parse(answer ? *answer : std::string());
  return head ? static_cast<std::uint64_t>((*head)["position"].integer()) : 0;
}

std::string batch_body(std::span<const std::string> events) {
  std::size_t size = 2;
  for (const std::string& event : events) size += event.size() + 1;
  std::string body;
  body.reserve(size);
  body.push_back('[');
  for (const std::string& event : events) {
    if (body.size() > 1) body.push_back(',');
    body += event;
  }
  body.push_back(']');
  return body;
}

}  // namespace daybook::cli
