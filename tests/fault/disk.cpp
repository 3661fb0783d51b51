#include "fault/disk.h"

#include <algorithm>

namespace kith::test {

namespace {

using Random = std::mt19937_64;

bool chance(Random& random, unsigned of_hundred) { return random() % 100 < of_hundred; }

void put(std::string& bytes, std::int64_t at, const char* from, std::size_t size) {
  auto end = static_cast<std::size_t>(at) + size;
  if (bytes.size() < end) bytes.resize(end);  // what lies between was never written: zeros
  bytes.replace(static_cast<std::size_t>(at), size, from, size);
}

void apply(std::string& bytes, const DiskCall& call) {
  if (call.kind == DiskCall::truncate) {
    bytes.resize(static_cast<std::size_t>(call.at));
  } else {
    put(bytes, call.at, call.bytes.data(), call.bytes.size());
  }
}

// The sectors that a write touches, each by itself: there, not there, or spoilt. Beyond the write nothing changes.
void apply_sectors(std::string& bytes, const DiskCall& call, std::size_t sector, unsigned there,
                   unsigned spoilt, Random& random) {
  if (call.kind == DiskCall::truncate) {
    if (chance(random, there)) apply(bytes, call);
    return;
  }
  auto at = static_cast<std::size_t>(call.at);
  for (std::size_t from = 0, to = 0; from < call.bytes.size(); from = to) {
    to = std::min(call.bytes.size(), (at + from) / sector * sector + sector - at);
    if (chance(random, spoilt)) {
      std::string noise(to - from, '\0');
      for (char& byte : noise) byte = static_cast<char>(random());
      put(bytes, static_cast<std::int64_t>(at + from), noise.data(), noise.size());
    } else if (chance(random, there)) {
      put(bytes, static_cast<std::int64_t>(at + from), call.bytes.data() + from, to - from);
    }
  }
}

}  // namespace

const char* loss_name(Loss loss) {
  constexpr const char* names[losses] = {"all unsynced lost", "nothing lost", "later ones lost",
                                         "some lost",         "sectors lost", "sectors spoilt"};
  return names[static_cast<int>(loss)];
}

Disk::Disk(const Files& files) {
  Entries entries;
  for (std::size_t part = 0; part < parts; ++part) {
    if (files[part]) entries[part] = std::make_shared<Body>(Body{*files[part], {}});
  }
  folder_.push_back(entries);
}

void Disk::take(const DiskCall& call, bool syncs) {
  auto part = static_cast<std::size_t>(call.part);
  if (call.kind == DiskCall::make || call.kind == DiskCall::remove) {
    folder_.push_back(folder_.back());
    folder_.back()[part] = call.kind == DiskCall::make ? std::make_shared<Body>() : nullptr;
  } else if (Body* body = folder_.back()[part].get(); body != nullptr && call.kind != DiskCall::sync) {
    body->waiting.push_back(&call);
  } else if (body != nullptr && syncs) {
    for (const DiskCall* waiting : body->waiting) apply(body->synced, *waiting);
    body->waiting.clear();
  }
  if (call.with_folder && syncs) folder_ = {folder_.back()};
}

Files Disk::image(Loss loss, std::mt19937_64& random) const {
  std::size_t last = folder_.size() - 1;
  std::size_t which = loss == Loss::all ? 0 : loss == Loss::nothing ? last : random() % folder_.size();
  Files files;
  for (std::size_t part = 0; part < parts; ++part) {
    if (const Body* body = folder_[which][part].get()) files[part] = image_of(*body, loss, random);
  }
  return files;
}

std::string Disk::image_of(const Body& body, Loss loss, std::mt19937_64& random) {
  std::string bytes = body.synced;
  std::size_t sector = chance(random, 50) ? 512 : 4096;
  unsigned there = static_cast<unsigned>(random() % 101);
  std::size_t count = body.waiting.size();
  if (loss == Loss::all || count == 0) return bytes;
  std::size_t kept = loss == Loss::nothing ? count : random() % (count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const DiskCall& call = *body.waiting[i];
    switch (loss) {
      case Loss::all:
        break;
      case Loss::nothing:
        apply(bytes, call);
        break;
      case Loss::later:
        if (i < kept) apply(bytes, call);
        if (i == kept) apply_sectors(bytes, call, sector, 50, 0, random);
        break;
      case Loss::some:
        if (chance(random, there)) apply(bytes, call);
        break;
      case Loss::sectors:
        apply_sectors(bytes, call, sector, there, 0, random);
        break;
      case Loss::garbage:
        apply_sectors(bytes, call, sector, there, 8, random);
        break;
    }
  }
  if (loss < Loss::some || chance(random, 60)) return bytes;
  // A file that grows may have any size on the way, whatever of it is written. One that is cut is cut or not.
  bool is_cut = std::any_of(body.waiting.begin(), body.waiting.end(), [](const DiskCall* call) { return call->kind == DiskCall::truncate; });
  if (is_cut) return bytes;
  std::string whole = body.synced;
  for (const DiskCall* call : body.waiting) apply(whole, *call);
  std::size_t least = body.synced.size();
  std::size_t most = whole.size();
  std::size_t size = least + random() % (most - least + 1);
  if (chance(random, 70)) size = size / sector * sector;
  if (chance(random, 30)) size = chance(random, 50) ? body.synced.size() : whole.size();
  bytes.resize(std::clamp(size, least, most));
  return bytes;
}

}  // namespace kith::test
