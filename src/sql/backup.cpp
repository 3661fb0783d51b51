#include "sql/backup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <system_error>

#include "base/failure.h"
#include "base/random.h"
#include "base/text.h"
#include "sql/sqlite_errors.h"
#include "sqlite3.h"

namespace kith {

namespace {

constexpr int pages_a_step = 1024;  // between two looks at whether the call was cancelled

bool exists(const std::string& path) {
  struct stat facts = {};
  return lstat(path.c_str(), &facts) == 0;
}

[[noreturn]] void fail_as_system(int error, const std::string& path) {
  Status status = Status::io;
  if (error == EEXIST) fail(Status::conflict, "path", "{} exists already: a backup goes to a new file", shown(path, 200));
  if (error == ENOSPC || error == EDQUOT) status = Status::full;
  if (error == EROFS || error == EACCES || error == EPERM) status = Status::read_only;
  fail(status, "path", "{} cannot be made: {}", shown(path, 200), std::generic_category().message(error));
}

// Who may read and write the file; nullopt: there is none.
std::optional<mode_t> rights_of(const Connection& db) {
  struct stat facts = {};
  if (db.settings().memory || stat(db.settings().path.c_str(), &facts) != 0) return std::nullopt;
  return facts.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
}

// The file while it is being made, under a name of its own beside the one it gets.
class Partial {
 public:
  explicit Partial(const std::string& target) : target_(target), path_(target + ".partial-" + new_token(system_random()).substr(0, 8)) {
    // For its owner alone until it is whole: SQLite would make it as the process makes all files.
    int handle = open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (handle < 0) fail_as_system(errno, target_);
    close(handle);
    int code = sqlite3_open_v2(path_.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (db_ == nullptr) throw std::bad_alloc();
    try {
      if (code != SQLITE_OK) fail_as_target(code);
      // Nobody else sees it yet and it goes if we fail, so it needs no journal; the commit at its end syncs it.
      code = sqlite3_exec(db_, "PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL; PRAGMA locking_mode=EXCLUSIVE", nullptr, nullptr, nullptr);
      if (code != SQLITE_OK) fail_as_target(code);
    } catch (...) {
      discard();
      throw;
    }
  }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;
  ~Partial() { discard(); }

  void copy_from(Connection& source) {
    struct Finish {
      void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
    };
    std::unique_ptr<sqlite3_backup, Finish> backup(sqlite3_backup_init(db_, "main", source.raw(), "main"));
    if (backup == nullptr) fail_as_target(sqlite3_extended_errcode(db_));
    int code = SQLITE_OK;
    while ((code = sqlite3_backup_step(backup.get(), pages_a_step)) == SQLITE_OK) {
      if (source.cancelled()) source.fail_with(SQLITE_INTERRUPT);
    }
    if (code != SQLITE_DONE) fail_as_target(code);
    code = sqlite3_backup_finish(backup.release());
    if (code != SQLITE_OK) fail_as_target(code);
  }

  // Closes it, and gives it its name, with the rights of the file that it is a copy of (nullopt: its owner's alone); its
  // folder's entry is made durable.
  void publish(std::optional<mode_t> rights) {
    int code = sqlite3_close(std::exchange(db_, nullptr));
    if (code != SQLITE_OK) fail(Status::internal, "", "the copy could not be closed (code {})", code);
    std::string::size_type slash = target_.rfind('/');  // now, for after the link nothing may fail
    std::string folder = slash == std::string::npos ? "." : target_.substr(0, slash + 1);
    if (rights) {
      int handle = open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
      bool given = handle >= 0 && fchmod(handle, *rights) == 0;
      int error = errno;
      if (handle >= 0) close(handle);
      if (!given) fail_as_system(error, target_);
    }
    // A link fails when the name is taken, which a rename would not.
    if (link(path_.c_str(), target_.c_str()) != 0) {
      if (errno == EEXIST || exists(target_)) fail_as_system(EEXIST, target_);
      if (std::rename(path_.c_str(), target_.c_str()) != 0) fail_as_system(errno, target_);
    }
    unlink(path_.c_str());
    int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return;  // a folder that may not be read; its entry is the file system's business
    fsync(handle);
    close(handle);
  }

 private:
  [[noreturn]] void fail_as_target(int code) const {
    int system_error = sqlite3_system_errno(db_);
    if ((code & 0xff) == SQLITE_CANTOPEN) fail_as_system(system_error == 0 ? ENOENT : system_error, target_);
    fail_as_sqlite(code, system_error, sqlite3_errstr(code), target_, 0);
  }
  void discard() {
    sqlite3_close(db_);
    for (const std::string& part : parts_) unlink(part.c_str());
  }

  std::string target_;
  std::string path_;
  // What may lie there; named beforehand, for clearing up must not need memory.
  std::string parts_[4] = {path_, path_ + "-journal", path_ + "-wal", path_ + "-shm"};
  sqlite3* db_ = nullptr;
};

}  // namespace

void copy_file(Connection& db, const std::string& path) {
  if (exists(path)) fail_as_system(EEXIST, path);
  Partial partial(path);
  // One state for the whole of it: without a transaction every other writer would make it begin anew.
  db.run("BEGIN");
  try {
    db.query("SELECT COUNT(*) FROM setting").step();
    partial.copy_from(db);
    db.run("COMMIT");
  } catch (...) {
    if (db.in_transaction()) db.roll_back();
    throw;
  }
  partial.publish(rights_of(db));
}

void compact_file(Connection& db) {
  db.forget_statements();
  // The engine attaches the copy that it makes, and puts it where temporary files go; in memory it would not fit.
  sqlite3_limit(db.raw(), SQLITE_LIMIT_ATTACHED, 1);
  auto restore = [&] {
    Connection::Undisturbed undisturbed(db);
    sqlite3_limit(db.raw(), SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_exec(db.raw(), "PRAGMA temp_store=MEMORY", nullptr, nullptr, nullptr);
  };
  try {
    db.run_script("PRAGMA temp_store=FILE");
    db.run_script("VACUUM");
  } catch (...) {
    restore();
    throw;
  }
  restore();
  // The smaller file shows when the log is folded in. A reader may hold that up; it comes with a later checkpoint then.
  db.prepare_native("PRAGMA wal_checkpoint(TRUNCATE)").step();
}

}  // namespace kith
