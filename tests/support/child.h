// Another process at work beside the test: forked before the file is open here, spoken with by single letters.
#pragma once

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <stdexcept>

namespace kith::test {

class Child {
 public:
  // `work` runs in the child, and what it answers is the child's exit code; it speaks through the same object.
  explicit Child(const std::function<int(Child&)>& work) {
    int down[2];
    int up[2];
    if (pipe(down) != 0 || pipe(up) != 0 || (pid_ = fork()) < 0) throw std::runtime_error("no process for a test");
    bool inside = pid_ == 0;
    from_ = inside ? down[0] : up[0];
    to_ = inside ? up[1] : down[1];
    close(inside ? down[1] : down[0]);
    close(inside ? up[0] : up[1]);
    if (!inside) return;
    int answer = 99;
    try {
      answer = work(*this);
    } catch (...) {
    }
    _exit(answer);
  }
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(from_);
    close(to_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void tell(char letter) {
    if (write(to_, &letter, 1) != 1) throw std::runtime_error("the other process does not listen");
  }
  // 0: the other one has ended, or said nothing for 20 s.
  char hear() {
    pollfd ready = {from_, POLLIN, 0};
    char letter = 0;
    return poll(&ready, 1, 20'000) == 1 && read(from_, &letter, 1) == 1 ? letter : '\0';
  }
  // Its exit code once it has ended; -1: a signal ended it.
  int end() {
    int state = 0;
    waitpid(pid_, &state, 0);
    pid_ = -1;
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
  }
  void kill() {
    ::kill(pid_, SIGKILL);
    end();
  }

 private:
  pid_t pid_ = -1;
  int from_ = -1;
  int to_ = -1;
};

}  // namespace kith::test
