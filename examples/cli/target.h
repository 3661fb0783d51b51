// On whom a verb acts: "LEAD THING", or "--where WHERE THING" for everybody whom that finds.
#pragma once

#include <functional>
#include <string>

#include "query.h"

namespace kith_cli {

class Target {
 public:
  using One = int64_t (kith::Database::*)(std::string_view lead, std::string_view thing,
                                          const kith::Fields& with);
  using Many = int64_t (kith::Database::*)(const kith::Query& query, std::string_view thing,
                                           const kith::Fields& with);

  // Declares the words; `type` is TAG or LIST.
  Target(Args& args, const std::string& type, const std::string& help);
  // The name of the tag or list. Throws Usage when it is missing.
  std::string thing() const;
  // What became of one lead by the event: "has VIP".
  using Outcome = std::function<std::string(int64_t event)>;
  // Calls the one function or the other and reports: "ada@example.com has VIP" or "12 leads changed".
  int act(Session& session, const Outcome& outcome, One one, Many many) const;

 private:
  Text first_, second_;
  QueryOptions query_;
  std::string type_;
};

}  // namespace kith_cli
