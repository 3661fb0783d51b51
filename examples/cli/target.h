// On whom a verb acts: "LEAD THING", or "--where WHERE THING" for everybody whom that finds.
#pragma once

#include <string>

#include "query.h"

namespace kith_cli {

class Target {
 public:
  using One = kith_status (*)(kith_db *, const char *lead, const char *thing, const kith_field *with,
                              size_t with_count, int64_t *event, kith_error **err);
  using Many = kith_status (*)(kith_db *, const kith_query *, const char *thing, const kith_field *with,
                               size_t with_count, int64_t *changed, kith_error **err);

  // Declares the words; `type` is TAG or LIST.
  Target(Args &args, const std::string &type, const std::string &help);
  // The name of the tag or list. Throws Usage when it is missing.
  std::string object() const;
  bool many() const { return query_.given(); }
  // Calls the one function or the other and reports: "Ada `what`" or "12 leads `what`".
  int act(Session &session, const std::string &what, One one, Many many) const;
  // The lead. Throws Usage when it is missing.
  std::string lead() const;

 private:
  Text first_, second_;
  Query query_;
  std::string type_;
};

}  // namespace kith_cli
