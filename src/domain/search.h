// Search as you type over leads, by the engine's own text index. The index is made when it is first asked for and
// then kept by whoever changes a lead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/operation.h"
#include "model/rows.h"

namespace kith {

bool search_is_built(Operation& op);
void build_search(Operation& op);
// The lead's row, or one of its addresses, is new, changed or gone. Does nothing while there is no index.
void search_changed(Operation& op, std::int64_t lead);
// How the index differs from what the leads say, as a sentence; "" when it does not.
std::string search_fault(Operation& op);
// id, email, first_name, last_name, company, phone of at most `limit` leads (0: 20), best first: every word of `text`
// begins a word of theirs, or is the beginning of their phone number; accents do not matter. Words that match whole come
// before words that begin alike, names before companies before addresses before phones, what is spelled with the same
// accents before what is not, lower ids before higher ones. Reads every lead while there is no index.
RowsPtr search_leads(Operation& op, std::string_view text, std::int64_t limit);

}  // namespace kith
