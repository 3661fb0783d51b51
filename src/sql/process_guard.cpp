#include "sql/process_guard.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#endif

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include "base/failure.h"
#include "base/text.h"

namespace kith {

// Which files this copy of the library has open: locks and mappings belong to the process, so this must too. Never
// destroyed, for handles may be closed while the process ends.
struct ProcessGuard::LiveFiles {
  struct File {
    const ProcessGuard* guard;
    FileId id;
    std::string path;
    pid_t process;
  };
  std::mutex mutex;
  std::vector<File> files;
};

ProcessGuard::LiveFiles& ProcessGuard::live_files() {
  static LiveFiles* files = new LiveFiles;
  return *files;
}

namespace {

constexpr int writes_between_looks = 256;
constexpr auto time_between_looks = std::chrono::seconds(1);
constexpr int looks_for_lock = 16;
// The byte that SQLite locks for as long as a connection in WAL mode lives.
constexpr std::uint64_t shared_lock_byte = 0x40000002;

// As SQLite resolves it, for the names beside it are made of that: the file's own links too, once there is a file.
std::string whole_path(const std::string& path) {
  using Text = std::unique_ptr<char, decltype(&std::free)>;
  if (Text real(realpath(path.c_str(), nullptr), &std::free); real != nullptr) return real.get();
  std::string::size_type slash = path.rfind('/');
  std::string folder = slash == std::string::npos ? "." : path.substr(0, slash == 0 ? 1 : slash);
  Text real(realpath(folder.c_str(), nullptr), &std::free);
  if (real == nullptr) return path;
  return std::string(real.get()) + "/" + path.substr(slash == std::string::npos ? 0 : slash + 1);
}

// A text file of /proc, line by line; nothing where there is none.
template <class Visit>
void each_line(const char* path, Visit visit) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file(std::fopen(path, "re"));
  if (file == nullptr) return;
  struct Line {
    char* text = nullptr;
    std::size_t size = 0;
    ~Line() { std::free(text); }  // whatever `visit` throws
  } line;
  while (getline(&line.text, &line.size, file.get()) > 0) visit(line.text);
}

}  // namespace

ProcessGuard::FileId ProcessGuard::id_of(const std::string& path) {
  struct stat facts = {};
  if (stat(path.c_str(), &facts) != 0) return {};
  return {facts.st_dev, facts.st_ino};
}

ProcessGuard::ProcessGuard(const std::string& path)
    : path_(path), full_path_(whole_path(path)), file_(id_of(path)), process_(getpid()) {
  check_file_system();
  LiveFiles& live = live_files();
  std::lock_guard lock(live.mutex);
  for (const LiveFiles::File& file : live.files) {
    if (file.id == file_ && file_.inode != 0 && file.process != process_) {
      fail(Status::misuse, "path", "{} was open in process {} when this one was forked from it: close it here first, or open it after the fork only",
           shown(path, 200), file.process);
    }
  }
  // Two threads may open the same new file at once, so the mark is set before it is opened.
  if (mapped_twice(known_here() ? 1 : 0)) fail_as_foreign();
  live.files.push_back({this, file_, full_path_, process_});
}

ProcessGuard::~ProcessGuard() {
  if (abandoned_) return;
  LiveFiles& live = live_files();
  std::lock_guard lock(live.mutex);
  std::erase_if(live.files, [this](const LiveFiles::File& file) { return file.guard == this; });
}

bool ProcessGuard::known_here() const {
  for (const LiveFiles::File& file : live_files().files) {
    if (file.path == full_path_ || (file_.inode != 0 && file.id == file_)) return true;
  }
  return false;
}

std::int64_t ProcessGuard::log_bytes() const {
  struct stat facts = {};
  return stat((full_path_ + "-wal").c_str(), &facts) == 0 ? static_cast<std::int64_t>(facts.st_size) : 0;
}

void ProcessGuard::opened() {
  file_ = id_of(path_);
  log_ = id_of(full_path_ + "-wal");
  {
    LiveFiles& live = live_files();
    std::lock_guard lock(live.mutex);
    for (LiveFiles::File& file : live.files) {
      if (file.guard == this) file.id = file_;
    }
  }
  // Where the system does not show our lock now, its absence later would say nothing.
  watches_lock_ = lock_is_held();
}

void ProcessGuard::check() {
  if (foreign_) fail_as_foreign();
  check_names();
  auto now = std::chrono::steady_clock::now();
  if (writes_++ % writes_between_looks != 0 && now - looked_ < time_between_looks) return;
  looked_ = now;
  writes_ = 1;
  if (mapped_twice(1) || (watches_lock_ && !lock_is_held())) fail_as_foreign();
}

void ProcessGuard::check_names() {
  if (file_.inode == 0) return;
  FileId now = id_of(path_);
  if (now.inode == 0) {
    fail(Status::io, "path", "{} was renamed or removed while it was open: nothing more is written; close it, and open it where it is now",
         shown(path_, 200));
  }
  if (now != file_) {
    fail(Status::io, "path", "{} was replaced by another file while it was open: nothing more is written; close it, and open it again",
         shown(path_, 200));
  }
  if (log_.inode != 0 && id_of(full_path_ + "-wal") != log_) {
    if (watches_lock_ && !lock_is_held()) fail_as_foreign();  // who found no locks took the log for nobody's
    fail(Status::io, "path", "the write-ahead log of {} was removed or replaced while the file was open: nothing more is written; close it, and open it again",
         shown(path_, 200));
  }
}

void ProcessGuard::fail_as_foreign() {
  foreign_ = true;
  fail(Status::foreign_sqlite, "path",
       "another copy of SQLite in this process has {} open, or something else here opened and closed it, which drops its locks: nothing "
       "more is written; look into a live file through kith_sql or from another process",
       shown(path_, 200));
}

bool ProcessGuard::is_open_here(const std::string& path) {
  FileId id = id_of(path);
  if (id.inode == 0) return false;
  LiveFiles& live = live_files();
  std::lock_guard lock(live.mutex);
  return std::any_of(live.files.begin(), live.files.end(), [&](const LiveFiles::File& file) {
    return id == file.id || id == id_of(file.path + "-shm") || id == id_of(file.path + "-wal");
  });
}

#ifdef __linux__

void ProcessGuard::check_file_system() const {
  struct statfs facts = {};
  std::string folder = full_path_.substr(0, full_path_.rfind('/'));
  if (statfs(path_.c_str(), &facts) != 0 && statfs(folder.empty() ? "/" : folder.c_str(), &facts) != 0) return;
  // Those of several machines, where the shared memory of a write-ahead log is not shared. FUSE and 9p are left to try:
  // they are often local, and where the log cannot be mapped SQLite says so.
  static constexpr std::uint32_t networks[] = {
      0x6969,      // NFS
      0x517b,      // SMB
      0xff534d42,  // CIFS
      0xfe534d42,  // SMB 2
      0x564c,      // NCP
      0x5346414f,  // AFS
      0x6b414653,  // kAFS
      0x73757245,  // Coda
      0x00c36400,  // Ceph
      0x0bd00bd0,  // Lustre
      0x01161970,  // GFS2
      0x7461636f,  // OCFS2
  };
  auto type = static_cast<std::uint32_t>(facts.f_type);
  if (std::find(std::begin(networks), std::end(networks), type) != std::end(networks)) {
    fail(Status::unsupported, "path", "{} lies on a network file system, where processes on two machines would damage it: keep it on a local disk",
         shown(path_, 200));
  }
}

// Whether one part of the file's shared memory is mapped more often than `allowed`, 0 or 1. One copy of SQLite maps it
// once, for all of its connections.
bool ProcessGuard::mapped_twice(int allowed) const {
  FileId memory = id_of(full_path_ + "-shm");
  if (memory.inode == 0) return false;
  std::string name = full_path_.substr(full_path_.rfind('/') + 1) + "-shm";
  std::vector<std::pair<std::uint64_t, std::uint64_t>> parts;  // from, to
  each_line("/proc/self/maps", [&](const char* line) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t offset = 0;
    unsigned major_number = 0;
    unsigned minor_number = 0;
    std::uint64_t inode = 0;
    int read = std::sscanf(line, "%" SCNx64 "-%" SCNx64 " %*4s %" SCNx64 " %x:%x %" SCNu64, &begin, &end, &offset, &major_number,
                           &minor_number, &inode);
    if (read != 6 || inode != memory.inode) return;
    // On stacked file systems the device is another than stat says.
    bool same_device = makedev(major_number, minor_number) == memory.device;
    if (same_device || std::string_view(line).find(name) != std::string_view::npos) parts.emplace_back(offset, offset + (end - begin));
  });
  if (allowed == 0) return !parts.empty();
  std::sort(parts.begin(), parts.end());
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].first < parts[i - 1].second) return true;
  }
  return false;
}

// Whether this process holds the lock that a connection in WAL mode holds as long as it lives. Closing any descriptor of
// the file drops it, and the system tells nobody. The list of locks is read a page at a time, and between two pages other
// processes take and drop theirs, so that one may be skipped: only a lock that is missed again and again is gone.
bool ProcessGuard::lock_is_held() const {
  for (int look = 0; look < looks_for_lock; ++look) {
    if (lock_is_listed()) return true;
    sched_yield();
  }
  return false;
}

bool ProcessGuard::lock_is_listed() const {
  bool held = false;
  each_line("/proc/locks", [&](const char* line) {
    int process = 0;
    std::uint64_t inode = 0;
    std::uint64_t from = 0;
    char end[32] = "";
    int read = std::sscanf(line, "%*d: POSIX %*s %*s %d %*x:%*x:%" SCNu64 " %" SCNu64 " %31s", &process, &inode, &from, end);
    if (read != 4 || process != process_ || inode != file_.inode) return;
    std::uint64_t to = std::string_view(end).starts_with("EOF") ? UINT64_MAX : std::strtoull(end, nullptr, 10);
    held = held || (from <= shared_lock_byte && shared_lock_byte <= to);
  });
  return held;
}

#else

void ProcessGuard::check_file_system() const {}
bool ProcessGuard::mapped_twice(int) const { return false; }
bool ProcessGuard::lock_is_held() const { return false; }

#endif

}  // namespace kith
