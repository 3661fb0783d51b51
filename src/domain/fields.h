// Custom fields: the kind that defines them, and reading the definitions into the lead's kind. Each is a typed column
// of lead_custom; definition and column change in one transaction.
#pragma once

#include <memory>
#include <vector>

#include "model/kind.h"
#include "model/operation.h"

namespace kith {

std::unique_ptr<Kind> make_field_kind();
std::vector<Field> load_custom_fields(Operation& op);
// The index of a field that is `indexed`: its name, and making it.
SqlText field_index_name(std::int64_t field);
void make_field_index(Operation& op, std::int64_t field);

// As soon as one of them has an index every lead has a row in lead_custom, so that the index has every lead.
bool needs_custom_rows(const Kind& lead);
// Gives the lead its row, if it needs and lacks one.
void need_custom_row(Operation& op, std::int64_t lead);

}  // namespace kith
