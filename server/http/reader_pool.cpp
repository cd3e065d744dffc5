#include "server/http/reader_pool.h"

#include <utility>

namespace daybook::http {

ReaderPool::ReaderPool(std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
  threads_.reserve(threads);
  for (std::size_t index = 0; index < threads; ++index) {
    threads_.emplace_back([this] { run(); });
  }
}

ReaderPool::~ReaderPool() { stop(); }

void ReaderPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool ReaderPool::submit(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_limit_) return false;
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
  return true;
}

std::size_t ReaderPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void ReaderPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;  // what it captured ends outside the lock
    lock.lock();
  }
}

}  // namespace daybook::http
