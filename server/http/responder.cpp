#include <algorithm>
#include <utility>
#include <vector>

#include "server/http/completion_queue.h"
#include "server/http/message.h"
#include "server/http/problem.h"

namespace daybook::http {
namespace {

/// ReplyBatches alive on this thread, and the queues to be woken when the outermost one ends.
thread_local int batch_depth = 0;
thread_local std::vector<std::shared_ptr<CompletionQueue>> to_wake;

/// For Responders made of a function.
class FunctionSink final : public ReplySink {
 public:
  explicit FunctionSink(std::function<void(Response)> take) : take_(std::move(take)) {}
  void deliver(std::uint64_t /*ticket*/, Response response) noexcept override {
    take_(std::move(response));
  }
  void drop(std::uint64_t /*ticket*/) noexcept override {
    take_(problem("INTERNAL", "The request was given up without an answer.", ""));
  }

 private:
  std::function<void(Response)> take_;
};

}  // namespace

void CompletionQueue::push(Item item) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    items_.push_back(std::move(item));
    if (!woken_ && batch_depth == 0) wake = woken_ = true;
  }
  if (wake) {
    wake_();
  } else if (batch_depth > 0) {
    const auto self = shared_from_this();
    if (std::find(to_wake.begin(), to_wake.end(), self) == to_wake.end()) to_wake.push_back(self);
  }
}

void CompletionQueue::take(std::vector<Item>* into) {
  const std::lock_guard lock(mutex_);
  into->swap(items_);
  woken_ = false;
}

void CompletionQueue::close() {
  std::vector<Item> dropped;
  const std::lock_guard lock(mutex_);
  closed_ = true;
  dropped.swap(items_);
}

void CompletionQueue::wake_once() {
  {
    const std::lock_guard lock(mutex_);
    if (woken_ || items_.empty()) return;
    woken_ = true;
  }
  wake_();
}

Responder::Responder(std::function<void(Response)> take)
    : sink_(std::make_shared<FunctionSink>(std::move(take))) {}

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    const Responder abandoned(std::move(*this));
    sink_ = std::move(other.sink_);
    ticket_ = other.ticket_;
  }
  return *this;
}

Responder::~Responder() {
  if (sink_) sink_->drop(ticket_);
}

void Responder::respond(Response response) {
  LEDGER_INVARIANT(sink_ != nullptr);
  const std::shared_ptr<ReplySink> sink = std::move(sink_);
  sink->deliver(ticket_, std::move(response));
}

ReplyBatch::ReplyBatch() { ++batch_depth; }

ReplyBatch::~ReplyBatch() {
  if (--batch_depth > 0) return;
  for (const auto& queue : to_wake) queue->wake_once();
  to_wake.clear();
}

}  // namespace daybook::http
