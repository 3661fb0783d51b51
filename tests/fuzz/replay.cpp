// Runs a target without a fuzzer: over every entry of its corpus, then over seeded mutations of each.
//
// usage: fuzz_TARGET FOLDER MUTATIONS-OF-EACH
//
// Should one end the process, the last words name it as ENTRY:NUMBER, which KITH_FUZZ_CASE tries alone, and write to stdout.
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

char trying[300] = "";

void last_words(int number) {
  const char* words = number == SIGPROF ? "\nit did not end: " : "\nended while trying: ";
  for (const char* text : {words, static_cast<const char*>(trying)}) {
    if (write(2, text, std::strlen(text)) < 0) break;
  }
  std::signal(number, SIG_DFL);
  std::raise(number);
}

using Corpus = std::vector<std::pair<std::string, std::string>>;  // name and bytes

Corpus corpus_in(const char* folder) {
  Corpus corpus;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    corpus.emplace_back(entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::sort(corpus.begin(), corpus.end());
  return corpus;
}

class Mutator {
 public:
  Mutator(const Corpus& corpus, unsigned seed) : corpus_(corpus), engine_(seed) {}

  std::string of(std::string bytes) {
    for (unsigned i = 0, many = 1 + next() % 6; i < many; ++i) change(bytes);
    return bytes;
  }

 private:
  unsigned next() { return static_cast<unsigned>(engine_()); }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : next() % limit; }
  // A part of some entry, the same one or another.
  std::string part() {
    const std::string& from = corpus_[below(corpus_.size())].second;
    std::size_t at = below(from.size());
    return from.substr(at, 1 + below(24));
  }
  void change(std::string& bytes) {
    static constexpr char odd[] = "\0\1\t\n\r \"'(),.;:=+-@%\\/[]{}<>0123456789azAZ\x7f\x80\xbf\xc0\xc3\xe2\xed\xef\xf0\xf4\xff";
    std::size_t at = below(bytes.size() + 1);
    switch (next() % 8) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << (next() % 8)));
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = odd[below(sizeof odd - 1)];
        break;
      case 2: bytes.insert(at, 1, odd[below(sizeof odd - 1)]); break;
      case 3: bytes.erase(at, 1 + below(8)); break;
      case 4: bytes.insert(at, part()); break;
      case 5: {
        std::string other = part();
        if (at + other.size() <= bytes.size()) bytes.replace(at, other.size(), other);
        break;
      }
      case 6: {  // again and again
        std::string some = bytes.substr(at, 1 + below(8));
        for (std::size_t i = 0, many = 1 + below(40); i < many; ++i) bytes.insert(at, some);
        break;
      }
      default:
        if (bytes.size() > 1) bytes.resize(below(bytes.size()));
    }
  }

  const Corpus& corpus_;
  std::mt19937 engine_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  Corpus corpus = corpus_in(arguments[1]);
  if (corpus.empty()) {
    std::fprintf(stderr, "%s holds nothing\n", arguments[1]);
    return 1;
  }
  int mutations = std::atoi(arguments[2]);
  if (std::getenv("KITH_CHECK") != nullptr) mutations *= 100;
  for (int number : {SIGABRT, SIGSEGV, SIGFPE, SIGBUS, SIGPROF}) std::signal(number, last_words);
  const char* wanted = std::getenv("KITH_FUZZ_CASE");
  std::uint64_t tried = 0;
  for (std::size_t i = 0; i < corpus.size(); ++i) {
    for (int number = 0; number <= mutations; ++number) {
      std::snprintf(trying, sizeof trying, "%s:%d\n", corpus[i].first.c_str(), number);
      std::string bytes = corpus[i].second;
      if (number > 0) bytes = Mutator(corpus, static_cast<unsigned>(i) * 1'000'003U + static_cast<unsigned>(number)).of(std::move(bytes));
      if (wanted != nullptr) {
        if (std::string(wanted) + "\n" != trying) continue;
        std::fwrite(bytes.data(), 1, bytes.size(), stdout);
        std::fflush(stdout);
      }
      // Its own memory, of its own size, so that a sanitizer sees who reads beyond it.
      std::vector<std::uint8_t> own(bytes.begin(), bytes.end());
      if (tried % 64 == 0 && sizeof(void*) == 8) {  // of the processor's seconds, for 64 inputs
        itimerval limit = {};
        limit.it_value.tv_sec = 300;
        setitimer(ITIMER_PROF, &limit, nullptr);
      }
      LLVMFuzzerTestOneInput(own.data(), own.size());
      ++tried;
    }
  }
  std::printf("%zu entries, %llu inputs\n", corpus.size(), static_cast<unsigned long long>(tried));
  return 0;
}
