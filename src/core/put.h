// One put, of whatever kind: which noun does it, the host's key, and what a put does besides (tags, lists).
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "domain/leads.h"
#include "model/extras.h"
#include "model/operation.h"
#include "model/store.h"

namespace kith {

// The extras that a put of this kind knows.
std::initializer_list<std::string_view> put_extras(std::string_view kind);

// Whether such a put refuses, if it does, before it writes anything: so it is with a lead that is only put.
bool put_checks_first(std::string_view kind, std::span<const Given> extras);

PutResult put_one(Operation& op, const Kind& kind, std::span<const Given> given, const Extras& extras);
// Fails when the extras make no sense, whatever is put.
void check_put_extras(Operation& op, const Kind& kind, const Extras& extras);
std::vector<RowResult> put_rows(Operation& op, const Kind& kind, const RowSource& source, const Extras& extras, bool skip_bad);
// Once, if the act has a key.
std::int64_t remove_one(Operation& op, const Kind& kind, std::string_view name);
enum class ResultOf : std::uint8_t { put, record };
// id, outcome, status, field, message, refused; of a record event in place of id, and no refused.
RowsPtr rows_of(const std::vector<RowResult>& results, ResultOf of = ResultOf::put);

}  // namespace kith
