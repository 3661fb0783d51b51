#include "fault/crash_vfs.h"

#include <unistd.h>

#include <cstring>
#include <utility>

#include "sqlite3.h"

namespace kith::test {

namespace {

sqlite3_vfs* real_vfs = nullptr;
bool recording = false;
std::string watched;
std::vector<DiskCall> calls;

struct File {
  sqlite3_file base;
  int part;           // -1: none of those that are watched
  bool syncs_folder;  // its first sync does, as SQLite's own file layer has it
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* file_of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real_of(sqlite3_file* file) { return file_of(file)->real(); }

int part_of(const char* name) {
  if (!recording || name == nullptr || std::strncmp(name, watched.c_str(), watched.size()) != 0) return -1;
  for (std::size_t part = 0; part < parts; ++part) {
    if (std::strcmp(name + watched.size(), part_names[part]) == 0) return static_cast<int>(part);
  }
  return -1;
}

void note(sqlite3_file* file, DiskCall call) {
  if (!recording || file_of(file)->part < 0) return;
  call.part = static_cast<Part>(file_of(file)->part);
  calls.push_back(std::move(call));
}

int close_file(sqlite3_file* file) { return real_of(file)->pMethods->xClose(real_of(file)); }
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return real_of(file)->pMethods->xRead(real_of(file), to, size, at);
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  int code = real_of(file)->pMethods->xWrite(real_of(file), from, size, at);
  if (recording && code == SQLITE_OK) {
    note(file, {DiskCall::write, Part::file, at,
                std::string(static_cast<const char*>(from), static_cast<std::size_t>(size)), false});
  }
  return code;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  int code = real_of(file)->pMethods->xTruncate(real_of(file), size);
  if (recording && code == SQLITE_OK) note(file, {DiskCall::truncate, Part::file, size, "", false});
  return code;
}

int sync_file(sqlite3_file* file, int flags) {
  int code = real_of(file)->pMethods->xSync(real_of(file), flags);
  if (recording && code == SQLITE_OK)
    note(file, {DiskCall::sync, Part::file, 0, "", std::exchange(file_of(file)->syncs_folder, false)});
  return code;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
int lock_file(sqlite3_file* file, int level) { return real_of(file)->pMethods->xLock(real_of(file), level); }
int unlock_file(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int reserved_lock(sqlite3_file* file, int* out) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}
int control(sqlite3_file* file, int op, void* argument) {
  return real_of(file)->pMethods->xFileControl(real_of(file), op, argument);
}
int sector_size(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }
int characteristics(sqlite3_file* file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
void barrier(sqlite3_file* file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
  return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

// Without the calls that map the file, which Kith does not use.
const sqlite3_io_methods methods = {2,         close_file,   read_file,       write_file,  truncate_file,
                                    sync_file, file_size,    lock_file,       unlock_file, reserved_lock,
                                    control,   sector_size,  characteristics, map_shared,  lock_shared,
                                    barrier,   unmap_shared, nullptr,         nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  file_of(file)->part = part_of(name);
  file_of(file)->syncs_folder =
      (flags & SQLITE_OPEN_CREATE) != 0 && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
  bool was_there = !recording || (name != nullptr && access(name, F_OK) == 0);
  int code = real_vfs->xOpen(real_vfs, name, real_of(file), flags, out_flags);
  if (real_of(file)->pMethods != nullptr) file->pMethods = &methods;
  if (code == SQLITE_OK && !was_there) note(file, {DiskCall::make, Part::file, 0, "", false});
  return code;
}

int delete_file(sqlite3_vfs*, const char* name, int sync) {
  int code = real_vfs->xDelete(real_vfs, name, sync);
  int part = part_of(name);
  if (code == SQLITE_OK && part >= 0)
    calls.push_back({DiskCall::remove, static_cast<Part>(part), 0, "", sync != 0});
  return code;
}

}  // namespace

void CrashVfs::install() {
  real_vfs = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs vfs = *real_vfs;
  vfs.zName = "crash";
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  sqlite3_vfs_register(&vfs, 1);
}

void CrashVfs::record(const std::string& path) {
  watched = path;
  calls.clear();
  recording = true;
}

std::size_t CrashVfs::recorded() { return calls.size(); }

std::vector<DiskCall> CrashVfs::stop() {
  recording = false;
  return std::exchange(calls, {});
}

}  // namespace kith::test
