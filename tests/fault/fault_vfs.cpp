#include "fault/fault_vfs.h"

#include <new>

#include "sqlite3.h"

namespace kith::test {

namespace {

struct State {
  sqlite3_vfs* real = nullptr;
  int calls = 0;
  int fail_at = 0;  // 0: never
  bool lasting = false;
  int kind = 0;
  const char* failed = "";
} state;

bool fails(const char* call) {
  ++state.calls;
  if (state.fail_at == 0 || state.calls < state.fail_at || (state.calls > state.fail_at && !state.lasting)) return false;
  if (*state.failed == '\0') state.failed = call;
  return true;
}

struct File {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* file_of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real_of(sqlite3_file* file) { return file_of(file)->real(); }

int close_file(sqlite3_file* file) { return real_of(file)->pMethods->xClose(real_of(file)); }

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  if (fails("read")) return SQLITE_IOERR_READ;
  return real_of(file)->pMethods->xRead(real_of(file), to, size, at);
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (fails("write")) {
    if (state.kind % 3 == 2) real_of(file)->pMethods->xWrite(real_of(file), from, size / 2, at);  // torn
    return state.kind % 3 == 1 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  }
  return real_of(file)->pMethods->xWrite(real_of(file), from, size, at);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (fails("truncate")) return SQLITE_IOERR_TRUNCATE;
  return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

int sync_file(sqlite3_file* file, int flags) {
  if (fails("sync")) return SQLITE_IOERR_FSYNC;
  return real_of(file)->pMethods->xSync(real_of(file), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (fails("file size")) return SQLITE_IOERR_FSTAT;
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

int lock_file(sqlite3_file* file, int level) {
  if (fails("lock")) return state.kind % 2 == 0 ? SQLITE_BUSY : SQLITE_IOERR_LOCK;
  return real_of(file)->pMethods->xLock(real_of(file), level);
}

int unlock_file(sqlite3_file* file, int level) { return real_of(file)->pMethods->xUnlock(real_of(file), level); }

int reserved_lock(sqlite3_file* file, int* out) {
  if (fails("reserved lock")) return SQLITE_IOERR_CHECKRESERVEDLOCK;
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

int control(sqlite3_file* file, int op, void* argument) { return real_of(file)->pMethods->xFileControl(real_of(file), op, argument); }
int sector_size(sqlite3_file* file) { return real_of(file)->pMethods->xSectorSize(real_of(file)); }
int characteristics(sqlite3_file* file) { return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file)); }

int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  if (fails("shm map")) {
    *out = nullptr;
    return state.kind % 2 == 0 ? SQLITE_IOERR_SHMMAP : SQLITE_IOERR_SHMSIZE;
  }
  return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  if ((flags & SQLITE_SHM_LOCK) != 0 && fails("shm lock")) return state.kind % 2 == 0 ? SQLITE_BUSY : SQLITE_IOERR_SHMLOCK;
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

void barrier(sqlite3_file* file) { real_of(file)->pMethods->xShmBarrier(real_of(file)); }
int unmap_shared(sqlite3_file* file, int remove) { return real_of(file)->pMethods->xShmUnmap(real_of(file), remove); }

const sqlite3_io_methods methods = {2,           close_file,   read_file,     write_file, truncate_file,   sync_file, file_size,    lock_file,   unlock_file,
                                    reserved_lock, control, sector_size, characteristics, map_shared, lock_shared, barrier, unmap_shared, nullptr, nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (fails("open")) return SQLITE_CANTOPEN;
  int code = state.real->xOpen(state.real, name, real_of(file), flags, out_flags);
  if (real_of(file)->pMethods != nullptr) file->pMethods = &methods;
  return code;
}

int delete_file(sqlite3_vfs*, const char* name, int sync) {
  if (fails("delete")) return SQLITE_IOERR_DELETE;
  return state.real->xDelete(state.real, name, sync);
}

int access_file(sqlite3_vfs*, const char* name, int flags, int* out) {
  if (fails("access")) return SQLITE_IOERR_ACCESS;
  return state.real->xAccess(state.real, name, flags, out);
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  if (fails("full path")) return SQLITE_CANTOPEN_FULLPATH;
  return state.real->xFullPathname(state.real, name, size, out);
}

// A fault does not go away by waiting.
int sleep_for(sqlite3_vfs*, int microseconds) { return state.fail_at != 0 ? microseconds : state.real->xSleep(state.real, microseconds); }

}  // namespace

void FaultVfs::install() {
  state.real = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs vfs = *state.real;
  vfs.zName = "fault";
  vfs.szOsFile = static_cast<int>(sizeof(File)) + state.real->szOsFile;
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  vfs.xAccess = access_file;
  vfs.xFullPathname = full_path;
  vfs.xSleep = sleep_for;
  sqlite3_vfs_register(&vfs, 1);
}

void FaultVfs::arm(int n, bool lasting, int kind) {
  state.calls = 0;
  state.fail_at = n;
  state.lasting = lasting;
  state.kind = kind;
  state.failed = "";
}

int FaultVfs::disarm() {
  state.fail_at = 0;
  return state.calls;
}

const char* FaultVfs::failed_call() { return state.failed; }

}  // namespace kith::test
