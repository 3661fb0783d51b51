// Options into questions.
#include "query.h"

namespace kith_cli {

Question::Question(std::optional<std::string> where, const std::vector<std::string> &values, Order order)
    : where_(std::move(where)), order_(std::move(order)) {
  for (const std::string &value : values) args_.text("", value);
  const auto or_null = [](const std::string &text) { return text.empty() ? nullptr : text.c_str(); };
  query_.size = sizeof query_;
  query_.where = where_ ? where_->c_str() : nullptr;
  query_.args = args_.data();
  query_.arg_count = args_.size();
  query_.columns = or_null(order_.columns);
  query_.sort = or_null(order_.sort);
  query_.after = or_null(order_.after);
  query_.limit = order_.limit;
}

Query::Query(Args &args, For purpose) {
  where_ = args.option("--where", "WHERE", "Which, such as \"tag 'VIP' and country = 'SE'\"");
  values_ = args.options("--arg", "VALUE", "The value of a ? in --where, in order; may be repeated");
  if (purpose == For::choice) return;
  sort_ = args.option("--sort", "FIELD", "By this field, -FIELD for descending; also a,-b");
  limit_ = args.option("--limit", "N", "At most N; 0 is all. In a table 50, unless given");
}

std::optional<int64_t> Query::limit() const {
  if (!limit_) return std::nullopt;
  return parse_count("--limit", *limit_);
}

Question Query::all() const {
  return {where_ ? std::optional(*where_) : std::nullopt, *values_};
}

Question Query::page(const Session &session, const std::string &after, int64_t limit) const {
  Question::Order order{{}, sort_.or_else(""), after, limit};
  for (const std::string &column : session.columns) order.columns += (order.columns.empty() ? "" : ", ") + column;
  return {where_ ? std::optional(*where_) : std::nullopt, *values_, std::move(order)};
}

}  // namespace kith_cli
