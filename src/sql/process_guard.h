// What would silently drop the locks of a live file, noticed before the next write: another copy of SQLite in this
// process, a handle that came through a fork, a file that was renamed, replaced or removed. The one file of the
// library that knows how the operating system shows mappings, locks and file systems. It opens no database file.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace kith {

class ProcessGuard {
 public:
  // Before SQLite opens the file. Fails with FOREIGN_SQLITE, MISUSE (the file is open through a fork) or UNSUPPORTED
  // (a file system of a network).
  explicit ProcessGuard(const std::string& path);
  ~ProcessGuard();
  ProcessGuard(const ProcessGuard&) = delete;
  ProcessGuard& operator=(const ProcessGuard&) = delete;

  // SQLite has the file and its log open: remembers which they are.
  void opened();
  // Before a write: fails with IO or FOREIGN_SQLITE. Which file the name stands for is looked at each time; the
  // mappings and locks of the process the first time, and then once a second or every 256 writes.
  void check();
  bool has_log() const { return log_bytes() > 0; }  // a write-ahead log with something in it
  std::int64_t log_bytes() const;
  // In a forked child that leaves the handle as it is: the file stays marked as open.
  void abandon() { abandoned_ = true; }

  // Whether a handle of this process has the file, or its log, open: nothing else may open and close it.
  static bool is_open_here(const std::string& path);

 private:
  struct FileId {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const FileId&, const FileId&) = default;
  };
  struct LiveFiles;
  static LiveFiles& live_files();
  static FileId id_of(const std::string& path);  // zeros: there is none
  bool known_here() const;
  void check_file_system() const;
  void check_names();
  bool mapped_twice(int allowed) const;
  bool lock_is_held() const;
  bool lock_is_listed() const;
  [[noreturn]] void fail_as_foreign();

  std::string path_;
  std::string full_path_;
  FileId file_;
  FileId log_;
  pid_t process_;
  bool watches_lock_ = false;
  bool foreign_ = false;
  bool abandoned_ = false;
  int writes_ = 0;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace kith
