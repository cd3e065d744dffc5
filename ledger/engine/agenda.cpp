#include "ledger/engine/agenda.h"

namespace daybook::engine {

void Agenda::set(const StateReader& state, const std::string& account, Date from) {
  if (const auto before = by_account_.find(account); before != by_account_.end()) {
    by_date_.erase({before->second, account});
    by_account_.erase(before);
  }
  if (const std::optional<Date> next = next_work(state, AccountId(account), from, WorkKinds{})) {
    by_date_.emplace(*next, account);
    by_account_.emplace(account, *next);
  }
}

void Agenda::refresh(const StateReader& state, const Books::Touched& touched, Date from) {
  const auto look_at = [&](const std::string& account) {
    const auto done = done_through_.find(account);
    set(state, account, done == done_through_.end() ? from : done->second.plus_days(1));
  };
  if (touched.all) {
    for (const std::string& account : state.accounts()) look_at(account);
    return;
  }
  for (const std::string& account : touched.accounts) look_at(account);
}

void Agenda::done(const StateReader& state, const std::string& account, Date day) {
  done_through_[account] = day;
  set(state, account, day.plus_days(1));
}

std::vector<Work> Agenda::next(Date through) const {
  std::vector<Work> work;
  for (const auto& [date, account] : by_date_) {
    if (date > through || (!work.empty() && work.front().date != date)) break;
    work.push_back({date, AccountId(account)});
  }
  return work;
}

}  // namespace daybook::engine
