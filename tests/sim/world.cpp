#include "sim/world.h"

#include <algorithm>
#include <array>
#include <memory>

#include "capi/handle.h"
#include "fault/fault_vfs.h"
#include "sim/calls.h"
#include "sim/compare.h"
#include "support/folder.h"
#include "support/handle.h"
#include "support/paths.h"

namespace kith::sim {

namespace {

using test::FaultVfs;

const ConsentTable& consent() {
  static const ConsentTable table(test::bytes_of(test::path("../docs/consent.md")));
  return table;
}

bool writes(const Step& step, const Model& model) {
  switch (step.verb) {
    case Verb::search:
      return !model.search_is_built;
    case Verb::check:
      return step.d % 4 == 0;
    case Verb::backup:
    case Verb::commit:
    case Verb::rollback:
    case Verb::close:
      return false;
    default:
      return true;
  }
}

bool is_alone(Verb verb) { return verb == Verb::backup || verb == Verb::compact; }

// What a fault beneath a call may make of it.
bool is_of_fault(kith_status status) {
  return status == KITH_IO || status == KITH_FULL || status == KITH_BUSY || status == KITH_RETRY ||
         status == KITH_UNSUPPORTED;
}

class World {
 public:
  explicit World(std::optional<Verb> lies) : lies_(lies) {}
  Ended run(const std::vector<Step>& steps);

 private:
  struct Seat {
    kith_db* db = nullptr;
    std::vector<Model> open;  // what it sees in each transaction, the innermost last
  };
  Model& seen_by(Seat& seat) { return seat.open.empty() ? committed_ : seat.open.back(); }
  std::string take(const Step& step);
  std::string open(Seat& seat, const std::string& path, bool sync_normally);
  std::string transact(Seat& seat, const Step& step);
  std::string fault(Seat& seat, const Answer& answer);
  std::string verify(Seat& seat, const Step& step, const Model& before, const Answer& answer);
  std::string look_at_copy();
  std::string finish(Ended& ended);
  void note(const Answer& answer);

  test::Folder folder_;
  std::string path_ = folder_ / "a.kith";
  std::string copy_ = folder_ / "copy.kith";
  SeededRandom random_{1};
  Millis now_ = 1'800'000'000'000;
  std::array<Seat, handles> seats_;
  Model committed_;
  std::optional<Verb> lies_;
  std::uint64_t answers_ = 0xCBF29CE484222325U;
  std::size_t faults_ = 0;
  std::array<std::size_t, verbs> done_ = {};
};

// The way of kith_open, with randomness of the test's: no host may choose where tokens come from.
std::string World::open(Seat& seat, const std::string& path, bool sync_normally) {
  if (seat.db != nullptr) return "";
  DatabaseSettings settings;
  settings.file.path = path;
  settings.file.busy_ms = 0;
  settings.file.normal_sync = sync_normally;
  settings.now = [](void* self) { return static_cast<World*>(self)->now_; };
  settings.user = this;
  settings.random = &random_;
  kith_error* error = nullptr;
  guard(&error, [&] { seat.db = new kith_db{Database(settings)}; });
  std::string said = test::said(error);
  return said.empty() ? "" : "it cannot be opened: " + said;
}

void World::note(const Answer& answer) {
  auto add = [&](std::uint64_t value) { answers_ = (answers_ ^ value) * 0x100000001B3U; };
  add(static_cast<std::uint64_t>(answer.status));
  add(static_cast<std::uint64_t>(answer.event));
  add(static_cast<std::uint64_t>(answer.id));
  add(static_cast<std::uint64_t>(answer.number));
  std::string message = answer.message;  // which may name a file, and these lie elsewhere each time
  std::string folder = folder_ / "";
  for (std::size_t at; (at = message.find(folder)) != std::string::npos;) message.erase(at, folder.size());
  for (char c : answer.text + message) add(static_cast<unsigned char>(c));
}

std::string World::transact(Seat& seat, const Step& step) {
  if (step.verb == Verb::close) {
    kith_close(seat.db);
    seat.db = nullptr;
    seat.open.clear();
    ++done_[static_cast<std::size_t>(step.verb)];
    return "";
  }
  Answer answer = call(seat.db, step, seen_by(seat), now_, copy_);
  bool faulted = *FaultVfs::failed_call() != '\0';
  FaultVfs::disarm();
  note(answer);
  if (step.verb == Verb::rollback) {
    if (!seat.open.empty()) seat.open.pop_back();
    ++done_[static_cast<std::size_t>(step.verb)];
    return "";
  }
  if (step.verb == Verb::begin) {
    if (answer.status == KITH_OK) seat.open.push_back(seen_by(seat));
  } else if (seat.open.empty()) {
    return answer.status == KITH_MISUSE
               ? ""
               : "a commit without a transaction answered " + std::to_string(answer.status);
  } else if (answer.status == KITH_OK) {
    Model inner = std::move(seat.open.back());
    seat.open.pop_back();
    seen_by(seat) = std::move(inner);
  }
  if (answer.status == KITH_OK) {
    ++done_[static_cast<std::size_t>(step.verb)];
    return "";
  }
  if (!faulted || !is_of_fault(answer.status))
    return std::string(verb_name(step.verb)) + " answered " + answer.message;
  ++faults_;
  return fault(seat, answer);
}

// After a failure within a transaction: either the call alone was undone, or all of it, and the handle says so.
std::string World::fault(Seat& seat, const Answer& answer) {
  if (seat.open.empty()) return "";
  std::int64_t count = 0;
  kith_status status = kith_count(seat.db, "lead", nullptr, &count, nullptr);
  if (status == KITH_OK) return "";
  if (status != KITH_RETRY) return "after " + answer.message + " a count answers " + kith_status_name(status);
  while (!seat.open.empty()) {
    kith_rollback(seat.db);
    seat.open.pop_back();
  }
  return "";
}

std::string World::look_at_copy() {
  Seat copy;
  std::string wrong = open(copy, copy_, false);
  if (wrong.empty()) wrong = difference(copy.db, committed_, now_);
  kith_close(copy.db);
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(copy_ + part);
  return wrong.empty() ? "" : "the copy: " + wrong;
}

// Whether a state that keeps a lead from being written to was left by an act that may.
std::string unlawful(const Model& before, const Model& after, const Step& step, Millis now) {
  bool lawful = step.verb == Verb::confirm || step.verb == Verb::set_preferences ||
                step.verb == Verb::merge || step.verb == Verb::unmerge ||
                (step.verb == Verb::subscribe && (step.c % 10 == 2 || step.c % 10 == 3 || step.c % 10 == 5));
  if (lawful) return "";
  for (const auto& [id, lead] : after.leads) {
    auto was = before.leads.find(id);
    if (was == before.leads.end()) continue;
    for (const auto& [list, place] : after.lists) {
      State from = before.counted(was->second, list, now);
      State to = after.counted(lead, list, now);
      bool had_left = from == State::unsubscribed || from == State::bounced || from == State::complained;
      if (had_left && (to == State::subscribed || to == State::pending || to == State::none)) {
        return lead.email + " was " + state_name(from) + " on a list, and is " + state_name(to) +
               " again by " + verb_name(step.verb);
      }
    }
  }
  return "";
}

std::string World::verify(Seat& seat, const Step& step, const Model& before, const Answer& answer) {
  const Model& after = seen_by(seat);
  if (step.verb == Verb::check && !answer.text.empty()) return "the check finds: " + answer.text;
  if (step.verb == Verb::backup && answer.status == KITH_OK) {
    if (std::string wrong = look_at_copy(); !wrong.empty()) return wrong;
  }
  if (step.verb == Verb::search && answer.status == KITH_OK) {
    std::set<Id> expected;
    std::string begins = "p" + std::to_string(step.a % addresses);
    for (const auto& [id, lead] : after.leads) {
      bool found = lead.email.rfind(begins, 0) == 0;
      for (const std::string& other : lead.others) found = found || other.rfind(begins, 0) == 0;
      if (found) expected.insert(id);
    }
    if (std::set<Id>(answer.ids.begin(), answer.ids.end()) != expected)
      return "a search for " + begins + " finds others";
  }
  if (std::string wrong = unlawful(before, after, step, now_); !wrong.empty()) return wrong;
  return wrong_events(seat.db, before.last_event, after);
}

std::string World::take(const Step& step) {
  now_ += step.wait;
  Seat& seat = seats_[static_cast<std::size_t>(step.handle) % handles];
  if (std::string wrong = open(seat, path_, step.handle == handles - 1); !wrong.empty()) return wrong;
  bool other_writes = std::any_of(seats_.begin(), seats_.end(),
                                  [&](const Seat& other) { return &other != &seat && !other.open.empty(); });
  Model before = seen_by(seat);
  if (step.verb == Verb::unmerge) {  // what was done to the lead since is another test's
    if (before.merges.empty()) return "";
    const Merge& merge = before.merges[merge_meant(before, step)];
    auto survivor = before.leads.find(merge.survivor.id);
    if (survivor == before.leads.end() || !(survivor->second == merge.after)) return "";
  }
  if (step.fails_at != 0 && step.verb != Verb::rollback)
    FaultVfs::arm(step.fails_at, step.lasting, step.fault);
  else
    FaultVfs::arm(0, false, 0);
  bool is_busy = other_writes && writes(step, before) && !(is_alone(step.verb) && !seat.open.empty());
  if (is_busy && seat.open.empty()) {
    Answer answer = call(seat.db, step, before, now_, copy_);
    FaultVfs::disarm();
    note(answer);
    bool fits = answer.status == KITH_BUSY || (step.fails_at != 0 && is_of_fault(answer.status));
    return fits ? ""
                : "while another handle writes it answers " + std::to_string(answer.status) + " " +
                      answer.message;
  }
  if (step.verb >= Verb::begin) {
    std::string wrong = transact(seat, step);
    FaultVfs::disarm();
    return wrong;
  }
  bool lies = lies_ == step.verb && kith_begin(seat.db, nullptr) == KITH_OK;
  Answer answer = call(seat.db, step, before, now_, copy_);
  if (lies) kith_rollback(seat.db);
  bool faulted = *FaultVfs::failed_call() != '\0';
  FaultVfs::disarm();
  note(answer);
  if (faulted && is_of_fault(answer.status)) {
    ++faults_;
    return fault(seat, answer);
  }
  if (is_alone(step.verb) && !seat.open.empty())
    return answer.status == KITH_MISUSE ? "" : "within a transaction it answers " + answer.message;
  Model after = before;
  if (std::string wrong = play(after, consent(), step, now_, answer); !wrong.empty()) return wrong;
  if (answer.status == KITH_OK) {
    seen_by(seat) = std::move(after);
    ++done_[static_cast<std::size_t>(step.verb)];
  }
  return verify(seat, step, before, answer);
}

std::string World::finish(Ended& ended) {
  for (Seat& seat : seats_) kith_close(seat.db);
  seats_ = {};
  if (std::string wrong = open(seats_[0], path_, false); !wrong.empty()) return wrong;
  std::string wrong = difference(seats_[0].db, committed_, now_);
  kith_rows* rows = nullptr;
  kith_error* error = nullptr;
  kith_check(seats_[0].db, 0, &rows, &error);
  if (wrong.empty() && error != nullptr) wrong = test::said(error);
  if (wrong.empty() && kith_rows_count(rows) > 0)
    wrong = std::string("in the end the check finds: ") + kith_rows_text(rows, 0, 1) + " " +
            kith_rows_text(rows, 0, 2);
  kith_rows_free(rows);
  kith_close(seats_[0].db);
  seats_ = {};
  ended.bytes = test::bytes_of(path_);
  return wrong;
}

Ended World::run(const std::vector<Step>& steps) {
  Ended ended;
  for (ended.step = 0; ended.step < steps.size() && ended.wrong.empty(); ++ended.step) {
    const Step& step = steps[ended.step];
    ended.wrong = take(step);
    // Whoever acted and, in turn, another handle see what they should.
    for (std::size_t number : {static_cast<std::size_t>(step.handle), ended.step}) {
      Seat& seat = seats_[number % handles];
      if (!ended.wrong.empty() || seat.db == nullptr) continue;
      ended.wrong = difference(seat.db, seen_by(seat), now_);
    }
  }
  if (ended.wrong.empty()) {
    ended.wrong = finish(ended);
  } else {
    --ended.step;
    for (Seat& seat : seats_) kith_close(seat.db);
  }
  ended.answers = answers_;
  ended.faults = faults_;
  ended.done = done_;
  return ended;
}

}  // namespace

Ended simulate(const std::vector<Step>& steps, std::optional<Verb> lies) { return World(lies).run(steps); }

std::vector<Step> shortened(std::vector<Step> steps, std::optional<Verb> lies) {
  int left = 2000;  // simulations, so that it ends
  auto fails = [&](const std::vector<Step>& some) {
    return left-- > 0 && !simulate(some, lies).wrong.empty();
  };
  Ended first = simulate(steps, lies);
  if (first.wrong.empty()) return steps;
  steps.resize(std::min(steps.size(), first.step + 1));
  for (std::size_t size = std::max<std::size_t>(1, steps.size() / 2);; size = size / 2) {
    for (std::size_t at = 0; at < steps.size();) {
      std::vector<Step> fewer = steps;
      auto from = fewer.begin() + static_cast<std::ptrdiff_t>(at);
      fewer.erase(from, from + static_cast<std::ptrdiff_t>(std::min(size, steps.size() - at)));
      if (fails(fewer)) {
        steps = std::move(fewer);
      } else {
        at += size;
      }
    }
    if (size <= 1) break;
  }
  // What is left, without what it does not need.
  for (std::size_t at = 0; at < steps.size(); ++at) {
    for (int what = 0; what < 4; ++what) {
      std::vector<Step> simpler = steps;
      Step& step = simpler[at];
      if (what == 0) step.fails_at = 0;
      if (what == 1) step.wait = 0;
      if (what == 2) step.ago = 0;
      if (what == 3) step.handle = 0;
      if (fails(simpler)) steps = std::move(simpler);
    }
  }
  return steps;
}

}  // namespace kith::sim
