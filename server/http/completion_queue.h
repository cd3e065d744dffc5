#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "server/http/message.h"

namespace daybook::http {

class ReplySlot;

/// Answers on their way from other threads to one I/O thread: many pushes, one wake-up.
class CompletionQueue : public std::enable_shared_from_this<CompletionQueue> {
 public:
  struct Item {
    std::shared_ptr<ReplySlot> slot;
    std::uint64_t ticket;
    Response response;
  };

  /// `wake` makes the I/O thread call take(); it is called from any thread.
  explicit CompletionQueue(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// Any thread. Wakes the I/O thread unless that is under way or a ReplyBatch of this thread will.
  void push(Item item);
  /// Swaps everything out; on the I/O thread.
  void take(std::vector<Item>* into);
  /// Drops what is there and what will come: the I/O thread has ended.
  void close();

 private:
  friend class ReplyBatch;
  void wake_once();

  std::mutex mutex_;
  std::vector<Item> items_;
  bool woken_ = false;
  bool closed_ = false;
  std::function<void()> wake_;
};

}  // namespace daybook::http
