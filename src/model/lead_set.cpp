#include "model/lead_set.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

namespace kith {

namespace {
constexpr std::size_t words = 1024;
static_assert(std::endian::native == std::endian::little, "chunks are stored as they lie in memory");
}  // namespace

bool LeadSet::Chunk::contains(std::uint16_t low) const {
  if (!bits_.empty()) return (bits_[low >> 6] >> (low & 63) & 1U) != 0;
  return std::binary_search(array_.begin(), array_.end(), low);
}

bool LeadSet::Chunk::add(std::uint16_t low) {
  if (!bits_.empty()) {
    std::uint64_t mask = std::uint64_t{1} << (low & 63);
    if ((bits_[low >> 6] & mask) != 0) return false;
    bits_[low >> 6] |= mask;
    ++size_;
    return true;
  }
  if (array_.empty() || array_.back() < low) {
    array_.push_back(low);
  } else {
    auto place = std::lower_bound(array_.begin(), array_.end(), low);
    if (*place == low) return false;
    array_.insert(place, low);
  }
  ++size_;
  if (size_ > array_most) to_bitmap();
  return true;
}

bool LeadSet::Chunk::remove(std::uint16_t low) {
  if (!contains(low)) return false;
  if (!bits_.empty()) {
    bits_[low >> 6] &= ~(std::uint64_t{1} << (low & 63));
    --size_;
    settle();
  } else {
    array_.erase(std::lower_bound(array_.begin(), array_.end(), low));
    --size_;
  }
  return true;
}

void LeadSet::Chunk::to_bitmap() {
  if (!bits_.empty()) return;
  bits_.assign(words, 0);
  for (std::uint16_t low : array_) bits_[low >> 6] |= std::uint64_t{1} << (low & 63);
  array_.clear();
  array_.shrink_to_fit();
}

void LeadSet::Chunk::settle() {
  if (bits_.empty() || size_ > array_most) return;
  array_.reserve(size_);
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t rest = bits_[word]; rest != 0; rest &= rest - 1) {
      array_.push_back(static_cast<std::uint16_t>(word * 64 + static_cast<std::size_t>(std::countr_zero(rest))));
    }
  }
  bits_.clear();
  bits_.shrink_to_fit();
}

void LeadSet::Chunk::fill(std::uint32_t from, std::uint32_t to) {
  to_bitmap();
  for (std::uint32_t low = from; low < to;) {
    std::uint32_t end = std::min(to, (low | 63U) + 1);
    std::uint64_t mask = ~std::uint64_t{0} << (low & 63);
    if ((end & 63U) != 0) mask &= (std::uint64_t{1} << (end & 63)) - 1;
    size_ += static_cast<std::uint32_t>(std::popcount(mask & ~bits_[low >> 6]));
    bits_[low >> 6] |= mask;
    low = end;
  }
  settle();
}

void LeadSet::Chunk::unite(const Chunk& other) {
  if (bits_.empty() && other.bits_.empty() && array_.size() + other.array_.size() <= array_most) {
    std::vector<std::uint16_t> both;
    both.reserve(array_.size() + other.array_.size());
    std::set_union(array_.begin(), array_.end(), other.array_.begin(), other.array_.end(), std::back_inserter(both));
    array_ = std::move(both);
    size_ = static_cast<std::uint32_t>(array_.size());
    return;
  }
  to_bitmap();
  if (other.bits_.empty()) {
    for (std::uint16_t low : other.array_) bits_[low >> 6] |= std::uint64_t{1} << (low & 63);
  } else {
    for (std::size_t word = 0; word < words; ++word) bits_[word] |= other.bits_[word];
  }
  size_ = 0;
  for (std::uint64_t word : bits_) size_ += static_cast<std::uint32_t>(std::popcount(word));
  settle();
}

void LeadSet::Chunk::intersect(const Chunk& other) {
  if (!bits_.empty() && !other.bits_.empty()) {
    size_ = 0;
    for (std::size_t word = 0; word < words; ++word) {
      bits_[word] &= other.bits_[word];
      size_ += static_cast<std::uint32_t>(std::popcount(bits_[word]));
    }
    settle();
    return;
  }
  std::vector<std::uint16_t> both;
  const std::vector<std::uint16_t>& few = bits_.empty() ? array_ : other.array_;
  const Chunk& many = bits_.empty() ? other : *this;
  for (std::uint16_t low : few) {
    if (many.contains(low)) both.push_back(low);
  }
  array_ = std::move(both);
  bits_.clear();
  size_ = static_cast<std::uint32_t>(array_.size());
}

void LeadSet::Chunk::subtract(const Chunk& other) {
  if (bits_.empty()) {
    std::erase_if(array_, [&](std::uint16_t low) { return other.contains(low); });
    size_ = static_cast<std::uint32_t>(array_.size());
    return;
  }
  if (other.bits_.empty()) {
    for (std::uint16_t low : other.array_) bits_[low >> 6] &= ~(std::uint64_t{1} << (low & 63));
  } else {
    for (std::size_t word = 0; word < words; ++word) bits_[word] &= ~other.bits_[word];
  }
  size_ = 0;
  for (std::uint64_t word : bits_) size_ += static_cast<std::uint32_t>(std::popcount(word));
  settle();
}

int LeadSet::Chunk::next(int low) const {
  if (bits_.empty()) {
    auto place = std::lower_bound(array_.begin(), array_.end(), low, [](std::uint16_t a, int b) { return a < b; });
    return place == array_.end() ? -1 : *place;
  }
  auto word = static_cast<std::size_t>(low) >> 6;
  std::uint64_t rest = bits_[word] & (~std::uint64_t{0} << (low & 63));
  while (rest == 0) {
    if (++word == words) return -1;
    rest = bits_[word];
  }
  return static_cast<int>(word * 64) + std::countr_zero(rest);
}

std::vector<std::uint8_t> LeadSet::Chunk::bytes() const {
  const void* from = bits_.empty() ? static_cast<const void*>(array_.data()) : bits_.data();
  std::size_t size = bits_.empty() ? array_.size() * sizeof(std::uint16_t) : words * sizeof(std::uint64_t);
  std::vector<std::uint8_t> out(size);
  if (size > 0) std::memcpy(out.data(), from, size);
  return out;
}

bool LeadSet::Chunk::read(Form form, std::uint32_t size, std::span<const std::uint8_t> bytes) {
  size_ = size;
  array_.clear();
  bits_.clear();
  if (form == Form::bitmap) {
    if (bytes.size() != words * sizeof(std::uint64_t) || size <= array_most) return false;
    bits_.resize(words);
    std::memcpy(bits_.data(), bytes.data(), bytes.size());
    std::uint32_t found = 0;
    for (std::uint64_t word : bits_) found += static_cast<std::uint32_t>(std::popcount(word));
    return found == size;
  }
  if (form != Form::array || size > array_most || bytes.size() != size * sizeof(std::uint16_t)) return false;
  array_.resize(size);
  if (size > 0) std::memcpy(array_.data(), bytes.data(), bytes.size());
  return std::adjacent_find(array_.begin(), array_.end(), std::greater_equal<>()) == array_.end();
}

LeadSet LeadSet::up_to(std::int64_t last) {
  LeadSet all;
  for (std::int64_t first = 0; first <= last; first += chunk_ids) {
    auto number = static_cast<std::uint32_t>(first / chunk_ids);
    auto end = static_cast<std::uint32_t>(std::min<std::int64_t>(last - first + 1, chunk_ids));
    std::uint32_t from = first == 0 ? 1 : 0;  // 0 is no id
    if (end > from) all.chunk(number).fill(from, end);
  }
  return all;
}

const LeadSet::Chunk* LeadSet::find(std::uint32_t number) const {
  auto place = std::lower_bound(chunks_.begin(), chunks_.end(), number,
                                [](const Chunk& chunk, std::uint32_t wanted) { return chunk.number < wanted; });
  return place == chunks_.end() || place->number != number ? nullptr : &*place;
}

LeadSet::Chunk& LeadSet::chunk(std::uint32_t number) {
  if (!chunks_.empty() && chunks_.back().number == number) return chunks_.back();
  auto place = std::lower_bound(chunks_.begin(), chunks_.end(), number,
                                [](const Chunk& chunk, std::uint32_t wanted) { return chunk.number < wanted; });
  if (place == chunks_.end() || place->number != number) {
    place = chunks_.insert(place, Chunk());
    place->number = number;
  }
  return *place;
}

void LeadSet::drop_empty() {
  std::erase_if(chunks_, [](const Chunk& chunk) { return chunk.size() == 0; });
}

std::int64_t LeadSet::size() const {
  std::int64_t sum = 0;
  for (const Chunk& chunk : chunks_) sum += chunk.size();
  return sum;
}

bool LeadSet::contains(std::int64_t id) const {
  if (id <= 0 || id > last_id) return false;
  const Chunk* chunk = find(static_cast<std::uint32_t>(id / chunk_ids));
  return chunk != nullptr && chunk->contains(static_cast<std::uint16_t>(id % chunk_ids));
}

bool LeadSet::add(std::int64_t id) {
  return chunk(static_cast<std::uint32_t>(id / chunk_ids)).add(static_cast<std::uint16_t>(id % chunk_ids));
}

bool LeadSet::remove(std::int64_t id) {
  if (id <= 0 || id > last_id) return false;
  auto number = static_cast<std::uint32_t>(id / chunk_ids);
  if (find(number) == nullptr) return false;
  bool was = chunk(number).remove(static_cast<std::uint16_t>(id % chunk_ids));
  if (was) drop_empty();
  return was;
}

LeadSet& LeadSet::operator|=(const LeadSet& other) {
  for (const Chunk& theirs : other.chunks_) chunk(theirs.number).unite(theirs);
  return *this;
}

LeadSet& LeadSet::operator&=(const LeadSet& other) {
  static const Chunk none;
  for (Chunk& ours : chunks_) {
    const Chunk* theirs = other.find(ours.number);
    ours.intersect(theirs == nullptr ? none : *theirs);
  }
  drop_empty();
  return *this;
}

LeadSet& LeadSet::operator-=(const LeadSet& other) {
  for (Chunk& ours : chunks_) {
    if (const Chunk* theirs = other.find(ours.number)) ours.subtract(*theirs);
  }
  drop_empty();
  return *this;
}

std::int64_t LeadSet::after(std::int64_t id) const {
  if (id >= last_id) return 0;
  std::int64_t from = std::max<std::int64_t>(id + 1, 1);
  auto number = static_cast<std::uint32_t>(from / chunk_ids);
  auto place = std::lower_bound(chunks_.begin(), chunks_.end(), number,
                                [](const Chunk& chunk, std::uint32_t wanted) { return chunk.number < wanted; });
  for (; place != chunks_.end(); ++place) {
    int low = place->next(place->number == number ? static_cast<int>(from % chunk_ids) : 0);
    if (low >= 0) return std::int64_t{place->number} * chunk_ids + low;
  }
  return 0;
}

std::int64_t LeadSet::before(std::int64_t id) const {
  std::int64_t best = 0;
  for (auto place = chunks_.rbegin(); place != chunks_.rend(); ++place) {
    std::int64_t base = std::int64_t{place->number} * chunk_ids;
    if (base >= id) continue;
    for (int low = static_cast<int>(std::min<std::int64_t>(id - base, chunk_ids)) - 1; low >= 0; --low) {
      if (place->contains(static_cast<std::uint16_t>(low))) return base + low;
    }
  }
  return best;
}

bool operator==(const LeadSet& a, const LeadSet& b) {
  return a.chunks_.size() == b.chunks_.size() &&
         std::equal(a.chunks_.begin(), a.chunks_.end(), b.chunks_.begin(),
                    [](const LeadSet::Chunk& x, const LeadSet::Chunk& y) {
                      return x.number == y.number && x.size() == y.size() && x.bytes() == y.bytes();
                    });
}

}  // namespace kith
