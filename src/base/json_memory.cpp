// Memory for taking a Json apart, when there is none: a small reserve that is empty again as soon as that is done.
#include <cstdlib>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/json.h"

namespace {

class Reserve {
 public:
  void* take(std::size_t size) {
    std::lock_guard lock(mutex_);
    if (size > sizeof bytes_ - used_) return nullptr;
    void* block = bytes_ + used_;
    used_ += size;
    ++blocks_;
    return block;
  }
  bool give_back(void* block) {
    auto* at = static_cast<unsigned char*>(block);
    if (at < bytes_ || at >= bytes_ + sizeof bytes_) return false;
    std::lock_guard lock(mutex_);
    if (--blocks_ == 0) used_ = 0;
    return true;
  }

 private:
  std::mutex mutex_;
  std::size_t used_ = 0;
  std::size_t blocks_ = 0;
  alignas(std::max_align_t) unsigned char bytes_[256 * 1024] = {};  // 16,000 values
};

constinit Reserve reserve;

}  // namespace

kith::Json* std::allocator<kith::Json>::allocate(std::size_t count) {
  std::size_t size = count * sizeof(kith::Json);
  void* block = ::operator new(size, std::nothrow);
  if (block == nullptr) block = reserve.take(size);
  if (block == nullptr) throw std::bad_alloc();
  return static_cast<kith::Json*>(block);
}

void std::allocator<kith::Json>::deallocate(kith::Json* values, std::size_t) noexcept {
  if (!reserve.give_back(values)) ::operator delete(values);
}
