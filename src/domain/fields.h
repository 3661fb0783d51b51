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

}  // namespace kith
