#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/time.h"
#include "ledger/log/views.h"

namespace daybook::server {

/// The day on which each key was last used. No fact of the ledger: it lies beside the views, and begins anew where they are
/// deleted; of a process that was killed the last uses may be missing.
class KeyUses {
 public:
  /// `views` outlives it. Errors: those of reading.
  [[nodiscard]] static Result<void> open(log::Views& views, KeyUses& uses);

  /// Any thread.
  void note(std::string_view key_id, Date day);
  [[nodiscard]] std::optional<Date> last(std::string_view key_id) const;
  /// Writes what is new, to be on disk when it returns where `settle`.
  [[nodiscard]] Result<void> keep(bool settle);

 private:
  std::optional<log::Family> family_;
  mutable std::mutex mutex_;
  std::map<std::string, Date, std::less<>> last_;
  std::map<std::string, Date, std::less<>> unwritten_;
};

}  // namespace daybook::server
