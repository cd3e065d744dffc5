#include "server/app/identities_body.h"

#include <simdjson.h>

#include "ledger/codec/json_check.h"

namespace daybook::server {
namespace {

constexpr std::size_t kIdentitiesMax = 10'000;

tl::unexpected<Error> not_an_identity(std::size_t index, std::string_view member) {
  return rejected("INVALID_FIELD", "Send a list of objects with source and id, both texts.",
                  "/" + std::to_string(index) + (member.empty() ? "" : "/" + std::string(member)));
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> parse_identities(std::string_view body) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (body.empty() || parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS) {
    const Error malformed{ErrorKind::Invalid, "MALFORMED_JSON",
                          "The body is not JSON; it is a list of objects with source and id.", {}};
    return tl::unexpected(codec::refuse_json(body, malformed).value_or(malformed));
  }
  simdjson::dom::array list;
  if (document.get(list) != simdjson::SUCCESS) return rejected("INVALID_FIELD", "The body is a list of objects with source and id.", "");
  std::vector<std::pair<std::string, std::string>> identities;
  for (const simdjson::dom::element item : list) {
    if (identities.size() == kIdentitiesMax) return rejected("BODY_TOO_LARGE", "Ask for at most 10,000 at once.");
    simdjson::dom::object object;
    if (item.get(object) != simdjson::SUCCESS) return not_an_identity(identities.size(), "");
    std::pair<std::string, std::string> identity;
    int members = 0;
    for (const simdjson::dom::key_value_pair member : object) {
      std::string* into = member.key == "source" ? &identity.first : member.key == "id" ? &identity.second : nullptr;
      std::string_view text;
      if (into == nullptr || member.value.get(text) != simdjson::SUCCESS) {
        return not_an_identity(identities.size(), member.key);
      }
      if (!into->empty()) {
        return rejected("DUPLICATE_MEMBER", "The object names this member twice; leave one out.",
                        "/" + std::to_string(identities.size()) + "/" + std::string(member.key));
      }
      *into = text;
      ++members;
    }
    if (members != 2 || identity.first.empty() || identity.second.empty()) {
      return not_an_identity(identities.size(), "");
    }
    identities.push_back(std::move(identity));
  }
  return identities;
}

}  // namespace daybook::server
