#include "model/page_order.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>

#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"

namespace kith {

namespace {

bool can_be_null(const Field& field) {
  return !field.never_null();
}

class Parts {
 public:
  Parts(const std::vector<SortKey>& keys, const std::vector<SqlText>& columns, Parameters& parameters)
      : keys_(keys), columns_(columns), parameters_(parameters) {}

  // The rows behind the place, in the order of the keys from `first` on. `never_null`: rows without that key are not
  // among them.
  PagePart part(std::size_t first, bool never_null, const PagePlace* place) {
    PagePart part;
    for (std::size_t i = first; i < keys_.size(); ++i) {
      if (i > first) part.order += ", ";
      part.order += columns_[i];
      bool null = is_null_possible(i, first, never_null);
      if (keys_[i].descending) {
        part.order += null ? Literal(" DESC NULLS LAST") : Literal(" DESC");
      } else if (null) {
        part.order += " NULLS FIRST";
      }
    }
    if (place != nullptr) part.condition = behind(first, never_null, *place);
    return part;
  }

 private:
  bool is_null_possible(std::size_t key, std::size_t first, bool never_null) const {
    return can_be_null(*keys_[key].field) && !(key == first && never_null);
  }

  // (a, b, id) > (x, y, z), each in its own direction. NULL is least.
  SqlText behind(std::size_t first, bool never_null, const PagePlace& place) {
    bool plain = true;  // one way, and no NULL
    for (std::size_t i = first; i < keys_.size(); ++i) {
      if (keys_[i].descending != keys_[first].descending || is_null_possible(i, first, never_null) || place.value(i).is_null()) plain = false;
    }
    if (plain) {
      SqlText left("(");
      SqlText right("(");
      for (std::size_t i = first; i < keys_.size(); ++i) {
        if (i > first) {
          left += ", ";
          right += ", ";
        }
        left += columns_[i];
        right += parameters_.add(place.value(i));
      }
      return left + (keys_[first].descending ? Literal(") < ") : Literal(") > ")) + right + ")";
    }
    // In general: greater in the first, or equal there and greater in the second, and so on.
    SqlText any("(");
    SqlText equal_so_far;
    SqlText bound;  // of the first key, which an index can begin at
    for (std::size_t i = first; i < keys_.size(); ++i) {
      const SqlText& column = columns_[i];
      bool null = is_null_possible(i, first, never_null);
      SqlText greater;
      SqlText equal = column;
      if (place.value(i).is_null()) {
        greater = keys_[i].descending ? SqlText("1 = 0") : column + " IS NOT NULL";
        equal += " IS NULL";
      } else {
        SqlText value = parameters_.add(place.value(i));
        greater = column + (keys_[i].descending ? Literal(" < ") : Literal(" > ")) + value;
        if (keys_[i].descending && null) greater = SqlText("(") + greater + " OR " + column + " IS NULL)";
        equal += SqlText(" = ") + value;
        if (i == first && !null) bound = column + (keys_[i].descending ? Literal(" <= ") : Literal(" >= ")) + value;
      }
      if (i > first) any += " OR ";
      any += SqlText("(") + equal_so_far + greater + ")";
      equal_so_far += equal + " AND ";
    }
    any += ")";
    return bound.empty() ? any : bound + " AND " + any;
  }

  const std::vector<SortKey>& keys_;
  const std::vector<SqlText>& columns_;
  Parameters& parameters_;
};

}  // namespace

std::vector<std::string_view> split_names(std::string_view text, std::string_view what) {
  std::vector<std::string_view> names;
  while (!text.empty()) {
    std::size_t comma = text.find(',');
    std::string_view name = trimmed(text.substr(0, comma));
    if (name.empty()) fail(Status::invalid, what, "has an empty name between its commas");
    names.push_back(name);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return names;
}

std::vector<SortKey> sort_keys(const Kind& kind, std::string_view text) {
  std::vector<SortKey> keys;
  if (trimmed(text).empty()) text = kind.spec().order.view();
  bool decided = false;  // no two things share what was named so far
  for (std::string_view name : split_names(text, "sort")) {
    bool descending = name.front() == '-';
    if (descending || name.front() == '+') name.remove_prefix(1);
    const Field& field = kind.field(kind.field_index(name));
    if (!field.is(sortable)) {
      std::vector<std::string_view> can;
      for (const Field& other : kind.fields()) {
        if (other.is(sortable)) can.push_back(other.name);
      }
      fail(Status::invalid, "sort", "no index serves the order by {}; sort by one of {}", field.name, fmt::join(can, ", "));
    }
    if (!decided) keys.push_back({&field, descending});
    decided = decided || field.type == FieldType::id || (field.is(unique) && field.is(required));
  }
  if (keys.empty() || keys.back().field->type != FieldType::id) {
    keys.push_back({&kind.field(kind.field_index("id")), !keys.empty() && keys.back().descending});
  }
  return keys;
}

PagePlace::PagePlace(std::string_view token, const std::vector<SortKey>& keys) {
  Json place;
  try {
    place = parse_json(token, "after");
  } catch (const Failure&) {
    place = nullptr;
  }
  auto refuse = [&] { fail(Status::invalid, "after", "{} does not come from a page with this sort", shown(token)); };
  if (!place.is_array() || place.size() != keys.size()) refuse();
  kept_.reserve(keys.size());
  // What compares with no row in the way that the page's order asks for would begin at the first page again, and again.
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Json& item = place[i];
    const Field& field = *keys[i].field;
    Meaning meaning = field.refers == "lead" ? Meaning::id : meaning_of(field.type);
    if (item.is_null()) {
      if (!can_be_null(field)) refuse();
      values_.emplace_back(nullptr);
    } else if (meaning == Meaning::real) {
      if (!item.is_number()) refuse();
      values_.emplace_back(item.get<double>());
    } else if (meaning == Meaning::integer || meaning == Meaning::boolean || meaning == Meaning::datetime || meaning == Meaning::id) {
      if (!item.is_number_integer() || (item.is_number_unsigned() && item.get<std::uint64_t>() > INT64_MAX)) refuse();
      values_.emplace_back(item.get<std::int64_t>());
    } else {
      if (!item.is_string()) refuse();
      kept_.push_back(item.get<std::string>());
      values_.emplace_back(std::string_view(kept_.back()));
    }
  }
}

std::vector<PagePart> page_parts(const std::vector<SortKey>& keys, const std::vector<SqlText>& columns, const std::optional<PagePlace>& place,
                                 Parameters& parameters) {
  Parts parts(keys, columns, parameters);
  const PagePlace* from = place ? &*place : nullptr;
  if (!can_be_null(*keys.front().field)) return {parts.part(0, true, from)};
  bool among_nulls = from != nullptr && from->value(0).is_null();
  auto with = [&] {
    PagePart part = parts.part(0, true, among_nulls ? nullptr : from);
    if (part.condition.empty()) part.condition = columns[0] + " IS NOT NULL";
    return part;
  };
  auto without = [&] {
    PagePart part = parts.part(1, false, among_nulls ? from : nullptr);
    SqlText null = columns[0] + " IS NULL";
    part.condition = part.condition.empty() ? null : null + " AND " + part.condition;
    return part;
  };
  std::vector<PagePart> out;
  if (keys.front().descending) {
    if (!among_nulls) out.push_back(with());
    out.push_back(without());
  } else {
    if (from == nullptr || among_nulls) out.push_back(without());
    out.push_back(with());
  }
  return out;
}

}  // namespace kith
