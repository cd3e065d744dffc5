#include "server/http/message.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace daybook::http {
namespace {

constexpr std::array<std::string_view, kMethodCount> kMethodNames = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_token(std::string_view text) {
  const auto token_char = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), token_char);
}

bool is_field_value(std::string_view text) {
  const auto control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  };
  return std::none_of(text.begin(), text.end(), control);
}

/// Headers that only the server may write, because they frame the message.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 7> kReserved = {
      "connection", "content-length", "transfer-encoding", "date", "keep-alive",
      "upgrade",    "trailer"};
  return std::any_of(kReserved.begin(), kReserved.end(), [&](std::string_view reserved) {
    return equal_ignoring_case(name, reserved);
  });
}

/// Where the line of `name` stands in `lines`: its begin and size, or npos.
std::pair<std::size_t, std::size_t> find_line(std::string_view lines, std::string_view name) {
  std::size_t begin = 0;
  while (begin < lines.size()) {
    const std::size_t end = lines.find("\r\n", begin) + 2;
    const std::string_view line = lines.substr(begin, end - begin);
    if (line.size() > name.size() && line[name.size()] == ':' &&
        equal_ignoring_case(line.substr(0, name.size()), name)) {
      return {begin, line.size()};
    }
    begin = end;
  }
  return {std::string_view::npos, 0};
}

}  // namespace

std::string_view name(Method method) { return kMethodNames[static_cast<std::size_t>(method)]; }

std::optional<Method> parse_method(std::string_view text) {
  const auto* found = std::find(kMethodNames.begin(), kMethodNames.end(), text);
  if (found == kMethodNames.end()) return std::nullopt;
  return static_cast<Method>(found - kMethodNames.begin());
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

void Body::append(std::string_view text) {
  if (text.empty()) return;
  const std::span<char> room = prepare(text.size());
  std::memcpy(room.data(), text.data(), text.size());
  commit(text.size());
}

std::span<char> Body::prepare(std::size_t more) {
  if (!data_ || capacity_ - size_ < more) {
    const std::size_t wanted = std::max(size_ + more, data_ ? capacity_ * 2 : std::size_t{256});
    auto grown = std::make_unique_for_overwrite<char[]>(wanted + kPadding);
    if (size_ > 0) std::memcpy(grown.get(), data_.get(), size_);
    data_ = std::move(grown);
    capacity_ = wanted;
    std::memset(data_.get() + size_, 0, kPadding);
  }
  return {data_.get() + size_, capacity_ - size_};
}

void Body::commit(std::size_t written) {
  LEDGER_INVARIANT(written <= capacity_ - size_);
  if (!data_) return;
  size_ += written;
  std::memset(data_.get() + size_, 0, kPadding);
}

void Body::clear() {
  size_ = 0;
  if (data_) std::memset(data_.get(), 0, kPadding);
}

std::string_view Request::param(std::string_view name) const {
  LEDGER_INVARIANT(params_ != nullptr);
  const auto found = std::find_if(params_->begin(), params_->end(),
                                  [&](const auto& param) { return param.first == name; });
  LEDGER_INVARIANT(found != params_->end());
  return segments_[found->second];
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  for (const QueryPair& pair : query_) {
    if (pair.name == name) return pair.value;
  }
  return std::nullopt;
}

std::size_t Request::query_count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      query_.begin(), query_.end(), [&](const QueryPair& pair) { return pair.name == name; }));
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Field& field : headers_) {
    if (equal_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::string_view Request::media_type() const {
  std::string_view value = header("content-type").value_or("");
  value = value.substr(0, value.find(';'));
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  return value;
}

std::string_view Request::charset() const {
  constexpr std::string_view kName = "charset=";
  constexpr std::string_view kBlanks = " \t";
  std::string_view rest = header("content-type").value_or("");
  while (rest.find(';') != std::string_view::npos) {
    rest.remove_prefix(rest.find(';') + 1);
    std::string_view parameter = rest.substr(0, rest.find(';'));
    parameter.remove_prefix(std::min(parameter.find_first_not_of(kBlanks), parameter.size()));
    if (!equal_ignoring_case(parameter.substr(0, kName.size()), kName)) continue;
    parameter.remove_prefix(kName.size());
    parameter = parameter.substr(0, parameter.find_last_not_of(kBlanks) + 1);
    if (parameter.size() >= 2 && parameter.front() == '"' && parameter.back() == '"') {
      parameter = parameter.substr(1, parameter.size() - 2);
    }
    return parameter.empty() ? "\"\"" : parameter;
  }
  return {};
}

Response Response::stream(std::string content_type, Producer producer) {
  Response response(200);
  response.set_content_type(std::move(content_type));
  response.producer_ = std::move(producer);
  return response;
}

bool Response::set_header(std::string_view name, std::string_view value) {
  if (is_token(name)) {
    const auto [begin, size] = find_line(header_lines_, name);
    if (begin != std::string_view::npos) header_lines_.erase(begin, size);
  }
  return add_header(name, value);
}

bool Response::add_header(std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_field_value(value) || is_reserved(name)) {
    invalid_ = true;
    return false;
  }
  if (equal_ignoring_case(name, "content-type")) {
    content_type_ = value;
    return true;
  }
  header_lines_.append(name).append(": ").append(value).append("\r\n");
  return true;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  if (equal_ignoring_case(name, "content-type") && !content_type_.empty()) return content_type_;
  const auto [begin, size] = find_line(header_lines_, name);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t skipped = name.size() + 2;
  return std::string_view(header_lines_).substr(begin + skipped, size - skipped - 2);
}

}  // namespace daybook::http
