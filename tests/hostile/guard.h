// Watches over calls that are made on what is not to be trusted: that they end, within steps of SQLite and seconds of the
// processor, that they print nothing, and that what they answer is what kith.h promises.
#pragma once

#include <cstdint>
#include <string>

#include "kith.h"

namespace kith::test {

// For main: last words when a signal ends the process, and a limit for its memory.
void guard_process();

// Remembers what is being tried, for last words. False: KITH_HOSTILE_CASE asks for another one.
bool now_trying(const std::string& what);

// Begins a call's share of steps; `overran` tells whether it took more than any call on a small file may.
void begin_steps();
void end_steps();
bool overran();

// What is written to stdout and stderr between these two. Nothing is caught under a sanitizer, which has things to say.
void begin_silence();
std::string end_silence();

// What is wrong with an answer: a status that no file excuses, a failure without a sentence, text that is not UTF-8. "" when
// all is well. It releases both.
std::string fault_of(kith_status status, kith_error* error, kith_rows* rows = nullptr);

int open_descriptors();

}  // namespace kith::test
