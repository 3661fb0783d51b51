// Which column of a file of leads goes into which field.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kith_cli {

struct Mapping {
  std::vector<std::optional<std::string>> fields;  // for each column of the file; none: not taken
  std::vector<std::string> skipped;                // the names of columns that are not taken
};

// A name as fields have it: "First Name" -> "first_name", "E-Mail " -> "e_mail".
std::string folded_name(const std::string& name);

// `given` holds "Column=field" or "Column=" (do not take it), and comes first; the other columns go into the
// field of like name ("First Name", "Phone 1", "Phone 2", "Zip"). Throws Usage for a column or field that
// is not there, and when two columns are given for one field.
Mapping map_columns(const std::vector<std::string>& columns, const std::vector<std::string>& fields,
                    const std::vector<std::string>& given);

}  // namespace kith_cli
