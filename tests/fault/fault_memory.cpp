#include "fault/fault_memory.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

extern "C" {
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t count, std::size_t size);
void* __real_realloc(void* block, std::size_t size);
void __real_free(void* block);
}

namespace kith::test {

namespace {

int allocations = 0;
int fail_at = 0;
bool lasts = false;
bool remembers = false;

// The blocks that live, by their addresses: an open table, since memory is what it must not ask for.
constexpr std::size_t places = std::size_t{1} << 17;
void* blocks[places];
std::size_t living = 0;

std::size_t place_of(const void* block) { return (reinterpret_cast<std::uintptr_t>(block) >> 4) * 0x9E3779B97F4A7C15U >> 40 & (places - 1); }

void note(void* block) {
  if (!remembers || block == nullptr || living > places / 2) return;
  std::size_t at = place_of(block);
  while (blocks[at] != nullptr) at = (at + 1) & (places - 1);
  blocks[at] = block;
  ++living;
}

void drop(const void* block) {
  if (!remembers || block == nullptr) return;
  std::size_t at = place_of(block);
  while (blocks[at] != block) {
    if (blocks[at] == nullptr) return;  // it is older
    at = (at + 1) & (places - 1);
  }
  --living;
  // What stands behind it moves up, so that none is lost.
  for (std::size_t next = (at + 1) & (places - 1); blocks[next] != nullptr; next = (next + 1) & (places - 1)) {
    std::size_t home = place_of(blocks[next]);
    if (((next - home) & (places - 1)) < ((next - at) & (places - 1))) continue;
    blocks[at] = blocks[next];
    at = next;
  }
  blocks[at] = nullptr;
}

bool fails() {
  ++allocations;
  return fail_at != 0 && (allocations == fail_at || (lasts && allocations > fail_at));
}

void* allocate(std::size_t size) {
  if (fails()) return nullptr;
  void* block = __real_malloc(size == 0 ? 1 : size);
  note(block);
  return block;
}

void release(void* block) {
  drop(block);
  __real_free(block);
}

}  // namespace

void FaultMemory::arm(int n, bool lasting) {
  allocations = 0;
  lasts = lasting;
  fail_at = n;
}

int FaultMemory::disarm() {
  fail_at = 0;
  return allocations;
}

void FaultMemory::remember() {
  std::memset(blocks, 0, sizeof blocks);
  living = 0;
  remembers = true;
}

std::size_t FaultMemory::forget() {
  remembers = false;
  return living;
}

}  // namespace kith::test

using kith::test::allocate;
using kith::test::drop;
using kith::test::fails;
using kith::test::note;
using kith::test::release;

extern "C" {
void* __wrap_malloc(std::size_t size) { return allocate(size); }
void* __wrap_calloc(std::size_t count, std::size_t size) {
  if (fails()) return nullptr;
  void* block = __real_calloc(count, size);
  note(block);
  return block;
}
void* __wrap_realloc(void* block, std::size_t size) {
  if (fails()) return nullptr;
  drop(block);
  void* moved = __real_realloc(block, size);
  note(moved == nullptr ? block : moved);
  return moved;
}
void __wrap_free(void* block) { release(block); }
}

void* operator new(std::size_t size) {
  if (void* block = allocate(size)) return block;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* block) noexcept { release(block); }
void operator delete[](void* block) noexcept { release(block); }
void operator delete(void* block, std::size_t) noexcept { release(block); }
void operator delete[](void* block, std::size_t) noexcept { release(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { release(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { release(block); }
