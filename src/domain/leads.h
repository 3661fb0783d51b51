// The lead: its kind, how it is named, and putting one or a million of them. What else can be done to a lead has
// files of its own: merging, erasure, suppression, addresses, search.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/failure.h"
#include "model/operation.h"
#include "model/record.h"
#include "model/store.h"

namespace kith {

// lead_key.kind.
enum class KeyKind : std::int64_t { email = 1, external_id = 2 };

std::unique_ptr<Kind> make_lead_kind();
// INSERT INTO lead of id, created, updated, phone_key and the standard fields whose bits are set, in order; kept.
const SqlText& insert_lead_text(const Kind& lead, std::uint64_t fields);

// The live lead that a key belongs to, 0 if none. `key` is folded.
std::int64_t lead_with_key(Operation& op, KeyKind kind, std::string_view key);
// "id:42", "external:KEY" or an address; absorbed ids, keys and addresses resolve to the lead that stayed. 0: none.
std::int64_t find_lead(Operation& op, std::string_view name);
// The same; fails with NOT_FOUND.
std::int64_t need_lead(Operation& op, std::string_view name);
// Where a lead that was merged away is now; the id itself when it is live; 0: erased, removed or never there.
std::int64_t live_lead(Operation& op, std::int64_t id);

struct LeadPutOptions {
  bool fill_gaps = false;
  bool skip_null = false;  // a NULL leaves its field as it is
  bool create_only = false;
  bool update_only = false;
  bool skip_read_only = false;  // columns that Kith makes are passed over
  std::string_view source;  // for new leads whose row names none
};

// One row's fate in a put of many.
struct RowResult {
  std::int64_t id = 0;
  Outcome outcome = Outcome::unchanged;
  std::int64_t event = 0;
  Status status = Status::ok;
  std::string field;
  std::string message;
  std::shared_ptr<const std::string> refused;  // JSON: lists that a put names and the lead is not put on, with why
};

// Rows of one call: the same fields for each.
class RowSource {
 public:
  virtual ~RowSource() = default;
  virtual std::size_t rows() const = 0;
  virtual std::span<const std::string_view> fields() const = 0;
  virtual Value value(std::size_t row, std::size_t field) const = 0;
};

PutResult put_lead(Operation& op, std::span<const Given> given, const LeadPutOptions& options);
// With `skip_bad`, rows that fail are told in their result and the rest goes on; without it the first one fails the call.
std::vector<RowResult> put_leads(Operation& op, const RowSource& source, const LeadPutOptions& options, bool skip_bad);

}  // namespace kith
