#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string_view>
#include <utility>

namespace daybook::codec {

/// Bytes that grow: a vector that leaves new bytes as they are and keeps its room when cleared, so
/// that a buffer used again allocates nothing.
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer& other) { append(other.view()); }
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~Buffer() { std::free(data_); }

  [[nodiscard]] std::byte* data() { return data_; }
  [[nodiscard]] const std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }
  [[nodiscard]] std::string_view view() const {
    return {static_cast<const char*>(static_cast<const void*>(data_)), size_};
  }

  void clear() { size_ = 0; }
  void truncate(std::size_t size) { size_ = size; }
  void reserve(std::size_t capacity) {
    if (capacity > capacity_) reallocate(capacity);
  }
  /// Room for `count` more bytes, whose content is undefined; valid until the next call that may
  /// grow.
  [[nodiscard]] std::byte* extend(std::size_t count) {
    if (count > capacity_ - size_)
      reallocate(size_ + count > 2 * capacity_ ? size_ + count : 2 * capacity_);
    std::byte* added = data_ + size_;
    size_ += count;
    return added;
  }
  /// Zeros up to the next multiple of 8.
  void align() {
    if (const std::size_t padding = (std::size_t{0} - size_) & 7; padding != 0)
      std::memset(extend(padding), 0, padding);
  }
  void append(const void* source, std::size_t count) {
    if (count != 0) std::memcpy(extend(count), source, count);
  }
  void append(std::string_view text) { append(text.data(), text.size()); }

 private:
  void reallocate(std::size_t capacity) {
    if (capacity < 256) capacity = 256;
    void* moved = std::realloc(data_, capacity);
    if (moved == nullptr) throw std::bad_alloc();
    data_ = static_cast<std::byte*>(moved);
    capacity_ = capacity;
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// The bytes of `text`.
[[nodiscard]] inline std::span<const std::byte> as_bytes(std::string_view text) {
  return {static_cast<const std::byte*>(static_cast<const void*>(text.data())), text.size()};
}
[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

}  // namespace daybook::codec
