#include "cli/target.h"

namespace daybook::cli {

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
