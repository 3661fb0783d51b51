// Options into queries.
#include "query.h"

namespace kith_cli {

QueryOptions::QueryOptions(Args& args, For purpose) : purpose_(purpose) {
  where_ = args.option("--where", "WHERE", "Which, such as \"tag 'VIP' and country = 'SE'\"");
  values_ = args.options("--arg", "VALUE", "The value of a ? in --where, in order; may be repeated");
  if (purpose == For::choice) return;
  sort_ = args.option("--sort", "FIELD", "By this field, -FIELD for descending; also a,-b");
  limit_ = args.option("--limit", "N", "At most N; 0 is all. In a table 50, unless given");
}

std::optional<int64_t> QueryOptions::limit() const {
  if (!limit_) return std::nullopt;
  return parse_count("--limit", *limit_);
}

kith::Query QueryOptions::all() const {
  kith::Query query;
  if (where_ && purpose_ == For::choice && (*where_).find_first_not_of(" \t\r\n") == std::string::npos)
    throw Usage("--where is empty; to act on everybody write --where \"id > 0\"");
  if (where_) query.where = *where_;
  query.args = arguments(*values_);
  return query;
}

kith::Query QueryOptions::page(const Session& session, const std::optional<std::string>& after,
                               int64_t limit) const {
  kith::Query query = all();
  std::string columns;
  for (const std::string& column : session.columns) columns += (columns.empty() ? "" : ", ") + column;
  if (!columns.empty()) query.columns = columns;
  if (sort_) query.sort = *sort_;
  query.after = after;
  query.limit = limit;
  return query;
}

std::vector<kith::Value> arguments(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::vector<kith::Value> sql_arguments(const std::vector<std::string>& texts) {
  std::vector<kith::Value> values;
  for (const std::string& text : texts) {
    const size_t sign = !text.empty() && text[0] == '-' ? 1 : 0;
    const std::string_view digits = std::string_view(text).substr(sign);
    const bool whole = !digits.empty() && digits.size() < 18 && (digits[0] != '0' || text == "0") &&
                       digits.find_first_not_of("0123456789") == std::string_view::npos;
    values.push_back(whole ? kith::Value(std::stoll(text)) : kith::Value(text));
  }
  return values;
}

}  // namespace kith_cli
