#pragma once

#include <map>
#include <string>

namespace daybook {

/// Names with a text each, sorted by name: tags of a resource, labels of a section, a text by
/// language.
using Texts = std::map<std::string, std::string>;

}  // namespace daybook
