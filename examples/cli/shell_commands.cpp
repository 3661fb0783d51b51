// What the shell needs: scripts that complete the command line.
#include "app.h"

namespace kith_cli {
namespace {

Body complete_shell(Args& args) {
  const Text shell = args.word("SHELL", "bash, zsh or fish");
  return [=](Session&) {
    const std::string script = completion_script(*shell);
    if (script.empty()) throw Usage("there is completion for bash, zsh and fish, not for \"" + *shell + "\"");
    std::fwrite(script.data(), 1, script.size(), stdout);
    return 0;
  };
}

}  // namespace

std::span<const Command> shell_commands() {
  static const Command commands[] = {
      {"complete", "Print the script that completes kith in a shell", "kith complete bash > kith.bash",
       complete_shell},
  };
  return commands;
}

}  // namespace kith_cli
