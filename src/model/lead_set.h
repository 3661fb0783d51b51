// A set of lead ids in memory: chunks of 65,536 ids, each a sorted array while it is small and a bitmap when
// it is not, in the two container layouts of Roaring's portable format. Knows nothing of tables.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kith {

class LeadSet {
 public:
  static constexpr std::uint32_t chunk_ids = 65536;
  static constexpr std::int64_t last_id = (std::int64_t{1} << 48) - 1;  // a chunk's number has 32 bits
  static constexpr std::size_t array_most = 4096;  // more ids than this make a bitmap

  enum class Form : std::uint8_t { array = 0, bitmap = 1 };

  class Chunk {
   public:
    std::uint32_t number = 0;  // ids number * 65,536 ...
    std::uint32_t size() const { return size_; }
    Form form() const { return bits_.empty() ? Form::array : Form::bitmap; }
    bool contains(std::uint16_t low) const;
    bool add(std::uint16_t low);     // false: was there
    bool remove(std::uint16_t low);  // false: was not there
    void unite(const Chunk& other);
    void intersect(const Chunk& other);
    void subtract(const Chunk& other);
    // The smallest member that is not below `low`; -1: none.
    int next(int low) const;
    void fill(std::uint32_t from, std::uint32_t to);  // adds [from, to)

    std::vector<std::uint8_t> bytes() const;  // little-endian
    // False: the bytes are no chunk of this form and size.
    bool read(Form form, std::uint32_t size, std::span<const std::uint8_t> bytes);

   private:
    void to_bitmap();
    void settle();  // the form that the size asks for
    std::uint32_t size_ = 0;
    std::vector<std::uint16_t> array_;
    std::vector<std::uint64_t> bits_;  // 1,024 words, or none
  };

  LeadSet() = default;
  // All ids from 1 to `last`.
  static LeadSet up_to(std::int64_t last);

  bool empty() const { return chunks_.empty(); }
  std::int64_t size() const;
  bool contains(std::int64_t id) const;
  bool add(std::int64_t id);
  bool remove(std::int64_t id);
  LeadSet& operator|=(const LeadSet& other);
  LeadSet& operator&=(const LeadSet& other);
  LeadSet& operator-=(const LeadSet& other);
  // The smallest member above `id`; 0: none.
  std::int64_t after(std::int64_t id) const;
  // The largest member below `id`; 0: none.
  std::int64_t before(std::int64_t id) const;
  template <class Visit>
  void each(Visit visit) const {
    for (const Chunk& chunk : chunks_) {
      std::int64_t base = std::int64_t{chunk.number} * chunk_ids;
      for (int low = chunk.next(0); low >= 0; low = low == 65535 ? -1 : chunk.next(low + 1)) visit(base + low);
    }
  }

  const std::vector<Chunk>& chunks() const { return chunks_; }
  Chunk& chunk(std::uint32_t number);  // made when missing
  void drop_empty();
  friend bool operator==(const LeadSet& a, const LeadSet& b);

 private:
  const Chunk* find(std::uint32_t number) const;
  std::vector<Chunk> chunks_;  // by number; none is empty between calls
};

}  // namespace kith
