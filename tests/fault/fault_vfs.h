// The file layer of SQLite with a fault in it: the n-th call fails, once or from then on. Every connection that is
// opened after `install` goes through it; what is not armed is only counted.
#pragma once

namespace kith::test {

class FaultVfs {
 public:
  static void install();
  // The n-th call from now on, counted from 1, fails; `lasting`: all after it as well. `kind` chooses between the ways in
  // which the same call can fail: an error of the device, no space, somebody's lock, a write that is torn.
  static void arm(int n, bool lasting, int kind);
  // How many calls came since; faults end.
  static int disarm();
  static const char* failed_call();  // the first one that was made to fail: "write", "sync" ...; "" if none
};

}  // namespace kith::test
