// Columns to fields, by what the user says and by likeness of names.
#include "mapping.h"

#include <algorithm>
#include <map>

#include "nearest.h"
#include "session.h"

namespace kith_cli {
namespace {

// Other names that files give to fields.
const std::map<std::string, std::string> synonyms = {
    {"address", "address1"},
    {"address_line_1", "address1"},
    {"address_line_2", "address2"},
    {"birthday", "birth_date"},
    {"date_of_birth", "birth_date"},
    {"e_mail", "email"},
    {"e_mail_address", "email"},
    {"email_address", "email"},
    {"forename", "first_name"},
    {"given_name", "first_name"},
    {"job", "job_title"},
    {"title", "job_title"},
    {"lang", "language"},
    {"mail", "email"},
    {"mobile", "phone"},
    {"phone_number", "phone"},
    {"postal_code", "postcode"},
    {"state", "region"},
    {"surname", "last_name"},
    {"family_name", "last_name"},
    {"tel", "phone"},
    {"telephone", "phone"},
    {"timezone", "time_zone"},
    {"town", "city"},
    {"url", "website"},
    {"web", "website"},
    {"zip", "postcode"},
    {"zip_code", "postcode"},
    {"twitter", "x"},
};

bool known(const std::vector<std::string>& fields, const std::string& name) {
  return std::find(fields.begin(), fields.end(), name) != fields.end();
}

// The field that a column is like, or nothing.
std::optional<std::string> like(const std::string& column, const std::vector<std::string>& fields) {
  const std::string name = folded_name(column);
  if (known(fields, name)) return name;
  if (const auto other = synonyms.find(name); other != synonyms.end() && known(fields, other->second))
    return other->second;
  // "Phone 1" is the first of its kind, "Phone 2" the second.
  const size_t bar = name.rfind('_');
  if (bar == std::string::npos) return std::nullopt;
  const std::string base = name.substr(0, bar);
  const std::string number = name.substr(bar + 1);
  if (number == "1" && known(fields, base)) return base;
  for (const std::string& numbered : {base + number, base + "_" + number})
    if (number == "2" && known(fields, numbered)) return numbered;
  return std::nullopt;
}

}  // namespace

std::string folded_name(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (letter)
      out += c;
    else if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

Mapping map_columns(const std::vector<std::string>& columns, const std::vector<std::string>& fields,
                    const std::vector<std::string>& given) {
  Mapping mapping;
  mapping.fields.resize(columns.size());
  std::vector<bool> decided(columns.size(), false);
  std::vector<std::string> taken;
  for (const std::string& pair : given) {
    const size_t at = pair.rfind('=');  // a column's name may hold one, a field's may not
    if (at == std::string::npos || at == 0) throw Usage("--map: \"" + pair + "\" is not COLUMN=FIELD");
    const std::string column = pair.substr(0, at);
    const std::string field = pair.substr(at + 1);
    auto found = std::find(columns.begin(), columns.end(), column);
    if (found == columns.end())
      found = std::find_if(columns.begin(), columns.end(), [&](const std::string& other) {
        return folded_name(other) == folded_name(column) && !folded_name(column).empty();
      });
    if (found == columns.end()) {
      std::string all;
      for (const std::string& each : columns) all += (all.empty() ? "" : ", ") + each;
      throw Usage("--map: the file has no column \"" + column + "\"; it has " + all);
    }
    const auto index = static_cast<size_t>(found - columns.begin());
    decided[index] = true;
    if (field.empty()) continue;
    if (!known(fields, field) &&
        field != "id") {  // an id is never taken by likeness: it may be another system's
      const std::string near = did_you_mean(field, fields);
      throw Usage("--map: a lead has no field \"" + field + "\" that can be written" +
                  (near.empty() ? "; \"kith schema lead\" lists them" : near));
    }
    if (known(taken, field)) throw Usage("--map: two columns are given for the field \"" + field + "\"");
    taken.push_back(field);
    mapping.fields[index] = field;
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    if (decided[i]) continue;
    const auto field = like(columns[i], fields);
    if (field && !known(taken, *field)) {
      taken.push_back(*field);
      mapping.fields[i] = *field;
    }
  }
  for (size_t i = 0; i < columns.size(); ++i)
    if (!mapping.fields[i]) mapping.skipped.push_back(columns[i]);
  return mapping;
}

}  // namespace kith_cli
