#include "ledger/log/damaged_wal.h"

#include <algorithm>
#include <vector>

#include "ledger/log/bytes.h"
#include "ledger/log/found_rows.h"

namespace daybook::log {
namespace {

std::string in_words(Position from, Position to) {
  return from == to ? "position " + std::to_string(from) : "positions " + std::to_string(from) + " to " + std::to_string(to);
}

}  // namespace

std::string damaged_wal(rocksdb::FileSystem& files, const std::string& log, Position acknowledged) {
  std::vector<std::string> names;
  if (!files.GetChildren(log, rocksdb::IOOptions(), &names, nullptr).ok()) return {};
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".log"); });
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) {
    const std::string path = log + "/" + name;
    std::string bytes;
    if (!rocksdb::ReadFileToString(&files, path, &bytes).ok()) continue;
    Position next = 0;  // behind the last row that was read
    std::string gaps;
    const auto gap = [&](Position from, Position to) { gaps += (gaps.empty() ? ": " : ", ") + in_words(from, to); };
    const FileFault fault = rows_of_wal(as_bytes(bytes), [&](const FoundRow& row) {
      if (next != 0 && row.head.first > next) gap(next, row.head.first - 1);
      next = std::max(next, row.head.last() + 1);
    });
    if (!fault) continue;
    if (name == names.back() && next != 0 && acknowledged >= next) gap(next, acknowledged);
    text += " " + path + " " + *fault + (gaps.empty() ? ", beside rows that can all be read" : gaps + " cannot be read") + ".";
  }
  return text;
}

}  // namespace daybook::log
