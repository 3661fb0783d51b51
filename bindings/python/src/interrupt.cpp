#include "interrupt.h"

#ifndef _WIN32
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#endif

namespace kithpy {

#ifdef _WIN32

InterruptScope::InterruptScope(kith_db*, Interrupt) {}
InterruptScope::~InterruptScope() = default;
bool init_interrupt(PyObject*) { return true; }

#else

namespace {

// kith_cancel takes a lock, so a signal handler must not call it: the handler wakes a thread that does.
struct Watch {
  std::mutex mutex;
  kith_db* db = nullptr;  // what the main thread is inside of
  sem_t wake;
  pid_t process = 0;  // where the thread runs: none survives a fork
  struct sigaction before = {};
};
Watch* watch = nullptr;
unsigned long main_thread = 0;

void* cancel_when_woken(void* given) {
  Watch& own = *static_cast<Watch*>(given);
  for (;;) {
    while (sem_wait(&own.wake) != 0) {
    }
    std::lock_guard lock(own.mutex);
    if (own.db != nullptr) kith_cancel(own.db);
  }
  return nullptr;
}

void on_signal(int number, siginfo_t* info, void* context) {
  Watch& own = *watch;
  sem_post(&own.wake);
  if ((own.before.sa_flags & SA_SIGINFO) != 0) {
    own.before.sa_sigaction(number, info, context);
  } else if (own.before.sa_handler != SIG_DFL && own.before.sa_handler != SIG_IGN) {
    own.before.sa_handler(number);
  }
}

bool start() {
  if (watch != nullptr && watch->process == getpid()) return true;
  Watch* fresh = new (std::nothrow) Watch;  // never freed: its thread may look at it until the end
  if (fresh == nullptr || sem_init(&fresh->wake, 0, 0) != 0) return false;
  fresh->process = getpid();
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);  // signals are for the threads of the host
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  bool made = pthread_create(&thread, &attributes, cancel_when_woken, fresh) == 0;
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  if (made) watch = fresh;
  return made;
}

}  // namespace

InterruptScope::InterruptScope(kith_db* db, Interrupt when) {
  if (when == Interrupt::never || PyThread_get_thread_ident() != main_thread) return;
  struct sigaction present;
  if (sigaction(SIGINT, nullptr, &present) != 0) return;
  // Only Python's handler is chained: where SIGINT ends the program or is ignored, it goes on doing so.
  if ((present.sa_flags & SA_SIGINFO) == 0 &&
      (present.sa_handler == SIG_DFL || present.sa_handler == SIG_IGN))
    return;
  if (!start()) return;
  {
    std::lock_guard lock(watch->mutex);
    if (watch->db != nullptr)
      return;  // the clock of one database uses another: the outer call is the one to cancel
    watch->db = db;
  }
  watch->before = present;
  struct sigaction ours = present;
  ours.sa_sigaction = on_signal;
  ours.sa_flags = present.sa_flags | SA_SIGINFO;
  sigaction(SIGINT, &ours, nullptr);
  watching_ = true;
}

InterruptScope::~InterruptScope() {
  if (!watching_) return;
  sigaction(SIGINT, &watch->before, nullptr);
  std::lock_guard lock(watch->mutex);
  watch->db = nullptr;
}

bool init_interrupt(PyObject*) {
  Ref threading(PyImport_ImportModule("threading"));
  if (!threading) return false;
  Ref thread(PyObject_CallMethod(threading.get(), "main_thread", nullptr));
  if (!thread) return false;
  Ref ident(PyObject_GetAttrString(thread.get(), "ident"));
  if (!ident) return false;
  main_thread = PyLong_AsUnsignedLong(ident.get());
  return PyErr_Occurred() == nullptr;
}

#endif

}  // namespace kithpy
