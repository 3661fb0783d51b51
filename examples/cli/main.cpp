// The kith command: a CRM file from the shell. It lives on kith.h alone, as any program may.
#include <cstdio>
#include <exception>

#include "app.h"

int main(int argc, char** argv) {
  try {
    kith_cli::Program program;
    const std::string first = argc > 1 ? argv[1] : "";
    if (first == "__complete") return kith_cli::complete(program, {argv + 2, argv + argc});
    if (first == "__man") {
      std::fputs(kith_cli::manual_page(program).c_str(), stdout);
      return 0;
    }
    return program.run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kith: %s\n", error.what());
    return 1;
  }
}
